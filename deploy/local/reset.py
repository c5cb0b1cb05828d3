"""`make reset`: throw away everything that the private broker, database and stand-ins hold, and start anew at the next `make run`."""

import shutil

from deploy.local.database import PrivateServer
from deploy.local.erased import register_of
from deploy.local.lock import alone
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from deploy.local.settings import read_settings
from deploy.local.supervision import wait_for_an_earlier_one
from deploy.local.unusable import Unusable, plainly


def main() -> None:
    """Empty the state folder, unless something runs in it or part of the data lies elsewhere."""
    settings = read_settings()
    if settings.foreign:
        raise Unusable(
            f"{' and '.join(settings.foreign)} names a server of yours, which is not ours to empty; unset it to reset the private ones."
        )
    # Only a folder that a runner has worked in: STATE may name anything.
    if not (settings.state / "runner.lock").exists():
        print(f"nothing to throw away in {settings.state}")
        return
    with alone(settings.state):
        wait_for_an_earlier_one(settings.state)
        PrivateServer(settings.state, Ports(settings.state), Passwords(settings.state), settings.state).erase()
        shutil.rmtree(settings.state)
    print(f"{settings.state} is gone; `make run` starts anew")
    if (register := register_of(settings.state)).exists():
        print(f"{register} stays: whom it names, no restored backup brings back")


if __name__ == "__main__":
    plainly(main)
