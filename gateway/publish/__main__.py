"""`python -m gateway.publish` writes contracts/published and what it promises; it refuses to take back what was promised before.

With --check it writes nothing: it says what drifted and what shrank, and ends with 1 if anything did.
"""

from __future__ import annotations

import sys

from contracts.publish.folder import PUBLISHED, drifted, write
from contracts.publish.promises import Promises, promises_of
from contracts.publish.shrinking import PROMISED, complaints, grown, read_promised, read_retired, without
from gateway.publish import files


def main(arguments: list[str]) -> int:
    """Write, or check; returns the exit code."""
    if arguments == ["--check"]:
        return _check()
    if arguments:
        print("usage: python -m gateway.publish [--check]", file=sys.stderr)
        return 2
    made = files()
    changed = write(made)
    print(f"{len(changed)} files changed in {PUBLISHED.name}/" if changed else "contracts/published is up to date")
    if _complain(promises := promises_of(made)):
        return 1
    PROMISED.write_text(_from_now_on(promises), encoding="utf-8")
    return 0


def _check() -> int:
    made = files()
    stale = drifted(made)
    for path in stale:
        print(f"contracts/published/{path} is not what the contracts say now: run `make contracts` and commit it", file=sys.stderr)
    if _complain(promises := promises_of(made)):
        return 1
    if not PROMISED.exists() or PROMISED.read_text(encoding="utf-8") != _from_now_on(promises):
        print(f"contracts/{PROMISED.name} does not hold all that is promised now: run `make contracts` and commit it", file=sys.stderr)
        return 1
    return 1 if stale else 0


def _complain(now: Promises) -> bool:
    found = complaints(now, read_promised(), read_retired())
    for each in found:
        print(each, file=sys.stderr)
    if found:
        print(
            "Contracts grow and never shrink: publish the new beside the old, or see contracts/retired.yaml for how a promise ends.",
            file=sys.stderr,
        )
    return bool(found)


def _from_now_on(now: Promises) -> str:
    return grown(without(read_promised(), read_retired()), now).as_text()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
