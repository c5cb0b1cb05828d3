"""Erasing a person: what identity forgets, and the fact that has the others forget."""

from __future__ import annotations

from uuid import UUID

from chassis.running.forgetting import forget_answers
from chassis.running.unit import Unit
from services.identity import queries


def erase(unit: Unit, person_id: UUID) -> bool:
    """Forget whom the account names and tell the others; whether there was anybody to erase."""
    account = queries.account_to_erase(unit, person_id)
    if account is None:
        return False
    for role in queries.held_roles(unit, person_id):
        unit.announce(role.end(unit.now))
    queries.forget(unit, account)
    forget_answers(unit, person_id, account.telling, account.known)
    unit.announce(account.erase(unit.now))
    return True
