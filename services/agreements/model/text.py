"""The canonical text of both agreements: what is read, what is signed, what the SHA-256 is taken of.

Every value that people typed stands indented below its heading, so that nobody can write a line that reads like one of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from contracts.agreements import NOTICE, WORKING_DAYS_METHODS
from contracts.words import footnotes, marked

DECLARATIONS = (
    "No double funding: the visiting organisation receives no other public funding for the costs of this exchange.",
    "No conflict of interest: neither the visiting organisation nor its representative has an interest in the partnership that "
    "could bear on this agreement.",
    "The stay is made by the visiting organisation itself and is not delegated to another organisation.",
)
EVIDENCE = ("Boarding passes or other proof of travel", "Travel invoices", "Accommodation invoices")


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def commitment_text(
    *, exchange_id: Any, number: int, visitor: dict[str, str], host: dict[str, str], plan: dict[str, Any], days: int, counted: str
) -> str:
    """The commitment to quality; `visitor` and `host` have name, country and partnership, the plan is that of the contract.

    `counted` is the method by which the days were counted.
    """
    return _joined(
        "COMMITMENT TO QUALITY",
        f"Exchange {exchange_id}, version {number}",
        *_section("1. Parties", _side("Visiting organisation", visitor), _side("Host organisation", host)),
        *_section("2. Stay", *_stay(plan, days, counted)),
        *_section("3. Travellers", *(f"{each['name']}, {each['function']}" for each in plan["travellers"])),
        *_section("4. Objectives", *plan["objectives"]),
        *_section("5. Action plan", *(_step(each) for each in plan["action_plan"])),
        *_section("6. Expected outcomes", plan["expected_outcomes"]),
        *_section("7. Responsibilities of the visiting organisation", plan["responsibilities"]["visitor"]),
        *_section("8. Responsibilities of the host organisation", plan["responsibilities"]["host"]),
        *_section("9. Notice", NOTICE, "The stay cannot be delegated to another organisation."),
        *_footnotes(visitor["country"], host["country"]),
    )


def financial_text(
    *, exchange_id: Any, number: int, commitment: tuple[int, str], visitor: dict[str, str], partnership: dict[str, str],
    amount: dict[str, Any], factors: Iterable[dict[str, Any]], payment_days: int, minimum_working_days: int, host_country: str,
) -> str:  # fmt: skip
    """The financial agreement; `commitment` is the number and SHA-256 of the commitment it belongs to."""
    version, commitment_digest = commitment
    return _joined(
        "FINANCIAL AGREEMENT",
        f"Exchange {exchange_id}, version {number}",
        *_section("1. Visiting organisation", *_details(visitor)),
        *_section("2. Partnership", *_details(partnership)),
        *_section("3. Subject", f"Version {version} of the commitment to quality", f"SHA-256 {commitment_digest}"),
        *_section("4. Financial assistance", f"{money(amount)}, as a lump sum", *(_factor(each) for each in factors)),
        *_section("5. Payment", *_payment_terms(amount, payment_days, minimum_working_days)),
        *_section("6. Evidence to be given", *EVIDENCE),
        *_section("7. Declarations of the visiting organisation", *DECLARATIONS),
        *_section("8. Notice", NOTICE),
        *_footnotes(visitor["country"], partnership["country"], host_country),
    )


def money(amount: dict[str, Any]) -> str:
    """`{"minor": 78000, "currency": "EUR"}` as 'EUR 780.00'."""
    return f"{amount['currency']} {amount['minor'] // 100}.{amount['minor'] % 100:02d}"


def _joined(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _section(heading: str, *values: str) -> list[str]:
    return ["", heading, *(_indented(value) for value in values)]


def _indented(value: str) -> str:
    # Whatever some reader takes for a line break (a line separator, say) is one here.
    first, *rest = value.splitlines() or [""]
    return "\n".join([f"  - {first}", *(f"    {line}" for line in rest)])


def _side(role: str, side: dict[str, str]) -> str:
    return f"{role}: {side['name']} ({marked(side['country'])}), partnership {side['partnership']}"


def _stay(plan: dict[str, Any], days: int, counted: str) -> list[str]:
    travel = ", ".join(plan["travel_days"]) or "none"
    return [
        f"First day: {plan['start']}",
        f"Last day: {plan['end']}",
        f"Travel days: {travel}",
        f"Full working days: {days}",
        f"Counted as: {WORKING_DAYS_METHODS[counted]}",
        f"Place: {plan['place'] or 'the seat of the host organisation'}",
    ]


def _step(step: dict[str, Any]) -> str:
    return f"{step['day']}: {step['activity']}" if step["day"] else str(step["activity"])


def _details(body: dict[str, str]) -> list[str]:
    shown = body | {"country": marked(body["country"])}
    return [f"{name.replace('_', ' ').capitalize()}: {value}" for name, value in shown.items() if value]


def _factor(factor: dict[str, Any]) -> str:
    return f"{factor['name']}: {factor['value']} (source: {factor['source']})"


def _footnotes(*countries: str) -> list[str]:
    notes = footnotes(countries)
    return ["", *notes] if notes else []


def _payment_terms(amount: dict[str, Any], payment_days: int, minimum_working_days: int) -> list[str]:
    return [
        f"One payment, within {payment_days} calendar days from the later of report validated and evidence accepted.",
        f"The amount paid follows from the working days that the host confirms and is never above {money(amount)}.",
        f"Under {minimum_working_days} full working days nothing is due.",
    ]
