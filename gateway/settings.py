"""The gateway's settings, from its environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from environs import Env, EnvError

from chassis.bare.config import WrongSetting


@dataclass(frozen=True)
class Settings:
    """What the gateway is told; times in seconds, `rate_limit` in writes a minute per address without a session (0: no limit)."""

    environment: str
    amqp_uri: str
    key_file: Path
    blob_folder: Path
    public_url: str
    call_timeout_s: float
    mail_folder: Path | None
    clock_file: Path | None
    rate_limit: int

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
        )
    except EnvError as error:
        raise WrongSetting(str(error)) from error
