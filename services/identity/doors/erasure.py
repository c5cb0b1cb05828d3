"""Doors of erasure: a person asks, the worker erases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.bare.message import real_now
from chassis.bare.principal import LIFETIME_S, Principal
from chassis.bare.refusals import Unavailable
from chassis.running.calls import Calls
from chassis.running.doors import answers, works
from chassis.running.occasions import Job
from chassis.running.unit import Unit, Units
from contracts.agreements.ties import ReadOpenExchanges
from contracts.identity.erasure import EraseMe
from contracts.identity.events import ErasureAsked
from contracts.identity.refusals import LastAdministrator, LastContactPoint
from contracts.payments.ties import ReadUnsettledPayments
from services.identity import queries
from services.identity.erasure import erase
from services.identity.model import Account
from services.identity.model.roles import CONTACT_POINT_ROLES
from services.identity.post import post_to
from services.identity.register import enter, register_file
from services.identity.words import of_mail

ACCEPTED = {"sentence": "You are logged out. Your account is erased within minutes."}
TOKENS_HOLD = timedelta(seconds=LIFETIME_S + 30)
"""Who was let in a moment ago could still write under the name; and clocks differ a little."""


class ErasureDoors:
    """From the wish to the empty account."""

    unit = Units()
    ask = Calls()

    @answers(EraseMe)
    def erase_me(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Close the account and have it erased, unless something stands against it."""
        with self.unit(reading=True) as unit:
            if queries.account(unit, who.person).erased_at is not None:
                # A late repeat of the wish: the answer that was kept is erased with the rest.
                return unit.reply(ACCEPTED)
            alone_at = queries.unshared_roles(unit, who.person, ["representative"])
        bound = {"person_id": who.person, "organisation_ids": [role.place for role in alone_at]}
        exchanges = self.ask(ReadOpenExchanges, **bound)["exchange_ids"]
        payments = self.ask(ReadUnsettledPayments, **bound)["exchange_ids"]
        with self.unit() as unit:
            account = queries.account(unit, who.person, to_change=True)
            unit.announce(account.ask_erasure(request["username"], exchanges, payments, real_now()))
            _demand_successors(unit, account)
            for session in queries.open_sessions(unit, account.id):
                session.end(real_now())
            post_to(unit, account, of_mail(account.language, "erasure"))
            return unit.reply(ACCEPTED)

    @works(ErasureAsked)
    def erase_person(self, job: Job) -> None:
        """Enter the person into the register, then erase: in this order nobody is erased whom a restored backup brings back."""
        person_id = job.data["person_id"]
        with self.unit(reading=True) as unit:
            asked_at = queries.account(unit, person_id).erasure_asked_at
        if asked_at is not None and real_now() < asked_at + TOKENS_HOLD:
            raise Unavailable("The person's last tokens still hold.")
        enter(register_file(), person_id)
        with self.unit() as unit:
            erase(unit, person_id)


def _demand_successors(unit: Unit, account: Account) -> None:
    """Nobody leaves an office empty; raises LastAdministrator or LastContactPoint."""
    for role in queries.unshared_roles(unit, account.id, ["administrator", *CONTACT_POINT_ROLES], to_change=True):
        if role.role == "administrator":
            raise LastAdministrator
        raise LastContactPoint(role=role.role, place=str(role.place))
