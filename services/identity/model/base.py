"""The base of identity's mapped classes, and how a column says that it holds personal data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.bare import personal as data_protection
from chassis.bare.tables import NAMES, TYPES

ACCOUNT = "carrying out the exchange scheme that the person has an account for (GDPR 6(1)(b))"
GUARDING = "keeping accounts from being guessed and misused (GDPR 6(1)(f))"
LETTERS = "the person's own free wish to receive letters (GDPR 6(1)(a))"
ERASED = "until the account is erased"


class Base(DeclarativeBase):
    """Every table of identity."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


def personal(purpose: str, basis: str = ACCOUNT, retention: str = ERASED) -> dict[str, Any]:
    """What a column with personal data carries as `info`: purpose, legal basis, retention."""
    return data_protection.personal(purpose, basis, retention)
