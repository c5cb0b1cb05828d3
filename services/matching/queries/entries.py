"""Participants as the index takes them in, read from the database: all of them, some, or those that changed after a data version."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import Session

from services.matching.index import Entry
from services.matching.model import Participant
from services.matching.model.listing import PAUSED
from services.matching.model.participant import ENDED_STATES, own_weights
from services.matching.queries import changes, standing
from services.matching.ranking import read_candidate
from services.matching.ranking.scores import CRITERIA

AT_ONCE = 500
"""So many rows are fetched in one go."""


class Row(NamedTuple):
    """A participant as it is stored: made an entry of where time may be taken for it."""

    participation_id: UUID
    profile: str | None
    """JSON; None once the participation has ended, or was never accepted."""
    standing: dict[str, Any]
    listing: dict[str, Any]

    def entry(self) -> Entry | None:
        """What the index keeps of it, if anything."""
        if self.profile is None:
            return None
        profile = json.loads(self.profile)
        return Entry(read_candidate(profile, **self.standing), profile, **self.listing)


def entries(session: Session, participations: Sequence[UUID]) -> list[Entry]:
    """The entries of those of them whose participation has not ended, in any order; read here and now, so not of too many at once."""
    return [entry for row in rows(session, participations) if (entry := row.entry())]


def rows(session: Session, participations: Sequence[UUID]) -> list[Row]:
    """The same as they are stored."""
    answers = standing.responsiveness(session, participations)
    return [_row(row, answers) for row in session.execute(_rows().where(Participant.participation_id.in_(participations)))]


def everybody(session: Session) -> Iterator[list[Row]]:
    """All participants, in portions."""
    portion = _rows().order_by(Participant.participation_id).limit(AT_ONCE)
    rows = session.execute(portion).all()
    while rows:
        answers = standing.responsiveness(session, [row[0] for row in rows])
        yield [_row(row, answers) for row in rows]
        rows = session.execute(portion.where(Participant.participation_id > rows[-1][0])).all()


def changed_after(session: Session, version: int) -> list[Row]:
    """Those whose last change that lists depend on came after that data version, those who have ended since among them."""
    found: list[Row] = []
    changed = changes.changed_after(session, version)
    for start in range(0, len(changed), AT_ONCE):
        some = changed[start : start + AT_ONCE]
        answers = standing.responsiveness(session, some)
        rows = {row[0]: row for row in session.execute(_rows().where(Participant.participation_id.in_(some)))}
        found += [_row(rows[each], answers) if each in rows else Row(each, None, {}, {}) for each in some]
    return found


def _rows() -> Select[Any]:
    standings = (
        standing.is_listed(),
        Participant.is_ranked,
        Participant.hosting != PAUSED,
        standing.visit_consumed(),
        standing.is_visiting(),
        standing.hosted(),
    )
    rows: Select[Any] = select(
        Participant.participation_id,
        Participant.state,
        cast(Participant.profile, Text),
        Participant.weights,
        Participant.listed_at,
        *standings,
    )  # type: ignore[assignment]
    return rows


def _row(row: Any, answers: dict[UUID, dict[str, Any]]) -> Row:
    participation_id, state, profile, weights, listed_at, listed, ranked, hosting, consumed, visiting, hosted = row
    answered = answers.get(participation_id, standing.NEVER_ASKED)
    told = {
        "active": listed and ranked, "weights": own_weights(weights, CRITERIA), "hosting": hosting, "hosted": hosted,
        "visit_consumed": consumed, "is_visiting": visiting, "asked": answered["asked"], "answered": answered["answered"],
    }  # fmt: skip
    listing = {"is_listed": listed, "listed_at": listed_at, "usual_hours": answered["usual_hours"]}
    return Row(participation_id, None if state in ENDED_STATES else profile, told, listing)
