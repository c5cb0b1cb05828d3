"""A program we run: said once, started either under the supervisor or as a plain child of a test."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from pwd import getpwnam

from deploy.local.unusable import Unusable

ROOT = Path(__file__).resolve().parents[2]
# What a program inherits of the environment of whoever typed `make`: the rest (AMQP_URI of an administrator, tokens) is not its business.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "COVERAGE_PROCESS_START")


def inherited() -> dict[str, str]:
    """The part of our own environment that every program gets."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {"LANG": "C.UTF-8", **kept}


@dataclass(frozen=True)
class Program:
    """One process: its command, what it finds in its environment, the signal that ends it in order, and where its words go."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = ROOT
    stop_signal: str = "TERM"
    # The account it steps down to when we are root; None keeps ours.
    account: str | None = None

    @property
    def full_command(self) -> tuple[str, ...]:
        """The command as it is run: it dies with whoever started it, and leaves root behind if told to."""
        return (found("setpriv"), *self._step_down(), "--pdeathsig", self.stop_signal, "--", *self.command)

    def _step_down(self) -> tuple[str, ...]:
        if self.account is None:
            return ()
        account = getpwnam(self.account)
        return (f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups")


def found(command: str, *places: str) -> str:
    """The full path of a command, looked for on the PATH and where Debian puts what plain users do not have there."""
    path = os.pathsep.join((*places, os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/bin"))
    where = shutil.which(command, path=path)
    if where is None:
        raise Unusable(f"the command {command} is missing; `make setup` brings it on Debian, elsewhere install it by hand.")
    return where


@contextmanager
def running(program: Program, patience: float = 20.0) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program as a child for the length of the block; afterwards it is gone."""
    with program.log.open("ab") as log:
        process = subprocess.Popen(
            program.full_command,
            env={**inherited(), **program.environment},
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us; we end it in order
        )
    try:
        yield process
    finally:
        stop(process, program.stop_signal, patience)


def stop(process: subprocess.Popen[bytes], by: str, patience: float) -> None:
    """End a child with its own signal, and the hard way when it does not listen."""
    if process.poll() is None:
        process.send_signal(signal.Signals[f"SIG{by}"])
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


BUSY_S = 1800.0
"""Whoever says that it is at work is waited for longer: to read a million participants out of a database takes minutes."""


def wait_until(
    ready: Callable[[], bool],
    what: str,
    log: Path,
    seconds: float = 60.0,
    alive: Callable[[], bool] = lambda: True,
    busy: Callable[[], bool] = lambda: False,
) -> None:
    """Wait until something is ready, BUSY_S as long as it is busy with that; else say what was waited for and show the end of its log."""
    began = time.monotonic()
    while not ready():
        waited = time.monotonic() - began
        if not alive():
            raise Unusable(f"{what} ended at once; {last_words(log)}")
        if waited > seconds and not (waited < BUSY_S and busy()):
            raise Unusable(f"{what} was not ready after {waited:.0f} s; {last_words(log)}")
        time.sleep(0.1)


def last_words(log: Path) -> str:
    """The last line a program wrote, and where the others are."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()] if log.exists() else []
    return f"its last words: {lines[-1].strip() if lines else '(none)'} (all of them: {log})"
