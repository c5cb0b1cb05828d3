"""A visitor and a host who would have an exchange: what forbids it, whatever they wish."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.matching.refusals import (
    HostFull,
    HostPaused,
    PartnerNotActive,
    RoleNotTaken,
    SameCountry,
    SameOrganisation,
    VisitConsumed,
    VisitorHasExchange,
)
from services.matching.model.base import HOST, VISITOR
from services.matching.model.participant import Participant

NAMES = {VISITOR: "The visitor", HOST: "The host"}


@dataclass(frozen=True)
class Pair:
    """The two, and how their exchanges stand: `hosted` counts the host's open ones."""

    visitor: Participant
    host: Participant
    visit_consumed: bool
    is_visiting: bool
    hosted: int

    def check(self) -> None:
        """Raise what forbids an exchange of these two; wishes, dates and languages are theirs to settle."""
        for side, each in ((VISITOR, self.visitor), (HOST, self.host)):
            if not each.is_active:
                raise PartnerNotActive(side=NAMES[side], state=each.state)
            if not each.takes_part_as(side):
                raise RoleNotTaken(side=NAMES[side], role=side)
        if self.visitor.organisation_id == self.host.organisation_id:
            raise SameOrganisation
        if self.visitor.country == self.host.country:
            raise SameCountry(country=self.host.country)
        self._check_exchanges()

    def _check_exchanges(self) -> None:
        if self.visit_consumed:
            raise VisitConsumed
        if self.is_visiting:
            raise VisitorHasExchange
        if not self.host.is_hosting:
            raise HostPaused
        if self.hosted >= self.host.capacity:
            raise HostFull(capacity=self.host.capacity)
