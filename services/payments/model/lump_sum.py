"""The lump sum: computed for each version of the commitment, with a base that may be asked for, and agreed on by signature."""

from __future__ import annotations

from datetime import datetime

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Fact
from chassis.bare.principal import Principal
from contracts import payments as contracts
from contracts.payments.refusals import AssistanceAlreadyComputed, AssistanceNotComputed, SupplementAlreadyRequested
from services.payments.assistance import Base as LumpBase
from services.payments.assistance import Method, Stay, distance_m
from services.payments.model.assistance import ASSISTANCE, SUPPLEMENT, Assistance, Supplement
from services.payments.model.base import ITSELF, VISITOR
from services.payments.model.reference import Participation, Tariff
from services.payments.model.subject import Subject

ASKING = Lifecycle("exchange", "open", move("request_supplement", "open", "open", VISITOR))


class LumpSum(Subject):
    """What is computed, and agreed on."""

    __abstract__ = True

    def plan(self, version: int, working_days: int, host_country: str, counted: Method) -> None:
        """Both partnerships validated a version of the commitment, its days `counted` so; an older one that comes late changes nothing."""
        if self.plan_version is None or version > self.plan_version:
            self.plan_version, self.plan_days, self.plan_country = version, working_days, host_country
            self.plan_method, self.plan_method_source = counted.meaning, counted.source

    def compute_assistance(self, tariff: Tariff, visitor: Participation, host: Participation, at: datetime) -> Fact | None:
        """Compute the lump sum for the newest plan, once; None while there is no plan or the paying officer has to decide."""
        if self.plan_version is None or self._base_is_asked():
            return None
        assistance = self._assistance_of(self.plan_version) or self._begin_assistance()
        if assistance.state == "computed":
            return None
        stay = self._stay(distance_m(visitor.place, host.place, tariff.distance_method), tariff.measured())
        assistance.compute(self._base(tariff, host), stay, tariff.rules(), at)
        return self._computed(assistance)

    def recompute_assistance(self, by: Principal) -> None:
        """Whether a refused sum may be done again; raises AssistanceNotComputed when none was tried."""
        newest = self.newest_assistance()
        if newest is None:
            raise AssistanceNotComputed
        ASSISTANCE.after(newest.state, "recompute_assistance", self.capacities(by))

    def newest_assistance(self) -> Assistance | None:
        """The assistance for the newest version of the commitment for which it was tried."""
        return self.assistances[-1] if self.assistances else None

    def request_supplement(self, by: Principal, at: datetime) -> Fact:
        """The visitor asks that the paying officer decide the base; raises AssistanceAlreadyComputed, SupplementAlreadyRequested."""
        ASKING.after("open", "request_supplement", self.capacities(by))
        if self.newest_assistance():
            raise AssistanceAlreadyComputed
        if self.supplement:
            raise SupplementAlreadyRequested(state=self.supplement.state)
        self.supplement = Supplement(exchange_id=self.id, state=SUPPLEMENT.initial, requested_by=by.person, requested_at=at)
        return self.happened(contracts.BaseAsked)

    def agree(self, version: int, at: datetime) -> list[Fact]:
        """The financial agreement on the amount for that version of the commitment is signed; raises AssistanceNotComputed without one.

        An older version that comes late changes nothing.
        """
        if self.agreed_version is not None and version <= self.agreed_version:
            return []
        agreed = self._assistance_of(version)
        if agreed is None or agreed.amount_minor is None:
            raise AssistanceNotComputed
        facts = self._reassessed(at)
        self.agreed_version = version
        self.payment.agree(agreed.amount_minor, ITSELF, at)
        return facts

    def _base_is_asked(self) -> bool:
        return self.supplement is not None and self.supplement.state == "requested"

    def _base_is_decided(self) -> bool:
        return self.supplement is not None and self.supplement.state == "granted"

    def _stay(self, metres: int, measured: Method) -> Stay:
        counted = Method(self.plan_method or "", self.plan_method_source or "")
        return Stay(self.plan_days or 0, metres, f"commitment to quality, version {self.plan_version}", counted, measured)

    def _base(self, tariff: Tariff, host: Participation) -> LumpBase | None:
        outermost = host.outermost_region and host.country == self.plan_country
        return tariff.base(self.plan_country or "", outermost=outermost, decided=self._base_is_decided())

    def _begin_assistance(self) -> Assistance:
        assistance = Assistance.of(self.id, self.plan_version or 0)
        self.assistances.append(assistance)
        return assistance

    def _computed(self, assistance: Assistance) -> Fact:
        version = assistance.commitment_version
        if assistance.refused:
            return self.happened(contracts.AssistanceRefused, commitment_version=version, code=assistance.refused)
        about = {name: getattr(assistance, name) for name in ("amount", "factors", "payment_days", "minimum_working_days")}
        return self.happened(contracts.AssistanceComputed, commitment_version=version, **about)
