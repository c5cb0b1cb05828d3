"""Write a migration step for a service from the difference between its model and its migrations: `make migration`.

A private database is started for it, migrated, compared and thrown away.
"""

import sys
import tempfile
from pathlib import Path

from chassis.running import migrate
from chassis.running.frame import make_engine
from deploy.local.database import private_database


def write_step(service: str, message: str) -> None:
    """Write `services/<service>/migrations/NNNN_<message>.py`."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, private_database(Path(folder)) as database:
        database.prepare([service])
        engine = make_engine(database.url(service))
        migrate.upgrade(engine, f"services.{service}")
        migrate.make(engine, f"services.{service}", message)
        engine.dispose()


if __name__ == "__main__":
    write_step(sys.argv[1], sys.argv[2])
