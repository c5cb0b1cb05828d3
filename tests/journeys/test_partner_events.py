"""Every event that partnership systems are promised reaches the right ones in life: in their queue and in their feed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from contracts.partners.events import partner_events
from deploy.local.people.acts import paying
from deploy.local.people.entrance import Entrance, TookTooLong, wait_for
from deploy.local.people.offices import Offices
from tests.journeys.partner_systems import PartnerSystem, about, give_access
from tests.journeys.played import Played

pytestmark = pytest.mark.slow

LEFT_TO_TIME = {"participation_expired"}
"""It takes months in which nobody answers, which other tests may have let pass; tests/registry and tests/partners have it."""
TEXT, MONEY = "commitment_to_quality", "financial_agreement"
PLANNED = ["match_agreed", "commitment_submitted", "commitment_validated", *[f"signature_given {TEXT}"] * 4, f"agreement_signed {TEXT}"]
AGREED_ON_MONEY = [*[f"signature_given {MONEY}"] * 2, f"agreement_signed {MONEY}"]
STAYED = ["exchange_ready", "exchange_started", "exchange_ended", "report_validated"]


@dataclass(frozen=True)
class Life:
    """What both partnerships have to be told of one exchange or participation (its link), and what the visitor's alone."""

    thing: str
    both: list[str]
    visitors: list[str]


def paid(played: Played) -> Iterator[Life]:
    """An exchange from match to payment, the first try of which came back from the bank; and its visitor's participation."""
    played.ordered()
    paying.move(played.paying_officer, played.payment("ordered"), "failure", reason="account_closed")
    paying.move(played.paying_officer, played.payment("failed"), "retry")
    played.order()
    played.pay()
    paid = ["payment_ordered", "payment_failed", "payment_ordered", "payment_paid"]
    yield Life(played.link, [*PLANNED, *STAYED], [*AGREED_ON_MONEY, *paid])
    yield Life(played.registrations["visitor"], [], ["participation_accepted"])


def cancelled(played: Played) -> Iterator[Life]:
    """Called off by the host while it was planned."""
    played.agreed().host.post(f"{played.link}/cancellation", reason="host_unavailable", explanation="Our building is under repair.")
    yield Life(played.link, ["match_agreed", "exchange_cancelled"], [])


def missed(played: Played) -> Iterator[Life]:
    """The visitor did not come."""
    played.ready().go_to(played.week.monday + timedelta(days=1))
    played.host.post(f"{played.link}/no-show", reason="visitor_unavailable", explanation="The visitor missed the flight and gave up.")
    yield Life(played.link, [*PLANNED, "exchange_ready", "no_show_recorded"], AGREED_ON_MONEY)


def broken_off(played: Played) -> Iterator[Life]:
    """Ended by the host's partnership while the visitor was there."""
    played.started().host_desk.post(
        f"{played.link}/termination", reason="not_as_agreed", explanation="The work turned into a placement, which is not supported."
    )
    yield Life(played.link, [*PLANNED, "exchange_ready", "exchange_started", "exchange_terminated"], AGREED_ON_MONEY)


def left(played: Played) -> Iterator[Life]:
    """An organisation of the visitor's partnership pauses, goes on, and withdraws; nobody else is told."""
    played.accepted()
    for noun in ("pause", "resumption", "withdrawal"):
        played.visitor.post(f"{played.registrations['visitor']}/{noun}")
    told = [f"participation_{verb}" for verb in ("accepted", "paused", "resumed", "withdrawn")]
    yield Life(played.registrations["visitor"], [], told)


LIVES: list[Callable[[Played], Iterator[Life]]] = [paid, cancelled, missed, broken_off, left]


@pytest.fixture(scope="module")
def systems(entrance: Entrance, offices: Offices) -> Iterator[tuple[PartnerSystem, PartnerSystem]]:
    """The visitor's partnership's system and the host's, with access from before anything of this module happens."""
    played = Played(entrance, offices)
    places = [played.visitor_office.partnership_id, played.host_office.partnership_id]
    yield give_access(played.visitor_desk, places[0]), give_access(played.host_desk, places[1])
    for place in places:
        played.support._ask("DELETE", f"/v1/partnerships/{place}/access")


@pytest.fixture(scope="module")
def lives(entrance: Entrance, offices: Offices, systems: tuple[PartnerSystem, PartnerSystem]) -> list[Life]:
    """All of them, lived while both systems had access."""
    return [life for play in LIVES for life in play(Played(entrance, offices))]


@pytest.fixture(scope="module")
def received(systems: tuple[PartnerSystem, PartnerSystem], lives: list[Life]) -> dict[str, list[list[bytes]]]:
    """What the two systems got, by the way it came: taken out of the queues until all is there, and the whole feeds."""
    queues: list[list[bytes]] = [[], []]
    for queue, system, is_visitors in zip(queues, systems, (True, False), strict=True):
        with suppress(TookTooLong):
            wait_for(lambda q=queue, s=system, v=is_visitors: _is_complete(q, s, lives, v), "all events", 60)  # type: ignore[misc]
    return {"queue": queues, "feed": [each.feed() for each in systems]}


def _is_complete(queue: list[bytes], system: PartnerSystem, lives: list[Life], is_visitors: bool) -> bool | None:
    queue.extend(system.taken())
    return all(len(about(queue, each.thing)) >= len(_wanted(each, is_visitors)) for each in lives) or None


def _wanted(life: Life, is_visitors: bool) -> list[str]:
    return sorted([*life.both, *life.visitors] if is_visitors else life.both)


@pytest.mark.parametrize("way", ["queue", "feed"])
def test_each_partnership_is_told_what_happened_and_the_money_only_the_visitors(
    lives: list[Life], received: dict[str, list[list[bytes]]], way: str
) -> None:
    """Every event once, by both ways, and nothing to a partnership that it does not concern."""
    visitors, hosts = received[way]
    for life in lives:
        assert sorted(about(visitors, life.thing)) == _wanted(life, is_visitors=True)
        assert sorted(about(hosts, life.thing)) == _wanted(life, is_visitors=False)


def test_every_promised_type_was_seen(received: dict[str, list[list[bytes]]]) -> None:
    """A type that is added has to be lived, too."""
    seen = {json.loads(each)["type"] for each in received["queue"][0]}
    assert seen | LEFT_TO_TIME == {each.slug() for each in partner_events()}


def test_what_came_through_the_queue_is_byte_for_byte_in_the_feed(received: dict[str, list[list[bytes]]]) -> None:
    """In the same order, with nothing left out between the first and the last."""
    for queue, feed in zip(received["queue"], received["feed"], strict=True):
        first = feed.index(queue[0])
        assert queue == feed[first : first + len(queue)] and len(queue) > 20
