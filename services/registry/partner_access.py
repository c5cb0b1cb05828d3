"""Give a partnership's system access: `python -m services.registry.partner_access ACRONYM`, in the registry's own environment.

By the rules of the door that contact points use, with the same journal rows. The secret is printed once, or written with `--file`
for its owner alone to read. `--rotate` replaces it, `--revoke` ends the access, `--show` says how it is. Exit code 0 when done, 1
when refused (one line says why), 2 for a wrong use, 3 when the broker has not followed within the time of `--wait` (30 seconds).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from chassis.bare.config import WrongSetting, read_config
from chassis.bare.message import new_id, real_now
from chassis.bare.principal import Signer
from chassis.bare.refusals import Refusal, Unavailable
from chassis.running.calls import BrokerAsker
from chassis.running.frame import make_frame
from chassis.running.occasions import Occasion
from chassis.running.unit import Unit, open_unit
from contracts.registry import NoPartnerAccess
from services.registry.doors.partner_access import open_access
from services.registry.model import PartnerAccess
from services.registry.partner_queues import public_address
from services.registry.queries import partner_access, partnerships
from services.registry.service import Registry

NOT_YET = 3

OpenUnit = Callable[[], AbstractContextManager[Unit]]


def units_of_this_process(name: str) -> OpenUnit:
    """Units of a command by hand, in the registry's name; raises WrongSetting."""
    config = read_config()
    asker = BrokerAsker(config.amqp_uri, Signer(Registry.name, config.key_file), config.call_timeout_s)
    frame = make_frame(Registry, config, asker)
    return lambda: open_unit(frame, Occasion(frame.itself, f"{name}-{new_id()}"))


def provide(unit: Unit, acronym: str) -> tuple[PartnerAccess, str]:
    """Open the access of that partnership; raises PartnershipNotFound, PartnerAccessOpen."""
    return open_access(unit, partnerships.of_acronym(unit, acronym))


def rotate(unit: Unit, acronym: str) -> tuple[PartnerAccess, str]:
    """Replace its secret; raises PartnershipNotFound, NoPartnerAccess, MoveNotAllowed."""
    access = _access(unit, acronym)
    secret, fact = access.rotate(by=unit.who, at=real_now())
    unit.announce(fact)
    return access, secret


def revoke(unit: Unit, acronym: str) -> tuple[PartnerAccess, None]:
    """End it; raises PartnershipNotFound, NoPartnerAccess, MoveNotAllowed."""
    access = _access(unit, acronym)
    unit.announce(access.revoke(by=unit.who, at=real_now()))
    return access, None


def show(unit: Unit, acronym: str) -> tuple[PartnerAccess, None]:
    """How it is; raises PartnershipNotFound, NoPartnerAccess."""
    return _access(unit, acronym), None


def is_followed(units: OpenUnit, acronym: str, seconds: float) -> bool:
    """Whether the broker has login and queue as they are to be, waiting so long for it."""
    until = time.monotonic() + seconds
    while True:
        with units() as unit:
            if _access(unit, acronym).ready:
                return True
        if time.monotonic() > until:
            return False
        time.sleep(0.2)


def _access(unit: Unit, acronym: str) -> PartnerAccess:
    access = partner_access.access_of(unit, partnerships.of_acronym(unit, acronym).id)
    if access is None:
        raise NoPartnerAccess
    return access


def _tell(access: PartnerAccess, secret: str | None, file: Path | None) -> None:
    said = {
        "login": access.login, "queue": access.queue, "amqp": public_address() or "(PARTNERS_ADDRESS is not set)", "state": access.state,
        "events": f"{os.environ.get('PUBLIC_URL', '').rstrip('/')}/v1/events",
    }  # fmt: skip
    if secret is None:
        said |= {name: str(getattr(access, name)) for name in ("ready", "waiting", "parked", "consumers", "last_consumer_at")}
    elif file is None:
        said["secret"] = f"{secret}   (shown this once, kept nowhere)"
    else:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as private:
            private.write(f"{secret}\n")
        said["secret"] = f"in {file}"
    for name, value in said.items():
        print(f"{name:16}  {value}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="partner_access", description="Give a partnership's system access to its events.")
    parser.add_argument("acronym", help="the partnership's acronym, such as BLUES")
    parser.add_argument("--file", type=Path, help="write the secret to this file instead of printing it")
    parser.add_argument("--wait", type=float, default=30.0, metavar="SECONDS", help="for the broker to follow (30)")
    way = parser.add_mutually_exclusive_group()
    for name, act in {"rotate": rotate, "revoke": revoke, "show": show}.items():
        way.add_argument(f"--{name}", dest="act", action="store_const", const=act)
    return parser.parse_args()


def main() -> int:
    """Do what the command line says, tell it, and wait until the broker has followed."""
    asked = _arguments()
    act: Callable[[Unit, str], tuple[PartnerAccess, str | None]] = asked.act or provide
    try:
        units = units_of_this_process("partner-access")
        with units() as unit:
            access, secret = act(unit, asked.acronym)
        _tell(access, secret, asked.file)
        if act is show or is_followed(units, asked.acronym, asked.wait):
            return 0
    except (Refusal, WrongSetting, Unavailable, OSError) as reason:
        print(reason, file=sys.stderr)
        return 1
    print("the broker has not followed yet: is the registry's worker running, and does it reach the management?", file=sys.stderr)
    return NOT_YET


if __name__ == "__main__":
    sys.exit(main())
