"""`make parked`: the messages that failed too often, over all services; look at one, put it back, or drop it with a reason.

| said            | what happens                                                                                      |
|-----------------|---------------------------------------------------------------------------------------------------|
| nothing         | one line for each: id, queue, type, subject, runs, since, reason                                  |
| show=ID         | the message whole                                                                                 |
| replay=ID       | back to its queue; `replay=all`: all of them. What its listener did not believe never goes back   |
| drop=ID         | thrown away; REASON='...' is asked for if not said, and kept with the message in the state folder |
"""

import base64
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chassis.bare.message import real_now
from chassis.running import topology
from chassis.running.parked import Parked
from chassis.running.parking import LookedAt, NotParked, NoWayBack, Parking
from chassis.running.wire import BROKEN
from deploy.local.installation import SERVICES
from deploy.local.lock import running_installation
from deploy.local.settings import read_settings
from deploy.local.topology import all_events
from deploy.local.unusable import Unusable, plainly

DEEDS = ("show", "replay", "drop")
ALL = "all"
DROPPED = "dropped-messages.jsonl"


def main() -> int:
    """Do what was said in the environment; raises Unusable."""
    said = {name: os.environ[name].strip() for name in DEEDS if os.environ.get(name, "").strip()}
    if len(said) > 1:
        raise Unusable(f"say one of {', '.join(f'{name}=ID' for name in said)} at a time.")
    here = running_installation(read_settings())
    parking = Parking(here.broker.uri, SERVICES, topology.announcers(all_events()))
    try:
        return _do(parking, here.state, *next(iter(said.items()), ("", "")))
    except NotParked as error:
        raise Unusable(f"nothing is parked under the id {error}; `make parked` lists what is.") from None
    except NoWayBack as error:
        raise Unusable(f"{error}; it stays parked.") from None
    except LookedAt:
        raise Unusable("somebody else is looking at what is parked just now; try again when they have finished.") from None
    except BROKEN as error:
        raise Unusable(f"the broker does not answer ({error or type(error).__name__}); `make status` says whether it runs.") from None


def _do(parking: Parking, state: Path, deed: str, parked_id: str) -> int:
    match deed:
        case "show":
            show(parking.find(parked_id))
        case "replay":
            replay(parking, None if parked_id == ALL else parked_id)
        case "drop":
            drop(parking, parked_id, _reason(parked_id), state / DROPPED)
        case _:
            tell(parking)
    return 0


def tell(parking: Parking) -> None:
    """List what is parked, a line for each."""
    columns = ("id", "queue", "type", "subject", "runs", "since", "reason")
    # Where lines are read by a program, none is cut.
    console = Console(width=None if sys.stdout.isatty() else 400)
    table = Table(*columns, box=None, pad_edge=False)
    for parked in parking.each():
        row = parked.as_row()
        table.add_row(*(escape(str(row[name])) for name in columns))
    if not table.row_count:
        print("nothing is parked")
        return
    console.print(table)
    print(f"{table.row_count} parked; show=ID shows one, replay=ID or replay=all puts back, drop=ID throws away")


def show(parked: Parked) -> None:
    """Print one message whole."""
    for name, value in parked.as_row().items():
        print(f"{name:15} {value}")
    print(f"\n{parked.text()}")


def replay(parking: Parking, parked_id: str | None) -> None:
    """Put back one, or all, and say which."""
    count = 0
    for parked in parking.replay(parked_id):
        count += 1
        print(f"{parked.id} is back in {parked.queue}", flush=True)
    print(f"{count} put back; `make parked` tells whether one failed again" if count else "nothing is parked")


def drop(parking: Parking, parked_id: str, reason: str, kept: Path) -> None:
    """Throw one away; what it was, and why, is written down first."""
    for parked in parking.drop(parked_id):
        line = {"dropped_at": real_now().isoformat(), "why": reason, **parked.as_row(), "body": base64.b64encode(parked.body).decode()}
        with kept.open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        print(f"{parked.id} is dropped; {kept} keeps what it was", flush=True)


def _reason(parked_id: str, ask: Callable[[str], str] = input) -> str:
    reason = os.environ.get("REASON", "").strip()
    if not reason and sys.stdin.isatty():
        reason = ask(f"why is {parked_id} dropped? ").strip()
    if not reason:
        raise Unusable(f"a reason is missing; say for example `make parked drop={parked_id} REASON='the exchange was cancelled by hand'`.")
    return reason


if __name__ == "__main__":
    plainly(main)
