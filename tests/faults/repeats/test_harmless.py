"""What is delivered again has no second effect: a changing sample of all calls and events, and the commands that carry no key."""

from __future__ import annotations

import os
import secrets

import pytest

from tests.faults.crash_points.cases import Door, all_doors
from tests.faults.repeats.harmless import HARMLESS, ON_RECORD, queries, without_key
from tests.faults.repeats.plugin import same_but_for_what_is_forgotten
from tests.faults.repeats.run import repeat, repeatable, sample

SAMPLE = 32


def test_every_command_without_a_key_is_listed_with_why_it_may_be_repeated() -> None:
    """And no other."""
    assert without_key() == set(HARMLESS)
    assert all(len(each.why) > 20 for each in (HARMLESS | ON_RECORD).values())
    assert set(ON_RECORD) <= queries()


def test_every_call_and_every_event_is_repeated() -> None:
    """Those that only ask, too: a look that changes something is either on record or a fault."""
    repeated = {str(door) for door in repeatable()}
    assert repeated >= {str(door) for door in all_doors() if door.kind == "event"}
    assert queries() | {"log_in", "sign_agreement"} <= {name.partition("call:")[2] for name in repeated}


def test_answer_may_lack_what_was_forgotten_and_nothing_else() -> None:
    """A text may be empty; another one, a field more or less, a number or the order of a list are differences."""
    first = {"version": 3, "reason": "Anna would like to learn.", "messages": [{"text": "Hello"}, {"text": "Good-bye"}]}
    same = [first, first | {"reason": ""}, first | {"messages": [{"text": ""}, {"text": "Good-bye"}]}]
    others = [
        *(first | {"reason": "Berta would."}, first | {"version": 0}, first | {"more": ""}, {"version": 3}, LookupError("gone")),
        *(first | {"messages": [{"text": "Hello"}]}, first | {"messages": first["messages"][::-1]}),  # type: ignore[index]
    ]
    assert [same_but_for_what_is_forgotten(first, each) for each in same] == [True] * 3
    assert [same_but_for_what_is_forgotten(first, each) for each in others] == [False] * 7


@pytest.mark.slow
def test_commands_without_a_key_change_nothing_more_when_they_are_repeated() -> None:
    """But for what each is listed with."""
    outcome = repeat([door for door in repeatable() if door.kind == "call" and door.opens_on in HARMLESS], seed=0)
    assert outcome.is_good, "\n".join([str(outcome), *outcome.findings])


@pytest.mark.slow
def test_what_is_delivered_five_times_at_once_and_late_has_one_effect(capsys: pytest.CaptureFixture[str]) -> None:
    """A sample of all calls and listeners, another one each time; SEED=... shows it again."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**6))
    doors: list[Door] = sample(SAMPLE, seed)
    outcome = repeat(doors, seed)
    with capsys.disabled():
        print(f"\nSEED={seed}: {outcome}")
    assert outcome.is_good, "\n".join(outcome.findings)
