"""The search's loops are compiled before anybody waits for them: a tiny one is filled, changed and asked in every way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from contracts.words.profile import PublicProfile
from services.matching.index.search.entry import FIRST_DAY, MOST_DAYS, Stands, day_number, read_entry, term
from services.matching.index.search.query import FACETS, SORTS, Query
from services.matching.index.search.search import Search


@cache
def warm() -> None:
    """Compile them, or take them from where they were kept; what is asked later has the same types."""
    profile = PublicProfile.write(PublicProfile.read(PublicProfile.example))
    entry = read_entry(profile, datetime(2027, 1, 1, tzinfo=UTC), Stands(free_as_visitor=True, free_as_host=True, places_left=1))
    search = Search([(number, replace(entry, participation_id=UUID(int=number))) for number in range(6)])
    # By name: looked through, and walked through in their order.
    for limit in (25, 1):
        search.find(replace(Query(limit=limit), after=search.find(Query(limit=limit)).after))
    search.put(1, replace(entry, participation_id=entry.partnership_id, name="Another"))
    asked = Query(
        words=("port",), any_of={"countries": (term("countries", entry.place[0]),)}, role="host", traits={"sme": False},
        ranges=dict.fromkeys(("most_days", "group_size", "places_left", "share", "hours"), (0, 65535)),
        period=(day_number(FIRST_DAY), MOST_DAYS), place=entry.place[2:], within_km=100, facets=FACETS, most_points=10,
        scores=lambda numbers: 500 - numbers,
    )  # fmt: skip
    for sort in SORTS:
        found = search.find(replace(asked, sort=sort, limit=1))
        search.find(replace(asked, sort=sort, after=found.after))
    search.find(replace(asked, words=("prot",)))
    search.like(0, None, 1)
    search.fits(0, asked)
    again = Search()
    again.load(search.save())
    again.find(asked)
    again._arrange()
    again.remove(0)
