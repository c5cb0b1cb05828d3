"""`python -m tests.faults.crash_points`: end every door's process at every point and say how it went.

`--sample 20` takes so many doors at random, those of `--seed` again and no others; `--only registry/call:` those whose names begin so;
`--part 2/6` the second of six parts; `--processes 1` one after the other instead of two at a time;
`--record` finds out anew which test opens which door (of those named: for doors without one). Ends with 1 when a promise did not hold or a point was not reached.
"""

from __future__ import annotations

import argparse
import sys

from tests.faults.crash_points.run import record, run


def main() -> int:
    """Read what is wanted, and do it."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.crash_points", description="End processes at every point of every door.")
    parser.add_argument("--sample", type=int, help="so many doors at random instead of all")
    parser.add_argument("--seed", type=int, help="the sample of this seed again")
    parser.add_argument("--only", default="", help="doors whose names begin so, such as registry/call:")
    parser.add_argument("--record", nargs="*", metavar="TESTS", help="watch the services' tests and write down which opens which door")
    parser.add_argument("--part", default="", metavar="K/N", help="the k-th of n parts")
    parser.add_argument("--processes", type=int, default=2, help="how many doors are driven at the same time")
    asked = parser.parse_args()
    if asked.record is not None:
        return record(asked.record)
    return run(asked.sample, asked.seed, asked.only, asked.part, asked.processes)


if __name__ == "__main__":
    sys.exit(main())
