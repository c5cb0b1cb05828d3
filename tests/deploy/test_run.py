"""A person starts the system, looks at it, hurts it, stops it: it is there once, heals, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.ports import is_free
from deploy.local.program import ROOT, inherited
from tests.deploy.test_ports import taken

pytestmark = pytest.mark.slow


class Person:
    """Someone at a terminal, with one state folder."""

    def __init__(self, state: Path) -> None:
        self.state = state

    def starts(self, **settings: str) -> subprocess.Popen[str]:
        """`make run`."""
        return subprocess.Popen(*self._command("tests.deploy.run_stand_ins"), **self._options(settings))

    def says(self, module: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Another command, to its end."""
        return subprocess.run(*self._command(module, *arguments), **self._options(settings), timeout=120)

    def _command(self, *words: str) -> list[tuple[str, ...]]:
        return [(sys.executable, "-m", *words)]

    def _options(self, settings: dict[str, str]) -> dict[str, object]:
        told = {**inherited(), "STATE": str(self.state), "COLUMNS": "200", **settings}
        return {"env": told, "cwd": ROOT, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}


def words_until_ready(process: subprocess.Popen[str]) -> list[str]:
    """What a run prints up to the address of the API documentation."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line.strip())
        if line.startswith("API documentation"):
            return lines
    raise AssertionError(f"it never was ready: {lines}")


def processes_of(state: Path) -> dict[int, str]:
    """Every process that has to do with a state folder: named in its command, its environment, or started by one that is."""
    found: dict[int, str] = {}
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (folder / "environ").read_bytes().decode(errors="replace")
            children.setdefault(int((folder / "stat").read_text().rpartition(")")[2].split()[1]), []).append(pid)
        except OSError:  # gone meanwhile
            continue
        if pid != os.getpid() and (str(state) in command or str(state) in environment):
            found[pid] = command
    heirs = list(found)
    while heirs:
        for child in children.get(heirs.pop(), []):
            if child not in found:
                found[child] = "a child of one"
                heirs.append(child)
    return found


def eventually(holds: Callable[[], bool], seconds: float = 40) -> bool:
    """Whether something comes true in time."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Someone with an empty state folder."""
    return Person(tmp_path_factory.mktemp("clone") / ".state")


@pytest.fixture(scope="module")
def url(person: Person) -> Iterator[str]:
    """A system that was started; SIGTERM ends it."""
    process = person.starts()
    try:
        yield words_until_ready(process)[-2].removeprefix("ready ")
    finally:
        process.terminate()
        process.wait(60)
        person.says("deploy.local.reset")


def test_entrance_is_where_it_said(url: str) -> None:
    """The ready line names an address that answers."""
    assert httpx.get(f"{url}/health/ready").is_success


def test_second_run_says_where_the_first_is(person: Person, url: str) -> None:
    """One line, and no second system."""
    answer = person.says("tests.deploy.run_stand_ins")
    assert answer.returncode == 1
    assert answer.stdout.startswith(f"clusterxchange: it is already running at {url}")
    assert answer.stdout.count("\n") == 1


def test_status_names_every_process_and_finds_it_healthy(person: Person, url: str) -> None:
    """Services, workers, entrance, stand-ins, broker and database."""
    answer = person.says("deploy.local.status")
    assert answer.returncode == 0, answer.stdout
    for name in ("broker", "database", "mail", "identity-1", "payments-work-1", "gateway"):
        assert name in answer.stdout


def test_dead_process_is_restarted_alone(person: Person, url: str) -> None:
    """The others do not even notice."""
    before = pids(person)
    os.kill(before["identity-1"], signal.SIGKILL)
    assert eventually(lambda: pids(person).get("identity-1", 0) not in (0, before["identity-1"]))
    assert {name: pid for name, pid in pids(person).items() if name != "identity-1"} == {
        name: pid for name, pid in before.items() if name != "identity-1"
    }


def pids(person: Person) -> dict[str, int]:
    """The processes by name, as `make status` shows them."""
    rows = [line.split() for line in person.says("deploy.local.status").stdout.splitlines()]
    return {row[0]: int(row[3]) for row in rows if len(row) > 3 and row[3].isdigit()}


def test_clock_moves_for_everybody(person: Person, url: str) -> None:
    """`make clock` says the new time and has written it."""
    answer = person.says("deploy.local.clock", ADVANCE="10d")
    assert answer.stdout.startswith("domain time is 2")
    assert (person.state / "clock").read_text() == "864000"


def test_service_s_environment_is_printed_for_a_shell(person: Person, url: str) -> None:
    """With its own logins, and the field key for payments alone."""
    payments = person.says("deploy.local.by_hand", "environment", SERVICE="payments").stdout
    identity = person.says("deploy.local.by_hand", "environment", SERVICE="identity").stdout
    assert "FIELD_KEY_FILE" in payments
    assert "FIELD_KEY_FILE" not in identity
    assert "amqp://identity:" in identity
    assert "/identity" in identity


def test_reset_is_refused_while_it_runs(person: Person, url: str) -> None:
    """Nobody loses data by a slip."""
    answer = person.says("deploy.local.reset")
    assert answer.returncode == 1
    assert "already running" in answer.stdout


def test_files_are_for_their_owner_alone(person: Person, url: str) -> None:
    """Passwords, keys and mails lie there."""
    assert person.state.stat().st_mode & 0o777 == 0o700
    for name in ("passwords.json", "supervisor.conf", "runner.lock", "keys/payments.pem", "keys/fields.key"):
        assert (person.state / name).stat().st_mode & 0o077 == 0


def test_stopped_system_leaves_no_process_and_keeps_its_data(tmp_path: Path) -> None:
    """SIGTERM; then hard kills, of the runner and of the supervisor; then a reset."""
    person = Person(tmp_path / "a long name with spaces, commas; and 100% more" / ".state")
    process = person.starts()
    words_until_ready(process)
    assert len(processes_of(person.state)) > 12
    process.terminate()
    assert process.wait(60) == 0
    assert processes_of(person.state) == {}
    passwords = (person.state / "passwords.json").read_text()

    again = person.starts()
    words_until_ready(again)
    again.kill()
    assert eventually(lambda: processes_of(person.state) == {}), processes_of(person.state)

    third = person.starts()
    words_until_ready(third)
    os.kill(int((person.state / "supervisor.pid").read_text()), signal.SIGKILL)
    assert third.wait(60) == 1
    assert eventually(lambda: processes_of(person.state) == {}), processes_of(person.state)
    assert (person.state / "passwords.json").read_text() == passwords

    assert person.says("deploy.local.reset").returncode == 0
    assert not person.state.exists()


def test_port_asked_for_and_taken_ends_the_start(tmp_path: Path) -> None:
    """One line, before anything is started."""
    with taken() as port:
        answer = Person(tmp_path / ".state").says("tests.deploy.run_stand_ins", PORT=str(port))
    assert answer.returncode == 1
    assert answer.stdout == f"clusterxchange: port {port} is taken by another program; choose another with PORT=..., or leave PORT out.\n"


@pytest.mark.parametrize("said", [{"AMQP_URI": "amqp://guest:guest@127.0.0.1:1/"}, {"DATABASE_URL": "postgresql://me:pw@127.0.0.1:1/x"}])
def test_unreachable_server_is_said_in_a_line(tmp_path: Path, said: dict[str, str]) -> None:
    """Without a traceback, and before anything is started."""
    assert is_free(1)
    answer = Person(tmp_path / ".state").says("tests.deploy.run_stand_ins", **said)
    assert answer.returncode == 1
    (name,) = said
    assert answer.stdout.startswith("clusterxchange: the ")
    assert f"of {name} cannot be reached" in answer.stdout
    assert answer.stdout.count("\n") == 1


def test_reset_leaves_foreign_servers_and_folders_alone(tmp_path: Path) -> None:
    """Neither a database of somebody's nor a folder that STATE names by mistake is emptied."""
    (tmp_path / "photo.jpg").touch()
    refused = Person(tmp_path).says("deploy.local.reset", DATABASE_URL="postgresql://host/db")
    assert refused.returncode == 1
    assert "DATABASE_URL" in refused.stdout
    assert Person(tmp_path).says("deploy.local.reset").returncode == 0
    assert (tmp_path / "photo.jpg").exists()


def test_note_beside_the_lock_is_json(person: Person, url: str) -> None:
    """Other commands read where the system is from it."""
    assert json.loads((person.state / "runner.lock").read_text())["port"] == int(url.rpartition(":")[2])
