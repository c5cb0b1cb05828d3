"""Guessing limits of log-ins and of mails to a name."""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.guessing import Guessing
from services.identity.model.base import Base


class Guess(Guessing, Base):
    """How often something failed under one key: `login <name>`, `address <hash>`, `mail <name>`."""

    __tablename__ = "guess"

    FREE: ClassVar = {"login": 5, "address": 50, "mail": 3}
