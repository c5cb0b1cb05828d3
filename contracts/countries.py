"""Countries as the European Union writes them, and what has to be said wherever people read of one."""

from __future__ import annotations

from collections.abc import Iterable

import pycountry

# ISO 3166-1, written as the European Union does: EL and UK for GR and GB, and XK for Kosovo with its footnote.
EU_STYLE = {"GR": "EL", "GB": "UK"}
COUNTRIES: dict[str, str] = dict(
    sorted(
        {
            **{EU_STYLE.get(each.alpha_2, each.alpha_2): getattr(each, "common_name", each.name) for each in pycountry.countries},
            "XK": "Kosovo*",
        }.items()
    )
)

FOOTNOTES: dict[str, str] = {
    "XK": "* This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 and the ICJ Opinion on the "
    "Kosovo declaration of independence."
}
"""What the asterisk of a country points to; it stands wherever people read of that country."""


def marked(country: str) -> str:
    """A country's code as people read it, with the asterisk of its footnote where it has one."""
    return f"{country}*" if country in FOOTNOTES else country


def footnotes(countries: Iterable[str]) -> list[str]:
    """The footnotes of these countries, each once."""
    named = set(countries)
    return [footnote for country, footnote in FOOTNOTES.items() if country in named]
