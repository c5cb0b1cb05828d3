"""The index after whatever happened is the index that would be built now: changes, removals, repeats, any order, saved and loaded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.matching.index import Entry, Index
from services.matching.index.contents import Contents, differences, prepared
from services.matching.index.lists import Lists
from services.matching.index.live import whole
from services.matching.index.slots import NONE, Slots
from tests.matching.profiles import TODAY
from tests.matching.reference import Draw, filled, told

# What it looks at is compiled first, which takes longer than all else in `make check`.
pytestmark = pytest.mark.slow


def lists_of(index: Index, asking: list[Entry]) -> list[Any]:
    """Everybody's list in each role."""
    found = [index.ranked.best(each.candidate, role, TODAY, 30) for each in asking for role in ("visitor", "host")]
    return [(told(index, each), each.possible) for each in found]


def stirred(draw: Draw, entries: list[Entry]) -> tuple[Index, list[Entry]]:
    """An index that has seen much, and who is in it at the end."""
    index, now = Index(), {}
    for _ in range(1200):
        entry = draw.random.choice(entries)
        if draw.random.random() < 0.25:
            index.remove(entry.candidate.participation_id)
            now.pop(entry.candidate.participation_id, None)
            continue
        # The texts change with everything else: a new draw of the same name.
        name = f"{entries.index(entry)}"
        changed = draw.entry(name) if draw.random.random() < 0.7 else now.get(entry.candidate.participation_id, entry)
        now[changed.candidate.participation_id] = changed
        index.put(changed)
    return index, list(now.values())


@pytest.mark.parametrize("seed", range(3))
def test_after_random_changes_it_equals_a_fresh_one_in_any_order(seed: int) -> None:
    """Changed, paused, removed, put twice: the lists are those of an index filled once, forwards or shuffled."""
    draw = Draw(seed)
    entries = draw.entries(200)
    index, now = stirred(draw, entries)
    assert differences(index, filled(now)) == []
    expected = lists_of(filled(now), now[:40])
    assert lists_of(index, now[:40]) == expected
    draw.random.shuffle(now)
    shuffled = filled(now)
    assert len(index) == len(shuffled) == len(now)
    asking = sorted(now, key=lambda each: each.candidate.participation_id)[:40]
    assert lists_of(shuffled, asking) == lists_of(index, asking)


def test_saved_and_loaded_it_goes_on_as_if_nothing_had_been(seed: int = 5) -> None:
    """The same lists, and the same after further changes."""
    draw = Draw(seed)
    entries = draw.entries(150)
    index, now = stirred(draw, entries)
    loaded = Index()
    loaded.slots.load({name: array.copy() for name, array in index.slots.save().items()})
    loaded.ranked.load({name: array.copy() for name, array in index.ranked.save().items()})
    assert lists_of(loaded, now[:30]) == lists_of(index, now[:30])
    for number in range(100):
        entry = draw.entry(f"{number}")
        for each in (index, loaded):
            each.put(entry)
            each.remove(entries[-number].candidate.participation_id)
    assert lists_of(loaded, now[:30]) == lists_of(index, now[:30])


def test_whoever_cannot_be_shown_any_more_is_gone_from_lists_at_once() -> None:
    """Full, paused, away: without a word about anything else."""
    entries = Draw(3).entries(120)
    index = filled(entries)
    asking = next(each for each in entries if len(lists_of(index, [each])[0][0]) > 3)
    best = told(index, index.ranked.best(asking.candidate, "visitor", TODAY, 3))
    first = next(each for each in entries if each.candidate.participation_id == best[0][0])
    for changes in ({"active": False}, {"hosting": False}, {"hosted": first.candidate.capacity}, {"visibility": "hidden"}):
        index.put(Entry(replace(first.candidate, **changes), first.profile))
        assert told(index, index.ranked.best(asking.candidate, "visitor", TODAY, 2)) == best[1:]
        index.put(first)
        assert told(index, index.ranked.best(asking.candidate, "visitor", TODAY, 3)) == best


def test_slots_are_found_again_through_growth_and_reuse() -> None:
    """Against a plain dictionary, through thousands of comings and goings."""
    draw, slots, plain = Draw(7), Slots(), {}
    for _ in range(12_000):
        one = UUID(int=draw.random.randint(1, 4000) << draw.random.choice((0, 64)))
        if draw.random.random() < 0.4:
            assert slots.release(one) == plain.pop(one, NONE)
        else:
            slot = slots.take(one)
            assert plain.setdefault(one, slot) == slot
            assert slots.id_at(slot) == one
    assert len(slots) == len(plain)
    assert len(set(plain.values())) == len(plain)
    assert all(slots.find(one) == slot for one, slot in plain.items())


def test_blocks_keep_their_numbers_and_leave_their_room_to_others() -> None:
    """Against plain lists; what is put again and again takes no more room than the most that was ever needed at once."""
    draw, lists, plain = Draw(9), Lists(), {}
    for _ in range(5000):
        slot = draw.random.randrange(40)
        plain[slot] = [draw.random.randint(0, 9) for _ in range(draw.random.randint(1, 60))]
        lists.put(slot, plain[slot])
    for slot, block in plain.items():
        start = int(lists.start[slot])
        assert lists.numbers[start : start + len(block)].tolist() == block
    assert lists.bytes < 4 * 40 * (16 + 32 + 48 + 64) + 12 * 1024 + 100


def test_what_is_held_is_told_right_while_it_changes() -> None:
    """A few at a time, with changes in between, texts among them: those who did not change are as in an index that rests."""
    draw = Draw(17)
    entries = draw.entries(90)
    index, resting = whole(), whole()
    for each in entries:
        index.put(each)
        resting.put(each)
    mine, theirs, changed = Contents(index), prepared(resting), set[UUID]()
    is_ready = False
    for number in range(0, 90, 10):
        while not is_ready and not (is_ready := mine.go_on(0)):
            pass
        some = [each.candidate.participation_id for each in entries[number : number + 10]]
        told = mine.of(some)
        assert told.not_known == changed.intersection(some) - {one for one in some if one not in told}
        assert told.different_from(theirs.of(some)) == changed.intersection(some)
        place = draw.random.randrange(90)
        changed.add(entries[place].candidate.participation_id)
        index.put(draw.entry(f"{place}"))
    assert len(changed) > 3
    index.put(draw.entry("new"))
    (new,) = {*index.slots.everybody()} - {*resting.slots.everybody()}
    assert mine.of([new]).not_known == {new}


def test_what_is_held_otherwise_is_named() -> None:
    """Every attribute of a participant, one that is missing, one too many, and numbers that are wrong inside."""
    entries = Draw(13).entries(60)
    index = filled(entries)
    assert differences(index, filled(entries[::-1])) == []
    shown = next(each for each in entries if index.ranked.sides["host"].place[index.slots.find(each.candidate.participation_id)] >= 0)
    one = shown.candidate
    for change in (
        {"country": "UA"}, {"organisation_type": "fab_lab"}, {"size": "large", "nace": frozenset({"99"})}, {"ecosystems": frozenset({"retail"})},
        {"topics": frozenset({"x"})}, {"technologies": frozenset({"x"})}, {"can_teach": (("new", frozenset({"new"})),)},
        {"want_to_learn": (("new", frozenset({"new"})),)}, {"languages": {"lv": 3}}, {"min_days": 31, "max_days": 31}, {"group_size": 99},
        {"offered": frozenset({"new"}), "said": frozenset({"new"})}, {"asked": 9, "answered": 4}, {"active": False}, {"visibility": "hidden"},
        {"partnership_id": UUID(int=77)}, {"organisation_id": UUID(int=78)},
    ):  # fmt: skip
        other = filled(entries)
        other.put(Entry(replace(one, **change), shown.profile))
        assert differences(index, other) == [one.participation_id], change
    other = filled(entries)
    other.remove(one.participation_id)
    assert differences(index, other) == differences(other, index) == [one.participation_id]
    other = filled(entries)
    place = int(other.ranked.sides["host"].place[other.slots.find(one.participation_id)])
    other.ranked.sides["host"].columns.taught_marks[place] ^= 1
    assert differences(index, other) == [one.participation_id]
