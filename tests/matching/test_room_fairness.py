"""Lists that are fair, on a real database: the cap on hosts, the daily count of exposure and its cost, and hosts that do not answer."""

from __future__ import annotations

import json
import random
import threading
from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg2 import extensions
from psycopg2.extras import register_uuid
from sqlalchemy import event, func, insert, select

from chassis.bare.refusals import ConcurrentChange, Unavailable
from contracts.matching import (
    AcceptContact,
    AddMatchingFigure,
    AnswerElsewhere,
    DeclineContact,
    ExposureView,
    ListCatalogue,
    PauseHosting,
    ReadExposure,
    ReadListing,
    ResumeHosting,
    WithdrawContact,
)
from services.matching.model import Exposure, Showing, ShownInWeek, ShownList
from services.matching.queries import changes, exposure, following, portions
from services.matching.ranking.fairness import week_of
from tests.builders import administrator, representative, support_officer
from tests.chassis.conftest import at_once
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person
from tests.matching.profiles import an_id, host_profile, visitor_profile
from tests.matching.test_room_lists import matches

UUID_OID = 2950
HOST = {"participation_id": an_id("host participation")}


def figure(matching: MatchingRoom, name: str, value: int) -> None:
    """An administrator adds a figure from today on."""
    new = {"name": name, "value": value, "valid_from": matching.room.clock.now().date(), "source": "a decision"}
    matching.room.ask(AddMatchingFigure, administrator(), **new)


def visitors(matching: MatchingRoom, count: int) -> list[str]:
    """More visitors, whom the usual host fits as well as the usual one."""
    names = [f"visitor {number}" for number in range(count)]
    for name in names:
        matching.accept(visitor_profile(name))
    return names


def whom(matching: MatchingRoom, name: str, **fields: Any) -> list[str]:
    """The hosts that a visitor is shown, by name and in order."""
    items = matches(matching, representative(an_id(f"{name} organisation")), name, **fields)["items"]
    return [each["profile"]["legal_name"].removeprefix("Organisation ") for each in items]


def version(matching: MatchingRoom) -> int:
    """The data version."""
    with matching.room.unit() as unit:
        return changes.data_version(unit)


def next_day(matching: MatchingRoom, days: int = 1) -> None:
    """So many days pass, each with what is due on it."""
    for _ in range(days):
        matching.room.clock.advance(days=1)
        matching.room.run_due()


def test_a_host_is_shown_to_so_many_a_week_and_no_more(matching: MatchingRoom) -> None:
    """Two have seen it and see it on; a third does not, until Monday. Others find it in the catalogue, and may ask."""
    first, second, third = visitors(matching, 3)
    figure(matching, "host_shown_per_week", 2)
    before = version(matching)
    assert whom(matching, first) == whom(matching, first) == ["host"] and version(matching) == before
    assert whom(matching, second) == ["host"] and version(matching) == before + 1
    assert whom(matching, third) == [] and whom(matching, first) == whom(matching, second) == ["host"]
    assert matches(matching, representative(an_id(f"{third} organisation")), third)["possible"] == 0
    entries = matching.room.ask(ListCatalogue, representative(an_id(f"{third} organisation")), role="host")["items"]
    assert [each["profile"]["legal_name"] for each in entries] == ["Organisation host"]
    asked = matching.request(representative(an_id(f"{third} organisation")), visitor=third)
    matching.move(WithdrawContact, representative(an_id(f"{third} organisation")), asked)
    assert (matching.room.ask(ReadExposure)["resting"], version(matching)) == (1, before + 3)
    now = matching.room.clock.now()
    monday = week_of(now.date()) + timedelta(days=7)
    matching.room.clock.advance(days=(monday - now.date()).days)
    assert whom(matching, third) == ["host"] and matching.room.ask(ReadExposure)["resting"] == 0


def test_the_cap_holds_from_its_day_and_however_it_is_moved(matching: MatchingRoom) -> None:
    """Lower than what was shown already: nobody new. Higher again: as many as are missing."""
    names = visitors(matching, 5)
    assert [whom(matching, name) for name in names[:3]] == [["host"]] * 3
    figure(matching, "host_shown_per_week", 2)
    assert [whom(matching, name) for name in names] == [["host"]] * 3 + [[]] * 2
    matching.room.clock.advance(days=1)
    figure(matching, "host_shown_per_week", 4)
    assert [whom(matching, name) for name in names] == [["host"]] * 4 + [[]]


def test_the_cap_is_not_passed_by_those_who_ask_at_the_same_moment(matching: MatchingRoom) -> None:
    """Eight at once, three may: whoever was overtaken is answered as of the data version after."""
    names = visitors(matching, 8)
    figure(matching, "host_shown_per_week", 3)
    shown: dict[str, list[str]] = {}

    def look(name: str) -> None:
        for _ in range(10):
            try:
                shown[name] = whom(matching, name)
                return
            except (ConcurrentChange, Unavailable):
                continue

    assert at_once(*[lambda name=name: look(name) for name in names]) == [None] * len(names)  # type: ignore[misc]
    assert sorted(map(len, shown.values())) == [0] * 5 + [1] * 3
    assert [whom(matching, name) for name in names] == [shown[name] for name in names]
    with matching.room.unit() as unit:
        assert list(unit.session.scalars(select(ShownInWeek.count))) == [3]


def test_a_list_seen_again_waits_for_nobody(matching: MatchingRoom) -> None:
    """Not even for who is just being shown the same hosts: nothing is counted any more."""
    assert whom(matching, "visitor") == ["host"]
    with matching.room.unit() as unit:
        assert unit.session.scalars(select(ShownInWeek).with_for_update()).all()
        shown: list[list[str]] = []
        looking = threading.Thread(target=lambda: shown.append(whom(matching, "visitor")), daemon=True)
        looking.start()
        looking.join(20)
        assert shown == [["host"]]


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_no_host_is_shown_to_more_than_the_cap_in_any_week(matching: MatchingRoom, seed: int) -> None:
    """Random visitors look on random days, at the list or trying weights, under caps that change."""
    draw, names = random.Random(seed), visitors(matching, 5)
    for number in range(2):
        matching.accept(host_profile(f"host {number}"))
    seen: dict[tuple[Any, str], set[str]] = defaultdict(set)
    most: dict[Any, int] = defaultdict(int)
    cap = 0
    for _ in range(40):
        if not cap or draw.random() < 0.1:
            matching.room.clock.advance(days=1)
            figure(matching, "host_shown_per_week", cap := draw.randint(1, 4))
        week, name = week_of(matching.room.clock.now().date()), draw.choice(names)
        most[week] = max(most[week], cap)
        for host in whom(matching, name, limit=draw.choice((1, 20)), weights=draw.choice(([], ["topics:900"]))):
            seen[week, host].add(name)
        if draw.random() < 0.15:
            next_day(matching, draw.randint(1, 3))
    assert all(len(those) <= most[week] for (week, _), those in seen.items()) and len(seen) > 5
    with matching.room.unit() as unit:
        kept = select(Showing.week, Showing.participation_id, func.count()).where(Showing.role == "host")
        counts = {tuple(row[:2]): row[2] for row in unit.session.execute(kept.group_by(Showing.week, Showing.participation_id))}
        held = {(row.week, row.participation_id): row.count for row in unit.session.scalars(select(ShownInWeek)) if row.count}
    assert counts == held == {(week, an_id(f"{host} participation")): len(those) for (week, host), those in seen.items()}


def test_hosts_see_as_many_visitors_as_there_are(matching: MatchingRoom) -> None:
    """The cap is one on hosts; that visitors are shown is counted all the same."""
    figure(matching, "host_shown_per_week", 1)
    matching.accept(host_profile("second"))
    for name in ("host", "second"):
        assert len(matches(matching, representative(an_id(f"{name} organisation")), name, "host")["items"]) == 1
    with matching.room.unit() as unit:
        assert unit.session.scalar(select(func.count()).where(Showing.role == "visitor")) == 2
        assert unit.session.scalar(select(func.count()).select_from(ShownInWeek)) == 0


def equals(matching: MatchingRoom, setting: int) -> list[str]:
    """Two hosts of the same score, the first by id shown to two, the second to nobody: a new visitor's list the day after."""
    for name in ("left", "right"):
        matching.accept(host_profile(name))
    figure(matching, "exposure_order", setting)
    for name in visitors(matching, 2):
        whom(matching, name, limit=1)
    next_day(matching)
    return whom(matching, "visitor")


def test_off_is_the_order_of_scores_and_ids(matching: MatchingRoom) -> None:
    """Whatever was shown."""
    order = equals(matching, 0)
    assert order == sorted(order, key=lambda name: an_id(f"{name} participation"))
    assert matches(matching)["fairness"] | {"best_total": 0} == {"setting": "off", "best_total": 0, "given_up": 0}


@pytest.mark.parametrize("setting", [1, 2])
def test_whoever_was_shown_less_stands_further_up_from_the_next_count_on(matching: MatchingRoom, setting: int) -> None:
    """The first of three alike was shown to two others: it is the last now, and its place by score is told."""
    order = equals(matching, setting)
    by_id = sorted(order, key=lambda name: an_id(f"{name} participation"))
    assert order == [*by_id[1:], by_id[0]]
    found = matches(matching)
    assert [each["position_by_score"] for each in found["items"]] == [2, 3, 1]
    assert found["fairness"] == {"setting": ("gentle", "strong")[setting - 1], "best_total": 3 * found["items"][0]["score"], "given_up": 0}


def test_no_list_moves_between_two_counts(matching: MatchingRoom) -> None:
    """Shown a hundred times or not: the counts belong to the data version, which the count of the night raises."""
    names = visitors(matching, 4)
    for name in ("left", "right"):
        matching.accept(host_profile(name))
    first = json.dumps(matches(matching))
    for name in names:
        whom(matching, name, limit=1)
    assert json.dumps(matches(matching)) == first
    before = version(matching)
    next_day(matching)
    assert version(matching) == before + 1
    after = matches(matching)
    assert after["data_version"] == before + 1 and json.dumps(after) != first
    following._live.pop(matching.room.frame.sessions)
    assert json.dumps(matches(matching)) == json.dumps(after)


def test_what_was_shown_a_week_ago_counts_no_more(matching: MatchingRoom) -> None:
    """The last count finds nothing and plans no other; the next list does."""
    equals(matching, 1)
    next_day(matching, 9)
    with matching.room.unit() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Exposure)) == 0
    before = version(matching)
    next_day(matching, 3)
    assert version(matching) == before
    whom(matching, "visitor")
    next_day(matching)
    assert version(matching) == before + 1


def test_the_cost_is_told_with_the_list_logged_and_added_up(matching: MatchingRoom) -> None:
    """A host that fits a little better was shown to all the others: a list of one gives that little up."""
    matching.accept(host_profile("second", group_size=1))
    scores = [each["score"] for each in matches(matching)["items"]]
    assert 0 < scores[0] - scores[1] <= 25
    figure(matching, "exposure_order", 2)
    for name in visitors(matching, 6):
        assert whom(matching, name, limit=1) == ["host"]
    next_day(matching)
    found = matches(matching, limit=1)
    assert found["items"][0]["position_by_score"] == 2
    assert found["fairness"] == {"setting": "strong", "best_total": scores[0], "given_up": scores[0] - scores[1]}
    matches(matching, weights=["topics:900"], limit=1)
    with matching.room.unit() as unit:
        last = unit.session.scalars(select(ShownList).order_by(ShownList.at.desc(), ShownList.id.desc())).first()
        assert (last.setting, last.best_total, last.given_up) == ("strong", scores[0], scores[0] - scores[1])
        total = unit.session.scalar(select(func.sum(ShownList.best_total)))
    next_day(matching)
    told = matching.room.ask(ReadExposure)
    assert set(told) == set(ExposureView._declared_fields)
    assert (told["setting"], told["host_shown_per_week"], told["counted_at"] is not None) == ("strong", 300, True)
    assert (told["lists"], told["best_total"], told["given_up"]) == (8, total, scores[0] - scores[1])
    # Of two hosts one was shown to all seven, the other to one: (2-3)*1 + (4-3)*7 of 2 * 8.
    assert (told["hosts"], told["hosts_shown"], told["gini"]) == (2, 2, 1000 * 6 // 16)


def test_exposure_is_added_up_where_it_lies(matching: MatchingRoom) -> None:
    """However many hosts there are, the count reads as many rows as there are different counts, and not one for each host."""
    for number in range(9):
        matching.accept(host_profile(f"host {number}"))
    whom(matching, "visitor", limit=3)
    read: list[int] = []
    event.listen(matching.room.engine, "after_cursor_execute", lambda *about: read.append(about[1].rowcount if "participant" in about[2] and about[2].startswith("SELECT") else 0))  # fmt: skip
    next_day(matching)
    told = matching.room.ask(ReadExposure)
    assert (told["hosts"], told["hosts_shown"], max(read)) == (10, 3, 2)


def test_who_rests_is_read_so_that_others_have_their_turn(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of hosts may have been shown often enough: no more ids are made than one turn is for, and all of them are known."""
    made, turns = [0], list[int]()

    def make(value: str | None, cursor: Any) -> UUID | None:
        made[0] += 1
        return UUID(value) if value else None

    def turn(_: float) -> None:
        turns.append(made[0])
        made[0] = 0

    monkeypatch.setattr(portions, "AT_ONCE", 100)
    monkeypatch.setattr(portions.time, "sleep", turn)
    with matching.room.unit() as unit:
        week = week_of(unit.now.date())
        full = [{"week": week, "participation_id": an_id(f"full {number}"), "count": 300} for number in range(250)]
        unit.session.execute(insert(ShownInWeek), full)
        fairness = changes.fairness(unit)
        connection: Any = unit.session.connection().connection.dbapi_connection
        known = extensions.new_type((UUID_OID,), "counted", make)
        extensions.register_type(known, connection)
        made[0] = 0
        try:
            fair = exposure.fair(unit, an_id("visitor participation"), "host", fairness)
        finally:
            register_uuid(conn_or_curs=connection)
        assert fair.resting == {each["participation_id"] for each in full}
    assert turns[:3] == [100, 100, 50]


def test_before_anything_was_shown_the_figures_are_nought(matching: MatchingRoom) -> None:
    """And the setting is that of the day."""
    told = matching.room.ask(ReadExposure, support_officer())
    assert (told["setting"], told["counted_at"], told["lists"], told["gini"], told["silent"]) == ("gentle", None, 0, 0, 0)


def let_expire(matching: MatchingRoom, *names: str) -> list[str]:
    """These visitors ask the host, and get no answer; what the host is told."""
    before = len(matching.room.facts())
    for name in names:
        matching.request(representative(an_id(f"{name} organisation")), visitor=name)
    next_day(matching, 15)
    return [fact.type for fact in matching.room.facts()[before:] if fact.type.startswith("sil")]


def silenced(matching: MatchingRoom) -> list[str]:
    """The usual host lets three requests in a row expire; the visitors who asked."""
    names = visitors(matching, 3)
    matching.accept(host_profile("second", want_to_learn=[], topics=[], can_teach=["wool dyeing"]))
    assert whom(matching, "visitor") == ["host", "second"]
    assert let_expire(matching, names[0]) == []
    assert let_expire(matching, names[1]) == ["silence_warned"]
    assert whom(matching, "visitor") == ["host", "second"]
    assert let_expire(matching, names[2]) == ["silent_host_sunk"]
    return names


def listing(matching: MatchingRoom) -> tuple[str, int]:
    """How the host answers, as it reads it itself."""
    told = matching.room.ask(ReadListing, host_person(), **HOST)
    return told["answering"], told["unanswered"]


def test_a_host_that_does_not_answer_is_warned_and_then_stands_last(matching: MatchingRoom) -> None:
    """Behind whoever fits far worse; it is on the list all the same, and says so; the warning names the day."""
    silenced(matching)
    found = matches(matching)
    assert [(each["profile"]["legal_name"], each["answers"]) for each in found["items"]] == [
        ("Organisation second", True), ("Organisation host", False),
    ]  # fmt: skip
    assert found["items"][0]["score"] < found["items"][1]["score"] and found["possible"] == 2
    assert [each["position_by_score"] for each in found["items"]] == [1, 2]
    assert listing(matching) == ("silent", 3)
    (warned,), (sunk,) = matching.room.facts("silence_warned"), matching.room.facts("silent_host_sunk")
    assert warned.data["participation_id"] == sunk.data["participation_id"] == str(HOST["participation_id"])
    told = matching.room.ask(ReadExposure)
    assert (told["silent"], told["warned"]) == (1, 0)


@pytest.mark.parametrize(
    ("answer", "fields"), [(AcceptContact, {}), (DeclineContact, {"reason": "cannot_help"}), (AnswerElsewhere, {"way": "telephone"})]
)
def test_one_answer_brings_it_back_at_once(matching: MatchingRoom, answer: Any, fields: dict[str, Any]) -> None:
    """With yes, with no, or elsewhere."""
    names = silenced(matching)
    asker = representative(an_id(f"{names[0]} organisation"))
    contact = matching.request(asker, visitor=names[0])
    if answer is AnswerElsewhere:
        other = matching.request(representative(an_id(f"{names[1]} organisation")), visitor=names[1])
        matching.move(answer, representative(an_id(f"{names[1]} organisation")), other, **fields)
        assert listing(matching) == ("silent", 3)
    before = version(matching)
    matching.move(answer, host_person(), contact, **fields)
    assert listing(matching) == ("answers", 0) and version(matching) > before
    assert whom(matching, "visitor") == ["host", "second"]
    assert [fact.data["participation_id"] for fact in matching.room.facts("silent_host_risen")] == [str(HOST["participation_id"])]


def test_a_warned_host_that_answers_never_sinks(matching: MatchingRoom) -> None:
    """What it missed before counts no more: the next one that expires is the first again."""
    names = visitors(matching, 4)
    assert [let_expire(matching, name) for name in names[:2]] == [[], ["silence_warned"]]
    asker = representative(an_id(f"{names[2]} organisation"))
    matching.move(DeclineContact, host_person(), matching.request(asker, visitor=names[2]), reason="cannot_help")
    assert listing(matching) == ("answers", 0) and len(matching.room.facts("silent_host_risen")) == 1
    assert let_expire(matching, names[3]) == [] and listing(matching) == ("answers", 1)


def test_a_pause_spares_a_host_from_sinking(matching: MatchingRoom) -> None:
    """Whoever takes no guests need not answer; back again it stands as before."""
    names = silenced(matching)
    matching.room.ask(PauseHosting, host_person(), **HOST)
    assert whom(matching, "visitor") == ["second"] and listing(matching) == ("answers", 0)
    matching.room.ask(ResumeHosting, host_person(), **HOST)
    assert whom(matching, "visitor") == ["host", "second"]
    matching.request(representative(an_id(f"{names[0]} organisation")), visitor=names[0])
    matching.room.ask(PauseHosting, host_person(), **HOST)
    next_day(matching, 15)
    assert listing(matching) == ("answers", 0)


def test_visitors_that_do_not_answer_hosts_sink_nowhere(matching: MatchingRoom) -> None:
    """Hosts alone have to: they are asked most."""
    matching.accept(host_profile("second"))
    matching.accept(host_profile("third"))
    for name in ("host", "second", "third"):
        matching.request(representative(an_id(f"{name} organisation")), host=name, role="host")
    next_day(matching, 15)
    assert len(matching.room.facts("contact_expired")) == 3
    assert [fact for fact in matching.room.facts() if fact.type.startswith("sil")] == []
    assert [each["answers"] for each in matches(matching, host_person(), "host", "host")["items"]] == [True]
