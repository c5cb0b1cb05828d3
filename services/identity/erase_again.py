"""Erase again whom a restored database has brought back: `python -m services.identity.erase_again`, in identity's own environment.

Reads the register (ERASED_FILE). It is run at every start before anybody is let in; where nobody is back it changes nothing.
"""

from __future__ import annotations

import sys

from chassis.bare.config import WrongSetting, read_config
from chassis.bare.message import new_id
from chassis.bare.principal import Signer
from chassis.bare.refusals import Unavailable
from chassis.running.calls import BrokerAsker
from chassis.running.frame import Frame, make_frame
from chassis.running.occasions import Occasion
from chassis.running.unit import look, open_unit
from services.identity import queries
from services.identity.erasure import erase
from services.identity.register import read_register, register_file
from services.identity.service import Identity


def erase_again(frame: Frame) -> int:
    """Erase whoever of the register is there, each in a unit; returns how many were. Raises ValueError for what is no register."""
    occasion = Occasion(frame.itself, f"erasure-{new_id()}")
    with look(frame, occasion) as unit:
        back = queries.not_erased(unit, read_register(register_file()))
    for person_id in back:
        with open_unit(frame, occasion) as unit:
            erase(unit, person_id)
    return len(back)


def main() -> None:
    """Do it, and say how many were back."""
    try:
        config = read_config()
        asker = BrokerAsker(config.amqp_uri, Signer(Identity.name, config.key_file), config.call_timeout_s)
        back = erase_again(make_frame(Identity, config, asker))
    except (ValueError, WrongSetting, Unavailable) as reason:
        sys.exit(str(reason))
    print(f"{back} persons were back and are erased again")


if __name__ == "__main__":
    main()
