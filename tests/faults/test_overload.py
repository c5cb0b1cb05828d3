"""Overload on the whole system: far more callers than are let in, and a service that stands still.

`OVERLOAD_S` says for how many seconds (20 in the ordinary run, 60 in `make test-overload`).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx
import pytest

from deploy.local.people.acts.registering import get_account
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import make_administrator, sign_in
from deploy.local.people.person import Person
from deploy.local.settings import Settings
from deploy.local.system import Running, system
from tests.faults.callers import Asks, Heard, Looks, call_for, counted, looked_at, wait_until, waiting_calls

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("OVERLOAD_S", "20"))
WORKERS, CALLS, HEAVY = 2, 8, 2
TIMES = 10
PATIENCE_S = 15
"""How long the gateway waits for a service: long enough that a busy machine alone lets no call come too late."""
MOST_GROWTH_MB = {"broker": 256, "database": 256}
"""Over all of it, of what consists of many processes or keeps room for later."""
MOST_GROWTH_OF_OTHERS_MB = 96
"""Of one process: buffers and caches fill once, and what grows with the callers would be far more in a minute."""
MOST_SLOWER = 5
"""How many times as long as before one read may take right afterwards: nothing is left over to be done, whatever else the machine does."""

READ = "/v1/partnerships"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A system that lets little in, so that a small machine can overload it."""
    told = {
        "WEB_CONCURRENCY": WORKERS,
        "CALLS_PER_SERVICE": CALLS,
        "HEAVY_CALLS": HEAVY,
        "CALL_TIMEOUT_S": PATIENCE_S,
        "LOG_LEVEL": "warning",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, str(value))
        state = tmp_path_factory.mktemp("overload")
        with system(state, replace(Settings(state), port=None)) as running:
            yield running


@pytest.fixture(scope="module")
def people(running: Running) -> Iterator[list[Person]]:
    """Some people with accounts, logged in."""
    entrance = Entrance(running.url)
    administrator = make_administrator(running.environment("identity"), "overload.administrator").person(entrance)
    administrator.log_in()
    made = [sign_in(f"overload.{number}", "somebody").person(entrance) for number in range(8)]
    for person in made:
        get_account(person, "Overload", "BE")
    yield [administrator, *made]
    entrance.close()


def test_ten_times_too_many_callers_are_answered_or_told_at_once_to_come_again(running: Running, people: list[Person]) -> None:
    """Nothing but answers and early 503; no work is done for those; memory and queues stay small; who asks others is not held up."""
    client, seen = httpx.Client(base_url=running.url, timeout=60), Seen.of(running)
    before = [_seconds_of(client) for _ in range(20)]
    with looked_at(running) as looks:
        heard = call_for(running.url, _too_many(people), SECONDS)
    worked, early, _ = Seen.of(running).since(seen)
    after = [_seconds_of(client) for _ in range(20)]
    _tell(heard, looks)
    print(f"one read: {_median_ms(before):.0f} ms before, {_median_ms(after):.0f} ms after; {early:.0f} refused early")

    reads, log_ins, others = heard["reads"], heard["log-ins"], heard["others"]
    assert set(reads.statuses) == {200, 503} and {201, 503} <= set(log_ins.statuses) <= {201, 429, 503}
    assert set(others.statuses) == {200}, "one full service held up another"
    assert sum(each.without_retry_after for each in heard.values()) == 0
    assert_all_answered(heard)
    # Early: whoever was told to come again reached no service.
    assert early == sum(each.statuses[503] for each in heard.values())
    assert worked == reads.statuses[200] + len(before)
    assert_bounded(looks)
    assert max(looks.longest.values()) <= WORKERS * (CALLS + HEAVY + CALLS), looks.longest
    assert _median_ms(after) < MOST_SLOWER * _median_ms(before) + 50, "it does not come back to itself"
    assert_nothing_left(running)


def test_service_that_stands_still_holds_up_nobody_but_its_own_callers(running: Running, people: list[Person]) -> None:
    """Its lane fills and refuses early, the others are open; when it goes on, what came too late is dropped and not carried out."""
    pid = next(state["pid"] for state in running.supervisor.states() if state["name"] == "registry-1")
    seen = Seen.of(running)
    with _standing_still(pid), looked_at(running) as looks:
        heard = call_for(running.url, [Asks("reads", 60, "GET", READ), _others(people)], PATIENCE_S + 5)
    wait_until(lambda: httpx.get(f"{running.url}{READ}", timeout=60).status_code == 200)
    worked, early, late = Seen.of(running).since(seen)
    _tell(heard, looks)
    print(f"{early:.0f} refused early, {late:.0f} dropped as too late")

    assert set(heard["reads"].statuses) == {503} and set(heard["others"].statuses) == {200}
    # Two rounds of calls at most found a place and waited for nothing; all others heard so at once.
    assert 0 < heard["reads"].statuses[503] - early <= 2 * WORKERS * CALLS < early
    assert_all_answered(heard)
    assert_bounded(looks)
    assert looks.longest["registry"] <= WORKERS * CALLS
    assert late > 0 and worked <= WORKERS * CALLS
    assert_nothing_left(running)


def assert_all_answered(heard: dict[str, Heard]) -> None:
    """Every request had a response; a connection that ended instead is none."""
    assert {name: dict(each.broken) for name, each in heard.items() if each.broken} == {}
    assert all(each.asked == each.answered > 0 for each in heard.values())


def assert_bounded(looks: Looks) -> None:
    """No process, the broker's and the database's among them, kept more than a bounded amount for those who called."""
    grown = looks.grown_mb()
    assert looks.looks > 3 and {"broker", "database", "identity-work-1", "registry-1", "gateway/0"} <= set(grown), grown
    assert {name: mb for name, mb in grown.items() if mb > MOST_GROWTH_MB.get(name, MOST_GROWTH_OF_OTHERS_MB)} == {}


def assert_nothing_left(running: Running) -> None:
    """All queues run empty by themselves, and a new caller is let in each time."""
    wait_until(lambda: sum(waiting_calls(running).values()) == 0)
    statuses = {httpx.get(f"{running.url}{READ}", timeout=60).status_code for _ in range(10)}
    assert statuses == {200}


@dataclass(frozen=True)
class Seen:
    """What the processes counted until now: reads carried out, requests refused early, calls dropped because they came too late."""

    worked: float
    early: float
    late: float

    @classmethod
    def of(cls, running: Running) -> Seen:
        """Look at their metrics."""
        return cls(
            counted(running, "registry-1", "door_seconds_count", door="list_partnerships"),
            counted(running, "gateway", "calls_refused_early_total"),
            counted(running, "registry-1", "late_calls_total"),
        )

    def since(self, before: Seen) -> tuple[float, float, float]:
        """What came on top of it."""
        return self.worked - before.worked, self.early - before.early, self.late - before.late


def _too_many(people: list[Person]) -> list[Asks]:
    """Ten times as many as both lanes of all workers hold, and a few who ask another service meanwhile."""
    passwords = tuple({"login": each.username, "password": each.password} for each in people[1:])
    return [
        Asks("reads", TIMES * WORKERS * CALLS, "GET", READ),
        Asks("log-ins", TIMES * WORKERS * HEAVY, "POST", "/v1/sessions", bodies=passwords),
        _others(people),
    ]


def _others(people: list[Person]) -> Asks:
    return Asks("others", 3, "GET", "/v1/contacts", token=people[0]._token)


@contextmanager
def _standing_still(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _seconds_of(client: httpx.Client) -> float:
    began = time.monotonic()
    assert client.get(READ).status_code == 200
    return time.monotonic() - began


def _median_ms(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2] * 1000


def _tell(heard: dict[str, Heard], looks: Looks) -> None:
    for name, each in heard.items():
        print(f"{name}: {each}")
    print(f"grown by at most {looks.grown_mb()} MB, longest queues {looks.longest}")
