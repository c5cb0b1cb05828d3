"""Doors of the feed: every event for partnerships is heard and kept, and a partnership's own are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from environs import Env

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.running.doors import answers, listens
from chassis.running.unit import Units
from contracts.partners.events import partner_events
from contracts.partners.parts import PartnerEvent
from contracts.registry import ReadEvents
from services.registry.model.feed import partner_bytes
from services.registry.queries import feed, partner_access


class ReadingDoors:
    """The feed over HTTP."""

    unit = Units()

    @answers(ReadEvents)
    def read_events(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A page of the events of the caller's partnership."""
        with self.unit() as unit:
            place = partner_access.readable_partnership(unit, who, request["partnership_id"])
            return unit.reply(feed.read(unit, place, request["after"], request["limit"]))


def public_url() -> str:
    """Where people and programs reach the system: PUBLIC_URL without a slash at its end."""
    return Env().str("PUBLIC_URL").rstrip("/")


def _listener(contract: type[PartnerEvent]) -> Callable[[Any, Heard], None]:
    def note(self: Any, event: Heard) -> None:
        with self.unit() as unit:
            if receivers := contract.receivers(event.audience, event.data):
                feed.record(unit, event.id, event.type, partner_bytes(contract, event, public_url()), receivers)

    note.__name__ = f"note_{contract.slug()}"
    note.__doc__ = f"Keep: {contract.description()}"
    return listens(contract.told_of)(note)


def _listeners() -> dict[str, Any]:
    return {f"note_{each.slug()}": _listener(each) for each in partner_events()}


HearingDoors = type(
    "HearingDoors", (), {"__doc__": "One listener for each event that partnerships receive.", "unit": Units(), **_listeners()}
)


class FeedDoors(ReadingDoors, HearingDoors):  # type: ignore[valid-type, misc]
    """Events for partnership systems, kept from the first one on."""
