"""`python -m gateway.publish` writes contracts/published; with --check it says what drifted, and ends with 1 if anything did."""

from __future__ import annotations

import sys

from contracts.publish.folder import PUBLISHED, drifted, write
from gateway.publish import files


def main(arguments: list[str]) -> int:
    """Write, or check; returns the exit code."""
    if arguments == ["--check"]:
        return _check()
    if arguments:
        print("usage: python -m gateway.publish [--check]", file=sys.stderr)
        return 2
    changed = write(files())
    print(f"{len(changed)} files changed in {PUBLISHED.name}/" if changed else "contracts/published is up to date")
    return 0


def _check() -> int:
    stale = drifted(files())
    for path in stale:
        print(f"contracts/published/{path} is not what the contracts say now: run `make contracts` and commit it", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
