"""Normal forms of names, numbers and web domains; the map of towns; partnerships that suit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.words import ECOSYSTEMS
from services.registry.model import Organisation
from services.registry.model.likeness import LONGEST, name_key, number_key, web_domain
from services.registry.towns import find_town
from tests.builders import A_MONDAY, person
from tests.registry.forms import RULES, partnership, places

# How long an example takes depends on what else the machine does, and says nothing here.
unhurried = settings(deadline=None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Clúster Marítimo, S.L.", "CLUSTER MARITIMO"),
        ("Straßen-Cluster GmbH", "strassen cluster"),
        ("Łódź Textile Sp. z o.o.", "LODZ TEXTILE SP Z OO"),
        ("Blue  Harbour & Co. Ltd", "Blue Harbour, Co"),
    ],
)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    """Case, accents, punctuation and legal form do not tell two names apart."""
    assert name_key(one) == name_key(other)


@unhurried
@given(st.text(max_size=200))
def test_a_name_key_stays_as_it_is_when_taken_again(name: str) -> None:
    """The normal form of a normal form is itself, or nothing was there; it always fits its column."""
    key = name_key(name)
    assert key is None or len(key) <= LONGEST
    if key and len(key) < LONGEST:
        assert name_key(key) == key


@unhurried
@given(st.text(alphabet="0123456789ABCDEF", min_size=1, max_size=20), st.sampled_from(["ES", "EL", "UK"]))
def test_a_number_is_the_same_with_blanks_dots_and_country(number: str, country: str) -> None:
    """Signs between the digits and the country in front say nothing."""
    assert number_key(f"{country} {'.'.join(number)}", country) == number_key(f"{country}{number}".lower(), country)


def test_greek_numbers_may_begin_with_either_code() -> None:
    """EL and GR are one country."""
    assert number_key("GR123456789", "EL") == number_key("EL123456789", "EL") == "123456789"


@unhurried
@given(st.text(max_size=80))
def test_any_text_as_an_address_is_taken(address: str) -> None:
    """A domain or None, never an error."""
    assert web_domain(address) is None or web_domain(address)


def test_domains_shared_by_many_are_no_likeness() -> None:
    """A page at a host of pages says nothing; an own domain does."""
    assert web_domain("https://www.Cluster.example/about") == "cluster.example"
    assert web_domain("https://me.github.io") is None


@pytest.mark.parametrize(
    ("country", "town"), [("EL", "Athina"), ("UK", "London"), ("XK", "Prishtina"), ("DE", "KÖLN"), ("IS", "Reykjavik")]
)
def test_towns_are_found_in_their_own_language(country: str, town: str) -> None:
    """Country codes as the Union writes them, names in any spelling."""
    assert find_town(country, town)


def test_a_town_is_looked_up_again_after_a_move_unless_placed_by_hand() -> None:
    """A place given by hand stays until the town changes."""
    organisation, _ = Organisation.found(person(), A_MONDAY)
    organisation.fill({"town": "Nowhere", "country": "ES", "latitude": 1.0, "longitude": 2.0}, places)
    organisation.fill({"website": "https://c.example/"}, places)
    assert (organisation.latitude, organisation.longitude) == (1.0, 2.0)
    organisation.fill({"town": "Vigo"}, places)
    assert (organisation.latitude, organisation.longitude) == (42.2, -8.7)
    organisation.fill({"town": "Nowhere"}, places)
    assert not organisation.is_placed


@unhurried
@given(st.lists(st.sampled_from(sorted(ECOSYSTEMS)), unique=True), st.sampled_from(["ES", "PT", "SE", None]))
def test_a_partnership_suits_the_better_the_more_is_shared(ecosystems: list[str], country: str | None) -> None:
    """One more shared ecosystem, or a country that it covers, never lowers the score."""
    at = partnership(ecosystems=["mobility", "tourism"], countries=["ES", "PT"], country="ES")
    score = at.suits(ecosystems, country, RULES)["score"]
    assert at.suits([*ecosystems, "mobility"] if "mobility" not in ecosystems else ecosystems, country, RULES)["score"] >= score
    assert at.suits(ecosystems, "ES", RULES)["score"] >= score


@unhurried
@given(st.datetimes(datetime(2021, 1, 1), datetime(2090, 1, 1)), st.integers(1, 36))
def test_interest_is_asked_so_many_months_later(since: datetime, months: int) -> None:
    """The month counts; the day is the same or the month's last."""
    at = partnership(interest_every_months=months)
    later = at.asks_interest_at(since.replace(tzinfo=UTC))
    assert (later.year - since.year) * 12 + later.month - since.month == months
    assert later.day <= since.day
