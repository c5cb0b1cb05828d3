"""How many processes of each kind are wanted, remembered in the state folder from run to run; one each where nothing was said."""

import json
from pathlib import Path

from deploy.local.files import write_atomically
from deploy.local.unusable import Unusable

MOST = 8
"""So many processes of one kind on one machine; each has its place in the supervisor's file from the start."""


class Replicas:
    """The wishes of one state folder by kind: a service (`matching`) or its worker (`agreements-work`)."""

    def __init__(self, state: Path) -> None:
        self._file = state / "replicas.json"

    def of(self, kind: str) -> int:
        """How many processes of that kind are wanted."""
        return min(self._read().get(kind, 1), MOST)

    def want(self, kind: str, count: int) -> None:
        """Remember a wish."""
        write_atomically(self._file, json.dumps(self._read() | {kind: count}, indent=1))

    def wants(self, process: str) -> bool:
        """Whether a process is wanted, by its name: `matching-2` is where at least two are. Whatever is one of its kind always is."""
        kind, number = place_of(process)
        return number is None or number <= self.of(kind)

    def unwanted(self) -> list[str]:
        """The kinds of which no process is wanted."""
        return sorted(kind for kind, count in self._read().items() if count == 0)

    def _read(self) -> dict[str, int]:
        if not self._file.exists():
            return {}
        try:
            return {str(kind): int(count) for kind, count in json.loads(self._file.read_text()).items()}
        except (ValueError, AttributeError, TypeError):
            raise Unusable(f"{self._file} cannot be read; delete it to have one process of each service again.") from None


def place_of(process: str) -> tuple[str, int | None]:
    """Kind and number of a process by its name; no number where there is only one."""
    kind, _, number = process.rpartition("-")
    return (kind, int(number)) if kind and number.isdigit() else (process, None)


def places(kind: str) -> list[str]:
    """The names of all processes that a kind may have."""
    return [f"{kind}-{number}" for number in range(1, MOST + 1)]
