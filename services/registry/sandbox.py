"""Events to build against: `python -m services.registry.sandbox`, in the registry's own environment.

Puts one example of every type that partnerships receive into the feed and the queue of the partnership SANDBOX, which is made when it
is not there, takes no registrations, and gets its access as any other. Each is marked twice: source `/sandbox`, attribute `sandbox`.
No other partnership can be named. Outside of development it wants `--in-production`, for an operator who offers partners a sandbox.
"""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from uuid import UUID

from chassis.bare.config import WrongSetting, read_config
from chassis.bare.message import Heard, new_id
from chassis.bare.refusals import Refusal, Unavailable
from chassis.running.unit import Unit
from contracts.partners.events import partner_events
from contracts.partners.parts import PartnerEvent
from contracts.registry import CreatePartnership, PartnershipNotFound
from services.registry.doors.feed import public_url
from services.registry.model import Partnership
from services.registry.model.feed import sandbox_bytes
from services.registry.partner_access import units_of_this_process
from services.registry.queries import feed, partnerships, reference

ACRONYM = "SANDBOX"
ABOUT = {
    "acronym": ACRONYM,
    "name": "Sandbox for partnership systems",
    "summary": "Takes no part in exchanges. Its events are examples for partnership systems to build against.",
    "website": None,
    "open_for_registration": False,
}


def emit(unit: Unit) -> list[UUID]:
    """One example of every type; returns their ids."""
    place = _partnership(unit).id
    ids = []
    for number, contract in enumerate(partner_events(), 1):
        event = _example(unit, contract, place, number)
        feed.record(unit, event.id, event.type, sandbox_bytes(contract, event, public_url()), [place])
        ids.append(event.id)
    return ids


def _partnership(unit: Unit) -> Partnership:
    try:
        return partnerships.of_acronym(unit, ACRONYM)
    except PartnershipNotFound:
        partnership, fact = Partnership.create(CreatePartnership.read({**CreatePartnership.example, **ABOUT}), reference.rules(unit))
        unit.session.add(partnership)
        unit.session.flush()
        unit.announce(fact)
        return partnership


def _example(unit: Unit, contract: type[PartnerEvent], place: UUID, number: int) -> Heard:
    told_of = contract.told_of
    data = dict(contract.example)
    if "partnership_id" in data:
        data["partnership_id"] = str(place)
    else:
        data["visitor"] = {**data["visitor"], "partnership_id": str(place)}
    subject = f"{told_of.subject_kind}/{data[f'{told_of.subject_kind}_id']}"
    at = unit.now + timedelta(milliseconds=number)
    return Heard(new_id(), contract.slug(), subject, number, at, "sandbox", contract.read(data), (place,))


def main() -> int:
    """Emit, or say in a line why not."""
    parser = argparse.ArgumentParser(prog="sandbox", description="Emit an example of every partner event to the sandbox partnership.")
    parser.add_argument("--in-production", action="store_true", help="also where ENVIRONMENT is not development")
    asked = parser.parse_args()
    try:
        if not read_config().is_development and not asked.in_production:
            print("this is no development system; say --in-production if partners are to have a sandbox here", file=sys.stderr)
            return 1
        with units_of_this_process("sandbox")() as unit:
            ids = emit(unit)
    except (Refusal, WrongSetting, Unavailable) as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"{len(ids)} events are in the feed of {ACRONYM}; if it has an access, they come into its queue, too")
    return 0


if __name__ == "__main__":
    sys.exit(main())
