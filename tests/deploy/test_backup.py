"""A backup is whole or none; a restore refuses what is damaged, and where there is something already."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local import manifest
from deploy.local.backup import ERASED
from deploy.local.erased import merge_registers, register_of, whom
from deploy.local.first_start import RESTORING, demand_whole
from deploy.local.installation import SERVICES
from deploy.local.restore import restore
from deploy.local.settings import Settings
from deploy.local.system import silently
from deploy.local.unusable import Unusable


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A folder that looks like a backup, up to its hashes."""
    folder = tmp_path / "backup"
    for name in ("databases/identity.dump", "state/passwords.json", "blobs/ab/abc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"the content of {name}")
    manifest.write(folder, {"made_at": "2026-11-02T09:00:00+00:00", "steps": {service: [] for service in SERVICES}})
    return folder


def refusal(backup: Path, state: Path) -> str:
    """Why a restore is refused; nothing lies in the state folder afterwards."""
    with pytest.raises(Unusable) as refused:
        restore(Settings(state), backup, [], silently)
    return str(refused.value)


def _cut_short(folder: Path) -> None:
    (folder / "blobs/ab/abc").write_text("short")


def _turn_one_bit(folder: Path) -> None:
    content = bytearray((folder / "databases/identity.dump").read_bytes())
    content[3] ^= 1
    (folder / "databases/identity.dump").write_bytes(content)


def _change_the_manifest(folder: Path) -> None:
    told = json.loads((folder / manifest.NAME).read_text())
    (folder / manifest.NAME).write_text(json.dumps(told | {"made_at": "2027-01-01T00:00:00+00:00"}))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_turn_one_bit, "databases/identity.dump is not what was backed up"),
        (_cut_short, "blobs/ab/abc is not what was backed up"),
        (lambda folder: (folder / "state/passwords.json").unlink(), "state/passwords.json is missing"),
        (_change_the_manifest, "manifest.json is not what was sealed"),
        (lambda folder: (folder / manifest.SEAL).unlink(), "is no whole backup"),
    ],
)
def test_damaged_backup_is_refused_and_named(backup: Path, tmp_path: Path, damage: Callable[[Path], None], said: str) -> None:
    """One bit, a missing file, a manifest from elsewhere; and nothing of it comes into the state folder."""
    damage(backup)
    assert said in refusal(backup, tmp_path / "state")
    assert not (tmp_path / "state").exists()


def test_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    """Neither a folder of something else nor one that is not there."""
    assert "no whole backup" in refusal(tmp_path, tmp_path / "state")
    assert "no whole backup" in refusal(tmp_path / "nowhere", tmp_path / "state")


def test_backup_of_a_newer_version_is_refused(backup: Path, tmp_path: Path) -> None:
    """Its databases have come to steps that this code does not know."""
    manifest.write(backup, {"made_at": "2026-11-02T09:00:00+00:00", "steps": {service: ["identity_9999"] for service in SERVICES}})
    assert "newer version" in refusal(backup, tmp_path / "state")


def test_restore_overwrites_nothing(backup: Path, tmp_path: Path) -> None:
    """A state folder with anything in it stays as it is."""
    state = tmp_path / "state"
    state.mkdir()
    (state / "passwords.json").write_text("{}")
    assert "is not empty" in refusal(backup, state)
    assert [file.name for file in state.iterdir()] == ["passwords.json"]


def test_failed_restore_leaves_the_state_folder_empty(backup: Path, tmp_path: Path) -> None:
    """What is whole may still be no backup of a system: here the passwords are none."""
    state = tmp_path / "state"
    with pytest.raises(ValueError):
        restore(Settings(state), backup, [], silently)
    assert [file.name for file in state.iterdir()] == ["runner.lock"]


def test_restore_that_was_cut_off_does_not_start(tmp_path: Path) -> None:
    """It left its mark, for want of time to empty anything."""
    (tmp_path / RESTORING).touch()
    with pytest.raises(Unusable, match="was cut off"):
        demand_whole(tmp_path)


def test_registers_are_taken_together_and_nobody_is_lost(tmp_path: Path) -> None:
    """Whoever stands in one of them was erased, whichever is the newer one."""
    first, second, third = uuid4(), uuid4(), uuid4()
    mine, theirs = register_of(tmp_path / ".state"), tmp_path / ERASED
    mine.write_text(f"{first}\n{second}\n")
    theirs.write_text(f"{second}\n{third}\n")
    assert merge_registers(mine, [theirs, tmp_path / "nowhere"]) == 3
    assert whom(mine) == [first, second, third]
    assert os.stat(mine).st_mode & 0o077 == 0
    theirs.write_text("a name\n")
    with pytest.raises(Unusable, match="is no register"):
        whom(theirs)
