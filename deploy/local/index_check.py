"""`make index-check`: whether the index in each process of matching is what it would be if it were built now; 1 when one is not.

Each process builds a fresh index beside its own, which takes as long and as much memory as its start without a snapshot, and compares all
that the two hold of every participation at one data version.
"""

from typing import Any

import httpx

from deploy.local.installation import Installation
from deploy.local.lock import running_installation
from deploy.local.settings import read_settings
from deploy.local.supervision import Supervisor
from deploy.local.unusable import Unusable, plainly

PATIENCE_S = 900.0


def main() -> int:
    """Have all of them check themselves, a line for each."""
    here = running_installation(read_settings())
    told = {process: look(here, process) for process in processes(here)}
    if not told:
        raise Unusable("no process of matching runs; `make status` says which do.")
    for process, found in told.items():
        print(f"{process}: {said(found)}")
    return 0 if all(is_right(found) for found in told.values()) else 1


def processes(here: Installation) -> list[str]:
    """The processes of matching that run."""
    states = Supervisor(here.state, here.ports, here.passwords).states()
    return [each["name"] for each in states if each["pid"] and each["name"].partition("-")[0] == "matching" and "work" not in each["name"]]


def look(here: Installation, process: str) -> dict[str, Any]:
    """What a process says of its index; raises Unusable when it does not answer."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{here.health_port(process)}/look/index", timeout=PATIENCE_S)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise Unusable(f"{process} does not answer ({type(error).__name__}); `make status` says whether it is ready.") from None
    found: dict[str, Any] = answer.json()
    return found


def is_right(found: dict[str, Any]) -> bool:
    """Whether it was compared and nothing differs."""
    return found.get("data_version") is not None and found["differing"] == 0


def said(found: dict[str, Any]) -> str:
    """In words."""
    if not found["loaded"]:
        return "still loading"
    version = "changes come too fast to compare all" if found["data_version"] is None else f"data version {found['data_version']}"
    at = f"{version}, {found['participations']} participations, {found['seconds']} s"
    if found["differing"]:
        return f"{found['differing']} participations differ ({at}): {', '.join(found['of'])}"
    return f"no difference ({at})" if is_right(found) else f"not all could be compared ({at}); try again"


if __name__ == "__main__":
    plainly(main)
