"""The log of lists shown and of what came of them: entries opened, exchanges rated. What was asked and answered stands in the contacts."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.running.unit import Unit
from services.matching.model import OpenedEntry, Rating, ShownList
from services.matching.queries.changes import data_version
from services.matching.ranking.fairness import Choice

LOOK_BACK = 50
"""In how many of the newest lists an entry is looked for: whoever opens one that stood on none of them did not come by a list."""


class _Place(NamedTuple):
    shown_list_id: UUID | None = None
    position: int | None = None


def log_shown(unit: Unit, choice: Choice, **about: Any) -> None:
    """Remember which partners were shown, in which order, by which weights of its own (if any), and what the order for exposure cost."""
    partners: list[dict[str, Any]] = [
        {"participation_id": str(each), "position": position, "score": score} for position, (each, score) in enumerate(choice.shown, 1)
    ]
    unit.session.add(ShownList(**about, at=unit.now, partners=partners))


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
    of_one = (ShownList.participation_id == participation_id, ShownList.role == role)
    newest_first = (ShownList.at.desc(), ShownList.id.desc())
    lists = select(ShownList).where(*of_one).order_by(*newest_first).limit(LOOK_BACK).subquery()
    partner = func.jsonb_array_elements(lists.c.partners).table_valued("value").alias("partner")
    told = lambda name: func.jsonb_extract_path_text(partner.c.value, name)  # noqa: E731
    newest = (
        select(lists.c.id, told("position").cast(Integer))
        .join(partner, told("participation_id") == str(partner_id))
        .order_by(lists.c.at.desc(), lists.c.id.desc())
    )
    found = unit.session.execute(newest.limit(1)).first()
    return _Place(*found) if found else _Place()
