"""The rules of accounts, sessions, roles, newsletters, notices and mails."""

from services.identity.model.accounts import Account, Link
from services.identity.model.base import Base
from services.identity.model.guessing import Guess
from services.identity.model.newsletters import Subscription
from services.identity.model.notices import Mail, Notice
from services.identity.model.roles import Role
from services.identity.model.sessions import Session

__all__ = ["Account", "Base", "Guess", "Link", "Mail", "Notice", "Role", "Session", "Subscription"]
