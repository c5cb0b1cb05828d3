"""Guessing limits of partnership systems' secrets, counted where the attempts come from.

Not counted per login alone: whoever knows one could keep its owner waiting from anywhere.
"""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.guessing import Guessing
from services.registry.model.base import Base


class Guess(Guessing, Base):
    """How often a log-in failed under one key: `system <login> <address>` or `address <address>`, the address being a hash."""

    __tablename__ = "guess"

    FREE: ClassVar = {"system": 5, "address": 50}
