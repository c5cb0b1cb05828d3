"""Whether this process' index is what it would be if it were built now."""

from __future__ import annotations

import time
from typing import Any

from chassis.running.frame import Frame
from chassis.running.threads import in_thread
from services.matching.index.contents import differences
from services.matching.index.live import take_in, whole
from services.matching.queries import changes, entries
from services.matching.queries.following import live

TRIES = 20
SHOWN = 20
"""So many participations are named."""


def check(frame: Frame) -> dict[str, Any]:
    """Build a fresh index beside the one in use, bring both to one data version and compare all that they hold."""
    began, found = time.monotonic(), live(frame)
    if not found.is_loaded:
        return {"loaded": False}
    for _ in range(TRIES):
        with frame.sessions() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            version, fresh = changes.newest(session), whole()
            for rows in entries.everybody(session):
                in_thread(take_in, fresh, rows)
            news = entries.changed_after(session, found.version)
        differing = in_thread(found.at, version, news, lambda index, fresh=fresh: differences(index, fresh))
        # A change that was taken in meanwhile has the index further than the fresh one: compare at a newer version.
        if differing is not None:
            told = [str(each) for each in differing[:SHOWN]]
            seconds = round(time.monotonic() - began, 1)
            return {
                "loaded": True,
                "data_version": version,
                "participations": len(fresh),
                "differing": len(differing),
                "of": told,
                "seconds": seconds,
            }
    return {"loaded": True, "data_version": None}
