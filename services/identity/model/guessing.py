"""Guessing limits of log-ins and of mails to a name."""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.guessing import Guessing
from services.identity.model.accounts import key_of
from services.identity.model.base import Base
from services.identity.model.secrets import hashed


class Guess(Guessing, Base):
    """How often something failed under one key: `login <hash of a name>`, `address <hash>`, `mail <hash of a name>`."""

    __tablename__ = "guess"

    FREE: ClassVar = {"login": 5, "address": 50, "mail": 3}

    @staticmethod
    def key_of(kind: str, name: str) -> str:
        """The key for what somebody typed as a name. Not in the clear: it may be anybody's name, or a password in the wrong field."""
        return f"{kind} {hashed(key_of(name))}"
