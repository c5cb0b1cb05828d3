"""The switch that ends a process on purpose: only code can set it, and nothing but development bears it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chassis.bare import crash_points
from chassis.bare.config import WrongSetting, read_config
from tests.chassis.test_config import GOOD

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Good settings, and a switch that is off again afterwards."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(crash_points, "_told", [])


def test_an_armed_process_refuses_production(monkeypatch: pytest.MonkeyPatch) -> None:
    """And everything that is not development; unarmed, it starts."""
    crash_points.arm(lambda point, door: None)
    for name in ("production", "staging", ""):
        monkeypatch.setenv("ENVIRONMENT", name)
        with pytest.raises(WrongSetting, match="armed to crash"):
            read_config()
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert read_config().is_development


def test_an_armed_service_does_not_start_in_production() -> None:
    """It says why, and ends before it has touched broker or database."""
    program = (
        "from chassis.running import serve; from chassis.bare import crash_points; crash_points.arm(print); serve.main('services.registry')"
    )
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, env=GOOD, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "armed to crash" in ended.stderr


def test_there_is_no_setting_that_arms_a_process() -> None:
    """The switch reads nothing: neither the environment nor a file; and no code of ours but the tests' sets it."""
    source = Path(crash_points.__file__).read_text()
    assert "environ" not in source.partition('"""\n')[2] and "open(" not in source and "import os" not in source
    rooms = ("chassis", "contracts", "services", "gateway", "deploy")
    arming = [file for room in rooms for file in (ROOT / room).rglob("*.py") if "crash_points.arm" in file.read_text()]
    assert arming == []


def test_every_point_is_told_with_its_door() -> None:
    """Whoever armed the process hears of it; without, nothing happens."""
    heard: list[tuple[str, str]] = []
    crash_points.reached("unit.begun", "call:make_thing")
    crash_points.arm(lambda point, door: heard.append((point, door)))
    crash_points.reached("unit.begun", "call:make_thing")
    assert heard == [("unit.begun", "call:make_thing")]
