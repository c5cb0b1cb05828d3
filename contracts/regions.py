"""The regions of NUTS 2024, and the statistical regions of countries beside the Union: which codes there are, and which are the smallest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contracts.countries import COUNTRIES

TABLE = Path(__file__).parent / "nuts-2024.txt"
MOST_NAMED = 6


def _codes(table: str) -> Iterator[str]:
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        first, *seconds = line.split(" ")
        yield first
        for each in seconds:
            sign, _, thirds = each.partition(":")
            yield first + sign
            yield from (first + sign + third for third in thirds)


REGIONS = frozenset(_codes(TABLE.read_text(encoding="utf-8")))
"""Every code of the levels 1 to 3."""
WITH_REGIONS = frozenset(code[:2] for code in REGIONS)
"""The countries that have any."""


def region_problem(code: str, country: str) -> str | None:
    """What is wrong with the region that an organisation in that country names; None where nothing is.

    Where an organisation sits decides on the base of its amount, so it is one of the smallest regions there are; a country without
    regions is named alone.
    """
    if not code.startswith(country):
        return f"The NUTS region lies in another country. Give a region of {COUNTRIES[country]}: its code begins with {country}."
    if country not in WITH_REGIONS:
        return None if code == country else f"There are no NUTS regions in {COUNTRIES[country]}. Write {country} alone."
    if code != country and code not in REGIONS:
        return f"NUTS 2024 has no region {code}. Look it up again: older editions had other codes."
    if smaller := sorted(each for each in REGIONS if len(each) == len(code) + 1 and each.startswith(code)):
        named = ", ".join(smaller[:MOST_NAMED]) + (" ..." if len(smaller) > MOST_NAMED else "")
        return f"{code} is divided further. Give the smallest region that the seat lies in, beginning with one of: {named}."
    return None
