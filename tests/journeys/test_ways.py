"""Particular ways through the system, told as what people see."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import create_engine, text

from deploy.local.people.acts import agreeing
from deploy.local.people.acts.agreeing import COMMITMENT, FINANCIAL
from deploy.local.people.entrance import wait_for
from deploy.local.system import Running
from tests.journeys.played import Played, refusal

pytestmark = pytest.mark.slow


def test_one_contact_point_for_both_sides_validates_and_signs_once(played: Played) -> None:
    """Where visitor and host belong to one partnership, one signature counts in both capacities."""
    played.in_one_partnership().signed()
    agreement = played.visitor.get(f"{played.link}/agreements/{COMMITMENT}").body
    by = {each["party"]: each["person_id"] for each in agreement["signatures"]}
    assert set(by) == {"visitor", "host", "visitor_partnership", "host_partnership"}
    assert by["visitor_partnership"] == by["host_partnership"]
    assert agreement["missing"] == []


@pytest.mark.parametrize(("visitor", "host", "days", "cents"), [("DE", "PT", 5, 78000), ("DE", "PT", 3, 39000), ("PT", "DK", 5, 110000)])
def test_the_lump_sum_is_that_of_the_rule_tables(played: Played, visitor: str, host: str, days: int, cents: int) -> None:
    """Golden cases: Portugal 780.00, halved under five working days; Denmark 1100.00; every factor with its source."""
    played.between(visitor, host, days).validated()
    agreement = played.visitor.follow(f"{played.link}/agreements/{FINANCIAL}").body
    computed = played.visitor.get(f"{played.link}/assistance").body
    assert computed["amount"] == {"minor": cents, "currency": "EUR"}
    assert all(factor["source"] for factor in computed["factors"])
    methods = [each for each in computed["factors"] if each["name"].startswith("method of ")]
    assert [each["name"] for each in methods] == ["method of counting working days", "method of measuring the distance"]
    assert all(f"{each['name']}: {each['value']} (source: {each['source']})" in agreement["text"] for each in methods)
    assert f"{cents / 100:.2f}" in agreement["text"].replace(",", "")


def test_the_amount_is_nobodys_business_on_the_hosts_side(played: Played) -> None:
    """The host reads the commitment, not the financial agreement."""
    played.validated()
    played.visitor.follow(f"{played.link}/agreements/{FINANCIAL}")
    assert refusal(lambda: played.host.get(f"{played.link}/agreements/{FINANCIAL}"))[0] == 404
    assert refusal(lambda: played.host.get(f"{played.link}/assistance"))[0] in (403, 404)
    assert played.host.get(played.link).body["payment"] is None


def test_a_declined_contact_leads_nowhere(played: Played) -> None:
    """The visitor sees the reason, and can propose nothing."""
    contact = played.in_contact()
    played.host.post(f"{contact}/decline", reason="no_time", text="Next year, gladly.")
    told = played.visitor.follow(played.visitor.told("contact_declined")).body
    assert (told["state"], told["decline_reason"], told["decline_text"]) == ("declined", "no_time", "Next year, gladly.")
    assert refusal(lambda: played.visitor.post(f"{contact}/proposal")) == (409, "move_not_allowed")


def test_a_commitment_sent_back_comes_again_as_another_version(played: Played) -> None:
    """The comments are read, the plan changed, and the differences shown."""
    played.submitted()
    agreeing.send_back(played.host_desk, played.link, "Please name a second objective.")
    told = played.visitor.told("commitment_returned")
    commitment = played.visitor.follow(f"{told}/commitment").body
    assert commitment["comments"] == "Please name a second objective."
    plan = commitment["plan"] | {"objectives": [*commitment["plan"]["objectives"], "Meet the host's members"]}
    agreeing.write_plan(played.visitor, played.link, plan)
    agreeing.submit_plan(played.visitor, played.link)
    version = played.visitor.get(f"{played.link}/commitment/versions/2").body
    assert any("Meet the host's members" in change["now"] for change in version["changes"])


def test_a_query_without_an_account_is_answered_by_mail(played: Played) -> None:
    """The support office finds it in its list; the answer goes to the bare address."""
    about = {"name": "Reader", "e_mail": "reader@journeys.example", "subject": "Where to begin", "question": "Where do I register?"}
    played.entrance.send("POST", "/v1/queries", body=about)
    query = next(each for each in played.support.all("/v1/queries", state="received") if each["subject"] == "Where to begin")
    played.support.post(f"/v1/queries/{query['query_id']}/answer", str(query["version"]), answer="With an account.")
    mails = wait_for(lambda: played.entrance.mails("reader@journeys.example") or None, "the answer")
    assert "With an account." in mails[0]["text"]


def test_an_auditor_reads_an_exchange_as_one_dossier(played: Played) -> None:
    """Over three services: agreements, money and conversation; the visitor sees that its account was looked at, masked."""
    played.ready()
    (talk,) = played.host.all("/v1/conversations", exchange_id=played.link.rpartition("/")[2])
    played.host.post(f"/v1/conversations/{talk['conversation_id']}/messages", text="Bring warm clothes.")
    played.visitor.follow(f"{played.link}/payment")
    dossier = played.auditor.get(f"{played.link}/dossier").body
    assert (dossier["missing"], dossier["money"]["payment"]["state"]) == ([], "awaiting")
    assert [each["text"] for each in dossier["conversation"]["messages"]] == ["Bring warm clothes."]
    assert len(dossier["financial_agreements"][0]["signatures"]) == 2
    (access,) = played.visitor.get(f"{played.link}/bank-details").body["accesses"]
    assert (access["purpose"], access["person_id"]) == ("dossier", played.auditor.me()["person_id"])
    assert refusal(lambda: played.auditor.post(f"{played.link}/cancellation", reason="no_time"))[0] in (403, 404)


def test_one_correlation_id_leads_from_the_request_through_the_services(played: Played, running: Running) -> None:
    """Confirming a match over HTTP opens the exchange in another service: both journals name the request's id."""
    contact = played.in_contact()
    played.host.post(f"{contact}/acceptance")
    played.visitor.post(f"{contact}/proposal")
    mine = "journey-correlation-1"
    headers = {"Authorization": f"Bearer {played.host._token}", "Idempotency-Key": "once", "X-Correlation-Id": mine}
    answer = httpx.post(f"{running.url}{contact}/proposal/confirmation", headers=headers, timeout=30)
    assert (answer.status_code, answer.headers["X-Correlation-Id"]) == (200, mine)
    agreeing.wait_for_state(played.visitor, f"/v1/exchanges/{answer.json()['exchange_id']}", "planning")
    assert "match_agreed" in _types(running, "matching", mine)
    assert "exchange_opened" in _types(running, "agreements", mine)


def _types(running: Running, service: str, correlation_id: str) -> list[str]:
    engine = create_engine(running.environment(service)["DATABASE_URL"])
    with engine.connect() as connection:
        found = connection.execute(text("SELECT type FROM journal WHERE correlation_id = :id"), {"id": correlation_id})
        types = [row[0] for row in found]
    engine.dispose()
    return types
