"""SAVE=folder: what each person of an exchange could download, in a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from deploy.local.exchange.cast import Exchange, Group
from deploy.local.people.acts.agreeing import COMMITMENT, FINANCIAL, document
from deploy.local.people.acts.registering import own_registration
from deploy.local.people.person import Person


def keep(group: Group, folder: Path) -> None:
    """Keep all exchanges of a group: of each, what visitor, host and offices may see."""
    for exchange in group.going_on:
        place = folder / exchange.mark
        _keep_visitor(exchange, place / "visitor")
        _keep_host(exchange, place / "host")
        _keep_desks(group, exchange, place)
        _keep_paying_officer(group.paying_officer, exchange, place / "paying-officer")
        support = group.support_officer
        _json(place / "support-officer", "dossier", support.get(f"{_listed(support, exchange)}/dossier").body)


def _listed(person: Person, exchange: Exchange, path: str = "/v1/exchanges") -> str:
    """The exchange's link as the person's own list has it. Which one it is, only the play needs to know: names end with its mark."""
    listed = (each["exchange_id"] for each in person.all(path) if f'{exchange.mark}"' in json.dumps(each, ensure_ascii=False))
    return f"/v1/exchanges/{next(listed)}"


def _keep_visitor(exchange: Exchange, folder: Path) -> None:
    person = exchange.visitor.person
    link, registration = _listed(person, exchange), f"/v1/registrations/{own_registration(person)['participation_id']}"
    _json(folder, "registration", person.get(registration).body)
    _bytes(folder, "cv.pdf", person.get(f"{registration}/cv").content)
    for kind in (COMMITMENT, FINANCIAL):
        _bytes(folder, f"{kind}.pdf", document(person, link, kind).content)
    for name in ("", "/history", "/report", "/assistance", "/payment"):
        _json(folder, name.strip("/") or "exchange", person.get(f"{link}{name}").body)
    _json(folder, "mails", person.entrance.mails(person.e_mail, limit=100))
    _keep_evidence(person, folder, link)


def _keep_host(exchange: Exchange, folder: Path) -> None:
    person = exchange.host.person
    link = _listed(person, exchange)
    _bytes(folder, f"{COMMITMENT}.pdf", document(person, link, COMMITMENT).content)
    _json(folder, "exchange", person.get(link).body)
    _json(folder, "mails", person.entrance.mails(person.e_mail, limit=100))


def _keep_desks(group: Group, exchange: Exchange, folder: Path) -> None:
    for name, desk in (("visitor-desk", group.visitor_desk), ("host-desk", group.host_desk)):
        _bytes(folder / name, f"{COMMITMENT}.pdf", document(desk, _listed(desk, exchange), COMMITMENT).content)


def _keep_paying_officer(officer: Person, exchange: Exchange, folder: Path) -> None:
    link = _listed(officer, exchange, "/v1/payments")
    _keep_evidence(officer, folder, link)
    batch = officer.get(f"{link}/payment").body["batch_id"]
    if batch:
        _bytes(folder, "payments.csv", officer.get(f"/v1/payment-batches/{batch}/file").content)


def _keep_evidence(person: Person, folder: Path, link: str) -> None:
    for each in person.get(f"{link}/evidence").body["items"]:
        _bytes(folder, f"evidence-{each['kind']}.pdf", person.get(f"/v1/evidence/{each['evidence_id']}/file").content)


def _json(folder: Path, name: str, content: Any) -> None:
    _bytes(folder, f"{name}.json", json.dumps(content, indent=1, ensure_ascii=False).encode())


def _bytes(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
