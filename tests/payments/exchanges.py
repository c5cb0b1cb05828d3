"""Exchanges for the model's tests: parties, a tariff, and payments brought into every state by the real rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.bare.principal import Principal, service
from contracts.payments.reference import RULE_FIGURES
from services.payments.assistance import Figure, Method
from services.payments.model import Evidence, Exchange, Participation, PayingOfficer, Payment, Tariff
from services.payments.vault import Account, Sealed
from tests.builders import A_MONDAY, auditor, contact_point, person, representative, support_officer
from tests.matrix import Somebody

VISITORS, HOSTS = uuid4(), uuid4()
VISITOR_PARTNERSHIP, HOST_PARTNERSHIP = uuid4(), uuid4()
VISITOR = representative(VISITORS)
FIRST, SECOND = contact_point(VISITOR_PARTNERSHIP, "finance"), contact_point(VISITOR_PARTNERSHIP, "finance")
SUPPORT, AUDITOR, ITSELF = support_officer(), auditor(), service("payments")
WHO: dict[str, Principal] = {
    "visitor": VISITOR,
    "finance": SECOND,
    "support_officer": SUPPORT,
    "auditor": AUDITOR,
    "service": ITSELF,
}
STRANGERS = {
    "host": representative(HOSTS),
    "host's paying officer": contact_point(HOST_PARTNERSHIP, "finance"),
    "visitor's contact point without finance": contact_point(VISITOR_PARTNERSHIP, "agreements", "registrations"),
    "anybody": person(),
}
EVERYBODY: dict[str, Somebody] = {role: (who, {role}) for role, who in WHO.items()} | {
    name: (who, set()) for name, who in STRANGERS.items()
}
"""Who might try a move, and in which capacity of the tables."""
TODAY = A_MONDAY.date()
FIGURES = dict(zip(RULE_FIGURES, (5, 200, 50, 110000, 3, 10, 3, 30, 7), strict=True))
TARIFF = Tariff(
    {
        "PT": Figure(78000, "test"),
        "DK": Figure(110000, "test"),
        "outermost_region": Figure(110000, "test"),
        "disability": Figure(110000, "test"),
    },
    {name: Figure(value, "public pages") for name, value in FIGURES.items()},
    "great_circle_of_towns",
    "test",
)
RATE_LATER = replace(TARIFF, rates={**TARIFF.rates, "BR": Figure(50000, "test")})
COUNTED = Method("Monday to Friday", "rules of the test")
FILE = {"sha256": "0" * 64, "name": "invoice.pdf", "media_type": "application/pdf", "size": 48211}
ADDRESS = {"street": "Rua do Porto", "house_number": "7", "postcode": "4050-123", "town": "Porto", "country": "PT"}


def participation(country: str, latitude: float, longitude: float, outermost: bool = False) -> Participation:
    """A copy of a participation at a place."""
    return Participation(
        id=uuid4(), revision=1, legal_name="A cluster", country=country, outermost_region=outermost, latitude=latitude, longitude=longitude
    )


MADRID, LISBON, PORTO = participation("ES", 40.4168, -3.7038), participation("PT", 38.7223, -9.1393), participation("PT", 41.1579, -8.6291)
VIGO = participation("ES", 42.2406, -8.7207)


def party(organisation: UUID, partnership: UUID) -> dict[str, UUID]:
    """One side of an exchange."""
    return {"participation_id": uuid4(), "organisation_id": organisation, "partnership_id": partnership, "person_id": uuid4()}


def opened(**changes: Any) -> Exchange:
    """An exchange that was just opened."""
    exchange = Exchange.open(uuid4(), party(VISITORS, VISITOR_PARTNERSHIP), party(HOSTS, HOST_PARTNERSHIP))
    for name, value in changes.items():
        setattr(exchange, name, value)
    return exchange


def account(by_hand: bool = False) -> Account:
    """A bank account."""
    number = "Account 12, Bank of the North" if by_hand else "PT50000201231234567890154"
    return Account(number, by_hand, None if by_hand else "BCOMPTPL", "Blue Harbour Cluster", ADDRESS)


def computed(days: int = 10) -> Exchange:
    """An exchange with a computed assistance: Lisbon visited from Madrid."""
    exchange = opened()
    exchange.plan(1, days, "PT", COUNTED)
    exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    return exchange


def complete(days: int = 10, days_present: int | None = None, by_hand: bool = False) -> Exchange:
    """An exchange with all that a payment needs, not settled yet."""
    exchange = computed(days)
    exchange.agree(1, A_MONDAY)
    exchange.give_bank_details(account(by_hand), Sealed("key", b"sealed"), VISITOR, A_MONDAY)
    exchange.add_evidence(Evidence.upload("travel_invoice", FILE, VISITOR.person, A_MONDAY), VISITOR)
    exchange.reach("ended")
    exchange.accept_evidence(FIRST, A_MONDAY)
    exchange.confirm_days(days if days_present is None else days_present, 1, A_MONDAY)
    exchange.report_validated_at = A_MONDAY
    return exchange


def officer(who: Principal, is_one: bool = True) -> PayingOfficer:
    """The copy of who is, or was, paying officer of the visitor's partnership."""
    return PayingOfficer(partnership_id=VISITOR_PARTNERSHIP, person_id=who.person, is_one=is_one, heard_version=1)


def payment_in(state: str, by_hand: bool = False) -> Payment:
    """A payment brought into that state by the moves that lead there."""
    if state == "awaiting":
        exchange = computed()
        exchange.agree(1, A_MONDAY)
        exchange.give_bank_details(account(by_hand), Sealed("key", b"sealed"), VISITOR, A_MONDAY)
        return ready_to_settle(exchange).payment
    exchange = complete(days_present=2 if state == "nothing_due" else None, by_hand=by_hand)
    exchange.settle(A_MONDAY)
    exchange.paying_officers = [officer(FIRST)]
    for name in WAY_TO[state]:
        make(exchange.payment, name, FIRST if name == "propose" else MAKERS.get(name, SECOND))
    return exchange.payment


def ready_to_settle(exchange: Exchange) -> Exchange:
    """Everything is there, but nobody looked yet."""
    exchange.days_present, exchange.report_validated_at, exchange.evidence_accepted_at = 10, A_MONDAY, A_MONDAY
    return exchange


WAY_TO: dict[str, tuple[str, ...]] = {
    "payable": (),
    "nothing_due": (),
    "proposed": ("propose",),
    "ordered": ("propose", "approve"),
    "exported": ("propose", "approve", "export"),
    "paid": ("propose", "approve", "export", "record_paid"),
    "failed": ("propose", "approve", "export", "record_failed"),
    "void": ("void",),
    "overpaid": ("propose", "approve", "export", "record_paid", "record_overpaid"),
    "recovered": ("propose", "approve", "export", "record_paid", "record_overpaid", "record_recovered"),
}
MAKERS = {"void": ITSELF}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "become_payable": {"days_to_pay": 10},
    "export": {"batch_id": uuid4()},
    "record_paid": {"paid_on": TODAY, "reference": "17"},
    "record_failed": {"reason": "account_closed", "comment": None},
    "override_minimum": {"reason": "Illness"},
    "record_overpaid": {"amount_minor": 1000, "reason": "Days corrected"},
    "record_recovered": {"reference": "18"},
}


def make(payment: Payment, name: str, by: Principal, **changes: Any) -> Any:
    """Make a move of a payment with arguments that fit."""
    return getattr(payment, name)(by=by, at=A_MONDAY, **ARGUMENTS.get(name, {}) | changes)


def days_from(start: date, days: int) -> date:
    """So many calendar days later."""
    return start + timedelta(days=days)
