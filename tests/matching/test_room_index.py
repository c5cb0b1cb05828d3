"""The index of a process that follows is what a fresh one would be, whatever happened; and lists are what the plain ranking says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from chassis.bare.principal import Principal
from chassis.bare.refusals import NotFound, Refusal
from contracts.agreements.events import (
    ExchangeCancelled,
    ExchangeEnded,
    ExchangeRefused,
    ExchangeStarted,
    ExchangeTerminated,
    NoShowRecorded,
)
from contracts.identity.events import PersonErased
from contracts.matching import (
    AcceptContact,
    AnswerElsewhere,
    BlockOrganisation,
    BringInPriorAgreement,
    ChangeRankingChoice,
    CloseContact,
    ConfirmListing,
    ConfirmMatch,
    DeclineContact,
    LiftBlock,
    ListMatches,
    PauseHosting,
    ProposeMatch,
    ReadRankingChoice,
    RefuseProposal,
    ResumeHosting,
    WithdrawContact,
    WithdrawProposal,
)
from contracts.registry.events import (
    ParticipationExpired,
    ParticipationPaused,
    ParticipationResumed,
    ParticipationWithdrawn,
    PartnershipChanged,
)
from services.matching.model import Participant
from services.matching.queries import changes, checking, entries, following, participants
from services.matching.ranking import rank, scaled
from services.matching.service import Matching
from tests.builders import representative
from tests.matching.conftest import REASON, MatchingRoom
from tests.matching.profiles import an_id, host_profile, visitor_profile
from tests.matching.reference import WORDS

NAMES = {"visitor": visitor_profile, "second": visitor_profile, "third": visitor_profile, "host": host_profile, "other": host_profile}
STATES = (ParticipationPaused, ParticipationResumed, ParticipationWithdrawn, ParticipationExpired)
MOVES = (
    AcceptContact, DeclineContact, WithdrawContact, CloseContact, ProposeMatch, ConfirmMatch, RefuseProposal, WithdrawProposal, AnswerElsewhere,
)  # fmt: skip
PAIRS = [{"visitor": visitor, "host": host} for visitor in ("visitor", "second", "third") for host in ("host", "other")]
ENDS = (ExchangeStarted, ExchangeEnded, ExchangeCancelled, ExchangeRefused, ExchangeTerminated, NoShowRecorded)


def person_of(name: str) -> Principal:
    """Its representative."""
    return representative(an_id(f"{name} organisation"))


class Doors:
    """Whatever changes whether or how somebody is listed, drawn by chance; what is refused at the moment changes nothing."""

    def __init__(self, matching: MatchingRoom, seed: int) -> None:
        self.matching, self.chance = matching, random.Random(seed)
        self.revision, self.contacts, self.blocks = 10, [], []
        self.done: Counter[str] = Counter()

    def all(self) -> list[Callable[[], Any]]:
        """One of each kind."""
        moves = [lambda contract=each: self.move(contract) for each in MOVES]
        ends = [lambda event=each: self.exchange(event) for each in ENDS]
        states = [lambda event=each: self.stand(event) for each in STATES]
        return [*[self.accept] * 3, *[self.change] * 2, self.partnership, self.pause, self.resume, self.confirm, self.choose,
                self.block, self.lift, *[self.request] * 4, self.bring_in, self.wait, self.weigh, self.erase, *moves, *ends, *states]  # fmt: skip

    def make(self, door: Callable[[], Any]) -> None:
        """Go through a door, unless it is shut."""
        try:
            name = door()
        except Refusal:
            return
        self.done[name or getattr(door, "__name__", "")] += 1

    def _keep(self, sides: dict[str, str], contact: dict[str, Any]) -> None:
        self.contacts.append((sides, contact))

    def _first_open(self, ways: list[Callable[[], Any]]) -> None:
        """Go the first of these ways, in any order, that is not refused; refused if all are."""
        refusal: Refusal = NotFound()
        for way in self.chance.sample(ways, len(ways)):
            try:
                way()
                return
            except Refusal as error:
                refusal = error
        raise refusal

    def one(self) -> str:
        """Any of them."""
        return self.chance.choice(list(NAMES))

    def profile(self, name: str) -> dict[str, Any]:
        """Its profile, drawn anew; seldom of another organisation."""
        one, texts = self.chance, lambda: [" ".join(self.chance.sample(WORDS, 2)) for _ in range(self.chance.randint(0, 3))]
        visits = NAMES[name] is visitor_profile
        drawn = {
            "country": one.choice(("ES", "FR", "EL") if visits else ("PT", "PL", "FR")), "can_teach": texts(), "want_to_learn": texts(), "topics": texts(), "capacity": one.choice((0, 1, 2, 2)),
            "roles": one.choice((["visitor"] if visits else ["host"], ["visitor", "host"])), "visibility": one.choice(("all", "all", "partnerships", "hidden")),
            "motivation": " ".join(one.sample(WORDS, one.randint(1, 8))), "availability": [], "languages": [{"language": "en", "level": "B2"}],
            "organisation_id": str(an_id(f"{one.choice(('visitor', 'second')) if name in ('visitor', 'second') else name} organisation")),
        }  # fmt: skip
        return NAMES[name](name, **drawn)

    def accept(self, name: str = "") -> None:
        """The registry accepts one, perhaps anew."""
        self.revision += 1
        self.matching.accept(self.profile(name or self.one()), self.revision, self.revision)

    def change(self) -> None:
        """A profile changes, texts and all."""
        self.revision += 1
        self.matching.change(self.profile(self.one()), self.revision)

    def stand(self, event: Any) -> str:
        """A participation pauses, goes on or ends."""
        self.revision += 1
        name = self.one()
        party = {kind: an_id(f"{name} {kind[:-3]}") for kind in ("participation_id", "organisation_id", "partnership_id")}
        self.matching.room.hear(event.of(an_id("any"), **party), subject_version=self.revision)
        return str(event.__name__)

    def partnership(self) -> None:
        """A partnership changes."""
        self.revision += 1
        one = an_id(f"{self.one()} partnership")
        told = {"partnership_id": one, "acronym": f"P{self.revision}", "name": "x", "country": "PT"}
        self.matching.room.hear(PartnershipChanged.of(one, **told), subject_version=self.revision)

    def ask(self, contract: Any, name: str, **fields: Any) -> dict[str, Any]:
        """One asks for something of its own."""
        return self.matching.room.ask(contract, person_of(name), participation_id=an_id(f"{name} participation"), **fields)

    def pause(self) -> None:
        """A host pauses, perhaps until a day."""
        until = self.matching.room.clock.now().date().replace(year=2029) if self.chance.random() < 0.3 else None
        self.ask(PauseHosting, self.one(), until=until)

    def resume(self) -> None:
        """A host goes on."""
        self.ask(ResumeHosting, self.one())

    def confirm(self) -> None:
        """One confirms its profile."""
        self.ask(ConfirmListing, self.one())

    def choose(self) -> None:
        """One moves its weights, and is ranked or not."""
        name, moved = self.one(), self.chance.random() < 0.5
        weights = [{"criterion": "topics", "weight": 3}, {"criterion": "learning", "weight": 1}] if moved else []
        seen = self.ask(ReadRankingChoice, name)["version"]
        self.ask(ChangeRankingChoice, name, if_match=seen, weights=weights, ranked=self.chance.random() < 0.7)

    def block(self) -> None:
        """One blocks another."""
        name = self.one()
        self.blocks.append((name, self.ask(BlockOrganisation, name, partner_participation_id=an_id(f"{self.one()} participation"))))

    def lift(self) -> None:
        """One takes its last block back."""
        if self.blocks:
            name, block = self.blocks.pop()
            self.matching.room.ask(LiftBlock, person_of(name), block_id=block["block_id"])

    def request(self) -> None:
        """One asks another, in either role."""
        role = self.chance.choice(("visitor", "host"))
        self._first_open(
            [lambda sides=each: self._keep(sides, self.matching.request(person_of(sides[role]), role=role, **sides)) for each in PAIRS]
        )

    def bring_in(self) -> None:
        """One brings in what was agreed outside."""
        partner = {"reason": REASON, "as": "visitor"}
        of = lambda sides: {"partner_participation_id": an_id(f"{sides['host']} participation")} | partner  # noqa: E731
        self._first_open(
            [lambda sides=each: self._keep(sides, self.ask(BringInPriorAgreement, sides["visitor"], **of(sides))) for each in PAIRS]
        )

    def move(self, contract: Any) -> str:
        """Either side makes a move of some contact."""
        fields = {DeclineContact: {"reason": "no_time"}, AnswerElsewhere: {"way": "telephone"}}.get(contract, {})
        self._first_open(
            [
                lambda name=name, contact=contact: self.matching.move(contract, person_of(name), contact, **fields)
                for sides, contact in self.contacts
                for name in sides.values()
            ]
        )
        return str(contract.__name__)

    def exchange(self, event: Any) -> str:
        """Agreements tell of some exchange."""
        agreed = [fact.data for fact in self.matching.room.facts("match_agreed")]
        if not agreed:
            return "nothing"
        fact = self.chance.choice(agreed)
        data = event.read(event.example) | {name: fact[name] for name in ("exchange_id", "visitor", "host")}
        self.matching.room.hear(event.of(UUID(fact["exchange_id"]), **data))
        return str(event.__name__)

    def wait(self) -> None:
        """Time goes by, and what is due is done."""
        self.matching.room.clock.advance(days=self.chance.choice((1, 3, 8, 30)))
        self.matching.room.run_due()

    def weigh(self) -> None:
        """Somebody changes a figure by hand."""
        with self.matching.room.unit() as unit:
            unit.session.execute(text("UPDATE setting SET value = value + 1 WHERE name = 'weight_learning'"))

    def erase(self) -> None:
        """A person is erased."""
        one = an_id(f"{self.one()} person")
        self.matching.room.hear(PersonErased.of(one, person_id=one))


def plainly(matching: MatchingRoom, one: UUID, role: str) -> list[tuple[str, int]]:
    """The list as the plain ranking has it, over all that the database has."""
    with matching.room.unit() as unit:
        copy, of_day = unit.session.get_one(Participant, one), changes.weights(unit)
        asking = participants.candidate(unit, copy, role, changes.limits(unit))
        asking = replace(asking, weights=scaled(copy.chosen_weights(of_day) or of_day))
        others = [entry.candidate for rows in entries.everybody(unit.session) for row in rows if (entry := row.entry())]
        found = rank(asking, role, others, unit.now.date(), of_day, changes.fusion(unit))
        return [(str(each.partner.participation_id), each.score) for each in found]


def compare_lists(matching: MatchingRoom) -> int:
    """Hold each list that somebody may see against the plain ranking; how many partners were on them."""
    shown = 0
    for name in NAMES:
        for role in ("visitor", "host"):
            one = an_id(f"{name} participation")
            try:
                found = matching.room.ask(ListMatches, person_of(name), participation_id=one, **{"as": role})
            except Refusal:
                continue
            told = [(each["profile"]["participation_id"], each["score"]) for each in found["items"]]
            assert told == plainly(matching, one, role)
            shown += len(told)
    return shown


@pytest.mark.parametrize("seed", range(2))
def test_after_any_doors_in_any_order_the_index_is_what_a_fresh_one_would_be(matching: MatchingRoom, seed: int) -> None:
    """Each door that changes how somebody is listed counts its change; one that forgot it would leave the index behind."""
    frame, doors, shown = matching.room.frame, Doors(matching, seed), 0
    for _ in range(6):
        for name in NAMES:
            doors.accept(name)
        kinds = doors.all()
        doors.chance.shuffle(kinds)
        for door in kinds:
            doors.make(door)
            Matching.keep_up(frame)
            found = checking.check(frame)
            with matching.room.unit() as unit:
                assert found["data_version"] == following.live(frame).version == changes.data_version(unit)
            assert found["differing"] == 0, (found, door)
        shown += compare_lists(matching)
    assert shown > 0
    assert {"accept", "change", "pause", "choose", "block", "lift", "request", "wait", "AcceptContact"} <= doors.done.keys()
