"""Pages: everything once, in order, whatever comes in between."""

from __future__ import annotations

import base64
import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from chassis.bare.refusals import InvalidFields
from tests.builders import A_MONDAY, person
from tests.chassis.tiny.contracts import ListThings, MakeThing
from tests.chassis.tiny.model import Thing
from tests.room import Room


def all_pages(tiny: Room, limit: int) -> list[str]:
    """The names on all pages together."""
    seen, after = [], None
    while True:
        page = tiny.ask(ListThings, limit=limit, after=after)
        seen += [item["name"] for item in page["items"]]
        if (after := page["next"]) is None:
            return seen
        assert len(page["items"]) == limit


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 100])
def test_pages_together_are_the_list(tiny: Room, limit: int) -> None:
    """Nothing twice, nothing missing; the last page has no next."""
    for name in "gfedcba":
        tiny.ask(MakeThing, person(), name=name)
    assert all_pages(tiny, limit) == list("abcdefg")


def test_empty_list_is_one_empty_page(tiny: Room) -> None:
    """And no cursor."""
    assert tiny.ask(ListThings) == {"items": [], "next": None}


def test_row_that_comes_in_between_shifts_nothing(tiny: Room) -> None:
    """Before the cursor it is not seen, behind it it is; nothing appears twice."""
    for name in "bdf":
        tiny.ask(MakeThing, person(), name=name)
    first = tiny.ask(ListThings, limit=2)
    for name in "ae":
        tiny.ask(MakeThing, person(), name=name)
    rest = tiny.ask(ListThings, limit=10, after=first["next"])
    assert [item["name"] for item in first["items"] + rest["items"]] == ["b", "d", "e", "f"]


def test_row_that_goes_in_between_shifts_nothing(tiny: Room) -> None:
    """Not even when it is the one the cursor names."""
    for name in "abcd":
        tiny.ask(MakeThing, person(), name=name)
    first = tiny.ask(ListThings, limit=2)
    with tiny.unit() as unit:
        unit.session.execute(delete(Thing).where(Thing.name.in_(["a", "b"])))
    assert [item["name"] for item in tiny.ask(ListThings, limit=10, after=first["next"])["items"]] == ["c", "d"]


def cursor(*values: Any) -> str:
    """A cursor with any values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


NOW, ID = A_MONDAY.isoformat(), "d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11"
GARBAGE = [
    "x", "!!!", "é", "bnVsbA", "W10", cursor(), cursor("a"), cursor("a", NOW), cursor("a", NOW, ID, 1), cursor("a", "now", ID), cursor("a", NOW, "id"),
    cursor("a", 5, ID), cursor(["a"], NOW, ID), cursor(None, NOW, ID), cursor("a\x00", NOW, ID), cursor("\ud800", NOW, ID), cursor(float("nan"), NOW, 1e999),
    cursor({}, [], None), base64.urlsafe_b64encode(b"[" * 300).decode(),
]  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE, ids=ascii)
def test_cursor_that_is_none_of_this_list_is_refused(tiny: Room, garbage: str) -> None:
    """Whatever a client makes up is a refusal, not an error of ours."""
    with pytest.raises(InvalidFields) as refused:
        tiny.ask(ListThings, after=garbage)
    assert "after" in refused.value.details["fields"]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(max_size=40)
    | st.lists(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), max_size=4).map(
        lambda values: cursor(*values)
    )
)
def test_no_cursor_breaks_anything(tiny: Room, garbage: str) -> None:
    """It is taken or refused."""
    with contextlib.suppress(InvalidFields):
        assert tiny.ask(ListThings, after=garbage) == {"items": [], "next": None}


THINGS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.uuids()), max_size=12, unique_by=lambda thing: thing[2])
ORDERS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "name, newest first": ((Thing.name, Thing.made_at.desc(), Thing.id), lambda t: (t[0], -t[1], t[2].int)),
    "newest first, name": ((Thing.made_at.desc(), Thing.name.asc(), Thing.id.desc()), lambda t: (-t[1], t[0], -t[2].int)),
    "all falling": ((Thing.name.desc(), Thing.id.desc()), lambda t: (-ord(t[0]), -t[2].int)),
    "by id": ((Thing.id,), lambda t: t[2].int),
}


@pytest.mark.parametrize("order", ORDERS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(things=THINGS, limit=st.integers(1, 5))
def test_pages_are_the_sorted_list_in_pieces(tiny: Room, order: str, things: list[tuple[str, int, UUID]], limit: int) -> None:
    """Mixed directions over texts, moments and ids; equal values in the leading columns are no trouble."""
    columns, key = ORDERS[order]
    with tiny.unit() as unit:
        unit.session.execute(delete(Thing))
        unit.session.add_all(
            [Thing(id=i, name=n, made_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=m)) for n, m, i in things]
        )
        unit.session.flush()
        seen: list[UUID] = []
        after: str | None = None
        while True:
            page = unit.page(select(Thing), columns, {"after": after, "limit": limit})
            seen += [thing.id for thing in page["items"]]
            if (after := page["next"]) is None:
                break
    assert seen == [thing[2] for thing in sorted(things, key=key)]
