"""Settings of one process, from its environment; a wrong or missing one is said in a sentence at start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from environs import Env, EnvError

from chassis.bare import crash_points


class WrongSetting(Exception):
    """A setting is missing or cannot be used; the sentence says which and why."""


@dataclass(frozen=True)
class Config:
    """What a service's process is told. Times are in seconds."""

    environment: str
    amqp_uri: str
    database_url: str
    key_file: Path
    trust_folder: Path
    blob_folder: Path
    derived_folder: Path | None
    clock_file: Path | None
    health_port: int
    max_workers: int
    call_timeout_s: float

    @property
    def is_development(self) -> bool:
        """Whether the clock may be moved and mails be looked at."""
        return self.environment == "development"


def read_config() -> Config:
    """Read the environment; raises WrongSetting."""
    env = Env()
    try:
        config = Config(
            environment=env.str("ENVIRONMENT", "production"),
            amqp_uri=env.str("AMQP_URI"),
            database_url=env.str("DATABASE_URL"),
            key_file=env.path("KEY_FILE"),
            trust_folder=env.path("TRUST_FOLDER"),
            blob_folder=env.path("BLOB_FOLDER"),
            derived_folder=env.path("DERIVED_FOLDER", None),
            clock_file=env.path("CLOCK_FILE", None),
            health_port=env.int("HEALTH_PORT", 0),
            max_workers=env.int("MAX_WORKERS", 10),
            call_timeout_s=env.float("CALL_TIMEOUT_S", 5.0),
        )
    except EnvError as error:
        raise WrongSetting(str(error)) from error
    return _checked(config)


def _checked(config: Config) -> Config:
    # psycopg 3's C half blocks eventlet's loop, so a bare postgresql:// must not slip through.
    if not config.database_url.startswith("postgresql+psycopg2://"):
        raise WrongSetting("DATABASE_URL must begin with postgresql+psycopg2://")
    if config.clock_file and not config.is_development:
        raise WrongSetting("CLOCK_FILE moves the domain clock and is for ENVIRONMENT=development only")
    if crash_points.is_armed() and not config.is_development:
        raise WrongSetting("This process is armed to crash, which is for tests: ENVIRONMENT must be development")
    return config
