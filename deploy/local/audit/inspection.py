"""What every promise is examined with: the books, the place they are of, and up to which moment things count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deploy.local.audit.books import Books
from deploy.local.audit.place import Place


@dataclass(frozen=True)
class Inspection:
    """One audit. What was recorded after `until` (real time) is still on its way and not judged; `now` is domain time.

    While the system is `busy`, copies in other services may lag behind, and queues may hold messages.
    """

    books: Books
    place: Place
    until: datetime
    now: datetime
    busy: bool
