"""Which cases there are: every door of every service, at every point that its kind reaches; read from the code itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chassis.bare.crash_points import POINTS
from chassis.running.doors import Answers, Dues, Listens, Repeats, Works
from chassis.running.frame import doors_of
from chassis.running.rooms import service_class
from deploy.local.installation import SERVICES

KINDS = {Answers: "call", Listens: "event", Dues: "due", Works: "job", Repeats: "turn"}
OF_ALL = ("relay", "copy")
"""What every service does in one and the same place, whatever the fact or event."""


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
        """The points it reaches, in their order."""
        return POINTS[self.kind]

    def __str__(self) -> str:
        return f"{self.service}/{self.name}".rstrip(":")


def all_doors() -> list[Door]:
    """Every door of every service."""
    return sorted(each for service in SERVICES for each in _doors_of(service))


def _doors_of(service: str) -> Iterator[Door]:
    cls = service_class(f"services.{service}")
    for kind, name in KINDS.items():
        for opens_on in doors_of(cls, kind):
            yield Door(service, name, opens_on)
    for name in OF_ALL:
        yield Door(service, name)
