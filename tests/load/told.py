"""Programs that are told what to do in lines of JSON and answer each with one: load and its counterparts in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.local.processes import environment_of_code
from deploy.local.program import ROOT


class Told:
    """One such program, from the side that tells."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid

    def tell(self, **what: Any) -> dict[str, Any]:
        """Say what to do and wait for the answer; raises RuntimeError if the program ended instead."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended instead of answering")
        return dict(json.loads(line))


@contextmanager
def told(module: str, *arguments: str, log: Path) -> Iterator[Told]:
    """Run a module of ours that listens to lines, for the length of the block."""
    command = (sys.executable, "-W", "ignore", "-m", module, *arguments)
    with log.open("ab") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment_of_code(ROOT), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        yield Told(process)
    finally:
        process.kill()
        process.wait()


def obey(do: Callable[..., dict[str, Any]]) -> None:
    """The other side: do what each line says, and answer it, until nothing more is said."""
    for line in sys.stdin:
        print(json.dumps(do(**json.loads(line))), flush=True)
