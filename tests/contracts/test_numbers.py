"""VAT and register numbers."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from contracts.registry import OrganisationStep, vat_problem
from contracts.registry.numbers import VAT_PREFIXES
from deploy.local.people.numbers import FORMS, vat_number


def refused(**fields: str) -> dict[str, list[str]]:
    """What is refused of such an organisation, by field."""
    try:
        OrganisationStep(partial=True).load(fields)
    except ValidationError as error:
        return dict(error.normalized_messages())
    return {}


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("EL", "EL094259216"),
        ("UK", "XI980780684"),
        ("UK", "GB1"),
        ("DE", "DE136695976"),
        ("AT", "atu 13585627"),
        ("CH", "CHE-1"),
        ("IS", "1"),
    ],
)
def test_right_vat_numbers_pass(country: str, number: str) -> None:
    """Greece writes EL, Northern Ireland XI; spaces and small letters do not matter; other countries' numbers are not checked."""
    assert vat_problem(number, country) is None


@pytest.mark.parametrize(
    ("country", "number", "problem"),
    [
        ("EL", "GR094259216", "begins with EL"),
        ("EL", "094259216", "begins with EL"),
        ("DE", "FR61954506077", "begins with DE"),
        ("DE", "DE136695977", "check digit"),
        ("UK", "XI980780685", "check digit"),
        ("AT", "ATU1358562", "the form of a VAT number of Austria"),
    ],
)
def test_wrong_vat_numbers_are_refused_with_what_to_do(country: str, number: str, problem: str) -> None:
    """The sentence says whether letters, form or check digit do not fit; the field is named."""
    messages = refused(country=country, number_kind="vat", registration_number=number)
    assert list(messages) == ["registration_number"] and problem in messages["registration_number"][0]
    assert refused(country=country, number_kind="register", registration_number=number) == {}


@pytest.mark.parametrize("number", ["none", "-", "12", "?12345", "1234\n5678", "1" * 41])
def test_what_is_no_number_is_refused(number: str) -> None:
    """Whichever kind it is said to be, also before the kind is said."""
    assert list(refused(registration_number=number)) == ["registration_number"]


@pytest.mark.parametrize("number", ["HRB 12345 B", "RCS Paris 123 456 789", "ЄДРПОУ 12345678", "NIP: 123-456-32-18", "n\u00ba 4.321/7"])
def test_register_numbers_are_written_in_many_ways(number: str) -> None:
    """Letters of any alphabet, and the signs between them."""
    assert refused(registration_number=number, number_kind="register") == {}


def test_every_country_of_the_union_is_checked_and_has_made_up_numbers() -> None:
    """The demonstration's numbers are right, and the same serial gives the same one."""
    assert set(FORMS) == set(VAT_PREFIXES) - {"UK"} and len(FORMS) == 27
    assert all(vat_problem(vat_number(country, 7), country) is None for country in FORMS)
    assert vat_number("PT", 7) == vat_number("PT", 7) != vat_number("PT", 8)
