"""The blob store: bytes whole or not at all, under their own hash and nowhere else."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.bare.blobs import Blobs


def files(folder: Path) -> list[Path]:
    """Everything that lies in the store."""
    return [each for each in folder.rglob("*") if each.is_file()]


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """An empty store."""
    return Blobs(tmp_path / "blobs")


def test_blob_is_read_back_under_its_hash(blobs: Blobs) -> None:
    """Whole and in pieces."""
    digest = blobs.keep([b"one ", b"two"])
    assert digest == hashlib.sha256(b"one two").hexdigest()
    assert blobs.read(digest) == b"".join(blobs.chunks(digest)) == b"one two" and blobs.has(digest)


def test_same_bytes_twice_are_one_blob(blobs: Blobs) -> None:
    """However they were cut into pieces."""
    assert blobs.keep([b"one two"]) == blobs.keep([b"one", b" two"])
    assert len(files(blobs.folder)) == 1


def test_interrupted_write_leaves_nothing(blobs: Blobs) -> None:
    """A sender that breaks off half-way."""

    def half() -> object:
        yield b"one"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        blobs.keep(half())  # type: ignore[arg-type]
    assert files(blobs.folder) == []


def test_what_is_not_kept_is_forgotten(blobs: Blobs) -> None:
    """A file that was received and then refused."""
    with blobs.incoming() as blob:
        blob.write(b"refused")
        assert blob.size == 7
    assert files(blobs.folder) == []


def test_a_full_disk_leaves_nothing_half_received(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it shows only when the last bytes are written."""
    opened = os.fdopen

    def onto_full_disk(handle: int, mode: str) -> object:
        with Path("/dev/full").open("wb") as full:
            os.dup2(full.fileno(), handle)
        return opened(handle, mode)

    monkeypatch.setattr(os, "fdopen", onto_full_disk)
    with pytest.raises(OSError, match="No space left"), blobs.incoming() as blob:
        blob.write(b"a few bytes that wait in the buffer")
    assert files(blobs.folder) == []


def test_what_a_killed_process_left_is_removed_a_day_later_and_what_still_comes_in_is_not(blobs: Blobs) -> None:
    """Nobody else would: whoever received it is gone."""
    kept = blobs.keep([b"whole"])
    with blobs.incoming() as coming:
        left = blobs.folder / ".incoming-left"
        left.write_bytes(b"ha")
        os.utime(left, (1, 1))
        assert blobs.sweep() == 1
        assert not left.exists() and blobs.has(kept)
        coming.write(b"more")
        coming.keep()
    assert len(files(blobs.folder)) == 2


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 63 + "/", "/" + "a" * 63, "a" * 64 + "\n"])
def test_nothing_but_a_digest_is_a_path(blobs: Blobs, digest: str) -> None:
    """A way out of the folder cannot be written."""
    with pytest.raises(ValueError):
        blobs.path(digest)


@given(st.text(max_size=70))
def test_no_text_leads_out_of_the_folder(text: str) -> None:
    """Whatever is asked for lies inside, or is refused."""
    with contextlib.suppress(ValueError):
        assert Blobs(Path("/store")).path(text).is_relative_to("/store") and ".." not in text


def test_missing_blob_is_not_found(blobs: Blobs) -> None:
    """Reading it says so."""
    assert not blobs.has("0" * 64)
    with pytest.raises(FileNotFoundError):
        blobs.read("0" * 64)


def test_owners_keep_the_same_bytes_each_for_itself(blobs: Blobs) -> None:
    """What one forgets, the other still has; what was kept before there were owners is found by all."""
    both = [blobs.of(owner) for owner in ("one", "two")]
    (digest,) = {each.keep([b"shared"]) for each in both}
    assert len(files(blobs.folder)) == 2 and not blobs.has(digest)
    _forget(both[0])
    assert [each.has(digest) for each in both] == [False, True]
    old = blobs.keep([b"old"])
    assert [each.read(old) for each in both] == [b"old", b"old"]
    _forget(both[0])
    assert both[0].has(old)


def test_what_no_row_names_is_noted_first_and_removed_later(blobs: Blobs) -> None:
    """What is named stays, also what is named again between the two looks, and what is sent again."""
    blobs = blobs.of("one")
    named, unnamed, again, sent = (blobs.keep([text]) for text in (b"named", b"unnamed", b"again", b"sent"))
    assert blobs.sweep_unnamed({named}) == 0
    _grow_old(blobs.folder)
    blobs.keep([b"sent"])
    assert blobs.sweep_unnamed({named, again}) == 1
    assert [blobs.has(each) for each in (named, unnamed, again, sent)] == [True, False, True, True]
    _grow_old(blobs.folder)
    assert blobs.sweep_unnamed({named}) == 1
    assert [blobs.has(each) for each in (named, again, sent)] == [True, True, False]


def test_sweeps_side_by_side_and_cut_off_ones_do_no_harm(blobs: Blobs) -> None:
    """A note without its file, or a file gone meanwhile, is nothing to stumble over."""
    blobs = blobs.of("one")
    digest = blobs.keep([b"gone"])
    blobs.sweep_unnamed(())
    _grow_old(blobs.folder)
    blobs.path(digest).unlink()
    assert blobs.sweep_unnamed(()) == 0
    assert blobs.keep([b"gone"]) == digest and blobs.sweep_unnamed(()) == 0 and blobs.has(digest)


def _forget(blobs: Blobs) -> None:
    blobs.sweep_unnamed(())
    _grow_old(blobs.folder)
    blobs.sweep_unnamed(())


def _grow_old(folder: Path) -> None:
    """Everything lies there an hour longer; notes are as much younger than files as they were."""
    for file in files(folder):
        at = file.stat().st_mtime - 3600
        os.utime(file, (at, at))
