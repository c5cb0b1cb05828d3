"""Live: words that say that something changed, so that a page fetches it anew."""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.fields import Whole
from chassis.bare.message import SIGNED_IN, Query, Stream
from contracts.identity.refusals import SessionEnded

LONGEST_S = 12 * 60 * 60


class Listener(Stream):
    """Who listens, for what, and until when; the gateway's own, shown to nobody."""


class ListenLive(Query):
    """Be told, for as long as the connection is open, that something changed which concerns me: fetch it again.

    Server-sent events. The data of each is one word of the API's addresses, with the id where there is one: `notices`,
    `contacts:<id>`, `conversations`, `conversations:<id>`, `exchanges:<id>`, `payments:<exchange id>`, `payment-batches:<id>`,
    `registrations:<id>`, `joinings:<id>`, `queries:<id>`, `partnerships:<id>`, `participations:<id>` (how it is listed, and who is suggested
    to it), `blocks`, `complaints:<id>`, `matching-rounds:<id>`, `saved-searches:<id>`, `me` (my roles, or one of my sessions). `everything`
    says that words may have been missed. New words may come; pass over those you do not know. What changed is never said: ask for it, as
    always. A comment line comes at least every 20 seconds.

    The stream ends with the session, and when the server it is connected to stops; connect again then, and fetch what you show.
    """

    service = "identity"
    answers = Listener
    allowed = (SIGNED_IN,)
    rule = "Each person hears of what that person may read."
    refusals = (SessionEnded,)

    seconds = Whole(
        1, LONGEST_S, load_default=None, metadata={"description": "End by itself after so many seconds; without it, with the session."}
    )

    example: ClassVar = {"seconds": 1}
