"""Small disks under what a system keeps, and having no room on them for a while."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.database import PrivateServer
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports

SMALL_DISK = "16m"
DATABASES_DISK = "1500m"
"""As much as a start demands; what is not written takes no memory."""
LEFT = 64 * 1024
"""Bytes that are left on a full disk: between looking and shrinking it something more may be written."""


@contextmanager
def small_disk(folder: Path, size: str = SMALL_DISK) -> Iterator[None]:
    """A file system of a few megabytes on a folder, for root; without root the folder stays as it is."""
    if os.geteuid() != 0:
        yield
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mounted = subprocess.run(("mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)), check=False).returncode == 0
    try:
        yield
    finally:
        if mounted:
            subprocess.run(("umount", "--lazy", str(folder)), check=True)
            with contextlib.suppress(OSError):
                folder.rmdir()


def database_folder(state: Path) -> Path:
    """Where the system's own database will lie."""
    return PrivateServer(state, Ports(state), Passwords(state), state).folder


@contextmanager
def without_room(disk: Path) -> Iterator[None]:
    """The disk is as small as what lies on it for the length of the block."""
    used = shutil.disk_usage(disk).used
    try:
        _resize(disk, str(used + LEFT))
        yield
    finally:
        _resize(disk, DATABASES_DISK)


def _resize(disk: Path, size: str) -> None:
    subprocess.run(("mount", "-o", f"remount,size={size}", str(disk)), check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """No room on that disk for the length of the block."""
    stuffing = disk / "stuffing"
    try:
        _fill(stuffing)
        yield
    finally:
        stuffing.unlink()


def _fill(file: Path) -> None:
    # Without a buffer of its own, which closing would try to write once more.
    with file.open("wb", buffering=0) as stuffing, contextlib.suppress(OSError):
        while stuffing.write(bytes(4096)):
            pass
