"""Reads of the feed, and the one way into it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis.bare.message import real_now
from chassis.bare.refusals import InvalidFields
from chassis.running.unit import Unit
from services.registry.model import FeedEvent, FeedReceiver

FEED_LOCK = 7_201_301


def record(unit: Unit, event_id: UUID, type: str, body: bytes, receivers: Iterable[UUID]) -> int:
    """Put an event at the end of the feed and return its position.

    One unit at a time from here to its commit: a position is given only when all before it can be seen, so no reader skips one.
    """
    unit.session.execute(select(func.pg_advisory_xact_lock(FEED_LOCK)))
    position = newest(unit) + 1
    unit.session.add(FeedEvent(position=position, event_id=event_id, type=type, body=body, recorded_at=real_now()))
    unit.session.flush()
    unit.session.add_all(FeedReceiver(partnership_id=each, position=position) for each in receivers)
    return position


def newest(unit: Unit) -> int:
    """The last position; 0 in an empty feed."""
    return unit.session.scalar(select(func.coalesce(func.max(FeedEvent.position), 0))) or 0


def read(unit: Unit, partnership_id: UUID, after: UUID | None, limit: int) -> dict[str, Any]:
    """A page of one partnership's events as the contract EventFeed has it; raises InvalidFields for an `after` that is not theirs."""
    start = 0 if after is None else _position_of(unit, partnership_id, after)
    rows = list(unit.session.execute(behind(partnership_id, start, limit)))
    return {"items": [json.loads(row.body) for row in rows], "next": rows[-1].event_id if rows else after}


def behind(partnership_id: UUID, position: int, limit: int) -> Any:
    """The statement for the next events of a partnership: position, event_id, type, body."""
    mine = (FeedReceiver.partnership_id == partnership_id, FeedReceiver.position > position)
    columns = (FeedEvent.position, FeedEvent.event_id, FeedEvent.type, FeedEvent.body)
    joined = select(*columns).join(FeedReceiver, FeedReceiver.position == FeedEvent.position)
    return joined.where(*mine).order_by(FeedReceiver.position).limit(limit)


def _position_of(unit: Unit, partnership_id: UUID, event_id: UUID) -> int:
    mine = FeedReceiver.partnership_id == partnership_id
    statement = select(FeedReceiver.position).join(FeedEvent, FeedEvent.position == FeedReceiver.position)
    position = unit.session.scalar(statement.where(mine, FeedEvent.event_id == event_id))
    if position is None:
        raise InvalidFields(fields={"after": ["This is not the id of an event of this partnership; leave it out to begin at the first."]})
    return position
