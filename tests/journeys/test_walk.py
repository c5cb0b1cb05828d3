"""A walk over all operations that a running system documents, as every role and as foreign organisation and partnership."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from contracts.registry.announcements import CreateAnnouncement
from contracts.registry.partner_access import PARTNER_SYSTEM
from deploy.local.people.acts.registering import get_account
from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.offices import Offices, make_offices, sign_in
from deploy.local.people.papers import pdf
from deploy.local.people.partnerships import for_tour
from deploy.local.people.person import Person
from gateway.all_routes import all_routes
from tests.gateway.operations import Operation, operations
from tests.gateway.plausible import Sent
from tests.gateway.walk import AT_HOME, FOREIGN, NOBODY, STRANGERS, walk
from tests.journeys.partner_systems import PartnerSystem, give_access
from tests.journeys.played import Played

pytestmark = pytest.mark.slow

PUBLIC_PROFILE = ("participation_id", "organisation_id", "partnership_id")
OPEN = {
    "GET /v1/catalogue": PUBLIC_PROFILE,
    "GET /v1/catalogue/{participation_id}": PUBLIC_PROFILE,
    "GET /v1/catalogue/{participation_id}/alike": PUBLIC_PROFILE,
    "GET /v1/catalogue-comparison": PUBLIC_PROFILE,
    "GET /v1/announcements": ["announcement_id"],
    "GET /v1/announcements/{announcement_id}": ["announcement_id"],
    "GET /v1/faqs": ["faq_id"],
    "GET /v1/faqs/{faq_id}": ["faq_id"],
    "GET /v1/partnerships": ["partnership_id"],
    "GET /v1/partnerships/{partnership_id}": ["partnership_id"],
    # Who works in an organisation that takes part asks its people to be let in.
    "POST /v1/organisations/{organisation_id}/joinings": ["organisation_id"],
}
"""What is there for everybody, or for whoever takes part."""
NO_IDS = {"kind", "number", "parked_id"}
"""Parameters of addresses that name no thing of its own, or nothing that is there in a system that is well."""

Credentials = tuple[str, str] | PartnerSystem


@pytest.fixture(scope="module")
def documented(entrance: Entrance) -> list[Operation]:
    """What the running system says that it answers."""
    return operations(httpx.get(f"{entrance.url}/contracts/openapi.json", timeout=30).json())


def test_the_served_document_names_every_route_with_who_may_ask_and_no_other(documented: list[Operation]) -> None:
    """A route without a rule would stand here with nobody."""
    rules = {f"{each.method} {each.path}": tuple(each.contract.allowed) for each in all_routes()}
    assert {str(each): each.allowed for each in documented} == rules
    assert [name for name, allowed in rules.items() if not allowed] == []


def test_every_operation_keeps_its_rule_for_everybody(entrance: Entrance, offices: Offices, documented: list[Operation]) -> None:
    """Nobody is let in without the role, no stranger gets anything of what is not theirs, and nothing fails."""
    paid, played = Played(entrance, offices).paid(), Played(entrance, offices).payable()
    ours = _ours(played, paid)
    assert {name for each in documented for name in each.in_path} - NO_IDS == set(ours)
    visitors = _at_home(entrance, offices, played) | _strangers(entrance, offices)

    def let_in(visitor: str) -> dict[str, str]:
        return _way_in(entrance, visitors[visitor])

    met = Met()
    findings = walk(entrance.url, let_in, documented, ours, is_open=OPEN, note=met.note)
    assert not findings, "\n".join(str(each) for each in findings)
    assert met.reached == set(ours), "everything is there for somebody at home"
    assert {name for name, times in met.refused.items() if times >= 5} == set(ours) - {"organisation_id"}


@dataclass
class Met:
    """What came of the ids in addresses: which ones somebody at home found, and how often strangers were told that there is nothing."""

    reached: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, visitor: str, operation: Operation, sent: Sent, response: httpx.Response) -> None:
        """One answer."""
        ids = sent.names & set(operation.in_path)
        if visitor in AT_HOME and response.is_success:
            self.reached |= ids
        if visitor in STRANGERS and response.status_code in (401, 403, 404):
            self.refused.update(ids)


def _way_in(entrance: Entrance, credentials: Credentials) -> dict[str, str]:
    if isinstance(credentials, PartnerSystem):
        pair = f"{credentials.access['login']}:{credentials.access['secret']}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    login, password = credentials
    session = httpx.post(f"{entrance.url}/v1/sessions", json={"login": login, "password": password}, timeout=30)
    return {"Authorization": f"Bearer {session.json()['token']}"}


def _at_home(entrance: Entrance, offices: Offices, played: Played) -> dict[str, Credentials]:
    """Those whom the exchange belongs to, each with one permission alone, and the offices above it."""
    known = {
        "representative": played.visitor, "finance": played.paying_officer, "support_officer": offices.support[0],
        "administrator": offices.administrator, "auditor": played.auditor,
    }  # fmt: skip
    place = played.visitor_office.partnership_id
    desk: dict[str, Credentials] = {role: _hire(entrance, offices, role, role, place) for role in ("registrations", "agreements")}
    people: dict[str, Credentials] = {role: (each.username, each.password) for role, each in known.items()}
    return desk | people | {PARTNER_SYSTEM: give_access(played.visitor_desk, place)}


def _strangers(entrance: Entrance, offices: Offices) -> dict[str, Credentials]:
    """Somebody without any role; and of two other partnerships a representative in an exchange, each permission, a system."""
    elsewhere = make_offices(entrance, offices.administrator, for_tour()[2:4], "walk.")
    other = Played(entrance, elsewhere).agreed()
    place = other.visitor_office.partnership_id
    known: dict[str, Credentials] = {
        "foreign_representative": (other.visitor.username, other.visitor.password),
        f"foreign_{PARTNER_SYSTEM}": give_access(other.visitor_desk, place),
        NOBODY: _hire(entrance, offices, NOBODY, None, None),
    }
    hired = {visitor: _hire(entrance, offices, visitor, role, place) for visitor, role in FOREIGN.items() if visitor not in known}
    return {**hired, **known}


def _hire(entrance: Entrance, offices: Offices, visitor: str, role: str | None, place: str | None) -> tuple[str, str]:
    """A person with one role at one place, or with none."""
    somebody = _somebody(entrance, visitor)
    if role:
        offices.administrator.person(entrance).post("/v1/roles", login=somebody.username, role=role, place=place)
    return somebody.username, somebody.password


def _somebody(entrance: Entrance, name: str) -> Person:
    """A person with an account."""
    known = sign_in(f"walk.{name.replace('_', '.')}", name).person(entrance)
    get_account(known, "Elsewhere", "BE")
    return known


def _ours(played: Played, paid: Played) -> dict[str, str]:
    """The ids of one exchange and of what hangs on it, by the names of the fields that carry them; all of them are there."""
    return {
        "exchange_id": played.link.rpartition("/")[2],
        "participation_id": played.registrations["visitor"].rpartition("/")[2],
        "organisation_id": played.visitor.places("representative")[0],
        "partnership_id": played.visitor_office.partnership_id,
        "payment_id": played.payment("payable")["payment_id"],
        "batch_id": paid.payment("paid")["batch_id"],
    } | _first_ones(played) | _made_for_this(played) | _made_around_lists(played, paid)  # fmt: skip


def _first_ones(played: Played) -> dict[str, str]:
    """The first thing in each list of the visitor's."""
    lists = {name: f"/v1/{name}s" for name in ("contact", "conversation", "notice")} | {"evidence": f"{played.link}/evidence"}
    return {f"{name}_id": played.visitor.get(path).body["items"][0][f"{name}_id"] for name, path in lists.items()}


def _made_for_this(played: Played) -> dict[str, str]:
    """What an exchange comes to its end without: a query, a question answered for all, somebody to be let in, somebody with a role."""
    organisation, chief = played.visitor.places("representative")[0], played.offices.administrator.person(played.entrance)
    joining, clerk = _somebody(played.entrance, "joining"), _somebody(played.entrance, "clerk")
    role: dict[str, Any] = {"login": clerk.username, "role": "registrations", "place": played.visitor_office.partnership_id}
    faq = {"question": "Are the days of travel paid for?", "answer": "They belong to the exchange.", "published": True}
    announcement = {**CreateAnnouncement.example, "shown_from": "2020-01-01T00:00:00Z", "shown_until": "2100-01-01T00:00:00Z"}
    return {
        "announcement_id": played.support.post("/v1/announcements", **announcement).body["announcement_id"],
        "query_id": played.visitor.post("/v1/queries", subject="A question", question="Are travel days paid for?").body["query_id"],
        "faq_id": played.support.post("/v1/faqs", **faq).body["faq_id"],
        "joining_id": joining.post(f"/v1/organisations/{organisation}/joinings", note="I work in the same office.").body["joining_id"],
        "role_id": chief.post("/v1/roles", **role).body["role_id"],
    }


def _made_around_lists(played: Played, other: Played) -> dict[str, str]:
    """What participants and desks make of lists and contacts: a file sent, a complaint, a block, a search kept, a matching round."""
    visitor, place = played.visitor, played.visitor_office.partnership_id
    known, subject = _first_ones(played), played.registrations["visitor"].rpartition("/")[2]
    files = {"file": ("agenda.pdf", pdf(["Monday: arrival."]), "application/pdf")}
    message = visitor.upload("POST", f"/v1/conversations/{known['conversation_id']}/files", files, text="Our agenda.").body
    about = {"kind": "contact", "subject_id": known["contact_id"], "reason": "other", "text": "It was agreed upon in another way."}
    partner = other.registrations["host"].rpartition("/")[2]
    made = played.visitor_desk.post("/v1/matching-rounds", partnership_id=place).body["round_id"]
    wait_for(lambda: played.visitor_desk.get(f"/v1/matching-rounds/{made}").body["state"] != "computing" or None, "the round")
    return {
        "attachment_id": message["attachments"][0]["attachment_id"],
        "complaint_id": visitor.post("/v1/complaints", **about).body["complaint_id"],
        "block_id": visitor.post("/v1/blocks", participation_id=subject, partner_participation_id=partner).body["block_id"],
        "saved_search_id": visitor.post("/v1/saved-searches", name="Hosts", criteria={"role": "host"}, alert="daily").body[
            "saved_search_id"
        ],
        "round_id": made,
    }
