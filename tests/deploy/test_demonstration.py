"""Somebody starts the real system for the first time: demonstration data come in, every state is there, and a second start keeps them."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from deploy.local.demonstration.scheme import LATE_FATES, NUMBER
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import kept_offices
from deploy.local.people.partnerships import SIGN_INS
from tests.deploy.test_run import Person, eventually, processes_of, words_until_ready

pytestmark = pytest.mark.slow

LONGEST_LOAD_S = 1200
"""Three to four minutes on a quiet machine; this one may have other things to do."""
LONGEST_SECOND_START_S = 60
"""Some twenty processes on two cores, and nothing to make or to load."""
ROLES = ("administrator:", "support officer:", "auditor:", "contact point of ", "paying officer of ", "an exchange paid:")


class Newcomer(Person):
    """Someone who tries the system out."""

    def starts(self, **settings: str) -> subprocess.Popen[str]:
        """`make run`, with the real rooms."""
        return subprocess.Popen(*self._command("deploy.local.run"), **self._options(settings))

    def checks(self) -> subprocess.CompletedProcess[str]:
        """Whether every state of every lifecycle is there."""
        return self.says("deploy.local.demonstration", "--check")

    @property
    def progress(self) -> dict[str, object]:
        """How far the load says it is."""
        file = self.state / "demonstration-progress.json"
        return dict(json.loads(file.read_text())) if file.exists() else {}


@dataclass(frozen=True)
class Seen:
    """What somebody sees of a running system: its sign-ins, and how much there is for the support office."""

    sign_ins: list[str]
    exchanges: int
    registrations: int


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    """Someone with an empty folder; whatever is left in it at the end is thrown away."""
    newcomer = Newcomer(tmp_path_factory.mktemp("first") / ".state")
    yield newcomer
    newcomer.says("deploy.local.reset")


@pytest.fixture(scope="module")
def loaded(newcomer: Newcomer) -> Seen:
    """The first start, until all data are in and the system is stopped again."""
    process = newcomer.starts()
    try:
        url = words_until_ready(process)[-2].removeprefix("ready ")
        assert eventually(lambda: _is_over(newcomer, process), LONGEST_LOAD_S), newcomer.progress
        assert (newcomer.state / "demonstration-loaded").exists(), newcomer.progress
        checked = newcomer.checks()
        assert checked.returncode == 0, checked.stdout
        assert checked.stdout.count("│") > 300, "the check prints a row for each state"
        return _seen(newcomer, url)
    finally:
        _stop(newcomer, process)


def test_first_start_brings_every_state_and_sign_ins_for_every_role(loaded: Seen) -> None:
    """As many as the scheme has, made through the API; the support office sees no drafts."""
    for role in ROLES:
        assert any(line.strip().startswith(role) for line in loaded.sign_ins), f"a sign-in for {role}"
    assert loaded.registrations == NUMBER - LATE_FATES["draft"] - LATE_FATES["recalled"]
    assert loaded.exchanges >= 40


def test_second_start_takes_seconds_and_keeps_the_data(newcomer: Newcomer, loaded: Seen) -> None:
    """Nothing is loaded again; the same people find the same things; SIGTERM leaves no process, as after the first."""
    began = time.monotonic()
    process = newcomer.starts()
    try:
        url = words_until_ready(process)[-2].removeprefix("ready ")
        took = time.monotonic() - began
        assert took < LONGEST_SECOND_START_S
        assert not [command for command in processes_of(newcomer.state).values() if "deploy.local.demonstration" in command]
        assert _seen(newcomer, url) == loaded
        assert newcomer.checks().returncode == 0
    finally:
        _stop(newcomer, process)


def _is_over(newcomer: Newcomer, process: subprocess.Popen[str]) -> bool:
    """The runner notes a moment after the last part that all is in; it does not where a part could not be done, or when it has ended."""
    failed = newcomer.progress.get("finished") and newcomer.progress.get("setbacks")
    return (newcomer.state / "demonstration-loaded").exists() or process.poll() is not None or bool(failed)


def _seen(newcomer: Newcomer, url: str) -> Seen:
    entrance, offices = Entrance(url), kept_offices(newcomer.state / SIGN_INS)
    assert offices
    support = offices.support[0].person(entrance)
    exchanges, registrations = (sum(1 for _ in support.all(f"/v1/{name}")) for name in ("exchanges", "registrations"))
    entrance.close()
    return Seen((newcomer.state / "demonstration-sign-ins.txt").read_text().splitlines(), exchanges, registrations)


def _stop(newcomer: Newcomer, process: subprocess.Popen[str]) -> None:
    """SIGTERM, as Ctrl-C in a terminal: nothing of it goes on."""
    process.terminate()
    said, _ = process.communicate(timeout=90)
    assert process.returncode == 0, said
    assert processes_of(newcomer.state) == {}
