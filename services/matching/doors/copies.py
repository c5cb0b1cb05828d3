"""Doors for what the registry announces: public profiles, where participations stand, partnerships."""

from __future__ import annotations

from chassis.bare.message import Heard
from chassis.running.doors import NotYet, listens
from chassis.running.unit import Unit, Units
from contracts.registry.events import (
    ParticipationAccepted,
    ParticipationExpired,
    ParticipationPaused,
    ParticipationResumed,
    ParticipationWithdrawn,
    PartnershipChanged,
    PartnershipCreated,
    ProfileChanged,
)
from contracts.words.profile import PublicProfile
from services.matching.doors.contacts import plan_parting
from services.matching.doors.listings import confirm_by_change
from services.matching.doors.searches import plan_news
from services.matching.model import Participant
from services.matching.model.listing import OPEN
from services.matching.model.participant import ACCEPTED, WITHDRAWN, Standing
from services.matching.queries import changes, participants, searches


class CopyDoors:
    """Copies of the registry's truth, the newest word winning."""

    unit = Units()

    @listens(ParticipationAccepted)
    def note_participation_accepted(self, event: Heard) -> None:
        """Take the participation into the catalogue, or back into it."""
        with self.unit() as unit:
            participation_id = event.data["participation_id"]
            standing = participants.standing_of(unit, participation_id)
            copy = participants.copy(unit, participation_id)
            if copy is None:
                copy = Participant(participation_id=participation_id, state=ACCEPTED, revision=None, listed_at=event.at, hosting=OPEN)
                unit.session.add(copy)
            copy.take_over(PublicProfile.write(event.data["profile"]), event.data["revision"])
            confirm_by_change(unit, copy)
            _stand(unit, standing, copy, ACCEPTED, event.subject_version)
            changes.count_change(unit, participation_id)

    @listens(ProfileChanged)
    def note_profile_changed(self, event: Heard) -> None:
        """Take a newer profile over."""
        with self.unit() as unit:
            copy = participants.copy(unit, event.data["participation_id"])
            if copy is None:
                raise NotYet("The participation's acceptance was not heard yet.")
            if copy.take_over(PublicProfile.write(event.data["profile"]), event.data["revision"]):
                confirm_by_change(unit, copy)
                plan_news(unit, copy.participation_id)
                changes.count_change(unit, copy.participation_id)

    @listens(ParticipationPaused)
    def note_participation_paused(self, event: Heard) -> None:
        """Leave the participation out of lists until it goes on."""
        self._note_state(event, "paused")

    @listens(ParticipationResumed)
    def note_participation_resumed(self, event: Heard) -> None:
        """Take the participation into lists again."""
        self._note_state(event, ACCEPTED)

    @listens(ParticipationWithdrawn)
    def note_participation_withdrawn(self, event: Heard) -> None:
        """Leave the participation out for good."""
        self._note_state(event, WITHDRAWN)

    @listens(ParticipationExpired)
    def note_participation_expired(self, event: Heard) -> None:
        """Leave the participation out until it is accepted anew."""
        self._note_state(event, "expired")

    @listens(PartnershipCreated)
    def note_partnership_created(self, event: Heard) -> None:
        """Copy a new partnership."""
        self._note_partnership(event)

    @listens(PartnershipChanged)
    def note_partnership_changed(self, event: Heard) -> None:
        """Take a partnership's newer data over."""
        self._note_partnership(event)

    def _note_partnership(self, event: Heard) -> None:
        with self.unit() as unit:
            if participants.partnership_copy(unit, event.data["partnership_id"]).take_over(event.data, event.subject_version):
                changes.count_change(unit)

    def _note_state(self, event: Heard, state: str) -> None:
        with self.unit() as unit:
            # The standing is locked before the copy is looked for: the acceptance that makes the copy may be under way elsewhere.
            standing = participants.standing_of(unit, event.data["participation_id"])
            copy = participants.copy(unit, event.data["participation_id"])
            _stand(unit, standing, copy, state, event.subject_version)
            changes.count_change(unit, standing.participation_id)


def _stand(unit: Unit, standing: Standing, copy: Participant | None, state: str, subject_version: int) -> None:
    standing.hear(state, subject_version)
    # A draft may be withdrawn that never was in the catalogue: then there is no copy, and the standing waits for none.
    if copy is not None:
        copy.state = standing.state
        plan_parting(unit, copy)
        if copy.state == WITHDRAWN:
            searches.forget_gone(unit, copy.participation_id)
        if copy.is_active:
            plan_news(unit, copy.participation_id)
