"""`make scale matching=3`: have so many processes of a service, on the running system and from now on, and touch no other.

More are started one beside the other, and take calls when they have caught up. Those that go finish what they have taken. With
none, what needs the service is answered at once with what is missing; calls do not pile up, events wait for its return.
"""

import fcntl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from deploy.local.installation import Installation
from deploy.local.lock import running_installation
from deploy.local.processes import catching_up, healthy
from deploy.local.program import last_words, wait_until
from deploy.local.replicas import MOST, Replicas, place_of, places
from deploy.local.settings import read_settings
from deploy.local.supervision import Supervisor
from deploy.local.unusable import Unusable, plainly

START_S = 90.0
LEAVE_S = 40.0
"""A little longer than the supervisor's own patience, after which it kills."""


class Scaling:
    """The processes of one running system, by kind."""

    def __init__(self, here: Installation, supervisor: Supervisor) -> None:
        self._here, self._supervisor = here, supervisor
        self._replicas = Replicas(here.state)

    def kinds(self) -> list[str]:
        """What may be scaled: everything that has places for more than one."""
        return sorted({kind for kind, number in map(place_of, self._supervisor.every_state()) if number is not None})

    def running(self, kind: str) -> list[str]:
        """The processes of a kind that run or are to run again, by number."""
        states = self._supervisor.every_state()
        return [name for name in places(kind) if states.get(name) in ("STARTING", "RUNNING", "BACKOFF")]

    def scale(self, kind: str, count: int) -> str:
        """Start or stop until there are so many, remember it, and say in a line what was done; raises Unusable."""
        before, wanted = self.running(kind), places(kind)[:count]
        self._start([name for name in wanted if name not in before], wanted)
        self._stop([name for name in reversed(before) if name not in wanted])
        self._replicas.want(kind, count)
        return _told(kind, len(before), wanted)

    def _start(self, names: list[str], wanted: list[str]) -> None:
        for name in names:
            self._supervisor.begin(name)
        try:
            for name in wanted:
                self._wait_for(name, begun=name in names)
        except Unusable:
            # What does not come must not stay half begun: the system is as it was.
            self._stop(names)
            raise

    def _wait_for(self, name: str, begun: bool) -> None:
        # One that was there before may be coming back from a fall; of one just begun the first fall is enough to say so.
        hopeful = ("STARTING", "RUNNING") if begun else ("STARTING", "RUNNING", "BACKOFF", "EXITED")
        alive = lambda: self._supervisor.every_state()[name] in hopeful  # noqa: E731
        port = self._here.health_port(name)
        wait_until(partial(healthy, port), name, self._here.logs / f"{name}.log", START_S, alive, partial(catching_up, port))

    def _stop(self, names: list[str]) -> None:
        for name in names:
            self._supervisor.end(name)
        until = time.monotonic() + LEAVE_S
        while left := [name for name in names if self._supervisor.every_state()[name] not in ("STOPPED", "EXITED", "FATAL")]:
            if time.monotonic() > until:
                raise Unusable(f"{', '.join(left)} did not leave within {LEAVE_S:.0f} s; {last_words(self._here.logs / f'{left[0]}.log')}")
            time.sleep(0.1)


def read_wishes(arguments: list[str], kinds: list[str]) -> dict[str, int]:
    """`matching=3` and its like, by kind; words in capitals (STATE=...) are settings of make. Raises Unusable."""
    said = [argument.partition("=") for argument in arguments]
    wishes = {kind: _count(kind, count) for kind, _, count in said if not kind.isupper()}
    if not wishes:
        raise Unusable(f"say what and how many, like `make scale matching=3`; {_known(kinds)}")
    if unknown := [kind for kind in wishes if kind not in kinds]:
        raise Unusable(f"there is no {unknown[0]!r} to scale; {_known(kinds)}")
    return wishes


def _count(kind: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > MOST:
        raise Unusable(f"{kind} is {text!r}; say how many processes, from 0 to {MOST}.")
    return int(text)


def _known(kinds: list[str]) -> str:
    return (
        f"there are {', '.join(kinds)}, each from 0 to {MOST}. "
        "The gateway has WEB_CONCURRENCY at `make run`; of broker and database there is one each."
    )


def _told(kind: str, before: int, wanted: list[str]) -> str:
    if not wanted:
        return f"{kind}: no process any more (before: {before}); what needs it is refused with what is missing, events wait for its return"
    return f"{kind}: {len(wanted)} ready (before: {before}): {', '.join(wanted)}"


@contextmanager
def one_at_a_time(state: Path) -> Iterator[None]:
    """Two persons who scale at once wait for each other."""
    with (state / "scale.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> None:
    """Do what was asked, kind by kind, and say so."""
    here = running_installation(read_settings())
    supervisor = Supervisor(here.state, here.ports, here.passwords)
    if not supervisor.answers():
        raise Unusable(f"the supervisor does not answer; see {here.logs}/supervisor.log.")
    scaling = Scaling(here, supervisor)
    wishes = read_wishes(arguments, scaling.kinds())
    with one_at_a_time(here.state):
        for kind, count in wishes.items():
            print(scaling.scale(kind, count), flush=True)


if __name__ == "__main__":
    plainly(lambda: main(sys.argv[1:]))
