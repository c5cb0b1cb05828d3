"""`make status`: which processes there are, and whether each is healthy."""

from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.local.installation import GATEWAY, Installation
from deploy.local.lock import running_installation
from deploy.local.processes import healthy, listening
from deploy.local.replicas import Replicas
from deploy.local.settings import read_settings
from deploy.local.supervision import Supervisor
from deploy.local.unusable import Unusable, plainly


def is_ready(here: Installation, process: str) -> bool:
    """Whether a process, by its name, says that it is ready."""
    match process:
        case "database":
            return here.server is not None and here.server.answers()
        case "broker":
            return here.node is not None and here.node.answers()
        case "epmd" | "mail":
            return listening(here.ports.of(process))
        case _:
            return healthy(here.port if process == GATEWAY else here.health_port(process))


def main() -> int:
    """Print a table; 1 when something is not healthy."""
    here = running_installation(read_settings())
    supervisor = Supervisor(here.state, here.ports, here.passwords)
    if not supervisor.answers():
        raise Unusable(f"the supervisor does not answer; see {here.logs}/supervisor.log.")
    replicas = Replicas(here.state)
    wanted = [state for state in supervisor.states() if state["pid"] or replicas.wants(state["name"])]
    rows = [(state, state["pid"] > 0 and is_ready(here, state["name"])) for state in wanted]
    table = Table("process", "state", "healthy", "pid", "since", box=None)
    for state, ready in rows:
        table.add_row(*_row(state, ready))
    for kind in replicas.unwanted():
        table.add_row(kind, "none wanted", "-", "", f"`make scale {kind}=1` brings it back")
    print(f"{here.url}  (domain time {here.clock.now():%Y-%m-%d %H:%M} UTC)")
    Console().print(table)
    return 0 if all(ready for _, ready in rows) else 1


def _row(state: dict[str, Any], ready: bool) -> tuple[str, ...]:
    since = state["description"].rpartition("uptime ")[2] if state["pid"] else ""
    return state["name"], state["statename"].lower(), "yes" if ready else "[bold]no[/bold]", str(state["pid"] or ""), since


if __name__ == "__main__":
    plainly(main)
