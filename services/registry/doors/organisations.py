"""Doors of the organisations: likely duplicates, joining, details for other services."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Unit, Units
from contracts.registry import (
    AcceptJoining,
    AlreadyRepresentative,
    DeclineJoining,
    FindLikelyDuplicates,
    JoinOrganisation,
    ListJoinings,
    NameOrganisations,
    ReadOrganisationDetails,
    WithdrawJoining,
)
from services.registry.model import JOINING, Joining
from services.registry.queries import organisations, registrations


class OrganisationDoors:
    """Organisations, seen by those who may be the same one or want to join it."""

    unit = Units()

    @answers(FindLikelyDuplicates)
    def find_likely_duplicates(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Look whether an organisation takes part already."""
        with self.unit() as unit:
            return unit.reply({"items": organisations.likely_duplicates(unit, request)})

    @answers(JoinOrganisation)
    def join_organisation(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Ask to join one."""
        with self.unit() as unit:
            organisation = organisations.organisation_to_join(unit, request["organisation_id"])
            if organisations.represents_already(unit, organisation.id, who):
                raise AlreadyRepresentative
            partnership_id = organisations.partnership_of(unit, organisation.id)
            joining, fact = Joining.ask(who, organisation.id, partnership_id, request["note"], unit.now)
            unit.session.add(joining)
            unit.announce(fact)
            return _reply(unit, joining, who)

    @answers(NameOrganisations)
    def name_organisations(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """What they are called."""
        with self.unit() as unit:
            names = organisations.names(unit, set(request["organisation_id"]))
            return unit.reply({"items": [{"organisation_id": each, "legal_name": name} for each, name in names.items()]})

    @answers(ListJoinings)
    def list_joinings(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """List requests to join."""
        with self.unit() as unit:
            page = organisations.joinings(unit, who, request)
            names = organisations.names(unit, {each.organisation_id for each in page["items"]})
            for each in page["items"]:
                each.legal_name, each.moves = names[each.organisation_id], _moves(each, who)
            return unit.reply(page)

    @answers(AcceptJoining)
    def accept_joining(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Let the person in."""
        with self.unit() as unit:
            joining = organisations.joining(unit, request["joining_id"], seen_by=who)
            unit.announce(joining.accept(by=who, at=unit.now))
            return _reply(unit, joining, who)

    @answers(DeclineJoining)
    def decline_joining(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Do not let the person in."""
        with self.unit() as unit:
            joining = organisations.joining(unit, request["joining_id"], seen_by=who)
            unit.announce(joining.decline(by=who, at=unit.now))
            return _reply(unit, joining, who)

    @answers(WithdrawJoining)
    def withdraw_joining(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take the request back."""
        with self.unit() as unit:
            joining = organisations.joining(unit, request["joining_id"], seen_by=who)
            unit.announce(joining.withdraw(by=who, at=unit.now))
            return _reply(unit, joining, who)

    @answers(ReadOrganisationDetails)
    def read_organisation_details(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How a document or payment names the organisation."""
        with self.unit() as unit:
            participation = registrations.submitted_participation(unit, request["participation_id"])
            return unit.reply(
                participation.organisation,
                participation_id=participation.id,
                organisation_id=participation.organisation_id,
                representative_name=participation.representative_name,
                representative_function=participation.function,
            )


def _moves(joining: Joining, who: Principal) -> list[str]:
    return JOINING.open_moves(joining.state, joining.roles_of(who))


def _reply(unit: Unit, joining: Joining, who: Principal) -> dict[str, Any]:
    legal_name = organisations.names(unit, {joining.organisation_id})[joining.organisation_id]
    return unit.reply(joining, legal_name=legal_name, moves=_moves(joining, who))
