"""Kernels are compiled before anybody waits for them: a tiny index is filled, changed and asked, once in each process."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from contracts.words.profile import PublicProfile
from services.matching.index.entry import Entry
from services.matching.index.index import Index
from services.matching.index.search.warming import warm as warm_search
from services.matching.ranking import read_candidate
from services.matching.ranking.candidate import HOST, VISITOR


@cache
def warm() -> None:
    """Compile them, or take them from where they were kept; what is asked later has the same types."""
    warm_search()
    profile = PublicProfile.write(PublicProfile.read(PublicProfile.example))
    visitor = read_candidate(profile)
    host = replace(visitor, participation_id=visitor.organisation_id, organisation_id=visitor.participation_id, country="PT")
    index = Index()
    for each in (visitor, host, replace(host, min_days=1)):
        index.put(Entry(each, profile))
    for role, asking in ((VISITOR, visitor), (HOST, host)):
        for every in (False, True):
            index.ranked.best(asking, role, date(2027, 2, 1), 1, every=every)
        index.ranked.reach(asking, role, date(2027, 2, 1), np.zeros(index.slots.end, np.bool_))
        index.ranked.scores(asking, role, date(2027, 2, 1), range(index.slots.end))
    index.remove(host.participation_id)


if __name__ == "__main__":
    warm()
