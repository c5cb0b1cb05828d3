"""`make run`: start everything, say where it is, stay until told to stop, leave nothing behind."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.local.processes import environment_of_code
from deploy.local.program import ROOT
from deploy.local.settings import Settings, read_settings
from deploy.local.system import Running, system
from deploy.local.unusable import Unusable, plainly

DEMONSTRATION = "deploy.local.demonstration"
SHOWN_S = 62
"""How long the ready line waits for demonstration data; their bar goes a moment before."""


class ToldToStop(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


def run(settings: Settings, root: Path = ROOT) -> int:
    """Run the system from the code in `root` until told to stop."""
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, _stop)
    began = time.monotonic()

    def say(step: str) -> None:
        print(f"  {time.monotonic() - began:5.1f} s  starting {step}", flush=True)

    try:
        with system(settings.state, settings, root, say, keep=True) as running, _demonstration(running, settings) as loading:
            loading.wait(SHOWN_S)
            _say_where(running, settings)
            _stay(running, loading)
    except ToldToStop:
        print("stopped", flush=True)
    return 0


def _stop(_number: int, _frame: Any) -> None:
    # From here on everything is being ended; a second Ctrl-C would only leave something half ended.
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    print("\nstopping", flush=True)
    raise ToldToStop


class Loading:
    """Demonstration data on their way in: waited for a while, then left to go on behind the ready line."""

    def __init__(self, process: subprocess.Popen[bytes] | None, done: Path) -> None:
        self._process, self._done = process, done

    def wait(self, seconds: float) -> None:
        """Wait until they are in, or for so long."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            print(f"demonstration data go on loading; {self._done.parent}/demonstration-progress.json says how far they are", flush=True)
        self.look()

    def look(self) -> None:
        """Note it once they are in, or say that they are not."""
        if self._process is None or self._process.poll() is None:
            return
        if self._process.returncode == 0:
            self._done.touch()
        else:
            print("clusterxchange: not all demonstration data could be loaded (why is said above); the next `make run` goes on with them.")
        self._process = None

    def end(self) -> None:
        """Stop where they are; the next start goes on from there."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


@contextmanager
def _demonstration(running: Running, settings: Settings) -> Iterator[Loading]:
    """Put made-up people in, once, and never unasked into a broker or database that is not ours."""
    done = settings.state / "demonstration-loaded"
    if done.exists() or not settings.wants_demonstration or importlib.util.find_spec(DEMONSTRATION) is None:
        yield Loading(None, done)
        return
    environment = {
        **environment_of_code(ROOT),
        "STATE": str(settings.state),
        "PUBLIC_URL": running.url,
        "TERM": os.environ.get("TERM", "dumb"),
    }
    loading = Loading(subprocess.Popen((sys.executable, "-m", DEMONSTRATION), cwd=ROOT, env=environment), done)
    try:
        yield loading
    finally:
        loading.end()


def _say_where(running: Running, settings: Settings) -> None:
    if settings.port is None and running.here.port != 8080:
        print("port 8080 is taken by another program; using the next free one")
    print(f"ready {running.url}")
    print(f"API documentation {running.url}/docs", flush=True)
    sign_ins = settings.state / "demonstration-sign-ins.txt"
    if sign_ins.exists():
        print(sign_ins.read_text().rstrip(), flush=True)


def _stay(running: Running, loading: Loading) -> None:
    while running.supervisor.answers():
        loading.look()
        time.sleep(2)
    raise Unusable(f"the supervisor has ended; see {running.here.logs}/supervisor.log.")


if __name__ == "__main__":
    plainly(lambda: run(read_settings()))
