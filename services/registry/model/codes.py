"""The codes that a registration chose, held against the lists as they are on the day it is submitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts.registry import CodesNotValid
from contracts.words import ROLES
from services.registry.model.form import Form
from services.registry.model.organisation import Organisation

OF_ORGANISATION = {"organisation_type": "organisation-types", "size": "organisation-sizes", "country": "countries"}
OF_OFFER = {"ecosystems": "ecosystems", "nace": "nace-divisions"}
OF_WISHES = {
    "countries": "countries",
    "organisation_types": "organisation-types",
    "activity_types": "activity-types",
    "languages": "languages",
}

Valid = Mapping[str, frozenset[str]]
"""The codes that a list holds, by the list's name."""


def check_codes(form: Form, organisation: Organisation, valid: Valid) -> None:
    """Refuse codes that their lists do not hold any more, or not yet; raises CodesNotValid naming each with its answer and its list."""
    if wrong := [f"{answer} '{code}' ({kind})" for answer, kind, code in _chosen(form, organisation) if code not in valid.get(kind, ())]:
        raise CodesNotValid(codes=", ".join(wrong))


def _chosen(form: Form, organisation: Organisation) -> Iterator[tuple[str, str, str]]:
    """Every code with the answer that it stands in and the list that it comes from."""
    for name, kind in OF_ORGANISATION.items():
        yield f"organisation.{name}", kind, str(getattr(organisation, name))
    for skill in form.languages:
        yield "person.languages", "languages", skill.language
        yield "person.languages", "language-levels", skill.level
    for name, kind in OF_OFFER.items():
        yield from ((f"offer.{name}", kind, code) for code in getattr(form, name))
    for role in ROLES:
        for wish, kind in OF_WISHES.items():
            yield from ((f"preferences.{role}.{wish}", kind, code) for code in getattr(form, f"{role}_{wish}"))
