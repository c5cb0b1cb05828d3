"""The matching service."""

from services.matching.doors.contacts import ContactDoors
from services.matching.doors.conversations import ConversationDoors
from services.matching.doors.copies import CopyDoors
from services.matching.doors.lists import ListDoors
from services.matching.doors.matches import MatchDoors


class Matching(CopyDoors, ListDoors, ContactDoors, MatchDoors, ConversationDoors):
    """Who fits whom, the catalogue, contacts and conversations, and the match agreed."""

    name = "matching"
