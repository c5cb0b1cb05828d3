"""The data version: no list changes without it, and a list shows exactly the changes up to its own."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from chassis.running.occasions import Call
from chassis.running.unit import open_unit
from contracts.agreements.events import ExchangeCancelled
from contracts.matching import (
    AcceptContact,
    BlockOrganisation,
    ChangeRankingChoice,
    CloseContact,
    ConfirmMatch,
    DeclineContact,
    LiftBlock,
    ListCatalogue,
    ListMatches,
    PauseHosting,
    ProposeMatch,
    ReadCatalogueEntry,
    ResumeHosting,
    WithdrawContact,
)
from contracts.matching.refusals import NotAcceptedYet
from contracts.registry.events import ParticipationPaused, ParticipationResumed, ParticipationWithdrawn, PartnershipChanged
from deploy.local.renewal import USED_UP
from services.matching.index import snapshot
from services.matching.index.live import whole as an_index
from services.matching.queries import changes, checking, entries, following
from services.matching.service import Matching
from tests.builders import support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile, visitor_profile

HOST = {name: an_id(f"host {name[:-3]}") for name in ("participation_id", "organisation_id", "partnership_id")}


def answers(matching: MatchingRoom) -> list[dict[str, Any]]:
    """Every answer that says which data version it is of."""
    asks = matching.room.ask
    found = [asks(ListCatalogue, support_officer(), limit=100)]
    for name, who, role in (("visitor", visitor_person(), "visitor"), ("host", host_person(), "host")):
        try:
            found.append(asks(ListMatches, who, participation_id=an_id(f"{name} participation"), **{"as": role}))
        except NotAcceptedYet:
            found.append({"data_version": found[0]["data_version"], "refused": name})
    found += [asks(ReadCatalogueEntry, support_officer(), participation_id=row["profile"]["participation_id"]) for row in found[0]["items"]]
    return found


def version_of(found: list[dict[str, Any]]) -> int:
    """The one data version of all of them."""
    versions = {each["data_version"] for each in found} | {row["data_version"] for row in found[0]["items"]}
    assert len(versions) == 1
    return int(versions.pop())


def told(found: list[dict[str, Any]]) -> str:
    """What they say but for the version itself."""
    return "".join(json.dumps(each, default=str) for each in found).replace(f'"data_version": {found[0]["data_version"]}', "")


def weigh(matching: MatchingRoom) -> None:
    """Somebody changes a figure by hand."""
    with matching.room.unit() as unit:
        unit.session.execute(text("UPDATE setting SET value = value + 10 WHERE name = 'weight_learning'"))


def steps(matching: MatchingRoom) -> list[Callable[[], Any]]:
    """One change of each kind, in an order in which each is possible."""
    hear, an_exchange = matching.room.hear, an_id("any")
    contact: dict[str, Any] = {}
    blocked: dict[str, Any] = {}

    def match() -> None:
        contact.update(matching.move(ConfirmMatch, host_person(), contact))

    def cancelled() -> None:
        ids = ExchangeCancelled.read(ExchangeCancelled.example) | {"exchange_id": contact["exchange_id"]}
        hear(ExchangeCancelled.of(an_exchange, **ids))

    return [
        lambda: matching.accept(host_profile("other", legal_name="Another one")),
        lambda: matching.change(visitor_profile(want_to_learn=["wool dyeing"]), 2),
        lambda: hear(PartnershipChanged.of(HOST["partnership_id"], partnership_id=HOST["partnership_id"], acronym="NEW", name="x", country="PT"), subject_version=3),
        lambda: hear(ParticipationPaused.of(an_exchange, **HOST), subject_version=2),
        lambda: hear(ParticipationResumed.of(an_exchange, **HOST), subject_version=3),
        lambda: weigh(matching),
        lambda: matching.room.ask(PauseHosting, host_person(), participation_id=HOST["participation_id"]),
        lambda: matching.room.ask(ResumeHosting, host_person(), participation_id=HOST["participation_id"]),
        lambda: blocked.update(matching.room.ask(BlockOrganisation, host_person(), participation_id=HOST["participation_id"], partner_participation_id=an_id("visitor participation"))),
        lambda: matching.room.ask(LiftBlock, host_person(), block_id=blocked["block_id"]),
        lambda: contact.update(matching.request()),
        lambda: matching.move(WithdrawContact, visitor_person(), contact),
        lambda: contact.update(matching.request()),
        lambda: matching.move(AcceptContact, host_person(), contact),
        lambda: contact.update(matching.move(ProposeMatch, visitor_person(), contact)),
        match,
        cancelled,
        lambda: matching.move(CloseContact, host_person(), contact),
        lambda: contact.update(matching.request()),
        lambda: (matching.room.clock.advance(days=60), matching.room.run_due()),
        lambda: contact.update(matching.request()),
        lambda: matching.move(DeclineContact, host_person(), contact, reason="cannot_help"),
        lambda: [(matching.room.clock.advance(days=days), matching.room.run_due()) for days in (125, 30)],
    ]  # fmt: skip


def test_no_list_changes_without_a_new_data_version(matching: MatchingRoom) -> None:
    """After each kind of change the lists are looked at: where they say something else, their version is greater."""
    before = answers(matching)
    changed = 0
    for number, step in enumerate(steps(matching)):
        step()
        after = answers(matching)
        if told(after) != told(before):
            changed += 1
            assert version_of(after) > version_of(before), f"step {number}"
        before = after
    assert changed >= 19


def test_a_commands_reply_names_the_version_in_which_it_is(matching: MatchingRoom) -> None:
    """Asked for at least that version, the list takes it into account; it is the version right after the one before."""
    before = version_of(answers(matching))
    contact = matching.request()
    assert contact["data_version"] == before + 1
    asked = {"participation_id": an_id("visitor participation"), "as": "visitor", "at_least": contact["data_version"]}
    listed = matching.room.ask(ListMatches, visitor_person(), **asked)
    assert listed["data_version"] == contact["data_version"] and listed["items"] == []


def test_an_answer_is_of_one_moment(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody changes the host's profile between the statements of a list: neither score nor profile nor version see it."""
    before = matching.room.ask(ListMatches, visitor_person(), participation_id=an_id("visitor participation"), **{"as": "visitor"})
    original = changes.weights

    def meanwhile(*arguments: Any) -> Any:
        matching.change(host_profile(town="Porto", can_teach=["wool dyeing"]), 2)
        return original(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(changes, "weights", meanwhile)
        during = matching.room.ask(ListMatches, visitor_person(), participation_id=an_id("visitor participation"), **{"as": "visitor"})
    assert during == before
    after = matching.room.ask(ListMatches, visitor_person(), participation_id=an_id("visitor participation"), **{"as": "visitor"})
    assert after["data_version"] == before["data_version"] + 1 and after["items"][0]["profile"]["town"] == "Porto"


def test_an_index_that_is_further_than_an_answers_moment_is_asked_at_a_newer_one(
    matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change is taken in by another call while the first one reads: the first answers as of the change, all of one moment."""
    asked = {"participation_id": an_id("visitor participation"), "as": "visitor"}
    before = matching.room.ask(ListMatches, visitor_person(), **asked)
    original, done = changes.weights, threading.Event()

    def meanwhile(*arguments: Any) -> Any:
        if not done.is_set():
            done.set()
            matching.change(host_profile(town="Porto", can_teach=["wool dyeing"]), 2)
            following.follow(matching.room.frame)
        return original(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(changes, "weights", meanwhile)
        during = matching.room.ask(ListMatches, visitor_person(), **asked)
    assert during["data_version"] == before["data_version"] + 1 and during["items"][0]["profile"]["town"] == "Porto"
    assert during == matching.room.ask(ListMatches, visitor_person(), **asked)


def test_versions_follow_the_order_of_commits(matching: MatchingRoom) -> None:
    """Who looks at version n sees the changes up to n and no later one, however many are made at once."""
    wrong: list[str] = []
    frame = matching.room.frame
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            with open_unit(frame, Call(frame.itself, "test", {}), steady=True) as unit:
                version = changes.data_version(unit)
                revisions = unit.session.execute(text("SELECT coalesce(sum(revision), 0) FROM participant")).scalar_one()
            # Each change adds one to a revision, and nothing else does.
            if version - revisions != start:
                wrong.append(f"at version {version} the revisions say {revisions - start}")

    def change(name: str) -> None:
        for revision in range(2, 12):
            matching.change(host_profile(name), revision)

    names = ("a", "b", "c", "d")
    for name in names:
        matching.accept(host_profile(name))
    with matching.room.unit() as unit:
        start = changes.data_version(unit) - unit.session.execute(text("SELECT sum(revision) FROM participant")).scalar_one()
    looking = threading.Thread(target=look)
    looking.start()
    changing = [threading.Thread(target=change, args=(name,)) for name in names]
    for thread in changing:
        thread.start()
    for thread in changing:
        thread.join()
    done.set()
    looking.join()
    assert wrong == []
    assert matching.room.waiting() == []


def test_the_list_of_a_day_stays_while_the_data_do(matching: MatchingRoom) -> None:
    """Whoever declined may be asked again from a day on, not from a minute on: the list of that day is one from its first moment."""
    contact = matching.request()
    matching.move(DeclineContact, host_person(), contact, reason="cannot_help")
    asked = {"participation_id": an_id("visitor participation"), "as": "visitor"}
    matching.room.clock.advance(days=29)
    assert matching.room.ask(ListMatches, visitor_person(), **asked)["items"] == []
    to_midnight = timedelta(days=1) - (
        matching.room.clock.now() - matching.room.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    )
    matching.room.clock.advance(seconds=to_midnight.total_seconds())
    first = matching.room.ask(ListMatches, visitor_person(), **asked)
    assert len(first["items"]) == 1
    matching.room.clock.advance(hours=23, minutes=59)
    assert matching.room.ask(ListMatches, visitor_person(), **asked) == first
    matching.request()


def test_a_replica_has_caught_up_once_its_index_is_at_the_newest_version(matching: MatchingRoom) -> None:
    """It begins with an empty one; afterwards every change is taken in on the way to the next answer, or by itself."""
    live = following.live(matching.room.frame)
    assert not live.is_loaded
    assert Matching.caught_up(matching.room.frame)
    assert (live.is_loaded, len(live.index)) == (True, 2)
    matching.accept(host_profile("other"))
    Matching.keep_up(matching.room.frame)
    with matching.room.unit() as unit:
        assert live.version == changes.data_version(unit)
    assert len(live.index) == 3
    gone = {name: host_profile("other")[name] for name in ("participation_id", "organisation_id", "partnership_id")}
    matching.room.hear(ParticipationWithdrawn.of(an_id("any"), **gone), subject_version=2)
    Matching.keep_up(matching.room.frame)
    assert len(live.index) == 2


def test_whatever_happens_the_index_is_what_a_fresh_one_would_be(matching: MatchingRoom) -> None:
    """After each kind of change, a process that followed says the same as one that starts now."""
    asked = {"participation_id": an_id("visitor participation"), "as": "visitor"}
    for number, step in enumerate(steps(matching)):
        step()
        try:
            followed = matching.room.ask(ListMatches, visitor_person(), **asked)
        except NotAcceptedYet:
            continue
        following._live.pop(matching.room.frame.sessions)
        assert matching.room.ask(ListMatches, visitor_person(), **asked) == followed, f"step {number}"


def test_a_process_that_starts_takes_the_snapshot_and_what_came_after(matching: MatchingRoom, tmp_path: Path) -> None:
    """Written once, taken by the next process, brought to the newest version; a broken one, or one of the future, is built anew."""
    frame = matching.room.frame
    frame.derived = tmp_path / "derived"
    asked = {"participation_id": an_id("visitor participation"), "as": "visitor"}
    matching.room.ask(ListMatches, visitor_person(), **asked)
    assert following.write_down(frame)
    assert not following.write_down(frame), "nothing has changed since"
    matching.accept(host_profile("other"))
    matching.change(host_profile(can_teach=["wool dyeing"]), 2)
    expected = matching.room.ask(ListMatches, visitor_person(), **asked)
    path = frame.derived / snapshot.NAME
    whole, taken = path.read_bytes(), []
    for content, is_taken in ((whole, True), (whole[:-1], False), (b"nonsense", False)):
        path.write_bytes(content)
        following._live.pop(frame.sessions)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(entries, "everybody", lambda session, before=entries.everybody: taken.append(1) or before(session))
            assert matching.room.ask(ListMatches, visitor_person(), **asked) == expected
        assert (taken == []) is is_taken
        taken.clear()
    snapshot.save(10**6, following.changes.line(frame.sessions()), an_index().save(), path)
    following._live.pop(frame.sessions)
    assert matching.room.ask(ListMatches, visitor_person(), **asked) == expected
    assert not path.exists()


def test_an_index_that_holds_something_else_is_found_out(matching: MatchingRoom) -> None:
    """Whatever it followed, it is what a fresh one is; one number that is wrong inside, or somebody who is missing, is named."""
    frame = matching.room.frame
    assert checking.check(frame) == {"loaded": False}
    Matching.keep_up(frame)
    matching.accept(host_profile("other"))
    matching.change(host_profile(can_teach=["wool dyeing"], country="FR"), 2)
    found = checking.check(frame)
    assert (found["participations"], found["differing"], found["of"]) == (3, 0, [])
    index = following.live(frame).index
    side = index.ranked.sides["host"]
    side.columns.ecosystems[side.place[index.slots.find(an_id("host participation"))]] ^= 1
    assert checking.check(frame)["of"] == [str(an_id("host participation"))]
    index.remove(an_id("other participation"))
    assert checking.check(frame)["differing"] == 2


def test_an_index_is_compared_while_lists_are_made_of_it_and_changes_come(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between any two pieces of it others have their turn; what they change is compared as it is then, and what is wrong is found out."""
    frame, names = matching.room.frame, [f"host {number}" for number in range(6)]
    for name in names:
        matching.accept(host_profile(name))
    Matching.keep_up(frame)
    index, turns = following.live(frame).index, []
    side = index.ranked.sides["host"]
    wrong = an_id("host 3 participation")
    side.columns.ecosystems[side.place[index.slots.find(wrong)]] ^= 1

    def others(seconds: float) -> None:
        turns.append(seconds)
        # As long as the first pass goes on, and a little longer; never the one who is wrong, which a change would put right.
        if len(turns) < 20:
            revision = len(turns) + 1
            matching.change(host_profile(names[revision % 3], can_teach=[f"wool number {revision}"]), revision)
            matching.room.ask(ListMatches, visitor_person(), participation_id=an_id("visitor participation"), **{"as": "visitor"})

    monkeypatch.setattr(checking, "PIECE", 1)
    monkeypatch.setattr(checking.time, "sleep", others)
    found = checking.check(frame)
    assert len(turns) > 8
    assert (found["differing"], found["of"], found["participations"]) == (1, [str(wrong)], 8)
    assert found["data_version"] is not None


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_change_that_was_not_taken_in_is_found_out(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Though the index says that it is at the version; also where it comes while the index is compared, and looks as the fresh one does."""
    frame = matching.room.frame
    Matching.keep_up(frame)

    def lose_a_change(*_: Any) -> None:
        monkeypatch.undo()
        matching.change(host_profile(can_teach=["wool dyeing"]), 2)
        with frame.sessions() as session:
            following.live(frame).index.version = changes.newest(session)

    if when == "before":
        lose_a_change()
    else:
        monkeypatch.setattr(checking.time, "sleep", lose_a_change)
    assert checking.check(frame)["of"] == [str(an_id("host participation"))]


def test_an_author_sees_its_own_change_at_once_on_a_process_that_has_not_followed_yet(matching: MatchingRoom) -> None:
    """Each reply names the version; a list asked for at least that one is of it, whatever the index knew before."""
    matching.accept(host_profile("other", can_teach=["wool dyeing"]))
    Matching.keep_up(matching.room.frame)
    live, mine = following.live(matching.room.frame), {"participation_id": an_id("visitor participation")}
    weights = [{"criterion": "countries", "weight": 1}]
    blocked: dict[str, Any] = {}
    doors: list[tuple[Callable[[], dict[str, Any]], set[str]]] = [
        (lambda: matching.room.ask(ChangeRankingChoice, visitor_person(), if_match=1, **mine, weights=weights, ranked=True), {"host", "other"}),
        (lambda: blocked.update(matching.room.ask(BlockOrganisation, visitor_person(), **mine, partner_participation_id=an_id("other participation"))) or blocked, {"host"}),
        (lambda: matching.room.ask(LiftBlock, visitor_person(), block_id=blocked["block_id"]), {"host", "other"}),
        (matching.request, {"other"}),
    ]  # fmt: skip
    for door, expected in doors:
        version = door()["data_version"]
        assert live.version < version
        listed = matching.room.ask(ListMatches, visitor_person(), **mine, **{"as": "visitor"}, at_least=version)
        assert listed["data_version"] == live.version == version
        assert {each["profile"]["participation_id"] for each in listed["items"]} == {
            str(an_id(f"{name} participation")) for name in expected
        }


def test_a_change_is_found_by_anothers_next_search_whatever_the_process_followed(matching: MatchingRoom) -> None:
    """Nobody has to name a version for it: each search is of the newest one there is when it begins."""
    Matching.keep_up(matching.room.frame)
    search = lambda text: [  # noqa: E731
        each["profile"]["participation_id"] for each in matching.room.ask(ListCatalogue, visitor_person(), text=text)["items"]
    ]
    for revision, word in enumerate(("zeppelins", "harpsichords"), 2):
        assert search(word) == []
        matching.change(host_profile(motivation=f"We repair {word}."), revision)
        assert search(word) == [str(an_id("host participation"))]
    assert search("zeppelins") == []


@pytest.mark.parametrize("seed", range(3))
def test_order_and_repeats_of_what_the_registry_says_change_no_list(matching: MatchingRoom, seed: int) -> None:
    """Of two hosts who are alike, one is told of in order, the other in any order and again and again: both fit equally well."""
    chance = random.Random(seed)
    tellings: dict[str, list[Callable[[], Any]]] = {}
    for name in ("plain", "shuffled"):
        ids = {kind: an_id(f"{name} {kind[:-3]}") for kind in ("participation_id", "organisation_id", "partnership_id")}
        changed = [
            {"can_teach": ["wool"]},
            {"can_teach": ["robot welding"], "topics": ["energy"]},
            {"country": "FR"},
            {"can_teach": ["lean robot"]},
        ]
        tellings[name] = [
            lambda name=name: matching.accept(host_profile(name)),
            *(lambda name=name, what=what, revision=revision: matching.change(host_profile(name, **what), revision) for revision, what in enumerate(changed, 2)),
            lambda ids=ids: matching.room.hear(ParticipationPaused.of(an_id("any"), **ids), subject_version=2),
            lambda ids=ids: matching.room.hear(ParticipationResumed.of(an_id("any"), **ids), subject_version=3),
        ]  # fmt: skip
    shuffled = tellings["shuffled"] * 3
    chance.shuffle(shuffled)
    for tell in [*tellings["plain"], *shuffled]:
        tell()
        Matching.keep_up(matching.room.frame)
    while matching.room.try_waiting():
        Matching.keep_up(matching.room.frame)
    asked = {"participation_id": an_id("visitor participation"), "as": "visitor"}
    listed = matching.room.ask(ListMatches, visitor_person(), **asked)["items"]
    scores = {each["profile"]["participation_id"]: each["score"] for each in listed}
    assert scores[str(an_id("plain participation"))] == scores[str(an_id("shuffled participation"))]
    assert checking.check(matching.room.frame)["differing"] == 0


def test_a_restored_database_takes_no_snapshot_of_before(matching: MatchingRoom) -> None:
    """What was written down after the backup holds changes that are gone; its number alone would not tell."""
    with matching.room.unit() as unit:
        line, count = changes.line(unit.session), changes.data_version(unit)
        unit.session.execute(text(USED_UP["matching"]))
        assert changes.line(unit.session) != line and changes.data_version(unit) > count
