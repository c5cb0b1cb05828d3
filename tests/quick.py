"""The steps of `make check`, side by side: while two processes run the quick tests, one after the other reads the code.

Each step's output comes whole, when it has ended; the exit code says whether all went well.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(sys.executable).parent
TESTS = "tests"
READING = {
    "format": ("-m", "ruff", "format", "--check", "."),
    "lint": ("-m", "ruff", "check", "."),
    "walls": (str(HERE / "lint-imports"),),
    "contracts": ("-m", "gateway.publish", "--check"),
    "types": ("-m", "mypy"),
}
RUNNING = {
    # What schemathesis brings to pytest takes a second to load in each process, and only slow tests use it.
    TESTS: ("-m", "pytest", "-q", "-p", "no:schemathesis", "-n", "2", "--dist", "loadfile", "-m", "not slow", "tests"),
}


def main() -> int:
    """Run all steps, also after one that failed."""
    with ThreadPoolExecutor() as threads:
        failed = [name for names in threads.map(_in_turn, (RUNNING.items(), READING.items())) for name in names]
    print(f"make check: {', '.join(sorted(failed))} failed" if failed else "make check: all is well", flush=True)
    return 1 if failed else 0


def _in_turn(steps: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Run them one after the other; gives the names of those that failed."""
    return [name for name, arguments in steps if not _goes_well(name, arguments)]


def _goes_well(name: str, arguments: tuple[str, ...]) -> bool:
    ended = subprocess.run((sys.executable, *arguments), check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(f"== {name}\n{ended.stdout}", end="", flush=True)
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
