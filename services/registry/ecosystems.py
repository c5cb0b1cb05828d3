"""Which NACE divisions belong to which of the 14 industrial ecosystems. Written down from general knowledge: an assumption, to be replaced.

Many to many, as an ecosystem is an analytical tool and no nomenclature: a division may serve several, and an ecosystem spans many. The seventh
migration writes the rows; later changes are new rows with new days.
"""

from __future__ import annotations

SOURCE = "assumption: from general knowledge of the Commission's 14 ecosystems, not checked against its own table"

DIVISIONS: dict[str, tuple[str, ...]] = {
    ecosystem: tuple(divisions.split())
    for ecosystem, divisions in {
        "aerospace_defence": "25 26 30 33 51 72 84",
        "agri_food": "01 03 10 11 12 46 56 75",
        "construction": "16 23 41 42 43 68 71 81",
        "creative_industries": "18 58 59 60 73 74 90 91",
        "digital": "58 60 61 62 63 95",
        "electronics": "26 27 95",
        "energy_intensive": "16 17 19 20 22 23 24",
        "energy_renewables": "27 28 35 38 42 71",
        "health": "20 21 26 32 72 86 87",
        "mobility": "22 25 28 29 30 33 49 50 51 52 53 77",
        "proximity": "53 64 65 80 84 85 87 88 94 95 96 97",
        "retail": "46 47 53",
        "textile": "13 14 15 20 96",
        "tourism": "49 50 51 55 56 77 79 90 91 93",
    }.items()
}
"""The divisions of each ecosystem, by code."""
