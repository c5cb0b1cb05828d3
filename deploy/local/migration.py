"""Write a migration step for a service from the difference between its model and its migrations: `make migration`.

A private database is started for it, migrated, compared and thrown away.
"""

import sys
import tempfile
from functools import partial
from pathlib import Path

from chassis.running import migrate
from chassis.running.frame import make_engine
from deploy.local.database import private_database
from deploy.local.installation import SERVICES
from deploy.local.unusable import Unusable, plainly


def write_step(service: str, message: str) -> None:
    """Write `services/<service>/migrations/NNNN_<message>.py`; raises Unusable."""
    if service not in SERVICES or not message.strip():
        raise Unusable(f'say it like `make migration SERVICE=registry MESSAGE="add waves"`; the services are {", ".join(SERVICES)}.')
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, private_database(Path(folder)) as database:
        database.prepare([service])
        engine = make_engine(database.url(service))
        migrate.upgrade(engine, f"services.{service}")
        migrate.make(engine, f"services.{service}", message)
        engine.dispose()


if __name__ == "__main__":
    plainly(partial(write_step, sys.argv[1], sys.argv[2]))
