"""Filled-in forms, rules and partnerships for the registry's tests."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from chassis.bare.message import Contract
from chassis.bare.principal import Principal
from contracts.registry import (
    CreatePartnership,
    OfferStep,
    OrganisationStep,
    PeriodStep,
    PersonStep,
    PreferencesStep,
    ReviseRegistration,
    RoleStep,
)
from contracts.registry.reference import KINDS
from services.registry import reference_data
from services.registry.model import Organisation, Participation, Partnership, Rules, Scheme
from tests.builders import A_MONDAY, person

RULES = Rules(ecosystem_points=2, country_points=3, seat_points=1, interest_every_months=6, interest_answer_days=30, desk_answer_days=7)
FORMS: dict[str, type[Contract]] = {
    "person": PersonStep,
    "role": RoleStep,
    "offer": OfferStep,
    "preferences": PreferencesStep,
    "period": PeriodStep,
}

CV = {"sha256": "ab" * 32, "name": "cv.pdf", "media_type": "application/pdf", "size": 1234}


def scheme() -> Scheme:
    """The scheme's rules as they are delivered."""
    verdicts = {}
    for rule in reference_data.eligibility_rules():
        for role, verdict in (("visitor", rule["may_visit"]), ("host", rule["may_host"])):
            verdicts[rule["organisation_type"], rule["cluster_member"], role] = verdict
    rows = [*reference_data.terms(), *reference_data.sme_sizes(), *reference_data.cluster_page_hosts()]
    codes = {kind: frozenset(row["code"] for row in rows if row["kind"] == kind) for kind in KINDS}
    return Scheme(verdicts, {each["notice"]: each["version"] for each in reference_data.notices()}, codes)


VALID = scheme().codes
"""The codes of all lists as they are delivered."""


def places(country: str | None, town: str | None) -> tuple[float, float] | None:
    """A small map: every town but Nowhere."""
    return None if town in (None, "Nowhere") else (42.2, -8.7)


def partnership(**changes: Any) -> Partnership:
    """An open partnership."""
    content = CreatePartnership.read(deepcopy(CreatePartnership.example)) | {"acronym": f"P-{uuid4().hex[:8]}"} | changes
    made, _ = Partnership.create(content, RULES)
    return made


def answers(partnership_id: UUID | None, **steps: dict[str, Any]) -> dict[str, Any]:
    """All steps filled in, as plain JSON; a step given here changes some of its fields."""
    number = uuid4().hex[:10].upper()
    full: dict[str, Any] = {
        "organisation": OrganisationStep.example
        | {
            "legal_name": f"Cluster {number}",
            "number_kind": "register",
            "registration_number": f"R{number}1",
            "website": f"https://{number.lower()}.example/",
        },
        **{step: deepcopy(form.example) for step, form in FORMS.items()},
        "partnership": {"partnership_id": str(partnership_id) if partnership_id else None, "visibility": "all"},
        "consents": [{"notice": notice, "version": "2026-1"} for notice in reference_data.NOTICES],
    }
    for step, fields in steps.items():
        full[step] = full[step] | fields if isinstance(fields, dict) else fields
    return full


def loaded(steps: dict[str, Any]) -> dict[str, Any]:
    """Steps as a door loads them."""
    request = ReviseRegistration.read({"participation_id": str(uuid4())} | steps)
    del request["participation_id"]
    return request


def filled(at: Partnership, author: Principal | None = None, *, cv: bool = True, **steps: Any) -> tuple[Participation, Principal]:
    """A draft with everything filled in, and the person whose it is."""
    author = author or person()
    organisation, _ = Organisation.found(by=author, at=A_MONDAY)
    draft, _ = Participation.begin(organisation, by=author, at=A_MONDAY)
    draft.revise(author, loaded(answers(at.id, **steps)), A_MONDAY, places, VALID)
    if cv:
        draft.attach_cv(author, CV, A_MONDAY)
    return draft, author


TODAY = date(2026, 11, 2)
