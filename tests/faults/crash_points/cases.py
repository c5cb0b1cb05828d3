"""Which cases there are: every door of every service, at every point that its kind reaches; read from the code itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chassis.bare.crash_points import POINTS
from chassis.running.doors import Answers, Dues, Listens, Repeats, Works
from chassis.running.frame import doors_of
from chassis.running.rooms import service_class
from deploy.local.installation import SERVICES

KINDS = {Answers: "call", Listens: "event", Dues: "due", Works: "job", Repeats: "turn"}
OF_ALL = ("relay", "copy")
"""What every service does in one and the same place, whatever the fact or event."""
OF_WAITERS = ("wait", "again")
"""The same, of services that keep what came too early."""
BEFORE_PUBLISH, BEFORE_CONFIRM = ".before_publish", ".before_confirm"
"""The second is reached after the first when a message with confirm has gone out."""
SEEN = "CRASH_SEEN"
"""Names the file that a run writes down in what each test has opened."""
SERVICES_CODE = Path(__file__).parents[3] / "services"
ITS_OWN = re.compile(r'reached\("([a-z_.]+)", "([a-z]+:[a-z_]+)"\)')
"""Where a service says itself that a point of one of its doors is reached."""


@dataclass(frozen=True, order=True)
class Door:
    """One way into a service; `name` is how points and reports say it."""

    service: str
    kind: str
    opens_on: str = ""

    @property
    def name(self) -> str:
        """`<kind>:<what opens it>`, as the points name it."""
        return f"{self.kind}:{self.opens_on}"

    @property
    def points(self) -> tuple[str, ...]:
        """The points it reaches, in their order; those of carrying only where its service carries."""
        if self.kind != "turn":
            return POINTS[self.kind]
        of_all, own = POINTS["call"], _own_points(self.service).get(self.name, set())
        carries = {point.partition(".")[0] for point in own}
        return tuple(point for point in POINTS["turn"] if point in of_all or point.partition(".")[0] in carries)

    def __str__(self) -> str:
        return f"{self.service}/{self.name}".rstrip(":")


@dataclass(frozen=True)
class Reach:
    """The n-th time that a point is reached."""

    point: str
    time: int = 1

    def __str__(self) -> str:
        return self.point if self.time == 1 else f"{self.point} (time {self.time})"


def reaches(told: list[str]) -> list[Reach]:
    """Each time that each point was reached, in order; of a point reached in a row of many: the first two and the last."""
    times, so_far, found = Counter(told), Counter[str](), []
    for point in told:
        so_far[point] += 1
        if so_far[point] in (1, 2, times[point]):
            found.append(Reach(point, so_far[point]))
    return found


def all_doors() -> list[Door]:
    """Every door of every service."""
    return sorted(each for service in SERVICES for each in _doors_of(service))


def _doors_of(service: str) -> Iterator[Door]:
    cls = service_class(f"services.{service}")
    for kind, name in KINDS.items():
        for opens_on in doors_of(cls, kind):
            yield Door(service, name, opens_on)
    for name in (*OF_ALL, *(OF_WAITERS if "NotYet" in _code(service) else ())):
        yield Door(service, name)


@cache
def _code(service: str) -> str:
    return "\n".join(file.read_text() for file in sorted((SERVICES_CODE / service).rglob("*.py")))


def _own_points(service: str) -> dict[str, set[str]]:
    own: dict[str, set[str]] = {}
    for point, door in ITS_OWN.findall(_code(service)):
        own.setdefault(door, set()).add(point)
    return own
