"""The identity service."""

from services.identity.doors.accounts import AccountDoors
from services.identity.doors.erasure import ErasureDoors
from services.identity.doors.export import ExportDoors
from services.identity.doors.newsletters import NewsletterDoors
from services.identity.doors.notices import NoticeDoors
from services.identity.doors.operations import OperationDoors
from services.identity.doors.roles import RoleDoors
from services.identity.doors.sessions import SessionDoors


class Identity(AccountDoors, SessionDoors, RoleDoors, NoticeDoors, NewsletterDoors, ErasureDoors, ExportDoors, OperationDoors):
    """Persons with their accounts, sessions and roles, and everything people are told."""

    name = "identity"
