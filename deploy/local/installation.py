"""One installation on this machine: its state folder, ports, passwords, keys, broker and database, and what each process is told of them."""

import os
from dataclasses import dataclass
from pathlib import Path

from deploy.local.broker import PrivateNode
from deploy.local.broker_rights import Broker
from deploy.local.clock import ClockFile
from deploy.local.database import PrivateServer
from deploy.local.database_logins import Database
from deploy.local.erased import register_of
from deploy.local.files import private_folder
from deploy.local.keys import Keys
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from deploy.local.settings import Settings

SERVICES = ("identity", "registry", "matching", "agreements", "payments")
GATEWAY = "gateway"
LOGINS = (*SERVICES, GATEWAY)

# What a person may set for the processes themselves, for a trial or a load test.
HANDED_ON = ("WEB_CONCURRENCY", "LOG_LEVEL", "MAX_WORKERS", "CALL_TIMEOUT_S", "SYSTEM_RATE_LIMIT")
ADMISSION = ("CALLS_PER_SERVICE", "HEAVY_CALLS", "BODY_MEMORY_MB", "CONNECTIONS")
PATIENCE = ("HEADERS_TIME_S", "BODY_TIME_S", "STALL_TIME_S", "SLOWEST_BODY")
PARTNERS_WORKER = "registry-work-"
PARTNER_BOUNDS = ("PARTNER_QUEUE_LENGTH", "PARTNER_QUEUE_DAYS")


@dataclass(frozen=True)
class Installation:
    """Everything that lies in one state folder, and where it is reached. `port` is the one people use."""

    settings: Settings
    ports: Ports
    passwords: Passwords
    port: int

    @property
    def state(self) -> Path:
        """The folder of all of it."""
        return self.settings.state

    @property
    def logs(self) -> Path:
        """The folder of what the processes say."""
        return self.state / "logs"

    @property
    def keys(self) -> Keys:
        """The keys of all issuers."""
        return Keys(self.state)

    @property
    def clock(self) -> ClockFile:
        """The domain clock."""
        return ClockFile(self.state)

    @property
    def url(self) -> str:
        """Where people come in."""
        return f"http://localhost:{self.port}"

    @property
    def node(self) -> PrivateNode | None:
        """Our own broker, unless AMQP_URI names another."""
        if self.settings.amqp_uri:
            return None
        return PrivateNode(self.state / "broker", self.ports, self.passwords, self.logs)

    @property
    def server(self) -> PrivateServer | None:
        """Our own database, unless DATABASE_URL names another."""
        if self.settings.database_url:
            return None
        return PrivateServer(self.state, self.ports, self.passwords, self.logs)

    @property
    def broker(self) -> Broker:
        """The broker as its administrator reaches it."""
        if self.node:
            return self.node.broker
        return Broker(self.settings.amqp_uri or "", self.settings.amqp_management_uri, self.passwords)

    @property
    def database(self) -> Database:
        """The database as its administrator reaches it."""
        return self.server.database if self.server else Database(self.settings.database_url or "", self.passwords)

    def prepare(self) -> None:
        """Make the folders, keys and clock that every process finds at its start."""
        for folder in (self.state, self.logs, self.blobs):
            private_folder(folder)
        self.keys.make(LOGINS)
        self.clock.make()

    @property
    def blobs(self) -> Path:
        """The folder of uploaded and made files."""
        return self.state / "blobs"

    @property
    def erased(self) -> Path:
        """The register of the erased; it lies beside the state folder and outlives it."""
        return register_of(self.state)

    @property
    def mail(self) -> Path:
        """The Maildir of every mail sent."""
        return self.state / "mail"

    @property
    def mail_port(self) -> int:
        """The port of the mail relay's stand-in."""
        return self.ports.of("mail")

    def health_port(self, process: str) -> int:
        """The loopback port on which a process answers /health/ready, /health/live and /metrics."""
        return self.ports.of(f"health/{process}")

    def environment(self, login: str, process: str | None = None) -> dict[str, str]:
        """What a service or the gateway finds in its environment, for one of its processes (without one: for a command by hand).

        | name               | who           | meaning                                                                    |
        |--------------------|---------------|----------------------------------------------------------------------------|
        | ENVIRONMENT        | all           | development: the clock may be moved, mail may be looked at                 |
        | AMQP_URI           | all           | its own login on the virtual host `services`                               |
        | DATABASE_URL       | services      | its own login on its own database                                          |
        | KEY_FILE           | all           | its own private EC P-256 key, PEM                                          |
        | TRUST_FOLDER       | all           | the public keys of all issuers, <issuer>.pem                               |
        | BLOB_FOLDER        | all           | uploaded and made files                                                    |
        | DERIVED_FOLDER     | services      | what can be made again, as matching's snapshot of its index                |
        | CLOCK_FILE         | all           | the domain clock's lead in seconds, read at each look                      |
        | HEALTH_PORT        | processes     | loopback: /health/ready, /health/live, /metrics                            |
        | SMTP_URL           | all           | the mail relay                                                             |
        | MAIL_FOLDER        | gateway       | the Maildir of every mail sent, for /dev/mail                              |
        | PUBLIC_URL         | all           | where people come in                                                       |
        | FIELD_KEY_FILE     | payments      | the key for bank details: 32 bytes, base64                                 |
        | ERASED_FILE        | identity      | the register of the erased: outside of all databases                       |
        | PORT               | gateway       | where it listens                                                           |
        | RATE_LIMIT         | gateway       | writes a minute and address; 0 here: everybody comes from one address      |
        | CALLS_PER_SERVICE  | gateway       | calls under way per process and service; 64                                |
        | HEAVY_CALLS        | gateway       | the same for log-ins and other hashing; 6                                  |
        | BODY_MEMORY_MB     | gateway       | what all bodies together may hold per process; 64                          |
        | CONNECTIONS        | gateway       | open connections per process; 1000                                         |
        | HEADERS_TIME_S     | gateway       | how long headers may take; 10                                              |
        | BODY_TIME_S        | gateway       | the same for a body; 20, and a second for every SLOWEST_BODY (8192) bytes  |
        | STALL_TIME_S       | gateway       | how long an answer may lie unread; 20                                      |
        | SYSTEM_RATE_LIMIT  | gateway       | reads of the feed a minute and partnership system; 600, 0 for no limit     |
        | PARTNERS_ADDRESS   | registry      | where partnerships reach the broker, to be told to them                    |
        | PARTNERS_URI       | its worker    | the login that carries events into the queues of partnerships              |
        | PARTNERS_MANAGEMENT_URI | its worker | the login that makes those queues and their logins                       |
        | PARTNER_QUEUE_LENGTH | its worker  | events that a partnership's queue holds; 100000                            |
        | PARTNER_QUEUE_DAYS | its worker    | days that it holds them; 14                                                |
        | PROMETHEUS_MULTIPROC_DIR | gateway | where its workers write their metrics                                    |
        """
        known = {
            "ENVIRONMENT": "development",
            "AMQP_URI": self.broker.uri(login),
            "KEY_FILE": str(self.keys.key_file(login)),
            "TRUST_FOLDER": str(self.keys.trust_folder),
            "BLOB_FOLDER": str(self.blobs),
            "DERIVED_FOLDER": str(self.state / "derived"),
            "CLOCK_FILE": str(self.clock.path),
            "SMTP_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "PUBLIC_URL": self.url,
            "PYTHONUNBUFFERED": "1",
            **{name: os.environ[name] for name in (*HANDED_ON, *ADMISSION, *PATIENCE) if name in os.environ},
            **self._own(login),
            **(self._of_partners_worker() if process and process.startswith(PARTNERS_WORKER) else {}),
        }
        if process:
            known["HEALTH_PORT"] = str(self.health_port(process))
        return known

    def _own(self, login: str) -> dict[str, str]:
        """What one login alone is told."""
        if login == GATEWAY:
            metrics = str(self.state / "gateway-metrics")
            return {
                "PORT": str(self.port),
                "MAIL_FOLDER": str(self.mail),
                "PROMETHEUS_MULTIPROC_DIR": metrics,
                "RATE_LIMIT": os.environ.get("RATE_LIMIT", "0"),
            }
        own = {"DATABASE_URL": self.database.url(login)}
        if login == "identity":
            own["ERASED_FILE"] = str(self.erased)
        if login == "payments":
            own["FIELD_KEY_FILE"] = str(self.keys.field_key_file)
        if login == "registry":
            own["PARTNERS_ADDRESS"] = self.broker.partners_address
        return own

    def _of_partners_worker(self) -> dict[str, str]:
        """What the process that keeps partnerships' queues is told, and no other: with it one could make any login."""
        keeper = {"PARTNERS_MANAGEMENT_URI": self.broker.keeper_uri} if self.broker.keeper_uri else {}
        bounds = {name: os.environ[name] for name in PARTNER_BOUNDS if name in os.environ}
        return {"PARTNERS_URI": self.broker.feed_uri, **keeper, **bounds}
