"""The money: account, evidence, and the one payment by two persons."""

from __future__ import annotations

from random import Random
from typing import Any

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from deploy.local.people.entrance import wait_for
from deploy.local.people.papers import pdf
from deploy.local.people.person import Person
from deploy.local.people.profiles import Profile

EVIDENCE = {"boarding_pass": "Boarding pass", "travel_invoice": "Invoice of the journey", "accommodation_invoice": "Invoice of the hotel"}


def account_of(profile: Profile) -> dict[str, Any]:
    """A made-up account with right check digits; in words where the country has no IBAN."""
    place = profile.place
    address = {"street": "Main Street", "house_number": "1", "postcode": place.postcode, "town": place.town, "country": place.country}
    try:
        number = str(
            IBAN.random(country_code={"EL": "GR"}.get(profile.country, profile.country), random=Random(profile.slug), use_registry=False)
        )
    except (SchwiftyException, ValueError, KeyError):
        return {"other_account": f"Bank of {place.town}, account {profile.number:08d}", "holder": profile.legal_name, "address": address}
    return {"iban": number, "holder": profile.legal_name, "address": address}


def give_bank_details(visitor: Person, exchange: str, profile: Profile) -> None:
    """Say where the lump sum goes."""
    visitor.put(f"{exchange}/bank-details", **account_of(profile))


def upload_evidence(visitor: Person, exchange: str, profile: Profile, *kinds: str) -> list[str]:
    """Hand in papers of the journey; returns their links."""
    links = []
    for kind in kinds or EVIDENCE:
        paper = pdf([EVIDENCE[kind], profile.legal_name, f"{profile.first_name} {profile.last_name}", "Return journey"])
        files = {"file": (f"{kind}.pdf", paper, "application/pdf")}
        made = visitor.upload("POST", f"{exchange}/evidence", files, kind=kind)
        links.append(f"/v1/evidence/{made.body['evidence_id']}")
    return links


def accept_evidence(officer: Person, exchange: str) -> None:
    """Look at every paper and accept them as a whole."""
    found = officer.get(f"{exchange}/evidence")
    for each in found.body["items"]:
        officer.get(f"/v1/evidence/{each['evidence_id']}/file")
    if found.body["accepted_at"] is None:
        officer.post(f"{exchange}/evidence/acceptance", found.version)


def payment_of(person: Person, exchange: str, *states: str) -> dict[str, Any]:
    """The payment of an exchange, once it is in one of these states."""

    def look() -> dict[str, Any] | None:
        found = dict(person.get(f"{exchange}/payment").body)
        return found if found["state"] in states else None

    return wait_for(look, f"the payment of {exchange} to be {' or '.join(states)}")


def move(person: Person, payment: dict[str, Any], noun: str, **about: Any) -> dict[str, Any]:
    """Make a move of a payment as it was last read."""
    return dict(person.post(f"/v1/payments/{payment['payment_id']}/{noun}", str(payment["version"]), **about).body)


def export(officer: Person, partnership_id: str) -> dict[str, Any]:
    """Put all ordered payments on a list for the bank."""
    return dict(officer.post("/v1/payment-batches", partnership_id=partnership_id).body)
