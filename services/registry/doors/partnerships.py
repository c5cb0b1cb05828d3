"""Doors of the partnerships."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.running.doors import answers, listens
from chassis.running.unit import Unit, Units
from contracts.identity.events import RoleGranted, RoleRevoked
from contracts.registry import AcronymTaken, CreatePartnership, ListPartnerships, ReadPartnership, RevisePartnership
from services.registry.model import ContactPoint, Partnership
from services.registry.queries import partnerships, reference

PERMISSIONS = frozenset({"registrations", "agreements", "finance"})


class PartnershipDoors:
    """Partnerships: made by administrators, changed by them and in part by their contact points, read by everybody."""

    unit = Units()

    @answers(CreatePartnership)
    def create_partnership(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Create one."""
        with self.unit() as unit:
            _check_acronym(unit, request["acronym"])
            partnership, fact = Partnership.create(request, reference.rules(unit))
            unit.session.add(partnership)
            unit.announce(fact)
            return unit.reply(partnership, contact_points=[])

    @answers(RevisePartnership)
    def revise_partnership(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Change one."""
        with self.unit() as unit:
            partnership = partnerships.partnership(unit, request.pop("partnership_id"), to_change=True)
            unit.expect(partnership)
            _check_acronym(unit, request.get("acronym"), partnership.id)
            unit.announce(partnership.revise(who, request))
            return unit.reply(partnership, contact_points=partnerships.contact_points(unit, partnership.id))

    @answers(ReadPartnership)
    def read_partnership(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Read one with its contact points."""
        with self.unit() as unit:
            partnership = partnerships.partnership(unit, request["partnership_id"])
            return unit.reply(partnership, contact_points=partnerships.contact_points(unit, partnership.id))

    @answers(ListPartnerships)
    def list_partnerships(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """List them."""
        with self.unit() as unit:
            return unit.reply(partnerships.partnerships(unit, request))

    @listens(RoleGranted)
    def note_contact_point(self, event: Heard) -> None:
        """Copy a contact point's permission."""
        with self.unit() as unit:
            if _is_permission(event):
                unit.session.execute(insert(ContactPoint).values(**_permission(event)).on_conflict_do_nothing())

    @listens(RoleRevoked)
    def forget_contact_point(self, event: Heard) -> None:
        """Take a contact point's permission out of the copy."""
        with self.unit() as unit:
            held = unit.session.get(ContactPoint, _permission(event)) if _is_permission(event) else None
            if held:
                unit.session.delete(held)


def _is_permission(event: Heard) -> bool:
    return event.data["role"] in PERMISSIONS and event.data["place"] is not None


def _permission(event: Heard) -> dict[str, Any]:
    data = event.data
    return {"partnership_id": data["place"], "person_id": data["person_id"], "permission": data["role"]}


def _check_acronym(unit: Unit, acronym: str | None, by_other_than: UUID | None = None) -> None:
    if acronym and partnerships.is_acronym_taken(unit, acronym, by_other_than):
        raise AcronymTaken(acronym=acronym)
