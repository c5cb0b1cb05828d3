"""Principals and small things that tests of every room need."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from chassis.bare.message import real_now
from chassis.bare.principal import PERSON, Principal

A_MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def person(*roles: tuple[str, UUID | None], name: str = "A person", id: UUID | None = None, fresh: bool = True) -> Principal:
    """Somebody logged in, just now unless `fresh` is False, with these roles."""
    since = real_now() if fresh else datetime(2020, 1, 1, tzinfo=UTC)
    return Principal(PERSON, str(id or uuid4()), name, frozenset(roles), since, session=str(uuid4()))


def representative(organisation: UUID, **kwargs: object) -> Principal:
    """A representative of that organisation."""
    return person(("representative", organisation), **kwargs)  # type: ignore[arg-type]


def contact_point(partnership: UUID, *permissions: str, **kwargs: object) -> Principal:
    """A contact point of that partnership: registrations, agreements, finance (all three unless named)."""
    held = permissions or ("registrations", "agreements", "finance")
    return person(*((permission, partnership) for permission in held), **kwargs)  # type: ignore[arg-type]


def support_officer(**kwargs: object) -> Principal:
    """Somebody of the support office."""
    return person(("support_officer", None), **kwargs)  # type: ignore[arg-type]


def administrator(**kwargs: object) -> Principal:
    """An administrator."""
    return person(("administrator", None), **kwargs)  # type: ignore[arg-type]


def auditor(**kwargs: object) -> Principal:
    """An auditor: reads, changes nothing."""
    return person(("auditor", None), **kwargs)  # type: ignore[arg-type]
