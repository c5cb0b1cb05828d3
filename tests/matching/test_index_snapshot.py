"""The snapshot: what was saved comes back, and whatever is wrong with it is noticed before it is used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.matching.index import Index, snapshot
from services.matching.index.snapshot import NoSnapshot
from tests.matching.profiles import TODAY
from tests.matching.reference import Draw, filled, told

# What it looks at is compiled first, which takes longer than all else in `make check`.
pytestmark = pytest.mark.slow

LINE = "0b0f7a3e"


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Index, Path, Draw]:
    """An index in which some have come and gone, and its snapshot."""
    draw = Draw(4)
    entries = draw.entries(80)
    index, path = filled(entries), tmp_path / "matching" / snapshot.NAME
    for entry in entries[::7]:
        index.remove(entry.candidate.participation_id)
    index.version = 42
    snapshot.save(index.version, LINE, index.save(), path)
    return index, path, draw


def lists_of(index: Index, draw: Draw) -> list[Any]:
    """The lists of some."""
    asking = [each.candidate for each in Draw(11).entries(15)]
    return [told(index, index.ranked.best(each, role, TODAY, 20)) for each in asking for role in ("visitor", "host")]


def test_what_was_saved_comes_back_and_goes_on(saved: tuple[Index, Path, Draw]) -> None:
    """Version, lists, and the same changes have the same effect."""
    index, path, draw = saved
    loaded = snapshot.load(path, LINE)
    assert (loaded.version, len(loaded), snapshot.version_of(path)) == (42, len(index), 42)
    assert lists_of(loaded, draw) == lists_of(index, draw)
    for number in range(40, 120):
        entry = draw.entry(f"{number}")
        loaded.put(entry)
        index.put(entry)
    assert lists_of(loaded, draw) == lists_of(index, draw)
    assert [each.name for each in path.parent.iterdir()] == [snapshot.NAME]


def test_a_bit_that_flipped_anywhere_makes_it_useless(saved: tuple[Index, Path, Draw]) -> None:
    """In the head, in the arrays, in the seal; and one that ends too early or too late."""
    _, path, draw = saved
    whole = path.read_bytes()
    places = [draw.random.randrange(len(whole)) for _ in range(40)] + [0, 1, len(whole) - 1, len(whole) - 33]
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 1 << draw.random.randrange(8)
        path.write_bytes(bytes(broken))
        with pytest.raises(NoSnapshot):
            snapshot.load(path, LINE)
    for broken_off in (whole[:-1], whole[: len(whole) // 2], whole[:10], b"", whole + b"x"):
        path.write_bytes(broken_off)
        with pytest.raises(NoSnapshot):
            snapshot.load(path, LINE)
    path.write_bytes(whole)
    snapshot.load(path, LINE)


def test_one_of_another_database_format_or_of_other_sources_is_none(
    saved: tuple[Index, Path, Draw], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its seal is right, and it is refused all the same."""
    _, path, _ = saved
    with pytest.raises(NoSnapshot, match="another database"):
        snapshot.load(path, "another")
    for other in (snapshot.FORMAT + 1, snapshot.FORMAT - 1):
        with monkeypatch.context() as patched:
            patched.setattr(snapshot, "FORMAT", other)
            with pytest.raises(NoSnapshot, match="another format"):
                snapshot.load(path, LINE)
    monkeypatch.setattr(snapshot, "DIGEST", "other sources")
    with pytest.raises(NoSnapshot, match="other sources"):
        snapshot.load(path, LINE)


def test_where_there_is_none_there_is_none(tmp_path: Path) -> None:
    """No file, or one that is something else."""
    with pytest.raises(NoSnapshot):
        snapshot.load(tmp_path / "nothing", LINE)
    assert snapshot.version_of(tmp_path / "nothing") == -1
    (tmp_path / "else").write_text(json.dumps([1, 2]))
    assert snapshot.version_of(tmp_path / "else") == -1
    with pytest.raises(NoSnapshot):
        snapshot.load(tmp_path / "else", LINE)
