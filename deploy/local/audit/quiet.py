"""Waiting until nothing is on its way any more, so that what is still missing then is missing for good."""

from __future__ import annotations

import time

from deploy.local.audit.books import Books
from deploy.local.audit.place import Place
from deploy.local.audit.queues import lengths_of

ON_THE_WAY = """
    SELECT (SELECT count(*) FROM journal WHERE published_at IS NULL) + (SELECT count(*) FROM waiting)
         + (SELECT count(*) FROM job WHERE finished_at IS NULL) + (SELECT count(*) FROM due WHERE done_at IS NULL AND at <= %s)"""
NOT_CARRIED = """
    SELECT count(*) FROM partner_access a JOIN feed_receiver r ON r.partnership_id = a.partnership_id AND r.position > a.carried
    WHERE a.state = 'open' AND a.made = a.wanted"""
PAUSE_S = 0.5


def wait_for_quiet(place: Place, seconds: float) -> bool:
    """Wait, at most so many seconds, until two looks in a row find nothing on its way; whether they did. Raises Unusable."""
    until, found_nothing = time.monotonic() + seconds, False
    while True:
        nothing = not _on_the_way(place)
        if nothing and found_nothing:
            return True
        if time.monotonic() > until:
            return False
        found_nothing = nothing
        time.sleep(PAUSE_S)


def _on_the_way(place: Place) -> int:
    with Books(place.addresses) as books:
        work = sum(books.number(service, ON_THE_WAY, [place.clock.now()]) for service in books.services)
        work += books.number("registry", NOT_CARRIED)
    return work + sum(length or 0 for name, length in lengths_of(place.broker).items() if not name.endswith(".parked"))
