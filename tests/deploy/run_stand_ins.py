"""`make run` with the stand-in rooms: `python -m tests.deploy.run_stand_ins`."""

from pathlib import Path

from deploy.local.run import run
from deploy.local.settings import read_settings
from deploy.local.unusable import plainly

ROOMS = Path(__file__).parent / "rooms"

if __name__ == "__main__":
    plainly(lambda: run(read_settings(), ROOMS))
