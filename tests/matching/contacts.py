"""Participants and contacts to try rules on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.bare.principal import Principal, service
from services.matching.model import Contact, Conversation, Match, Participant
from tests.builders import A_MONDAY, auditor, contact_point, person, representative, support_officer
from tests.matching.profiles import an_id, host_profile, visitor_profile

ITSELF = service("matching")


def participant(profile: dict[str, Any], state: str = "accepted", revision: int = 1) -> Participant:
    """The copy of a participation with that profile."""
    copy = Participant(
        participation_id=UUID(profile["participation_id"]),
        state=state,
        hosting="open",
        listing="current",
        answering="answers",
        unanswered=0,
    )
    copy.take_over(profile, revision)
    return copy


def contact(*, asked_by: str = "visitor", state: str = "pending", proposed_by: str | None = None, at: datetime = A_MONDAY) -> Contact:
    """A contact of the usual two, put into a state."""
    two = participant(visitor_profile()), participant(host_profile())
    made, _ = Contact.request(*two, asked_by=asked_by, reason="We would like to learn.", expires_at=at + timedelta(14), at=at)
    made.state, made.proposed_by = state, proposed_by
    return made


def match(state: str = "agreed") -> Match:
    """A match of the usual two, put into a state."""
    made, _ = Match.agree(contact(state="matched"), A_MONDAY)
    made.state = state
    return made


def conversation(*, of_exchange: bool = False, state: str = "accepted") -> Conversation:
    """The conversation of the usual two, or that of their exchange."""
    made, _ = Conversation.open(contact(state=state), A_MONDAY, an_id("exchange") if of_exchange else None)
    return made


def visitor_person(**kwargs: Any) -> Principal:
    """A representative of the usual visitor."""
    return representative(an_id("visitor organisation"), **kwargs)


def host_person(**kwargs: Any) -> Principal:
    """A representative of the usual host."""
    return representative(an_id("host organisation"), **kwargs)


def everybody() -> dict[str, Principal]:
    """One principal of every kind that might try."""
    return {
        "visitor": visitor_person(),
        "host": host_person(),
        "stranger": representative(an_id("stranger organisation")),
        "visitor_contact_point": contact_point(an_id("visitor partnership")),
        "host_contact_point": contact_point(an_id("host partnership")),
        "support_officer": support_officer(),
        "auditor": auditor(),
        "nobody": person(),
        "itself": ITSELF,
        "other_service": service("agreements"),
    }
