"""`make audit`: examine an installation, a line for each promise, then what breaks them.

Exits with 0 when all hold, 1 when one is broken, 2 when it cannot be read.
"""

from __future__ import annotations

import argparse
import os
import sys

import psycopg2

from deploy.local.audit.place import find_place
from deploy.local.audit.promises import audit
from deploy.local.audit.verdict import Verdict
from deploy.local.database_logins import first_line
from deploy.local.settings import read_settings
from deploy.local.unusable import Unusable

BROKEN, UNREADABLE = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Print each promise as soon as it is examined, then the findings."""
    asked = _parser().parse_args(arguments)
    try:
        verdicts = list(map(_told, audit(find_place(read_settings()), busy=asked.busy, patience_s=asked.patience)))
    except (Unusable, OSError) as reason:
        print(f"clusterxchange: {first_line(reason)}.", file=sys.stderr)
        return UNREADABLE
    except psycopg2.Error as reason:
        print(f"clusterxchange: a database cannot be read: {first_line(reason)}.", file=sys.stderr)
        return UNREADABLE
    for verdict in verdicts:
        for finding in verdict.details:
            print(f"- {finding}")
    broken = sum(not verdict.holds for verdict in verdicts)
    print(f"{len(verdicts) - broken} of {len(verdicts)} promises hold")
    return BROKEN if broken else 0


def _told(verdict: Verdict) -> Verdict:
    print(verdict.line, flush=True)
    return verdict


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make audit", description="Examine databases, broker and files of an installation: STATE, or DATABASE_URL and AMQP_URI."
    )
    busy = os.environ.get("BUSY", "0").lower() not in ("", "0", "no", "false")
    parser.add_argument(
        "--busy", action="store_true", default=busy, help="do not wait for quiet, and leave alone what is on its way (BUSY=1)"
    )
    parser.add_argument("--patience", type=float, default=20.0, metavar="S", help="seconds to wait for quiet (20)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
