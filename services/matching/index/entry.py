"""What the index takes in of a participant, and what each of its parts is to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import numpy as np

from services.matching.ranking import Candidate

Arrays = dict[str, np.ndarray]
"""A part's content by names of its own, as a snapshot keeps it."""


@dataclass(frozen=True)
class Entry:
    """A participant at one data version: as the ranking sees it, with its standing, and its public profile in plain JSON."""

    candidate: Candidate
    profile: dict[str, Any]
    listed_at: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    """When it came into the catalogue."""
    usual_hours: int | None = None
    """Within how many hours it answers half of its requests; None before the first answer."""
    is_listed: bool = True
    """Whether it is in the catalogue; in ranked lists it is only where the candidate is active, for it may have left those."""


class Part(Protocol):
    """One part of the index. Its calls come one at a time; a slot put again is replaced, and may be far beyond the last one."""

    name: str

    def put(self, slot: int, entry: Entry) -> None:
        """Take a participant in, or its newer state."""

    def remove(self, slot: int) -> None:
        """Forget whoever has the slot, if anybody has."""

    def save(self) -> Arrays:
        """All that `load` needs to be the same again; views are enough, they are written before the next change."""

    def load(self, arrays: Arrays) -> None:
        """Become what was saved."""
