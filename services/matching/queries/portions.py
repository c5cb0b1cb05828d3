"""Many rows, read so that the event loop has its turn in between."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

AT_ONCE = 1_000
"""So many are made of what the database sent, a few milliseconds of work, before others go on."""


def ids_of(session: Session, ids: Select[Any]) -> frozenset[UUID]:
    """All ids of a statement."""
    return frozenset(each for (each,) in gently(session, ids))


def gently(session: Session, rows: Select[Any]) -> Iterator[Any]:
    """All rows of a statement of columns, in their order.

    Past the session, which makes all rows before it gives the first portion of them: a connection makes them as they are asked for.
    """
    session.flush()
    for some in session.connection().execute(rows).partitions(AT_ONCE):
        yield from some
        time.sleep(0)
