"""An operator has more processes of a service, fewer, none: nothing else is touched, it is remembered, and slips are answered in a line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from deploy.local.program import ROOT, inherited
from deploy.local.replicas import MOST, Replicas
from deploy.local.scale import read_wishes
from deploy.local.unusable import Unusable
from tests.deploy.test_run import Person, person, pids, url, words_until_ready  # noqa: F401

KINDS = ["identity", "matching", "payments-work"]


def test_wishes_are_read_and_settings_of_make_passed_over() -> None:
    """Several at once, zero too."""
    assert read_wishes(["matching=3", "STATE=/tmp/a b", "payments-work=0"], KINDS) == {"matching": 3, "payments-work": 0}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ([], "say what and how many, like `make scale matching=3`; there are identity, matching, payments-work, each from 0 to 8."),
        (["STATE=/tmp"], "say what and how many"),
        (["matchign=3"], "there is no 'matchign' to scale; there are identity, matching"),
        (["gateway=2"], "The gateway has WEB_CONCURRENCY at `make run`"),
        (["matching=-1"], "matching is '-1'; say how many processes, from 0 to 8."),
        (["matching=three"], "matching is 'three'"),
        (["matching=1.5"], "matching is '1.5'"),
        (["matching="], "matching is ''"),
        (["matching=9"], "matching is '9'; say how many processes, from 0 to 8."),
        (["matching=٣"], "matching is '٣'"),
    ],
)
def test_a_slip_is_answered_in_a_sentence(said: list[str], answer: str) -> None:
    """What is wrong, and how it is said."""
    with pytest.raises(Unusable) as refused:
        read_wishes(said, KINDS)
    assert answer in str(refused.value)


def test_wishes_are_remembered_and_a_damaged_file_is_said(tmp_path: Path) -> None:
    """One of each unless something was said; never more than there are places."""
    Replicas(tmp_path).want("matching", 3)
    Replicas(tmp_path).want("payments", 0)
    again = Replicas(tmp_path)
    assert [again.wants(name) for name in ("matching-3", "matching-4", "payments-1", "identity-1", "identity-2", "gateway")] == [
        True, False, False, True, False, True,
    ]  # fmt: skip
    assert again.unwanted() == ["payments"]
    (tmp_path / "replicas.json").write_text(json.dumps({"matching": 99}))
    assert Replicas(tmp_path).of("matching") == MOST
    (tmp_path / "replicas.json").write_text("[")
    with pytest.raises(Unusable, match="delete it"):
        Replicas(tmp_path).of("matching")


def test_without_a_running_system_a_line_says_so(tmp_path: Path) -> None:
    """And the exit code is not zero; through make, as a person says it."""
    state = tmp_path / ".state"
    told = {"cwd": ROOT, "env": {**inherited(), "MAKEFLAGS": ""}, "capture_output": True, "text": True, "check": False}
    answer = subprocess.run(["make", "-s", "scale", "matching=3", f"STATE={state}"], **told)  # type: ignore[call-overload]
    assert answer.returncode != 0
    assert answer.stderr.startswith(f"clusterxchange: nothing runs in {state}; start it with `make run`.")


def of(kind: str, found: dict[str, int]) -> list[str]:
    """The processes of a kind."""
    return sorted(name for name in found if name.rpartition("-")[0] == kind)


def scaled(person: Person, *said: str) -> list[str]:  # noqa: F811
    """The lines of a scaling that went well."""
    answer = person.says("deploy.local.scale", *said)
    assert answer.returncode == 0, answer.stdout
    return answer.stdout.splitlines()


@pytest.mark.slow
def test_up_and_down_and_to_none_touches_nothing_else(person: Person, url: str) -> None:  # noqa: F811
    """The pids of all others stay; the new ones are ready when it returns, each on a health port of its own; status shows all of it."""
    before = pids(person)
    assert scaled(person, "matching=3", "payments=2") == [
        "matching: 3 ready (before: 1): matching-1, matching-2, matching-3",
        "payments: 2 ready (before: 1): payments-1, payments-2",
    ]
    more = pids(person)
    assert of("matching", more) == ["matching-1", "matching-2", "matching-3"] and {**more, **before} == more
    ports = json.loads((person.state / "ports.json").read_text())
    assert len({ports[f"health/matching-{number}"] for number in (1, 2, 3)}) == 3
    assert scaled(person, "matching=1", "payments=1") == [
        "matching: 1 ready (before: 3): matching-1",
        "payments: 1 ready (before: 2): payments-1",
    ]
    assert pids(person) == before
    assert scaled(person, "matching=0")[0].startswith("matching: no process any more (before: 1)")
    none = person.says("deploy.local.status")
    assert none.returncode == 0 and "`make scale matching=1` brings it back" in none.stdout
    assert pids(person) == {name: pid for name, pid in before.items() if name != "matching-1"}
    scaled(person, "matching=1")
    assert {name: pid for name, pid in pids(person).items() if name != "matching-1"} == {
        name: pid for name, pid in before.items() if name != "matching-1"
    }


@pytest.mark.slow
def test_slips_on_a_running_system_change_nothing(person: Person, url: str) -> None:  # noqa: F811
    """One line, not zero, nobody started or stopped."""
    before = pids(person)
    for said in ("nobody=1", "matching=-1", "matching=many", "gateway=2"):
        answer = person.says("deploy.local.scale", said)
        assert answer.returncode == 1 and answer.stdout.startswith("clusterxchange: ") and answer.stdout.count("\n") == 1
    assert pids(person) == before


@pytest.mark.slow
def test_the_next_run_has_as_many_as_were_wanted(tmp_path: Path) -> None:
    """Also none; and what was stopped stays stopped."""
    person = Person(tmp_path / ".state")  # noqa: F811
    first = person.starts()
    try:
        words_until_ready(first)
        scaled(person, "registry=2", "matching=0")
        first.terminate()
        assert first.wait(60) == 0
        second = person.starts()
        try:
            words_until_ready(second)
            found = pids(person)
            assert (of("registry", found), of("matching", found)) == (["registry-1", "registry-2"], [])
        finally:
            second.terminate()
            second.wait(60)
    finally:
        first.kill()
        person.says("deploy.local.reset")
