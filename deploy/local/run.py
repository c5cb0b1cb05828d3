"""`make run`: start everything, say where it is, stay until told to stop, leave nothing behind."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from deploy.local.processes import environment_of_code
from deploy.local.program import ROOT
from deploy.local.settings import Settings, read_settings
from deploy.local.system import Running, system
from deploy.local.unusable import Unusable, plainly

DEMONSTRATION = "deploy.local.demonstration"


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
        with system(settings.state, settings, root, say, keep=True) as running:
            _load_demonstration(running, settings)
            _say_where(running, settings)
            _stay(running)
    except ToldToStop:
        print("stopped", flush=True)
    return 0


def _stop(_number: int, _frame: Any) -> None:
    # From here on everything is being ended; a second Ctrl-C would only leave something half ended.
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    print("\nstopping", flush=True)
    raise ToldToStop


def _load_demonstration(running: Running, settings: Settings) -> None:
    """Put made-up people in, once, and never unasked into a broker or database that is not ours."""
    done = settings.state / "demonstration-loaded"
    if done.exists() or not settings.wants_demonstration or importlib.util.find_spec(DEMONSTRATION) is None:
        return
    environment = {
        **environment_of_code(ROOT),
        "STATE": str(settings.state),
        "PUBLIC_URL": running.url,
        "TERM": os.environ.get("TERM", "dumb"),
    }
    loading = subprocess.Popen((sys.executable, "-m", DEMONSTRATION), cwd=ROOT, env=environment)
    try:
        code = loading.wait()
    finally:
        if loading.poll() is None:
            loading.terminate()
            loading.wait()
    if code == 0:
        done.touch()
    else:
        print("clusterxchange: not all demonstration data could be loaded (its words are above); `make reset` and `make run` try again.")


def _say_where(running: Running, settings: Settings) -> None:
    if settings.port is None and running.here.port != 8080:
        print("port 8080 is taken by another program; using the next free one")
    print(f"ready {running.url}")
    print(f"API documentation {running.url}/docs", flush=True)
    sign_ins = settings.state / "demonstration-sign-ins.txt"
    if sign_ins.exists():
        print(sign_ins.read_text().rstrip(), flush=True)


def _stay(running: Running) -> None:
    while running.supervisor.answers():
        time.sleep(2)
    raise Unusable(f"the supervisor has ended; see {running.here.logs}/supervisor.log.")


if __name__ == "__main__":
    plainly(lambda: run(read_settings()))
