"""The registry's lifecycles as full matrices: registrations, requests to join, queries, partnership systems' accesses."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from chassis.bare.lifecycle import Lifecycle
from chassis.bare.principal import Principal, service
from services.registry.model import JOINING, QUERY, REGISTRATION, Joining, Participation, SupportQuery
from services.registry.model.partner_access import ACCESS, PartnerAccess
from tests.builders import A_MONDAY, administrator, auditor, contact_point, person, representative, support_officer
from tests.matrix import Matrix, Somebody, held
from tests.registry.forms import CV, VALID, filled, partnership, places, scheme

ASKER, ORGANISATION, AT = person(), partnership().id, partnership()
"""Who asks to join which organisation, and the partnership whose things the others are."""
NOBODY: dict[str, Somebody] = {
    "other contact point": (contact_point(partnership().id), set()),
    "auditor": (auditor(), set()),
    "other service": (service("matching"), set()),
    "stranger": (person(), set()),
}


def in_state(state: str, move: str) -> Participation:
    """A registration in that state with everything that any move needs."""
    registration, _ = filled(AT)
    registration.state, registration.submitted_at = state, A_MONDAY
    registration.proposed_change = {"organisation": {"size": "medium"}, "role": {}}
    return registration


def around(registration: Participation) -> dict[str, Somebody]:
    """Everybody who might move a registration."""
    return NOBODY | {
        "representative": (representative(registration.organisation_id), {"representative"}),
        "author": (person(id=registration.person_id), {"representative"}),
        "contact point": (contact_point(AT.id, "registrations"), {"contact_point"}),
        "platform": (service("registry"), {"platform"}),
        "agreements only": (contact_point(AT.id, "agreements", "finance"), set()),
        "support officer": (support_officer(), set()),
        "administrator": (administrator(), set()),
    }


def joining(state: str, move: str) -> Joining:
    """A request to join in that state."""
    asked, _ = Joining.ask(ASKER, ORGANISATION, AT.id, "Same office.", A_MONDAY)
    asked.state = state
    return asked


def query(state: str, move: str) -> SupportQuery:
    """A query in that state."""
    content = {"name": None, "e_mail": None, "subject": "A subject", "question": "A question?"}
    sent, _ = SupportQuery.send(person(), content, A_MONDAY)
    sent.state = state
    return sent


def access(state: str, move: str) -> PartnerAccess:
    """The access of the partnership's system in that state."""
    opened, _, _ = PartnerAccess.open(AT, 3, A_MONDAY)
    opened.state = state
    return opened


KNOWN: dict[str, Any] = {
    "at": A_MONDAY, "answers": {}, "places": places, "file": CV, "scheme": scheme(), "valid": VALID, "partnership": AT, "question": "Which cluster?",
    "reason": "other", "words": "Not yet.", "due_by": A_MONDAY, "newest": 7,
}  # fmt: skip
"""What the moves are called with beside who makes them."""


def make(subject: Any, move: str, who: Principal) -> None:
    """Make a move with what its rule wants to know."""
    rule = getattr(subject, move)
    rule(by=who, **{name: KNOWN[name] for name in inspect.signature(rule).parameters if name in KNOWN})


def matrix(
    lifecycle: Lifecycle, subject: Callable[[str, str], Any], people: Callable[[Any], dict[str, Somebody]], kept: Callable[[Any], Any]
) -> Matrix:
    """A matrix whose moves are called like their rules."""
    return Matrix(lifecycle, subject, people, make, kept=kept)


test_registration_moves_exactly_as_its_table_says = held(
    matrix(REGISTRATION, in_state, around, lambda of: (of.changed_at, of.revision, of.proposed_change, of.hosting_approved))
)

test_request_to_join_moves_exactly_as_its_table_says = held(
    matrix(
        JOINING,
        joining,
        lambda of: (
            NOBODY
            | {
                "asker": (ASKER, {"asker"}),
                "asker who represents": (person(("representative", ORGANISATION), id=ASKER.person), {"asker"}),
                "representative": (representative(ORGANISATION), {"representative"}),
                "contact point": (contact_point(AT.id), {"contact_point"}),
                "support officer": (support_officer(), set()),
            }
        ),
        lambda of: of.decided_at,
    )
)

test_query_moves_exactly_as_its_table_says = held(
    matrix(
        QUERY,
        query,
        lambda of: (
            NOBODY
            | {
                "support officer": (support_officer(), {"support_officer"}),
                "administrator": (administrator(), set()),
                "who asked": (person(id=of.person_id), set()),
            }
        ),
        lambda of: (of.answer, of.answered_at),
    )
)

test_partner_access_moves_exactly_as_its_table_says = held(
    matrix(
        ACCESS,
        access,
        lambda of: (
            NOBODY
            | {
                **{
                    f"contact point for {role}": (contact_point(AT.id, role), {"contact_point"}) for role in ("registrations", "agreements")
                },
                "paying officer": (contact_point(AT.id, "finance"), {"contact_point"}),
                "platform": (service("registry"), {"platform"}),
                "support officer": (support_officer(), {"office"}),
                "administrator": (administrator(), {"office"}),
                "representative": (representative(ORGANISATION), set()),
            }
        ),
        lambda of: (of.secret_hash, of.secret_since, of.revoked_at, of.wanted, of.carried),
    )
)
