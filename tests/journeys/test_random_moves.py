"""Whole exchanges by random moves of random roles, with repeats, and with events in any order, late and more than once.

A plain model (moves/plain.py) says of each move whether it is accepted and where it leads; the services must agree with it at every
step and at the end. `MOVES_RUNS` is the number of exchanges, `MOVES_SEED` repeats a run.
"""

from __future__ import annotations

import base64
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from tests.journeys.moves.acting import Acting, Asked
from tests.journeys.moves.plain import DRAFTED, LONG_AFTER, MOVES, OFFICER, OFFICERS, ROLES, Plain
from tests.journeys.moves.wired import Letter, Wired
from tests.room import Room

RUNS = int(os.environ.get("MOVES_RUNS", "30"))
SEED = int(os.environ.get("MOVES_SEED", random.randrange(10**6)))
STEPS = 40

MOMENTS = [
    datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2027, 3, 1, 12, tzinfo=UTC), datetime(2027, 3, 7, 12, tzinfo=UTC),
    datetime(2027, 4, 7, 12, tzinfo=UTC),
]  # fmt: skip
MIRRORED = {"payable": "payable", "proposed": "payable", "ordered": "ordered", "exported": "ordered", "paid": "paid", "failed": "failed"}
"""How agreements shows what payments announced."""


class Moves(RuleBasedStateMachine):
    """One exchange, tried by everybody at once."""

    wired: ClassVar[Wired]
    ends: ClassVar[dict[str, int]]

    def __init__(self) -> None:
        super().__init__()
        self.acting, self.plain = Acting(self.wired), Plain()
        self.post: list[Letter] = []
        self.all_letters: list[Letter] = []
        self.heard: set[tuple[str, str]] = set()
        self.last: tuple[Asked, dict[str, Any]] | None = None
        self.is_sound = True

    @initialize(order=st.randoms(use_true_random=False), officers=st.sampled_from([OFFICERS, {OFFICER}]))
    def begin(self, order: random.Random, officers: set[str]) -> None:
        """Payments knows who takes part, and one or both paying officers; agreements has to hear of it, and of the match."""
        self.plain.money.officers = frozenset(officers)
        self.wired.set_time(MOMENTS[0])
        self.wired.collect()
        letters = self.wired.introduce(self.acting.cast, self.acting.exchange_id, self.plain.money.officers)
        self._send(letters)
        for letter in [each for each in self.post if each.service == "payments"]:
            self._deliver(letter)
        order.shuffle(self.post)

    @rule(data=st.data(), moves=st.integers(1, 4))
    def people_go_on(self, data: st.DataObject, moves: int) -> None:
        """A few moves that lead on, each by somebody who may make it, with whatever post there is."""
        for _ in range(moves):
            possible = self._leading_on()
            if possible:
                self._attempt(*data.draw(st.sampled_from(possible)))
            else:
                self._deliver_all()

    @rule(move=st.sampled_from(MOVES), role=st.sampled_from(ROLES))
    def anybody_tries_anything(self, move: str, role: str) -> None:
        """Mostly what may not be."""
        self._attempt(move, role)

    @rule()
    def somebody_sends_the_last_command_again(self) -> None:
        """The answer was lost on the way, say. What carries a key is answered the same; what names a version instead finds it stale."""
        if self.last:
            asked, answer = self.last
            again = self.acting.send(asked)
            self._check(again == answer or (again is None and not asked[1].keyed), f"{asked[1].slug()} repeated was answered otherwise")
            self._check(self.wired.collect() == [], f"{asked[1].slug()} repeated was announced again")

    @rule(data=st.data(), again=st.booleans())
    def post_is_delivered(self, data: st.DataObject, again: bool) -> None:
        """One letter out of the heap; perhaps it stays there, to be delivered once more."""
        if self.post:
            letter = self.post[data.draw(st.integers(0, len(self.post) - 1))]
            self._deliver(letter)
            if not again:
                self.post.remove(letter)

    @rule(order=st.randoms(use_true_random=False))
    def all_post_is_delivered(self, order: random.Random) -> None:
        """In any order."""
        self._deliver_all(order)

    @precondition(lambda self: self.plain.state not in DRAFTED | {"submitted"} and self.plain.moment < LONG_AFTER)
    @rule()
    def time_passes(self) -> None:
        """To the next of the four moments."""
        self.plain.moment += 1
        self.wired.set_time(MOMENTS[self.plain.moment])

    @invariant()
    def services_and_model_agree(self) -> None:
        """On the exchange and on its payment."""
        found, payment = self.acting.state().get("state"), self.acting.payment().get("state")
        self._check(found == (self.plain.state if self.plain.is_open else None), f"the exchange is {found}")
        self._check(payment == (self.plain.money.state if self.plain.money.is_open else None), f"the payment is {payment}")

    def teardown(self) -> None:
        """The exchange is played to its end; everything is heard, and heard once more; then all must be as the model says, once each."""
        if not self.is_sound:
            return
        self._play_to_the_end(random.Random(len(self.all_letters)))
        for letter in self.all_letters:
            self._deliver(letter)
        self.services_and_model_agree()
        self._check_sums()
        self._check_facts()
        end = f"{self.plain.state}, {self.plain.money.state}"
        self.ends[end] = self.ends.get(end, 0) + 1

    def _play_to_the_end(self, chance: random.Random) -> None:
        while True:
            while self.post:
                self._deliver_all(chance)
            possible = self._leading_on()
            if possible:
                self._attempt(*chance.choice(possible))
            elif self.plain.waits_for_time():
                self.time_passes()
            else:
                return

    def _leading_on(self) -> list[tuple[str, str]]:
        leading = [move for move in MOVES if self.plain.leads_on(move)]
        return [(move, role) for move in leading for role in ROLES if self.plain.may(move, role)]

    def _attempt(self, move: str, role: str) -> None:
        expected = self.plain.may(move, role)
        asked = self.acting.command(move, role, self.plain.standing)
        answer = self.acting.send(asked)
        self._check((answer is not None) == expected, f"{role} {move} in {self.plain.state}: accepted is {answer is not None}")
        if answer is not None:
            self.plain.make(move, role)
            self.last = asked, answer
        self._send(self.wired.collect())

    def _send(self, letters: list[Letter]) -> None:
        self.post += letters
        self.all_letters += letters

    def _deliver_all(self, order: random.Random | None = None) -> None:
        waiting, self.post = self.post, []
        if order:
            order.shuffle(waiting)
        for letter in waiting:
            self._deliver(letter)

    def _deliver(self, letter: Letter) -> None:
        self.wired.deliver(letter)
        if (letter.service, letter.event["id"]) not in self.heard:
            self.heard.add((letter.service, letter.event["id"]))
            self._tell(letter)
        self._send(self.wired.collect())

    def _tell(self, letter: Letter) -> None:
        if letter.service == "payments":
            self.plain.tell_money(letter.type, letter.event["data"], letter.event["subjectversion"])
        elif letter.type == "assistance_computed":
            self.plain.draft(letter.event["data"]["commitment_version"])
        beginning = {each.event["id"] for each in self.all_letters if each.service == "agreements" and each.event["source"] == "/others"}
        self.plain.is_open = {("agreements", each) for each in beginning} <= self.heard

    def _check_sums(self) -> None:
        payment = self.acting.payment()
        if not payment:
            return
        agreed, amount = ((payment[name] or {"minor": 0})["minor"] for name in ("agreed", "amount"))
        paid = [row.data for row in self.wired.journal("payments", self.acting.exchange_id) if row.type == "payment_paid"]
        self._check(len(paid) == self.plain.money.times_paid <= 1, f"paid {len(paid)} times")
        self._check(amount <= agreed and all(each["amount"]["minor"] == amount for each in paid), "paid more than was agreed")
        if self.plain.money.days == 4 and amount:
            self._check(amount == agreed, "a whole stay is paid in part")
        mirrored = self.acting.state()["payment"]
        if self.plain.money.state in MIRRORED:
            self._check(mirrored == MIRRORED[self.plain.money.state], f"mirrored as {mirrored}")

    def _check_facts(self) -> None:
        for letter in self.all_letters:
            self._check(self.wired.times_heard(letter.service, letter.event["id"]) >= 1, f"{letter.type} was not heard")
        for service, room in self.wired.rooms.items():
            self._check(not room.waiting(), f"something waits in {service}")
            numbers = [row.subject_version for row in self.wired.journal(service, self.acting.exchange_id)]
            self._check(numbers == list(range(1, len(numbers) + 1)), f"the journal of {service} has gaps")

    def _check(self, holds: bool, sentence: str) -> None:
        self.is_sound = self.is_sound and holds
        assert holds, sentence


@pytest.fixture
def wired(rooms: Callable[[str], Room], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wired:
    """Agreements and payments on clean databases."""
    key_file = tmp_path / "field.key"
    key_file.write_text(base64.b64encode(os.urandom(32)).decode())
    monkeypatch.setenv("FIELD_KEY_FILE", str(key_file))
    return Wired({service: rooms(service) for service in ("agreements", "payments")})


def test_no_order_of_moves_repeats_and_events_leads_where_the_plain_model_does_not(wired: Wired) -> None:
    """Accepted and refused as the model says, the same states, each fact heard, at most one payment and never above the sum agreed."""
    Moves.wired, Moves.ends = wired, {}
    chosen = settings(max_examples=RUNS, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    print(f"MOVES_SEED={SEED} MOVES_RUNS={RUNS}")
    run_state_machine_as_test(seed(SEED)(Moves), settings=chosen)
    print("ended as (exchange, payment):", ", ".join(f"{end}: {count}" for end, count in sorted(Moves.ends.items())))
    assert sum(Moves.ends.values()) >= RUNS
