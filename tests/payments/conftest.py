"""The room of payments, with a key of its own."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.payments.course import Course
from tests.room import Room


@pytest.fixture
def payments(rooms: Callable[[str], Room], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Payments on a clean database."""
    key_file = tmp_path / "field.key"
    key_file.write_text(base64.b64encode(os.urandom(32)).decode())
    monkeypatch.setenv("FIELD_KEY_FILE", str(key_file))
    return rooms("payments")


@pytest.fixture
def course(payments: Room) -> Course:
    """One exchange and the people in it."""
    return Course(payments)
