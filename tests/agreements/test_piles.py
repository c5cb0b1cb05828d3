"""The piles of a contact point's desk: the same exchanges that the moves of each say, counted and listed by the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.bare.principal import Principal
from chassis.bare.refusals import InvalidFields
from contracts import agreements as asks
from contracts.agreements import COMMITMENT, FINANCIAL, PILES
from tests.agreements.exchanges import ARRIVED, LEFT, NO_REASON, REPORT, Cast
from tests.agreements.rooms import FOUR, Stage
from tests.builders import contact_point, representative, support_officer
from tests.room import Room

Rooms = Callable[[str], Room]
MOVES = {"validate": {"validate_commitment"}, "sign": {"sign_commitment", "sign_financial_agreement"}, "report": {"validate_report"}}


@pytest.fixture
def stages(rooms: Rooms) -> list[Stage]:
    """Exchanges of the same two partnerships, each further than the one before; the last has one partnership on both sides."""
    room, first = rooms("agreements"), Cast()
    both = {"visitor_partnership_id": first.visitor_partnership_id, "host_partnership_id": first.host_partnership_id}
    casts = [first, *(Cast(**both) for _ in range(7)), Cast(one_partnership=True, visitor_partnership_id=first.visitor_partnership_id)]
    _, _, half, validated, signing, signed, again, reported, alone = found = [Stage(room, cast).open() for cast in casts]
    for stage in (*found[1:8], alone):
        stage.submit()
    half.ask(asks.ValidateCommitment, "host_partnership", number=1)
    for stage in (validated, signing, signed, again, reported):
        stage.validate()
    for stage, parties in ((signing, FOUR[:3]), (signed, FOUR), (again, FOUR), (reported, FOUR)):
        stage.sign(COMMITMENT, *parties)
    # Signed by its partnership, and then drafted anew for another amount: to be signed once more.
    again.sign(FINANCIAL, "visitor_partnership")
    again.compute(1, minor=40000)
    reported.sign(FINANCIAL, "visitor", "visitor_partnership")
    return found


def listed(room: Room, who: Principal, pile: str) -> list[str]:
    """The exchanges on a pile, read two at a time."""
    found, after = [], None
    while True:
        page = room.ask(asks.ListExchanges, who, pile=pile, limit=2, after=after)
        found += [each["exchange_id"] for each in page["items"]]
        if (after := page["next"]) is None:
            return found


def by_moves(room: Room, who: Principal, pile: str) -> set[str]:
    """The exchanges that somebody has a move of that pile in."""
    return {each["exchange_id"] for each in room.ask(asks.ListExchanges, who, limit=100)["items"] if MOVES[pile] & set(each["moves"])}


def counted(room: Room, who: Principal) -> dict[str, int]:
    """How many lie on each pile."""
    return {each["pile"]: each["count"] for each in room.ask(asks.CountExchangePiles, who)["items"]}


def test_piles_hold_what_the_moves_say(stages: list[Stage]) -> None:
    """For the contact points of either side, and for one who is that of both."""
    room, cast = stages[0].room, stages[0].cast
    two = replace(cast["host_partnership"], roles=cast["host_partnership"].roles | cast["visitor_partnership"].roles)
    sizes = []
    for who in (cast["visitor_partnership"], cast["host_partnership"], two):
        for pile in ("validate", "sign"):
            found = listed(room, who, pile)
            assert set(found) == by_moves(room, who, pile)
            assert counted(room, who)[pile] == len(found)
            sizes.append(len(found))
    assert sizes == [3, 4, 1, 2, 3, 4], "a pile on which nothing lies would prove nothing"


def test_pile_of_reports_is_that_of_the_visitors_partnership(stages: list[Stage]) -> None:
    """The host's contact point has nothing to answer there."""
    stage, room = stages[7], stages[7].room
    stage.ended()
    stage.ask(asks.ConfirmDays, "host", if_match=stage.read("host")["version"], days_present=4)
    written = stage.ask(asks.WriteReport, "visitor", **asks.Report.read(REPORT))
    stage.ask(asks.SubmitReport, "visitor", if_match=written["version"])
    mine, theirs = stage.cast["visitor_partnership"], stage.cast["host_partnership"]
    assert listed(room, mine, "report") == [str(stage.exchange_id)] and by_moves(room, mine, "report") == {str(stage.exchange_id)}
    assert (counted(room, mine)["report"], counted(room, theirs)["report"]) == (1, 0)


def test_late_is_what_lets_its_day_pass(stages: list[Stage]) -> None:
    """The arrival, then the departure, then the closing report; on the very day nothing is late yet."""
    stage, room = stages[7], stages[7].room
    who = stage.cast["host_partnership"]
    stage.at(ARRIVED)
    assert counted(room, who)["late"] == 0
    stage.at(ARRIVED + timedelta(days=1))
    assert listed(room, who, "late") == [str(stage.exchange_id)]
    stage.ask(asks.ConfirmArrival, "host", **NO_REASON)
    assert counted(room, who)["late"] == 0
    stage.at(LEFT + timedelta(days=1))
    late = next(each for each in room.ask(asks.CountExchangePiles, who)["items"] if each["pile"] == "late")
    assert (late["count"], late["oldest"][:10]) == (1, "2027-03-07")
    stage.ask(asks.ConfirmDeparture, "visitor", **NO_REASON)
    assert counted(room, who)["late"] == 0
    stage.at(LEFT + timedelta(days=40))
    assert listed(room, who, "late") == [str(stage.exchange_id)] and counted(room, support_officer())["late"] == 1


def test_pile_begins_with_what_waits_longest(stages: list[Stage]) -> None:
    """And says since when that is."""
    room, who = stages[0].room, stages[0].cast["visitor_partnership"]
    changed = {each["exchange_id"]: each["changed_at"] for each in room.ask(asks.ListExchanges, who, limit=100)["items"]}
    found = [changed[each] for each in listed(room, who, "validate")]
    assert found == sorted(found)
    oldest = next(each for each in room.ask(asks.CountExchangePiles, who)["items"] if each["pile"] == "validate")["oldest"]
    assert oldest == found[0]


def test_strangers_have_empty_piles(stages: list[Stage]) -> None:
    """Contact points of other partnerships, and representatives, who have no desk."""
    room, cast = stages[0].room, stages[0].cast
    elsewhere = contact_point(cast.visitor["organisation_id"], "agreements")
    for who in (elsewhere, representative(cast.visitor["organisation_id"])):
        assert counted(room, who) == dict.fromkeys(PILES, 0)
    with pytest.raises(InvalidFields):
        room.ask(asks.ListExchanges, elsewhere, pile="everything")
