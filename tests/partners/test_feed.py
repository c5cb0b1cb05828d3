"""The feed: everything from the first event on, the same bytes, nobody else's, and nothing ever skipped."""

from __future__ import annotations

import json
import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from chassis.bare.protocol import encode
from chassis.bare.refusals import InvalidFields, LogInRequired, NotFound, RoleRequired
from contracts.agreements import AgreementSigned, ExchangeReady, SignatureGiven
from contracts.agreements.words import FINANCIAL
from contracts.partners.envelope import PartnerEnvelope
from contracts.partners.events import partner_events
from contracts.payments import PaymentPaid
from contracts.registry import ParticipationAccepted, PartnershipNotFound, ReadEvents
from services.registry.model import FeedEvent
from services.registry.queries import feed
from tests.builders import administrator, auditor, contact_point, person, representative
from tests.partners.conftest import Partners, system_of


def test_every_type_is_kept_from_the_first_event_on(partners: Partners) -> None:
    """Also for a partnership that asks for access long after."""
    heard = partners.hear_all()
    page = partners.read(partners.visitors, limit=100)
    assert [UUID(each["id"]) for each in page["items"]] == heard
    assert {each["type"] for each in page["items"]} == {each.slug() for each in partner_events()}
    assert page["next"] == str(heard[-1])


def test_event_heard_twice_is_in_the_feed_once(partners: Partners) -> None:
    """The second delivery changes nothing."""
    fact = partners.fact(AgreementSigned)
    event_id = partners.room.hear(fact)
    partners.room.hear(fact, event_id)
    assert [each["id"] for each in partners.read(partners.hosts)["items"]] == [str(event_id)]


def test_what_a_partnership_reads_is_byte_for_byte_what_is_kept(partners: Partners) -> None:
    """Parsing and writing on the way change not one byte: ASCII only, no numbers with a point, the order of the keys kept."""
    partners.hear_all()
    with partners.room.unit() as unit:
        bodies = list(unit.session.scalars(select(FeedEvent.body).order_by(FeedEvent.position)))
    read = [
        json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode()
        for each in partners.read(partners.visitors, limit=100)["items"]
    ]
    assert read == bodies and [encode(json.loads(each)) for each in bodies] == bodies


def test_partners_get_ids_times_and_amounts_and_no_person(partners: Partners) -> None:
    """Neither who acted, nor who answers for an organisation, nor a profile, nor a reason in words or codes."""
    partners.hear_all()
    told = json.dumps(partners.read(partners.visitors, limit=100)["items"])
    assert [word for word in ("person", "actor", "profile", "legal_name", "reason", "audience", "correlation") if word in told] == []


def test_event_is_a_cloudevent_with_the_address_of_its_schema(partners: Partners) -> None:
    """All required attributes of CloudEvents 1.0, and the served schema."""
    partners.hear(AgreementSigned)
    (event,) = partners.read(partners.visitors)["items"]
    assert PartnerEnvelope.read(event)["type"] == "agreement_signed"
    assert event["dataschema"] == "https://tool.example.org/contracts/schemas/partners/AgreementSigned.json"
    assert (event["specversion"], event["source"], event["datacontenttype"]) == ("1.0", "/agreements", "application/json")
    assert "sandbox" not in event


MONEY: list[tuple[Any, dict[str, Any]]] = [
    (SignatureGiven, {"kind": FINANCIAL}), (AgreementSigned, {"kind": FINANCIAL}), (PaymentPaid, {}),
]  # fmt: skip


@pytest.mark.parametrize(("event", "changes"), MONEY, ids=lambda each: getattr(each, "__name__", ""))
def test_money_is_the_visitors_partnerships_business_alone(partners: Partners, event: Any, changes: dict[str, Any]) -> None:
    """Even where the service's own audience is wider."""
    partners.hear(event, **changes)
    assert len(partners.read(partners.visitors)["items"]) == 1
    assert partners.read(partners.hosts)["items"] == []


def test_foreign_events_never_appear(partners: Partners) -> None:
    """Not in the page, not as a cursor, not by naming the other partnership."""
    theirs = partners.hear(ParticipationAccepted, audience=[partners.visitors])
    assert partners.read(partners.hosts) == {"items": [], "next": None}
    with pytest.raises(InvalidFields):
        partners.read(partners.hosts, after=theirs)
    with pytest.raises(PartnershipNotFound):
        partners.read(partners.hosts, partnership_id=partners.visitors)


def test_pages_lead_on_from_any_event_and_wait_at_the_end(partners: Partners) -> None:
    """`next` is the last event's id; at the end it stays what it was, so that a program just asks again."""
    heard = partners.hear_all()
    first = partners.read(partners.visitors, limit=3)
    second = partners.read(partners.visitors, after=first["next"], limit=100)
    assert [UUID(each["id"]) for each in first["items"] + second["items"]] == heard
    assert partners.read(partners.visitors, after=second["next"]) == {"items": [], "next": second["next"]}
    partners.hear(ExchangeReady)
    assert len(partners.read(partners.visitors, after=second["next"])["items"]) == 1


def test_cursor_never_skips_a_unit_that_commits_late(partners: Partners) -> None:
    """A unit that took its place first and commits last: nobody is given a later place before it can be seen."""
    order: list[str] = []
    begun, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with partners.room.unit() as unit:
            feed.record(unit, uuid4(), "slow", b"{}", [partners.visitors])
            begun.set()
            may_commit.wait(10)
        order.append("slow")

    def quick() -> None:
        with partners.room.unit() as unit:
            feed.record(unit, uuid4(), "quick", b"{}", [partners.visitors])
        order.append("quick")

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    threads[0].start()
    begun.wait(10)
    threads[1].start()
    _wait_for_a_lock(partners)
    assert partners.read(partners.visitors)["items"] == [] and order == []
    may_commit.set()
    for thread in threads:
        thread.join(10)
    with partners.room.unit() as unit:
        assert unit.session.scalars(select(FeedEvent.type).order_by(FeedEvent.position)).all() == ["slow", "quick"]


def test_place_of_a_unit_that_rolled_back_is_given_again(partners: Partners) -> None:
    """Nothing is lost with it, and nobody waits for it."""
    with pytest.raises(RuntimeError), partners.room.unit() as unit:
        feed.record(unit, uuid4(), "lost", b"{}", [partners.visitors])
        raise RuntimeError
    heard = partners.hear(ExchangeReady)
    assert [each["id"] for each in partners.read(partners.visitors)["items"]] == [str(heard)]


def test_contact_points_read_their_partnerships_feed_and_others_none(partners: Partners) -> None:
    """Whoever acts for several says for which."""
    partners.hear(ExchangeReady)
    for role in ("registrations", "agreements", "finance"):
        assert len(partners.room.ask(ReadEvents, contact_point(partners.hosts, role))["items"]) == 1
    both = person(("agreements", partners.hosts), ("finance", partners.visitors))
    with pytest.raises(PartnershipNotFound):
        partners.room.ask(ReadEvents, both)
    assert len(partners.room.ask(ReadEvents, both, partnership_id=partners.hosts)["items"]) == 1
    for who in (administrator(), auditor(), person(), representative(uuid4())):
        with pytest.raises(RoleRequired):
            partners.room.ask(ReadEvents, who)
    with pytest.raises(LogInRequired):
        partners.room.ask(ReadEvents)


def test_system_may_ask_for_nothing_but_its_events(partners: Partners) -> None:
    """Every other door of the registry is shut to it, but for those that stand open to anyone."""
    from chassis.bare.message import ANYONE
    from chassis.running.doors import Answers, admit

    who = system_of(partners.visitors)
    for door in partners.room.frame.doors(Answers).values():
        if door.contract is not ReadEvents and ANYONE not in door.contract.allowed:
            with pytest.raises((LogInRequired, NotFound)):
                admit(who, door.contract)


def _wait_for_a_lock(partners: Partners) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
    for _ in range(1000):
        with partners.room.frame.sessions() as session:
            if session.scalar(waiting):
                return
    raise AssertionError("nobody waits")
