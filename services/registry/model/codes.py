"""The codes that a registration chose, held against the lists as they are on the day it is submitted, or chooses another."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

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
Code = tuple[str, str, str]
"""A code with the answer that it stands in and the list that it comes from."""


def check_codes(form: Form, organisation: Organisation, valid: Valid, before: Container[Code] = ()) -> None:
    """Refuse codes that their lists do not hold any more, or not yet; those that stood there `before` may stay.

    Raises CodesNotValid naming each with its answer and its list.
    """
    _demand([each for each in chosen(form, organisation) if each not in before], valid)


def check_proposed_codes(answers: Mapping[str, Any], organisation: Organisation, valid: Valid) -> None:
    """The same for what is proposed of the organisation, and waits; raises CodesNotValid."""
    given = {name: value for name, value in answers.get("organisation", {}).items() if value != getattr(organisation, name)}
    _demand([(f"organisation.{name}", kind, str(given[name])) for name, kind in OF_ORGANISATION.items() if name in given], valid)


def _demand(codes: Iterable[Code], valid: Valid) -> None:
    if wrong := [f"{answer} '{code}' ({kind})" for answer, kind, code in codes if code not in valid.get(kind, ())]:
        raise CodesNotValid(codes=", ".join(wrong))


def chosen(form: Form, organisation: Organisation) -> Iterator[Code]:
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
