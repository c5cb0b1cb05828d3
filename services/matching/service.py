"""The matching service."""

from typing import ClassVar

from chassis.running.frame import Frame
from services.matching.doors.blocks import BlockDoors
from services.matching.doors.complaints import ComplaintDoors
from services.matching.doors.contacts import ContactDoors
from services.matching.doors.conversations import ConversationDoors
from services.matching.doors.copies import CopyDoors
from services.matching.doors.erasure import ErasureDoors
from services.matching.doors.exposure import ExposureDoors
from services.matching.doors.indicators import IndicatorDoors
from services.matching.doors.listings import ListingDoors
from services.matching.doors.lists import ListDoors
from services.matching.doors.matches import MatchDoors
from services.matching.doors.operations import OperationDoors
from services.matching.doors.ranking import RankingDoors
from services.matching.doors.rounds import RoundDoors
from services.matching.doors.rules import RuleDoors
from services.matching.doors.searches import SearchDoors
from services.matching.queries.checking import check
from services.matching.queries.following import follow, write_down_at_times


class Matching(
    CopyDoors,
    ListDoors,
    SearchDoors,
    ContactDoors,
    MatchDoors,
    ConversationDoors,
    ListingDoors,
    BlockDoors,
    ComplaintDoors,
    ErasureDoors,
    RuleDoors,
    RankingDoors,
    RoundDoors,
    IndicatorDoors,
    ExposureDoors,
    OperationDoors,
):
    """Who fits whom, the catalogue, contacts and conversations, and the match agreed."""

    name = "matching"
    looks: ClassVar = {"index": check}

    @staticmethod
    def caught_up(frame: Frame) -> bool:
        """Whether this process may answer: its index is compiled, loaded and at the newest data version. Begins with it, if need be."""
        return follow(frame)

    @staticmethod
    def keep_up(frame: Frame) -> None:
        """Bring the index to the newest data version, so that who asks next waits for little; now and then write it down."""
        follow(frame)
        write_down_at_times(frame)
