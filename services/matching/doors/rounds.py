"""Doors of matching rounds: begun at the desk, reckoned by a worker, shown to both sides."""

from __future__ import annotations

from functools import partial
from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers, due, works
from chassis.running.occasions import Due, Job, Occasion
from chassis.running.unit import Units, open_unit
from contracts.matching.refusals import RoundGoing
from contracts.matching.round_events import RoundStarted
from contracts.matching.rounds import DiscardRound, ListRoundPairs, ListRounds, ListSuggestions, ReadRound, ShowRound, StartRound
from services.matching.doors.lists import check_role
from services.matching.model import MatchingRound
from services.matching.queries import changes, choices, following, participants, rounds

TELLING = "suggestions_telling"


class RoundDoors:
    """Rounds, from their start to the suggestions that both sides see."""

    unit = Units()

    @answers(StartRound)
    def start_round(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Begin a round; a worker reckons it."""
        with self.unit() as unit:
            made, started = MatchingRound.start(request["partnership_id"], by=who, at=unit.now)
            if (other := rounds.going(unit, made.partnership_id)) is not None:
                raise RoundGoing(round_id=str(other))
            unit.session.add(made)
            unit.announce(started)
            unit.session.flush()
            return unit.reply(rounds.shown(unit, made, who))

    @works(RoundStarted)
    def reckon_round(self, job: Job) -> None:
        """Rank for every open visitor, and find the pairs that add up to the most; nothing is left to do for a round discarded meanwhile."""
        # Read beside the unit: a unit of a job finishes it.
        with open_unit(job.frame, Occasion(job.frame.itself, job.correlation_id), steady=True) as reading:
            if not rounds.is_computing(reading, job.subject_id):
                return
            visitors, version = rounds.open_visitors(reading, rounds.partnership_of(reading, job.subject_id)), changes.data_version(reading)
            index = following.of_moment(job.frame, reading.session, partial(job.progress, 0, 2 * len(visitors) + 1))
            proposal = choices.proposal(reading, index, visitors, job.progress)
        with self.unit() as unit:
            made = rounds.own_round(unit, job.subject_id)
            if not made.is_computing:
                return
            pairs, proposed = made.propose(proposal, visitors=len(visitors), data_version=version, by=unit.who)
            unit.session.add_all(pairs)
            unit.announce(proposed)

    @answers(ListRounds)
    def list_rounds(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show the rounds somebody may see."""
        with self.unit() as unit:
            return unit.reply(rounds.rounds(unit, who, request))

    @answers(ReadRound)
    def read_round(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show one round."""
        with self.unit() as unit:
            return unit.reply(rounds.shown(unit, rounds.matching_round(unit, request["round_id"], seen_by=who), who))

    @answers(ListRoundPairs)
    def list_round_pairs(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show what a round proposes."""
        with self.unit() as unit:
            return unit.reply(rounds.pairs(unit, rounds.matching_round(unit, request["round_id"], seen_by=who), request))

    @answers(ShowRound)
    def show_round(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show both sides their suggestions, in the place of an earlier round's; they are told of it afterwards, however many they are."""
        with self.unit() as unit:
            made = rounds.matching_round(unit, request["round_id"], seen_by=who, to_change=True)
            # The earlier one makes place first: two are never shown, not even within the transaction.
            for before in rounds.shown_before(unit, made):
                unit.announce(before.replace(by=who))
            unit.session.flush()
            unit.announce(made.show_round(by=who))
            unit.plan(TELLING, made.id, unit.now)
            unit.session.flush()
            return unit.reply(rounds.shown(unit, made, who))

    @due(TELLING)
    def tell_suggestions(self, work: Due) -> None:
        """Tell some of those to whom the round suggests partners, and plan the next ones: one unit for thousands would hold up everybody."""
        with self.unit() as unit:
            if not rounds.is_shown(unit, work.subject_id):
                return
            told, go_on = rounds.told_suggestions(unit, work.subject_id, **work.arguments)
            unit.announce(told)
            if go_on is not None:
                unit.plan(TELLING, work.subject_id, unit.now, **go_on)

    @answers(DiscardRound)
    def discard_round(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Do not use a round."""
        with self.unit() as unit:
            made = rounds.matching_round(unit, request["round_id"], seen_by=who, to_change=True)
            unit.announce(made.discard_round(by=who))
            unit.session.flush()
            return unit.reply(rounds.shown(unit, made, who))

    @answers(ListSuggestions)
    def list_suggestions(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show whom rounds suggest to one's own participation."""
        with self.unit() as unit:
            one = participants.own(unit, request["participation_id"], who)
            check_role(one, request["as"])
            return unit.reply({"items": rounds.suggestions(unit, one, request["as"])})
