"""A walk over all routes of a running system, as every role and as foreign organisation and partnership."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from deploy.local.people.acts.registering import get_account
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, sign_in
from gateway.all_routes import all_routes
from tests.gateway.walk import FOREIGN, NOBODY, walk
from tests.journeys.played import Played

pytestmark = pytest.mark.slow


def test_every_route_keeps_its_rule_for_everybody(entrance: Entrance, offices: Offices, played: Played) -> None:
    """Nobody is let in without the role, no stranger gets anything of an exchange that is not theirs, and nothing fails."""
    played.payable()
    visitors = _at_home(entrance, offices, played) | _strangers(entrance, offices)

    def open_session(visitor: str) -> dict[str, str]:
        username, password = visitors[visitor]
        session = httpx.post(f"{entrance.url}/v1/sessions", json={"login": username, "password": password}, timeout=30)
        return {"Authorization": f"Bearer {session.json()['token']}"}

    findings = walk(entrance.url, open_session, all_routes(), _ours(played))
    assert not findings, "\n".join(str(each) for each in findings)


def _at_home(entrance: Entrance, offices: Offices, played: Played) -> dict[str, tuple[str, str]]:
    """Those whom the exchange belongs to, each with one permission alone, and the offices above it."""
    known = {
        "representative": played.visitor, "finance": played.paying_officer, "support_officer": offices.support[0],
        "administrator": offices.administrator, "auditor": played.auditor,
    }  # fmt: skip
    desk = {role: _hire(entrance, offices, role, role, played.visitor_office.partnership_id) for role in ("registrations", "agreements")}
    return desk | {role: (somebody.username, somebody.password) for role, somebody in known.items()}


def _strangers(entrance: Entrance, offices: Offices) -> dict[str, tuple[str, str]]:
    """Somebody without any role, and one for each role at a place of which nobody here has heard."""
    strangers = {visitor: _hire(entrance, offices, visitor, role, str(uuid4())) for visitor, role in FOREIGN.items()}
    return strangers | {NOBODY: _hire(entrance, offices, NOBODY, None, None)}


def _hire(entrance: Entrance, offices: Offices, visitor: str, role: str | None, place: str | None) -> tuple[str, str]:
    """A person with one role at one place, or with none."""
    somebody = sign_in(f"walk.{visitor.replace('_', '.')}", visitor)
    get_account(somebody.person(entrance), "Elsewhere", "BE")
    if role:
        offices.administrator.person(entrance).post("/v1/roles", login=somebody.username, role=role, place=place)
    return somebody.username, somebody.password


def _ours(played: Played) -> dict[str, str]:
    """The ids of one exchange and of what hangs on it, by the names of the fields that carry them."""
    contact = next(iter(played.visitor.all("/v1/contacts")))
    conversation = next(iter(played.visitor.all("/v1/conversations")))
    evidence = played.visitor.get(f"{played.link}/evidence").body["items"][0]
    payment = played.paying_officer.get(f"{played.link}/payment").body
    return {
        "exchange_id": played.link.rpartition("/")[2],
        "participation_id": played.registrations["visitor"].rpartition("/")[2],
        "contact_id": contact["contact_id"],
        "conversation_id": conversation["conversation_id"],
        "evidence_id": evidence["evidence_id"],
        "payment_id": payment["payment_id"],
    }
