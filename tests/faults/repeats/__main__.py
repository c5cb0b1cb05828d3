"""`python -m tests.faults.repeats`: deliver every call and event again, and say how it went.

`--only registry/call:` those doors whose names begin so; `--seed` the order of that seed again. Ends with 1 when a repeat changed
something.
"""

from __future__ import annotations

import argparse
import secrets
import sys

from tests.faults.repeats.run import repeat, repeatable


def main() -> int:
    """Read what is wanted, and do it."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.repeats", description="Deliver every call and event again.")
    parser.add_argument("--only", default="", help="doors whose names begin so, such as registry/call:")
    parser.add_argument("--seed", type=int, help="the order of this seed again")
    asked = parser.parse_args()
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    outcome = repeat([door for door in repeatable() if str(door).startswith(asked.only)], seed)
    missing = outcome.doors - outcome.repeated
    print(*outcome.findings, *([f"not repeated: {', '.join(sorted(missing))}"] if missing else []), sep="\n")
    print(f"REPEATS_SEED={seed}: {outcome}", flush=True)
    return 0 if outcome.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
