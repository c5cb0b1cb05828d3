"""Where an installation keeps what is audited: one that runs here, or one whose addresses are named."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chassis.bare.clock import Clock
from deploy.local.broker_rights import Broker
from deploy.local.database_logins import Database
from deploy.local.installation import SERVICES, Installation
from deploy.local.lock import is_held, running_installation
from deploy.local.passwords import Passwords
from deploy.local.settings import Settings
from deploy.local.unusable import Unusable


@dataclass(frozen=True)
class Place:
    """The databases by service (libpq addresses of an administrator), the broker, the files, payments' key file, domain time."""

    addresses: dict[str, str]
    broker: Broker
    blobs: Path
    field_key_file: Path
    clock: Clock


def place_of(here: Installation) -> Place:
    """Where an installation of ours keeps it all."""
    return Place(_addresses(here.database), here.broker, here.blobs, here.keys.field_key_file, Clock(here.clock.path))


def find_place(settings: Settings, environment: Mapping[str, str] = os.environ) -> Place:
    """The system that runs in STATE; else the one that DATABASE_URL and AMQP_URI name. Raises Unusable.

    BLOB_FOLDER, FIELD_KEY_FILE and CLOCK_FILE say, as they do to the services, what lies elsewhere than in STATE.
    """
    if is_held(settings.state):
        return place_of(running_installation(settings))
    if not settings.database_url or not settings.amqp_uri:
        raise Unusable(
            f"nothing runs in {settings.state}; name its folder with STATE, or set DATABASE_URL and AMQP_URI (administrator's addresses), "
            "BLOB_FOLDER and FIELD_KEY_FILE of an installation elsewhere."
        )
    passwords, clock = Passwords(settings.state), environment.get("CLOCK_FILE")
    return Place(
        _addresses(Database(settings.database_url, passwords)),
        Broker(settings.amqp_uri, settings.amqp_management_uri, passwords),
        Path(environment.get("BLOB_FOLDER") or settings.state / "blobs"),
        Path(environment.get("FIELD_KEY_FILE") or settings.state / "keys" / "fields.key"),
        Clock(Path(clock) if clock else None),
    )


def _addresses(database: Database) -> dict[str, str]:
    return {service: database.administrators_plain_url_of(service) for service in SERVICES}
