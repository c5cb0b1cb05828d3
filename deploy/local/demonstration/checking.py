"""`--check`: for every lifecycle of every service, which states some subject is in; fails if one is missing, or no stay was shortened.

States are read from each service's own database, since drafts and the like are nobody's but their owner's to see.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import create_engine, text

from chassis.bare.lifecycle import Lifecycle
from deploy.local.installation import SERVICES, Installation

STATE = "SELECT state, count(*) FROM {} GROUP BY state"
WHERE_KEPT = {
    ("registry", "registration"): STATE.format("participation"),
    ("registry", "request to join"): STATE.format("joining"),
    ("registry", "query"): STATE.format("support_query"),
    ("registry", "partner access"): STATE.format("partner_access"),
    ("matching", "contact"): STATE.format("contact"),
    ("matching", "match"): STATE.format("match"),
    ("matching", "block"): STATE.format("block"),
    ("matching", "complaint"): STATE.format("complaint"),
    ("matching", "hosting"): "SELECT hosting, count(*) FROM participant GROUP BY hosting",
    ("matching", "listing"): "SELECT listing, count(*) FROM participant GROUP BY listing",
    ("matching", "answering"): "SELECT answering, count(*) FROM participant GROUP BY answering",
    ("matching", "matching_round"): STATE.format("matching_round"),
    ("agreements", "exchange"): STATE.format("exchange"),
    ("payments", "payment"): STATE.format("payment"),
    ("payments", "file of evidence"): STATE.format("evidence"),
    ("payments", "request for another base"): STATE.format("supplement"),
    (
        "payments",
        "evidence",
    ): "SELECT CASE WHEN evidence_accepted_at IS NULL THEN 'collecting' ELSE 'accepted' END, count(*) FROM exchange GROUP BY 1",
    (
        "payments",
        "assistance",
    ): "SELECT CASE WHEN amount_minor IS NULL THEN 'refused' ELSE 'computed' END, count(*) FROM assistance GROUP BY 1",
    ("payments", "bank details"): (
        "SELECT CASE WHEN b.exchange_id IS NULL THEN 'missing' ELSE 'given' END, count(*) "
        "FROM exchange e LEFT JOIN bank_details b ON b.exchange_id = e.id GROUP BY 1"
    ),
    ("payments", "exchange"): "SELECT 'open', count(*) FROM exchange",
}
"""How many subjects of each lifecycle are in which state; a lifecycle that is not named here fails the check."""

ASIDE = {("agreements", "exchange", "shortened"): "SELECT count(*) FROM exchange WHERE shortened AND ended_on IS NOT NULL"}
"""What a subject is beside its state, and should be found, too."""

OUT_OF_REACH = {
    ("registry", "partner access", "open"): "demonstration data bring people, and no partnership's system",
    ("registry", "partner access", "revoked"): "demonstration data bring people, and no partnership's system",
    ("matching", "match", "agreed"): "it passes in a moment: agreements opens the exchange",
    ("matching", "match", "refused"): "matching refuses such a match before agreements has to",
    (
        "matching",
        "listing",
        "asked",
    ): "half a year passes before it is asked whether a profile is still true; the demonstration tells of two months",
    ("matching", "listing", "sunk"): "it follows three weeks after that",
    ("matching", "answering", "warned"): "two requests in a row have to expire first, which takes a host a month",
    ("matching", "answering", "silent"): "it follows by one more",
    ("matching", "matching_round", "computing"): "it passes in a moment: a worker reckons",
    ("payments", "assistance", "refused"): "every eligible country has a rate, and shorter stays are not validated",
}
"""States for a moment, for faults and for rule tables to come: why nobody has to be in them."""


@dataclass(frozen=True)
class Found:
    """One state of one lifecycle, and how many subjects are in it."""

    service: str
    subject: str
    state: str
    count: int

    @property
    def excuse(self) -> str | None:
        """Why it may be empty."""
        return OUT_OF_REACH.get((self.service, self.subject, self.state))

    @property
    def is_missing(self) -> bool:
        """Whether something should be there and is not."""
        return self.count == 0 and self.excuse is None


def lifecycles(service: str) -> list[Lifecycle]:
    """All lifecycles in a service's model."""
    package = importlib.import_module(f"services.{service}.model")
    names = [f"{package.__name__}.{each.name}" for each in pkgutil.iter_modules(package.__path__)]
    values = [value for name in names for value in vars(importlib.import_module(name)).values()]
    return list({id(value): value for value in values if isinstance(value, Lifecycle)}.values())


def look(here: Installation) -> Iterator[Found]:
    """Every state of every lifecycle, counted; raises KeyError for a lifecycle that WHERE_KEPT does not name."""
    for service in SERVICES:
        engine = create_engine(here.environment(service)["DATABASE_URL"])
        with engine.connect() as connection:
            for lifecycle in lifecycles(service):
                counts: dict[str, int] = dict(connection.execute(text(WHERE_KEPT[service, lifecycle.subject])).tuples().all())
                yield from (Found(service, lifecycle.subject, state, counts.get(state, 0)) for state in lifecycle.states)
            yield from (Found(*each, connection.scalar(text(count)) or 0) for each, count in ASIDE.items() if each[0] == service)
        engine.dispose()
