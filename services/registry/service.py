"""The registry service."""

from typing import Any

from services.registry.doors.announcements import AnnouncementDoors
from services.registry.doors.assessment import AssessmentDoors
from services.registry.doors.erasure import ErasureDoors
from services.registry.doors.feed import FeedDoors
from services.registry.doors.indicators import IndicatorDoors
from services.registry.doors.operations import OperationDoors
from services.registry.doors.organisations import OrganisationDoors
from services.registry.doors.participations import ParticipationDoors
from services.registry.doors.partner_access import PartnerAccessDoors
from services.registry.doors.partner_queues import PartnerQueueDoors
from services.registry.doors.partnerships import PartnershipDoors
from services.registry.doors.reference import ReferenceDoors
from services.registry.doors.registrations import RegistrationDoors
from services.registry.doors.support import SupportDoors
from services.registry.towns import read_towns


class Registry(
    ReferenceDoors, PartnershipDoors, OrganisationDoors, RegistrationDoors, AssessmentDoors, ParticipationDoors, SupportDoors, AnnouncementDoors,
    PartnerAccessDoors, PartnerQueueDoors, FeedDoors, ErasureDoors, IndicatorDoors, OperationDoors,
):  # fmt: skip
    """Organisations, partnerships and participations from registration to acceptance; the support office; partnership systems."""

    name = "registry"

    @staticmethod
    def caught_up(_frame: Any) -> bool:
        """Not before the towns are read: their parsing holds the whole process, threads or not, and nobody is waiting yet."""
        return read_towns()
