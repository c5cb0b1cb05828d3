"""A participation: from the draft of its registration to acceptance, pauses, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm.attributes import flag_modified

from chassis.bare.message import Event, Fact, new_id
from chassis.bare.principal import Principal
from chassis.bare.refusals import InvalidFields
from contracts.registry import (
    ChangeDeclined,
    ChangeProposed,
    ChangeWithdrawn,
    HostingPreApproved,
    InterestAsked,
    InterestConfirmed,
    NoChangeProposed,
    ParticipationAccepted,
    ParticipationExpired,
    ParticipationPaused,
    ParticipationResumed,
    ParticipationWithdrawn,
    PartnershipClosed,
    PartnershipFixed,
    ProfileChanged,
    RegistrationBegun,
    RegistrationIncomplete,
    RegistrationRecalled,
    RegistrationRejected,
    RegistrationReopened,
    RegistrationReturned,
    RegistrationSubmitted,
    RegistrationWithdrawn,
    TownNotPlaced,
)
from services.registry.model.base import Base
from services.registry.model.codes import Valid, check_codes, check_proposed_codes, chosen
from services.registry.model.dossier import Dossier
from services.registry.model.eligibility import check_eligibility, check_hosting, check_notices, open_roles
from services.registry.model.moderation import moderated, proposal
from services.registry.model.organisation import Organisation, Places
from services.registry.model.partnership import Partnership
from services.registry.model.profile import public_profile
from services.registry.model.reference import Scheme
from services.registry.model.registration import ENDED, IN_SCHEME, REGISTRATION


class Participation(Dossier, Base):
    """One organisation's part in the scheme, and the rules of its moves."""

    __tablename__ = "participation"
    __table_args__ = (
        # One registration at a time per organisation, also when two of its people begin at once.
        Index(
            "uq_participation_going_on", "organisation_id", unique=True,
            postgresql_where=text(f"state NOT IN {ENDED}"),
        ),
        Index("ix_participation_queue", "partnership_id", "state", "submitted_at"),
    )  # fmt: skip

    @classmethod
    def begin(cls, organisation: Organisation, by: Principal, at: datetime) -> tuple[Participation, Fact]:
        """A new draft for an organisation; the person who begins it answers for it."""
        lists: dict[str, list[str]] = {name: [] for name in LISTS}
        participation = cls(
            id=new_id(), organisation_id=organisation.id, organisation=organisation, person_id=by.person, state=REGISTRATION.initial,
            revision=0, begun_at=at, changed_at=at, assign=False, visibility="all", flagged=False, hosting_approved=False,
            may_visit=False, may_host=False, outermost_region=False, languages=[], availability=[], consents=[], **lists,
        )  # fmt: skip
        return participation, participation._fact(RegistrationBegun)

    def revise(self, by: Principal, answers: Mapping[str, Any], at: datetime, places: Places, valid: Valid) -> list[Fact]:
        """Change answers; in the scheme the moderated ones become a proposal, the others a new public profile, and new codes have to be valid."""
        state = REGISTRATION.after(self.state, "revise", self.roles_of(by))
        if "partnership_id" in answers.get("partnership", {}) or "assign" in answers.get("partnership", {}):
            self._check_partnership_open(answers["partnership"])
        now, later = moderated(answers) if state in IN_SCHEME else (answers, {})
        before = set(chosen(self, self.organisation))
        self._touch(at)
        self.organisation.fill(now.get("organisation", {}), places)
        self.fill(now)
        self.consent(list(now.get("consents", [])), by.person, at)
        self._check_days()
        if state not in IN_SCHEME:
            return []
        check_codes(self, self.organisation, valid, before)
        check_proposed_codes(later, self.organisation, valid)
        return self._announce_revision(now, later)

    def attach_cv(self, by: Principal, file: Mapping[str, Any], at: datetime) -> None:
        """Put a CV in the place of the one before."""
        REGISTRATION.after(self.state, "attach_cv", self.roles_of(by))
        self.cv = file
        self._touch(at)

    def submit(self, by: Principal, at: datetime, scheme: Scheme, partnership: Partnership | None, *, flagged: bool = False) -> Fact:
        """Hand it to its partnership; `partnership` is the chosen one, or the best one where one is to be assigned."""
        state = REGISTRATION.after(self.state, "submit", self.roles_of(by))
        self._check_complete()
        check_notices(self.consents, scheme)
        if not self.organisation.is_placed:
            raise TownNotPlaced(town=self.organisation.town)
        if partnership is None:
            raise RegistrationIncomplete(missing="partnership.partnership_id")
        # Who was asked for more may answer also after its partnership closed.
        if not partnership.open_for_registration and self.state == "draft":
            raise PartnershipClosed(acronym=partnership.acronym)
        check_codes(self, self.organisation, scheme.codes)
        check_eligibility(self.organisation, self.roles, scheme, partnership)
        self.state, self.submitted_at, self.question, self.flagged = state, at, None, flagged
        self.partnership_id = partnership.id
        return self._fact(RegistrationSubmitted)

    def recall(self, by: Principal, at: datetime) -> Fact:
        """Take it back into a draft."""
        self._move("recall", by, at)
        fact = self._fact(RegistrationRecalled)
        self.submitted_at = None
        return fact

    def request_info(self, by: Principal, question: str, at: datetime) -> Fact:
        """Ask for more before deciding."""
        self._move("request_info", by, at)
        self.question = question
        return self._fact(RegistrationReturned)

    def approve_hosting(self, by: Principal, at: datetime) -> Fact:
        """Approve, case by case, that a small firm outside any cluster hosts."""
        self._move("approve_hosting", by, at)
        self.hosting_approved = True
        return self._fact(HostingPreApproved)

    def accept(self, by: Principal, at: datetime, scheme: Scheme, partnership: Partnership) -> Fact:
        """Let it into the scheme; eligibility is looked at again, on this day."""
        state = REGISTRATION.after(self.state, "accept", self.roles_of(by))
        self._settle_roles(scheme, partnership)
        self.state, self.changed_at, self.decided_at, self.accepted_at = state, at, at, at
        self.reason = self.reason_text = None
        self.revision += 1
        return self._fact(ParticipationAccepted, revision=self.revision, profile=public_profile(self))

    def reject(self, by: Principal, reason: str, words: str, at: datetime) -> Fact:
        """Do not let it into the scheme, and say why."""
        self._move("reject", by, at)
        self.reason, self.reason_text, self.decided_at = reason, words, at
        return self._fact(RegistrationRejected, reason=reason)

    def reopen(self, by: Principal, at: datetime) -> Fact:
        """Undo a rejection."""
        self._move("reopen", by, at)
        self.reason = self.reason_text = self.decided_at = None
        return self._fact(RegistrationReopened)

    def approve_change(self, by: Principal, at: datetime, scheme: Scheme, partnership: Partnership, places: Places) -> Fact:
        """Let the proposed change take effect, if the organisation stays eligible with it."""
        REGISTRATION.after(self.state, "approve_change", self.roles_of(by))
        change, before = self._proposal(), set(chosen(self, self.organisation))
        self.organisation.fill(change.get("organisation", {}), places)
        self.fill(change)
        self._check_complete()
        if not self.organisation.is_placed:
            raise TownNotPlaced(town=self.organisation.town)
        check_codes(self, self.organisation, scheme.codes, before)
        self._settle_roles(scheme, partnership)
        self.proposed_change, self.changed_at = None, at
        self.reason_text, self.decided_at = None, at
        return self._profile_changed()

    def decline_change(self, by: Principal, words: str, at: datetime) -> Fact:
        """Leave the answers as they are."""
        REGISTRATION.after(self.state, "decline_change", self.roles_of(by))
        self._proposal()
        self.proposed_change, self.changed_at = None, at
        self.reason, self.reason_text, self.decided_at = None, words, at
        return self._fact(ChangeDeclined)

    def pause(self, by: Principal, at: datetime) -> Fact:
        """Take no new contacts for a while."""
        self._move("pause", by, at)
        return self._short_fact(ParticipationPaused)

    def resume(self, by: Principal, at: datetime) -> Fact:
        """Go on after a pause."""
        self._move("resume", by, at)
        return self._short_fact(ParticipationResumed)

    def withdraw(self, by: Principal, at: datetime) -> Fact:
        """End it for good."""
        in_scheme = self.state in IN_SCHEME
        self._move("withdraw", by, at)
        return self._short_fact(ParticipationWithdrawn) if in_scheme else self._fact(RegistrationWithdrawn)

    def end_for_erasure(self, by: Principal, at: datetime) -> list[Fact]:
        """Its person is erased, so nobody answers for it: end it unless it has ended, and forget what was written about it."""
        self.reason_text = self.question = self.proposed_change = None
        return [] if self.state in ENDED else [self.withdraw(by, at)]

    def ask_interest(self, by: Principal, due_by: datetime, at: datetime) -> Fact:
        """Ask whether the interest goes on; silence until `due_by` ends the participation."""
        self._move("ask_interest", by, at)
        self.interest_due_by = due_by
        return self._fact(InterestAsked)

    def confirm_interest(self, by: Principal, at: datetime) -> Fact:
        """Say that the interest goes on."""
        self._move("confirm_interest", by, at)
        self.interest_due_by = None
        return self._fact(InterestConfirmed)

    def expire(self, by: Principal, at: datetime) -> Fact:
        """End it because nobody answered."""
        self._move("expire", by, at)
        self.interest_due_by = None
        return self._short_fact(ParticipationExpired)

    def _move(self, name: str, by: Principal, at: datetime) -> None:
        self.state = REGISTRATION.after(self.state, name, self.roles_of(by))
        self.changed_at = at

    def _touch(self, at: datetime) -> None:
        # The version covers answers kept in other tables too: they must count as a change of this row, also at the same instant.
        self.changed_at = at
        flag_modified(self, "changed_at")

    def _announce_revision(self, now: Mapping[str, Any], later: Mapping[str, Any]) -> list[Fact]:
        self._check_complete()
        facts = [self._profile_changed()] if any(now.values()) else []
        before, self.proposed_change = self.proposed_change, proposal(self.proposed_change, dict(later), self.organisation, self)
        if self.proposed_change != before:
            facts.append(self._fact(ChangeProposed if self.proposed_change else ChangeWithdrawn))
        return facts

    def _check_partnership_open(self, choice: Mapping[str, Any]) -> None:
        unchanged = (
            choice.get("partnership_id", self.partnership_id) == self.partnership_id and choice.get("assign", self.assign) == self.assign
        )
        if self.state != "draft" and not unchanged:
            raise PartnershipFixed

    def _check_days(self) -> None:
        if self.min_days and self.max_days and self.max_days < self.min_days:
            raise InvalidFields(fields={"period": {"max_days": ["The most days are fewer than the least."]}})

    def _check_complete(self) -> None:
        if missing := self.missing_answers():
            raise RegistrationIncomplete(missing=", ".join(missing))

    def _settle_roles(self, scheme: Scheme, partnership: Partnership) -> None:
        check_eligibility(self.organisation, self.roles, scheme, partnership)
        check_hosting(self.organisation, self.roles, scheme, approved=self.hosting_approved)
        allowed = open_roles(self.organisation, scheme, partnership, approved=self.hosting_approved)
        self.may_visit, self.may_host = "visitor" in allowed & set(self.roles), "host" in allowed & set(self.roles)
        self.outermost_region = scheme.is_outermost(self.organisation.nuts or "")

    def _proposal(self) -> dict[str, Any]:
        if not self.proposed_change:
            raise NoChangeProposed
        return self.proposed_change

    def _profile_changed(self) -> Fact:
        self.revision += 1
        about = {"participation_id": self.id, "revision": self.revision, "profile": public_profile(self)}
        return ProfileChanged.of(self.id, audience=[self.partnership_id], **about)

    def _fact(self, event: type[Event], **more: Any) -> Fact:
        return self._short_fact(event, person_id=self.person_id, **more)

    def _short_fact(self, event: type[Event], **more: Any) -> Fact:
        about = {"participation_id": self.id, "organisation_id": self.organisation_id, "partnership_id": self.partnership_id}
        return event.of(self.id, audience=[self.partnership_id], **about, **more)


LISTS = [name for name, column in Participation.__table__.columns.items() if str(column.type) == "ARRAY"]
