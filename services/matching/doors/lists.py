"""Doors of the ranked list and the catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from chassis.bare.principal import Principal
from chassis.bare.refusals import InvalidFields, Unavailable
from chassis.running.doors import answers
from chassis.running.unit import Unit, Units
from contracts.matching.browsing import CompareParticipants, ListAlike, ListCatalogue, ReadCatalogueEntry
from contracts.matching.catalogue import ListMatches
from contracts.matching.refusals import NotRanked, RoleNotTaken
from services.matching.doors.indexed import Indexed
from services.matching.doors.ranking import listed
from services.matching.doors.steady import LOOKS, catch_up, steadily
from services.matching.index.live import Live
from services.matching.model import Participant
from services.matching.queries import best, catalogue, changes, exposure, logged, participants, standing
from services.matching.ranking import missing, scaled
from services.matching.ranking.candidate import opposite
from services.matching.ranking.fairness import Choice


class _Made(NamedTuple):
    """A list: what is answered, whom it shows, and what is logged about it."""

    answer: dict[str, Any]
    choice: Choice
    about: dict[str, Any]


class ListDoors:
    """Who fits best, and who is there at all.

    Every answer is read in one steady unit with the data version it carries. It depends on nothing but that version, the domain
    day and the request, so that all replicas of this service answer the same, byte for byte.
    """

    unit = Units()
    index = Indexed()

    @answers(ListMatches)
    def list_matches(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Rank all possible partners, note and log what is shown (no list by weights that are only tried), and explain it."""
        catch_up(self.unit, request["at_least"])
        index = self.index()
        for _ in range(LOOKS):
            with self.unit(steady=True) as unit:
                if (made := _made(unit, index, who, request)) is None:
                    # The index took in a later change meanwhile: this unit's moment is past.
                    continue
                reply = unit.reply(made.answer)
            # A unit of its own, for it waits for others who show the same hosts, and must see how often they did.
            with self.unit(traced=True) as unit:
                if _noted(unit, made, logging=not request["weights"]):
                    return reply
        raise Unavailable("The lists change too fast just now.")

    @answers(ListCatalogue)
    def list_catalogue(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Search the catalogue."""
        catch_up(self.unit, request["at_least"])
        index = self.index()
        return steadily(self.unit, lambda unit: unit.reply(catalogue.catalogue(unit, index, who, request)))

    @answers(ReadCatalogueEntry)
    def read_catalogue_entry(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show one participant."""
        catch_up(self.unit, request["at_least"])
        with self.unit(steady=True) as unit:
            entry = catalogue.entry(unit, who, request)
            if request["for_participation_id"] and request["as"]:
                one = participants.own_copy(unit, request["for_participation_id"], who)
                # A link of before a pause, or before the role was given up, still shows its entry: it is only not logged.
                if one.is_active and one.takes_part_as(request["as"]):
                    logged.log_opened(unit, one.participation_id, request["as"], request["participation_id"])
            return unit.reply(entry)

    @answers(ListAlike)
    def list_alike(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show those most like one."""
        catch_up(self.unit, request["at_least"])
        index = self.index()
        return steadily(self.unit, lambda unit: unit.reply(catalogue.alike(unit, index, who, request)))

    @answers(CompareParticipants)
    def compare_participants(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show some side by side."""
        catch_up(self.unit, request["at_least"])
        with self.unit(steady=True) as unit:
            return unit.reply(catalogue.comparison(unit, who, request))


def check_role(one: Participant, role: str) -> None:
    """Raises RoleNotTaken for a role in which one's own participation takes no part."""
    if not one.takes_part_as(role):
        raise RoleNotTaken(side="Your organisation", role=role)


def check_ranked(one: Participant, role: str) -> None:
    """Raises RoleNotTaken, or NotRanked for one that chose so."""
    check_role(one, role)
    if not one.is_ranked:
        raise NotRanked


def _counting(tried: list[str], own: dict[str, int]) -> dict[str, int]:
    """The weights that count for whoever asks: its own, but for those tried (`topics:0`); raises InvalidFields if nothing is left."""
    given = {name: int(weight) for name, _, weight in (each.partition(":") for each in tried)}
    counting = own | given
    if not any(counting.values()):
        raise InvalidFields(fields={"weights": ["One criterion at least has to count."]})
    return scaled(counting)


def _made(unit: Unit, index: Live, who: Principal, request: dict[str, Any]) -> _Made | None:
    """The list as of what a steady unit sees; None where the index is further already."""
    one, role = participants.own(unit, request["participation_id"], who), request["as"]
    check_ranked(one, role)
    version, of_day, fairness = changes.data_version(unit), changes.weights(unit), changes.fairness(unit)
    own = _counting(request["weights"], one.chosen_weights(of_day) or of_day)
    asking = replace(participants.candidate(unit, one, role, changes.limits(unit)), weights=own)
    fair = exposure.fair(unit, one.participation_id, opposite(role), fairness)
    looking = replace(asking, avoids=asking.avoids | fair.resting)
    if (found := best.best(unit, index, looking, role, request["limit"], of_day, fair.silent, fairness.setting)) is None:
        return None
    cost = {"setting": fairness.setting, "best_total": found.choice.best_total, "given_up": found.choice.given_up}
    answer = {
        "data_version": version, "day": unit.now.date(), "possible": found.possible, "weights": listed(own), "fairness": cost,
        "missing": missing(asking, role, own, of_day), "items": _explained(unit, found, fair),
    }  # fmt: skip
    about = {"participation_id": one.participation_id, "role": role, "data_version": version, "weights": own if own != of_day else None}
    return _Made(answer, found.choice, about | cost)


def _noted(unit: Unit, made: _Made, *, logging: bool) -> bool:
    """Note to whom these were shown, and log the list; False where a host among them was shown often enough meanwhile."""
    to, role = made.about["participation_id"], opposite(made.about["role"])
    if not exposure.note_shown(unit, to, role, [each for each, _ in made.choice.shown]):
        return False
    if logging:
        logged.log_shown(unit, made.choice, **made.about)
    return True


def _explained(unit: Unit, found: best.Best, fair: exposure.Fair) -> list[dict[str, Any]]:
    ids = [each.partner.participation_id for each in found.fits]
    profiles, answered = participants.profiles(unit, ids), standing.responsiveness(unit.session, ids)
    return [
        {
            "position": position,
            "position_by_score": by_score,
            "answers": each.partner.participation_id not in fair.silent,
            "score": each.score,
            "visitor_score": each.visitor.points,
            "host_score": each.host.points,
            "reasons": {"visitor": each.visitor.parts, "host": each.host.parts},
            "profile": profiles[each.partner.participation_id],
            "responsiveness": answered.get(each.partner.participation_id, standing.NEVER_ASKED),
        }
        for position, (each, by_score) in enumerate(zip(found.fits, found.choice.by_score, strict=True), 1)
    ]
