"""What a process that is to be ended is told: apart from the process itself, whose server takes hold of its whole interpreter."""

from __future__ import annotations

from pathlib import Path

from chassis.bare.config import Config


def told(database_url: str, amqp_uri: str, folder: Path) -> Config:
    """What such a process is told."""
    return Config(
        environment="development", amqp_uri=amqp_uri, database_url=database_url, key_file=folder, trust_folder=folder, blob_folder=folder,
        derived_folder=None, clock_file=None, health_port=0, max_workers=10, call_timeout_s=5.0,
    )  # fmt: skip
