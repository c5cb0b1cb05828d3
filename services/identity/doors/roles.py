"""Doors of roles: given by administrators and the support office, and by what other services announce."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.running.doors import answers, due, listens
from chassis.running.occasions import Due
from chassis.running.unit import Unit, Units
from contracts.identity.roles import GrantRole, ListPersons, RevokeRole
from contracts.registry.events import OrganisationFounded, RepresentativeJoined
from services.identity import queries
from services.identity.model import Role


class RoleDoors:
    """Who may do what, where."""

    unit = Units()

    @answers(GrantRole)
    def grant_role(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Give a person a role; one held already is answered as it is."""
        with self.unit() as unit:
            Role.may_be_granted(request["role"], who)
            account = queries.confirmed_account(unit, request["login"])
            return unit.reply(give_role(unit, account.id, request["role"], request["place"]))

    @answers(RevokeRole)
    def revoke_role(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take a role back; the last administrator stays."""
        with self.unit() as unit:
            role = queries.role(unit, request["role_id"])
            unit.announce(role.revoke(who, unit.now, administrators=queries.administrators(unit)))
            return unit.reply()

    @answers(ListPersons)
    def list_persons(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Find persons."""
        with self.unit() as unit:
            return unit.reply(queries.persons(unit, request))

    @listens(OrganisationFounded)
    def make_founder_representative(self, event: Heard) -> None:
        """Who begins an organisation's registration represents it."""
        with self.unit() as unit:
            give_role(unit, event.data["person_id"], "representative", event.data["organisation_id"])

    @listens(RepresentativeJoined)
    def make_joiner_representative(self, event: Heard) -> None:
        """Who was accepted into an organisation represents it too."""
        with self.unit() as unit:
            give_role(unit, event.data["person_id"], "representative", event.data["organisation_id"])

    @due("tell_roles")
    def tell_roles(self, work: Due) -> None:
        """Tell again which roles a person holds; a migration plans it where a service has come to follow them later."""
        with self.unit() as unit:
            unit.announce([role.tell() for role in queries.held_roles(unit, work.subject_id)])


def give_role(unit: Unit, person_id: UUID, role: str, place: UUID | None) -> Role:
    """The role as it is held from now on, whether it was held before or not."""
    # The person's row is locked, so that two grants at once do not both find nothing.
    queries.account(unit, person_id, to_change=True)
    held = queries.held_role(unit, person_id, role, place)
    if held is None:
        held, facts = Role.grant(person_id, role, place, unit.who, unit.now)
        unit.session.add(held)
        unit.announce(facts)
    return held
