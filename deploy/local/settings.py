"""What a person may say to the runner, all of it through the environment (`make run PORT=9000` sets it too).

| setting              | meaning                                                                    | without it                            |
|----------------------|----------------------------------------------------------------------------|---------------------------------------|
| PORT                 | the port people use                                                        | 8080, or the next free one            |
| STATE                | the folder that keeps everything                                           | .state in the clone                   |
| AMQP_URI             | a broker of yours, as its administrator (amqp://user:password@host:5672/)  | a private RabbitMQ node               |
| AMQP_MANAGEMENT_URI  | its management (http://user:password@host:15672): makes hosts and logins   | you make them; the commands are shown |
| CALL_QUEUES          | quorum where the broker is a cluster: calls outlive a node                 | classic, which is quicker             |
| DATABASE_URL         | a PostgreSQL of yours, as its administrator (postgresql://...)             | the embedded PostgreSQL               |
| DEMO                 | 1: demonstration data into a broker or database of yours too               | only into our private ones            |
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from deploy.local.program import ROOT
from deploy.local.unusable import Unusable

SQLALCHEMY_SCHEME = "postgresql+psycopg2"


@dataclass(frozen=True)
class Settings:
    """What was asked for; None where nothing was."""

    state: Path
    port: int | None = None
    amqp_uri: str | None = None
    amqp_management_uri: str | None = None
    database_url: str | None = None
    demo: bool = False
    call_queues: str = "classic"

    @property
    def foreign(self) -> list[str]:
        """The settings that name someone else's broker or database."""
        return [name for name, value in (("AMQP_URI", self.amqp_uri), ("DATABASE_URL", self.database_url)) if value]

    @property
    def wants_demonstration(self) -> bool:
        """Whether made-up people may be put in."""
        return self.demo or not self.foreign


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment; raises Unusable with the setting's name."""
    said = {name: value for name, value in environment.items() if value}
    return Settings(
        state=Path(said.get("STATE", ROOT / ".state")).expanduser().absolute(),
        port=_port(said.get("PORT")),
        amqp_uri=_amqp_uri(said.get("AMQP_URI")),
        amqp_management_uri=_management_uri(said.get("AMQP_MANAGEMENT_URI"), said.get("AMQP_URI")),
        database_url=_database_url(said.get("DATABASE_URL")),
        demo=said.get("DEMO", "0").lower() not in ("0", "no", "false"),
        call_queues=_call_queues(said.get("CALL_QUEUES", "classic")),
    )


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise Unusable(f"PORT is {text!r}; it has to be a number from 1 to 65535.")
    return int(text)


def _call_queues(text: str) -> str:
    if text not in ("classic", "quorum"):
        raise Unusable(f"CALL_QUEUES is {text!r}; it has to be classic or quorum.")
    return text


def _amqp_uri(text: str | None) -> str | None:
    if text is not None:
        _demand(_parts("AMQP_URI", text), "AMQP_URI", ("amqp", "amqps"), "amqp://user:password@host:5672/")
    return text


def _management_uri(text: str | None, amqp_uri: str | None) -> str | None:
    if text is None:
        return None
    if amqp_uri is None:
        raise Unusable("AMQP_MANAGEMENT_URI is set without AMQP_URI; set both for a broker of yours, or neither for a private one.")
    _demand(_parts("AMQP_MANAGEMENT_URI", text), "AMQP_MANAGEMENT_URI", ("http", "https"), "http://user:password@host:15672")
    return text


def _database_url(text: str | None) -> str | None:
    if text is None:
        return None
    parts = _parts("DATABASE_URL", text)
    like = "postgresql://user:password@host:5432/postgres"
    # psycopg 3 blocks eventlet's loop, and SQLAlchemy would take it for a bare postgresql://.
    _demand(parts, "DATABASE_URL", ("postgresql", "postgres", SQLALCHEMY_SCHEME), like)
    return parts._replace(scheme=SQLALCHEMY_SCHEME, path=parts.path if parts.path.strip("/") else "/postgres").geturl()


def _parts(name: str, text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # only looking at it tells whether it is a number
    except ValueError as reason:
        raise Unusable(f"{name} is not an address ({reason}).") from reason
    return parts


def _demand(parts: SplitResult, name: str, schemes: tuple[str, ...], like: str) -> None:
    if parts.scheme not in schemes or not parts.hostname:
        raise Unusable(f"{name} does not look like {like}; correct it, or leave it out for a private one.")
