"""The base of matching's mapped classes, and the side of a contact as plain data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.bare.principal import SERVICE, Principal
from chassis.bare.tables import NAMES, TYPES

VISITOR, HOST = "visitor", "host"
ITSELF = "matching"
CONTACT_POINT_PERMISSIONS = ("registrations", "agreements")
"""The permissions at a partnership that make a person its contact point for visitors and hosts; paying officers are not."""


SCHEME = "carrying out the exchange scheme that the person registered for (GDPR 6(1)(b))"


class Base(DeclarativeBase):
    """The base of every mapped class of matching."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


def personal(purpose: str, retention: str = "until 5 years after the contact ended") -> dict[str, Any]:
    """What a column with personal data carries as `info`: purpose, legal basis, retention."""
    return {"personal": {"purpose": purpose, "basis": SCHEME, "retention": retention}}


def other_side(side: str) -> str:
    """The other one of visitor and host."""
    return HOST if side == VISITOR else VISITOR


def is_itself(who: Principal) -> bool:
    """Whether this service acts for itself: in a listener or in due work."""
    return who.kind == SERVICE and who.id == ITSELF


def is_contact_point(who: Principal, partnership_id: Any) -> bool:
    """Whether somebody is contact point of that partnership."""
    return any((permission, partnership_id) in who.roles for permission in CONTACT_POINT_PERMISSIONS)
