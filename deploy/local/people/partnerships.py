"""The partnerships that people make: those of the demonstration, and plain ones for tours where there are none."""

from __future__ import annotations

from typing import Any

import yaml

from deploy.local.people.profiles import WORDS, words

SIGN_INS, TOUR_SIGN_INS = "demonstration-sign-ins.json", "tour-sign-ins.json"
BUDGET = {"minor": 14_850_000, "currency": "EUR"}
TOUR_PAIRS = 4


def for_demonstration() -> list[dict[str, Any]]:
    """The fifteen of the scheme; the last one asks for continued interest every month, so that its answers can be seen."""
    listed = yaml.safe_load((WORDS / "partnerships.yaml").read_text())
    contents = [each | _more(each["acronym"], each["name"], number) for number, each in enumerate(listed)]
    contents[-1] |= {"interest_every_months": 1, "interest_answer_days": 7}
    return contents


def for_tour() -> list[dict[str, Any]]:
    """Pairs of partnerships, open to everybody."""
    countries, ecosystems = sorted(words("countries")), sorted(words("ecosystems"))
    contents = []
    for number in range(TOUR_PAIRS * 2):
        acronym, name = f"TOUR-{number + 1}", f"Partnership {number + 1} of the tours"
        about = {
            "acronym": acronym,
            "name": name,
            "country": countries[number],
            "countries": countries,
            "ecosystems": ecosystems,
            "wave": 1,
        }
        contents.append(about | _more(acronym, name, number))
    return contents


def _more(acronym: str, name: str, number: int) -> dict[str, Any]:
    return {
        "summary": f"{name}: clusters of several countries that send and receive each other's members.",
        "website": f"https://{acronym.lower().replace('.', '-')}.example/", "budget": BUDGET, "others_may_visit": number % 3 == 0,
    }  # fmt: skip
