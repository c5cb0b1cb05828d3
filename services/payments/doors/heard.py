"""What payments hears: paying officers from identity, profiles and partnerships from the registry, the course of an exchange from agreements."""

from __future__ import annotations

from chassis.bare.message import Fact, Heard
from chassis.running.doors import listens
from chassis.running.occasions import NotYet
from chassis.running.unit import Unit
from contracts.agreements.events import (
    DaysConfirmed,
    ExchangeCancelled,
    ExchangeEnded,
    ExchangeOpened,
    ExchangeReady,
    ExchangeStarted,
    ExchangeTerminated,
    NoShowRecorded,
    ReportValidated,
)
from contracts.agreements.rules import WORKING_DAYS_METHODS
from contracts.agreements.signing_events import AgreementSigned, CommitmentValidated
from contracts.identity.events import RoleGranted, RoleHeld, RoleRevoked
from contracts.payments.refusals import AssistanceNotComputed
from contracts.registry.events import ParticipationAccepted, PartnershipChanged, PartnershipCreated, ProfileChanged
from services.payments import queries
from services.payments.assistance import Method
from services.payments.doors.frame import Doors, await_evidence, compute, settle
from services.payments.model import Exchange
from services.payments.model.base import FINANCE


class HeardDoors(Doors):
    """Copies of what others own, and what follows for the money."""

    @listens(PartnershipCreated)
    def note_partnership(self, event: Heard) -> None:
        """A partnership exists."""
        self._keep_partnership(event)

    @listens(PartnershipChanged)
    def note_changed_partnership(self, event: Heard) -> None:
        """Its names changed."""
        self._keep_partnership(event)

    @listens(ParticipationAccepted)
    def note_participation(self, event: Heard) -> None:
        """A participation with its place."""
        self._keep_profile(event)

    @listens(ProfileChanged)
    def note_profile(self, event: Heard) -> None:
        """Its place may have changed."""
        self._keep_profile(event)

    @listens(RoleGranted)
    def note_paying_officer(self, event: Heard) -> None:
        """Somebody may be paying officer from now on."""
        self._keep_paying_officer(event, is_one=True)

    @listens(RoleHeld)
    def note_paying_officer_of_before(self, event: Heard) -> None:
        """Somebody was it already when payments began to listen."""
        self._keep_paying_officer(event, is_one=True)

    @listens(RoleRevoked)
    def note_former_paying_officer(self, event: Heard) -> None:
        """Or is it no longer."""
        self._keep_paying_officer(event, is_one=False)

    @listens(ExchangeOpened)
    def open_exchange(self, event: Heard) -> None:
        """An exchange begins, and its payment waits for everything."""
        with self.unit() as unit:
            if not queries.is_known(unit, event.data["exchange_id"]):
                unit.session.add(Exchange.open(event.data["exchange_id"], event.data["visitor"], event.data["host"]))

    @listens(CommitmentValidated)
    def plan_exchange(self, event: Heard) -> None:
        """A plan is validated: the lump sum is computed."""
        with self.unit() as unit:
            exchange = _heard_of(unit, event)
            counted = Method(WORKING_DAYS_METHODS[event.data["working_days_method"]], event.data["working_days_source"])
            exchange.plan(event.data["version"], event.data["working_days"], event.data["host_country"], counted)
            compute(unit, exchange)

    @listens(AgreementSigned)
    def note_signed_agreement(self, event: Heard) -> None:
        """The lump sum is agreed; the commitment's own signatures matter to agreements only."""
        with self.unit() as unit:
            exchange = _heard_of(unit, event)
            if event.data["kind"] == "financial_agreement":
                unit.announce(_agreed(exchange, event.data["commitment_version"], unit))
                settle(unit, exchange)

    @listens(DaysConfirmed)
    def note_days(self, event: Heard) -> None:
        """The host confirmed the days."""
        with self.unit() as unit:
            exchange = _heard_of(unit, event)
            unit.announce(exchange.confirm_days(event.data["days_present"], event.subject_version, unit.now))
            settle(unit, exchange)

    @listens(ReportValidated)
    def note_report(self, event: Heard) -> None:
        """The closing report is validated."""
        with self.unit() as unit:
            exchange = _heard_of(unit, event)
            exchange.report_validated_at = event.at
            settle(unit, exchange)

    @listens(ExchangeReady)
    def note_ready(self, event: Heard) -> None:
        """All is signed."""
        self._note_stage(event, "ready")

    @listens(ExchangeStarted)
    def note_started(self, event: Heard) -> None:
        """The visitor is there."""
        self._note_stage(event, "running")

    @listens(ExchangeEnded)
    def note_ended(self, event: Heard) -> None:
        """The visitor left, and the evidence is due from then on."""
        with self.unit() as unit:
            days, exchange = queries.tariff(unit, unit.now.date()).days("evidence_days"), _heard_of(unit, event)
            exchange.end(event.data["ended_on"], days)
            await_evidence(unit, exchange)

    @listens(ExchangeCancelled)
    def note_cancelled(self, event: Heard) -> None:
        """Called off before the start."""
        self._close(event, "cancelled")

    @listens(ExchangeTerminated)
    def note_terminated(self, event: Heard) -> None:
        """Broken off."""
        self._close(event, "terminated")

    @listens(NoShowRecorded)
    def note_no_show(self, event: Heard) -> None:
        """Nobody came."""
        self._close(event, "no_show")

    def _keep_partnership(self, event: Heard) -> None:
        with self.unit() as unit:
            queries.keep_partnership(unit, event.data["partnership_id"], event.data["acronym"], event.data["name"], event.subject_version)

    def _keep_paying_officer(self, event: Heard, is_one: bool) -> None:
        with self.unit() as unit:
            place = event.data["place"]
            if event.data["role"] == FINANCE and place is not None:
                queries.keep_paying_officer(unit, place, event.data["person_id"], is_one, event.subject_version)

    def _keep_profile(self, event: Heard) -> None:
        with self.unit() as unit:
            queries.keep_participation(unit, event.data["profile"], event.data["revision"])

    def _note_stage(self, event: Heard, stage: str) -> None:
        with self.unit() as unit:
            _heard_of(unit, event).reach(stage)

    def _close(self, event: Heard, stage: str) -> None:
        with self.unit() as unit:
            unit.announce(_heard_of(unit, event).close(stage, unit.now))


def _heard_of(unit: Unit, event: Heard) -> Exchange:
    if not queries.is_known(unit, event.data["exchange_id"]):
        raise NotYet("the exchange is not opened here yet")
    return queries.exchange(unit, event.data["exchange_id"], seen_by=unit.who, to_change=True)


def _agreed(exchange: Exchange, version: int, unit: Unit) -> list[Fact]:
    try:
        return exchange.agree(version, unit.now)
    except AssistanceNotComputed as missing:
        raise NotYet("the amount that was signed is not computed here yet") from missing
