"""Doors of the organisation's own registration: begin, fill in, submit, and what comes after acceptance."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Unit, Units
from contracts.registry import (
    BeginRegistration,
    CountRegistrationPiles,
    DownloadCv,
    ListRegistrations,
    NoCv,
    NoPartnershipOpen,
    OrganisationTakesPart,
    ReadRegistration,
    ReadRegistrationHistory,
    RecallRegistration,
    ReviseRegistration,
    SubmitRegistration,
    SuggestPartnerships,
    UploadCv,
)
from contracts.registry.reference import KINDS
from services.registry.model import Organisation, Participation, Partnership
from services.registry.model.registration import IN_SCHEME
from services.registry.queries import organisations, partnerships, piles, reference, registrations
from services.registry.towns import find_town


class RegistrationDoors:
    """Registrations, from the draft to the queue."""

    unit = Units()

    @answers(BeginRegistration)
    def begin_registration(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Begin a draft, for a new organisation or one that the person represents."""
        with self.unit() as unit:
            organisation = _organisation(unit, who, request)
            participation, fact = Participation.begin(organisation, by=who, at=unit.now)
            unit.session.add(participation)
            unit.announce(fact)
            return shown(unit, participation, who)

    @answers(ReadRegistration)
    def read_registration(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Read one with all its answers."""
        with self.unit() as unit:
            return shown(unit, registrations.participation(unit, request["participation_id"], seen_by=who), who)

    @answers(ListRegistrations)
    def list_registrations(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """List those the person may see."""
        with self.unit() as unit:
            return unit.reply(registrations.registrations(unit, who, request))

    @answers(CountRegistrationPiles)
    def count_registration_piles(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How much waits at the viewer's desk."""
        with self.unit() as unit:
            return unit.reply({"items": piles.counts(unit, who)})

    @answers(ReviseRegistration)
    def revise_registration(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Fill in or change answers."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request.pop("participation_id"), seen_by=who, to_change=True)
            unit.expect(participation)
            if partnership_id := request.get("partnership", {}).get("partnership_id"):
                partnerships.partnership(unit, partnership_id)
            valid = reference.codes(unit) if participation.state in IN_SCHEME else {}
            unit.announce(participation.revise(who, request, unit.now, find_town, valid))
            return shown(unit, participation, who)

    @answers(UploadCv)
    def upload_cv(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Put a CV in the place of the one before."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who, to_change=True)
            unit.expect(participation if participation.cv else None)
            participation.attach_cv(by=who, file=request["cv"], at=unit.now)
            return shown(unit, participation, who)

    @answers(DownloadCv)
    def download_cv(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Send the CV."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who)
            if participation.cv is None:
                raise NoCv
            return unit.reply(participation.cv)

    @answers(SubmitRegistration)
    def submit_registration(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Hand it to its partnership."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who, to_change=True)
            unit.expect(participation)
            flagged = bool(organisations.duplicates_of(unit, participation.organisation))
            partnership = _chosen(unit, participation)
            unit.announce(participation.submit(who, unit.now, reference.scheme(unit, KINDS), partnership, flagged=flagged))
            return shown(unit, participation, who)

    @answers(RecallRegistration)
    def recall_registration(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take it back into a draft."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who, to_change=True)
            unit.announce(participation.recall(by=who, at=unit.now))
            return shown(unit, participation, who)

    @answers(SuggestPartnerships)
    def suggest_partnerships(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Partnerships that suit by sector and geography."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who)
            return unit.reply({"items": partnerships.suggestions(unit, participation)})

    @answers(ReadRegistrationHistory)
    def read_registration_history(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """What happened to it."""
        with self.unit() as unit:
            participation = registrations.participation(unit, request["participation_id"], seen_by=who)
            return unit.reply(unit.history_page(f"participation/{participation.id}", request))


def shown(unit: Unit, participation: Participation, who: Principal) -> dict[str, Any]:
    """The registration as this person sees it: the form's steps, what is open, what looks like it, its place in the queue."""
    form = dict.fromkeys(("person", "role", "offer", "partnership"), participation)
    return unit.reply(
        participation,
        **form,
        period=participation.period_seen_by(who),
        moves=participation.moves_of(who),
        hosting_waiting=registrations.hosting_waits(unit, participation),
        missing=participation.missing_answers(),
        likely_duplicates=organisations.duplicates_of(unit, participation.organisation),
        queue=registrations.queue_place(unit, participation),
    )


def _organisation(unit: Unit, who: Principal, request: dict[str, Any]) -> Organisation:
    if request["organisation_id"] is None:
        organisation, fact = Organisation.found(by=who, at=unit.now)
        unit.session.add(organisation)
        unit.announce(fact)
        return organisation
    # The lock makes the second of two that begin at once wait, and then see the first one's draft.
    organisation = organisations.organisation_to_register(unit, request["organisation_id"], who)
    if registrations.takes_part(unit, organisation.id):
        raise OrganisationTakesPart
    return organisation


def _chosen(unit: Unit, participation: Participation) -> Partnership | None:
    if participation.partnership_id:
        return partnerships.partnership(unit, participation.partnership_id)
    if not participation.assign:
        return None
    best = partnerships.suggestions(unit, participation)
    if not best:
        raise NoPartnershipOpen
    return partnerships.partnership(unit, best[0]["partnership_id"])
