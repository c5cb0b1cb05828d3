"""The base of the agreements service's tables, and how a column says that it holds personal data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.bare.tables import NAMES, TYPES

AGREEMENT = "performing the agreement that the person is named in (GDPR 6(1)(b))"


class Base(DeclarativeBase):
    """The base of every mapped class of this service."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


def personal(purpose: str, basis: str = AGREEMENT, retention: str = "until 5 years after the exchange's payment") -> dict[str, Any]:
    """What a column with personal data carries as `info`: purpose, legal basis, retention."""
    return {"personal": {"purpose": purpose, "basis": basis, "retention": retention}}
