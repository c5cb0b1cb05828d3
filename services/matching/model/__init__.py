"""The rules of matching: participants copied, pairs, listings, blocks, complaints, contacts, matches, conversations, limits, saved searches, what was shown to whom."""

from services.matching.model.answering import Silence
from services.matching.model.base import Base
from services.matching.model.block import Block
from services.matching.model.complaint import Complaint
from services.matching.model.contact import Contact
from services.matching.model.conversation import Attachment, Conversation, Message, ReadMark
from services.matching.model.exposure import Exposure, ExposureCount, Fairness, Showing, ShownInWeek
from services.matching.model.limits import Limits, Setting
from services.matching.model.match import Match
from services.matching.model.matching_round import MatchingRound, SuggestedPair
from services.matching.model.pair import Pair
from services.matching.model.participant import Participant, Partnership, Standing
from services.matching.model.search import KnownFit, SavedSearch
from services.matching.model.shown import DataVersion, OpenedEntry, ParticipantChange, Rating, ShownList

__all__ = [
    "Attachment",
    "Base",
    "Block",
    "Complaint",
    "Contact",
    "Conversation",
    "DataVersion",
    "Exposure",
    "ExposureCount",
    "Fairness",
    "KnownFit",
    "Limits",
    "Match",
    "MatchingRound",
    "Message",
    "OpenedEntry",
    "Pair",
    "Participant",
    "ParticipantChange",
    "Partnership",
    "Rating",
    "ReadMark",
    "SavedSearch",
    "Setting",
    "Showing",
    "ShownInWeek",
    "ShownList",
    "Silence",
    "Standing",
    "SuggestedPair",
]
