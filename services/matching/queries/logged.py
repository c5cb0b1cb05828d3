"""The log of what came of lists shown: entries opened, exchanges rated. What was asked and answered stands in the contacts."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.running.unit import Unit
from services.matching.model import OpenedEntry, Rating, ShownList
from services.matching.queries.changes import data_version


class _Place(NamedTuple):
    shown_list_id: UUID | None = None
    position: int | None = None


def log_opened(unit: Unit, participation_id: UUID, role: str, partner_id: UUID) -> None:
    """Remember that an entry was opened, and where it stood on the list on which it was shown last, if on any."""
    where = _last_shown(unit, participation_id, role, partner_id)
    unit.session.add(
        OpenedEntry(
            participation_id=participation_id, role=role, partner_participation_id=partner_id, at=unit.now,
            data_version=data_version(unit), **where._asdict(),
        )
    )  # fmt: skip


def rating(unit: Unit, exchange_id: UUID, side: str) -> Rating:
    """The rating of one side, to change it; a new one says nothing yet."""
    key = {"exchange_id": exchange_id, "side": side}
    unit.session.execute(insert(Rating).values(**key, usefulness=None, heard_version=0).on_conflict_do_nothing())
    return unit.session.get_one(Rating, key, with_for_update=True)


def _last_shown(unit: Unit, participation_id: UUID, role: str, partner_id: UUID) -> _Place:
    partner = func.jsonb_array_elements(ShownList.partners).table_valued("value").alias("partner")
    told = lambda name: func.jsonb_extract_path_text(partner.c.value, name)  # noqa: E731
    newest = (
        select(ShownList.id, told("position").cast(Integer))
        .join(partner, told("participation_id") == str(partner_id))
        .where(ShownList.participation_id == participation_id, ShownList.role == role)
        .order_by(ShownList.at.desc(), ShownList.id.desc())
    )
    found = unit.session.execute(newest.limit(1)).first()
    return _Place(*found) if found else _Place()
