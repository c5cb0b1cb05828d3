"""The registry service."""

from services.registry.doors.assessment import AssessmentDoors
from services.registry.doors.organisations import OrganisationDoors
from services.registry.doors.participations import ParticipationDoors
from services.registry.doors.partnerships import PartnershipDoors
from services.registry.doors.reference import ReferenceDoors
from services.registry.doors.registrations import RegistrationDoors
from services.registry.doors.support import SupportDoors


class Registry(ReferenceDoors, PartnershipDoors, OrganisationDoors, RegistrationDoors, AssessmentDoors, ParticipationDoors, SupportDoors):
    """Organisations, partnerships and participations: from registration to acceptance; and the support office."""

    name = "registry"
