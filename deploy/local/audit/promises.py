"""All promises, in the order they are examined, and one audit of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from deploy.local.audit import background, chain, copies, feed, files, hearing, lists, money, queues, signatures, states
from deploy.local.audit.books import Books
from deploy.local.audit.inspection import Inspection
from deploy.local.audit.place import Place
from deploy.local.audit.quiet import wait_for_quiet
from deploy.local.audit.verdict import Verdict

Examine = Callable[[Inspection, Verdict], None]

PROMISES: tuple[tuple[str, Examine], ...] = (
    ("every subject's journal is gapless, chained and unaltered", chain.examine),
    ("no state without its journal row", states.examine),
    ("every fact is published", hearing.examine_published),
    ("every fact is heard by each of its listeners, and nothing else is", hearing.examine_heard),
    ("every event for partnerships lies in their feed, unaltered, and went into their queues", feed.examine),
    ("what others keep of a thing agrees with its owner", copies.examine),
    ("an exchange is paid once, and never more than its lump sum", money.examine),
    ("an order stands on one list, and a list stays as it was exported", lists.examine),
    ("a signature covers the text in force, and the parties are these", signatures.examine),
    ("nothing planned is overdue, and no job is stuck", background.examine),
    ("every file is there, whole and unaltered", files.examine),
    ("nothing is parked or left in a queue", queues.examine),
)
GRACE = timedelta(seconds=60)
"""What is younger may be on its way while the system is busy."""
SLACK = timedelta(seconds=5)
"""What fell due a moment ago is not overdue yet."""


def audit(place: Place, *, busy: bool = False, patience_s: float = 20.0) -> Iterator[Verdict]:
    """Examine an installation, promise by promise; raises Unusable when it cannot be read.

    Unless `busy`, first waits as long as `patience_s` for what is on its way.
    """
    if not busy:
        wait_for_quiet(place, patience_s)
    until = datetime.now(UTC) - (GRACE if busy else timedelta())
    with Books(place.addresses) as books:
        inspection = Inspection(books, place, until, place.clock.now() - SLACK, busy)
        for promise, examine in PROMISES:
            verdict = Verdict(promise)
            examine(inspection, verdict)
            yield verdict
