"""The gateway's settings, from its environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from environs import Env, EnvError

from chassis.bare.config import WrongSetting


@dataclass(frozen=True)
class Settings:
    """What the gateway is told; times in seconds, `rate_limit` in writes a minute per address without a session (0: no limit).

    `system_rate_limit`: reads of the feed a minute per partnership system and process.

    Per process: `calls` under way to one service, `heavy_calls` (log-ins) to one service, bytes that all bodies may hold,
    `live_streams` open at once (each keeps one of CONNECTIONS) and how many of them one person may have.
    """

    environment: str
    amqp_uri: str
    key_file: Path
    blob_folder: Path
    public_url: str
    call_timeout_s: float
    mail_folder: Path | None
    clock_file: Path | None
    rate_limit: int
    system_rate_limit: int = 600
    calls: int = 64
    heavy_calls: int = 6
    body_bytes: int = 64 * 1024 * 1024
    live_streams: int = 400
    live_streams_each: int = 12

    @property
    def is_development(self) -> bool:
        """Whether /dev is served."""
        return self.environment == "development"


def read_settings() -> Settings:
    """Read the environment; raises WrongSetting."""
    env = Env()
    try:
        return Settings(
            environment=env.str("ENVIRONMENT", "production"),
            amqp_uri=env.str("AMQP_URI"),
            key_file=env.path("KEY_FILE"),
            blob_folder=env.path("BLOB_FOLDER"),
            public_url=env.str("PUBLIC_URL").rstrip("/"),
            call_timeout_s=env.float("CALL_TIMEOUT_S", 10.0),
            mail_folder=env.path("MAIL_FOLDER", None),
            clock_file=env.path("CLOCK_FILE", None),
            rate_limit=env.int("RATE_LIMIT", 60),
            system_rate_limit=env.int("SYSTEM_RATE_LIMIT", 600),
            calls=env.int("CALLS_PER_SERVICE", 64),
            heavy_calls=env.int("HEAVY_CALLS", 6),
            body_bytes=env.int("BODY_MEMORY_MB", 64) * 1024 * 1024,
            live_streams=env.int("LIVE_STREAMS", 400),
            live_streams_each=env.int("LIVE_STREAMS_EACH", 12),
        )
    except EnvError as error:
        raise WrongSetting(str(error)) from error


@dataclass(frozen=True)
class Patience:
    """How long a connection is waited for, in seconds: for headers, for a body, for a reader that stands still.

    A large body has one more second for every `slowest_body` bytes.
    """

    headers_s: float
    body_s: float
    stall_s: float
    slowest_body: int


def read_patience() -> Patience:
    """Read the environment; raises WrongSetting."""
    env = Env()
    try:
        return Patience(
            headers_s=env.float("HEADERS_TIME_S", 10.0),
            body_s=env.float("BODY_TIME_S", 20.0),
            stall_s=env.float("STALL_TIME_S", 20.0),
            slowest_body=env.int("SLOWEST_BODY", 8 * 1024),
        )
    except EnvError as error:
        raise WrongSetting(str(error)) from error
