"""Made-up VAT numbers: right by form and check digit; whose one is, if anybody's, is chance."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from contracts.registry import vat_problem

FORMS = {
    "AT": "U########", "BE": "0#########", "BG": "#########", "CY": "########@", "CZ": "########", "DE": "#########", "DK": "########",
    "EE": "10#######", "EL": "#########", "ES": "B########", "FI": "########", "FR": "###########", "HR": "###########",
    "HU": "########", "IE": "#######@", "IT": "###########", "LT": "#######1#", "LU": "########", "LV": "4##########",
    "MT": "########", "NL": "#########B01", "PL": "##########", "PT": "5########", "RO": "########", "SE": "##########01",
    "SI": "########", "SK": "##########",
}  # fmt: skip
"""How a legal entity's number is written: a # for a digit, an @ for a letter."""


@lru_cache(maxsize=4096)
def vat_number(country: str, serial: int) -> str:
    """The VAT number of that serial in a country of the Union; the same serial gives the same number."""
    chance = Random(f"{country} {serial}")
    while True:
        number = country + "".join(_sign(each, chance) for each in FORMS[country])
        if vat_problem(number, country) is None:
            return number


def _sign(form: str, chance: Random) -> str:
    return chance.choice("0123456789") if form == "#" else chance.choice("ABCDEFGHIJKLMNOPQRSTUVW") if form == "@" else form
