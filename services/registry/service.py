"""The registry service."""

from services.registry.doors.assessment import AssessmentDoors
from services.registry.doors.feed import FeedDoors
from services.registry.doors.organisations import OrganisationDoors
from services.registry.doors.participations import ParticipationDoors
from services.registry.doors.partner_access import PartnerAccessDoors
from services.registry.doors.partner_queues import PartnerQueueDoors
from services.registry.doors.partnerships import PartnershipDoors
from services.registry.doors.reference import ReferenceDoors
from services.registry.doors.registrations import RegistrationDoors
from services.registry.doors.support import SupportDoors


class Registry(
    ReferenceDoors, PartnershipDoors, OrganisationDoors, RegistrationDoors, AssessmentDoors, ParticipationDoors, SupportDoors,
    PartnerAccessDoors, PartnerQueueDoors, FeedDoors,
):  # fmt: skip
    """Organisations, partnerships and participations from registration to acceptance; the support office; partnership systems."""

    name = "registry"
