"""Matching on several replicas, while people use it: none of their calls is lost, whatever is started, stopped or killed."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.chassis.wires import wait_for
from tests.journeys.played import Played
from tests.replicas.conftest import Operator, Rows
from tests.replicas.stream import Stream

pytestmark = pytest.mark.slow

KILLS = 6


@pytest.fixture
def talk(played: Played) -> Played:
    """A visitor and a host in an accepted contact, who may write to each other."""
    played.link = played.in_contact()
    played.host.post(f"{played.link}/acceptance")
    return played


def stream(operator: Operator, talk: Played) -> Stream:
    """The visitor reads its list of best partners and writes to the host, several times at once."""
    mine = talk.registrations["visitor"].rpartition("/")[2]
    conversation = talk.visitor.get(talk.link).body["conversation_id"]
    token = talk.visitor._token
    assert token
    return Stream(operator.running.url, token, f"/v1/participations/{mine}/matches?as=visitor", f"/v1/conversations/{conversation}")


def assert_each_written_once(written: list[str], rows: Rows) -> None:
    """Every message that was answered is there once, and none that was not written."""
    counts = Counter(row.text for row in rows("SELECT text FROM message WHERE text = ANY(:texts)", texts=written))
    assert counts == Counter(written)


def test_scaling_up_and_down_and_to_none_and_back_loses_no_call(operator: Operator, talk: Played, rows: Rows) -> None:
    """1 -> 3 -> 1 -> 0 -> 1 under a stream of calls: every response is an answer, or while there is none a quick 503 that names matching."""
    others = {name: pid for name, pid in operator.pids().items() if not name.startswith("matching-")}
    with stream(operator, talk) as calls:
        time.sleep(1)
        began = time.monotonic()
        operator.scale("matching", 3)
        assert len(operator.pids("matching")) == 3
        time.sleep(1)
        operator.scale("matching", 1)
        time.sleep(1)
        leaving = time.monotonic()
        operator.scale("matching", 0)
        gone = time.monotonic()
        assert operator.pids("matching") == {}
        assert operator.ready()["services"]["matching"] == 0 and operator.ready()["ready"]
        time.sleep(2)
        back = time.monotonic()
        operator.scale("matching", 1)
        time.sleep(2)
    print(calls.statuses(), f"{len(calls.written)} messages")
    assert calls.lost == []
    assert set(calls.statuses()) <= {"200", "201", "503 service_missing"}
    assert all(each.is_answer for each in calls.during(began, leaving))
    without = calls.during(gone, back)
    assert without and all((each.status, each.service) == (503, "matching") for each in without)
    # Early: far under the time that a call may take, however loaded the machine is.
    assert sorted(each.took for each in without)[len(without) // 2] < 1
    assert calls.noted[-1].is_answer
    assert_each_written_once(calls.written, rows)
    assert {name: pid for name, pid in operator.pids().items() if not name.startswith("matching-")} == others


def test_killed_replicas_are_not_noticed_by_callers(operator: Operator, talk: Played, rows: Rows) -> None:
    """Three of them, killed one after the other under a stream of calls: each query is answered, each command has its effect once."""
    operator.scale("matching", 3)
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    try:
        with stream(operator, talk) as calls:
            for _ in range(KILLS):
                time.sleep(dice.random())
                operator.kill(dice.choice(sorted(operator.pids("matching"))))
            time.sleep(1)
    finally:
        operator.scale("matching", 1)
    print(f"seed {seed}:", calls.statuses(), f"{len(calls.written)} messages, {KILLS} kills")
    assert calls.lost == []
    assert set(calls.statuses()) == {"200", "201"}
    assert_each_written_once(calls.written, rows)


def test_all_replicas_give_the_same_bytes_for_the_same_data_version(operator: Operator, talk: Played, played: Played) -> None:
    """List, catalogue, entry and counts, asked until each of the three has answered each of them several times."""
    talk.visitor.log_in()
    mine = talk.registrations["visitor"].rpartition("/")[2]
    partner = talk.registrations["host"].rpartition("/")[2]
    asked = {
        "list_matches": f"/v1/participations/{mine}/matches?as=visitor&limit=100",
        "list_catalogue": "/v1/catalogue?limit=100",
        "read_catalogue_entry": f"/v1/catalogue/{partner}",
    }
    operator.scale("matching", 3)
    try:
        with httpx.Client(base_url=operator.running.url, headers={"Authorization": f"Bearer {talk.visitor._token}"}, timeout=60) as client:
            for door, path in asked.items():
                before = {name: answered(operator, name, door) for name in operator.pids("matching")}
                answers: set[tuple[Any, ...]] = set()

                def ask(path: str = path, answers: set[tuple[Any, ...]] = answers) -> None:
                    answer = client.get(path).raise_for_status()
                    answers.add((answer.json()["data_version"], answer.json().get("day"), answer.content))

                wait_for(
                    lambda door=door, before=before: (ask(), all(answered(operator, n, door) - was >= 3 for n, was in before.items()))[1]
                )  # type: ignore[misc]
                assert len(answers) == len({(version, day) for version, day, _ in answers})
    finally:
        operator.scale("matching", 1)


def answered(operator: Operator, name: str, door: str) -> int:
    """How many calls a process has answered at a door."""
    found = re.search(rf'door_seconds_count\{{door="{door}",outcome="done"\}} ([\d.]+)', operator.metrics(name))
    return int(float(found[1])) if found else 0


def test_without_matching_everything_else_works(operator: Operator, played: Played, rows: Rows) -> None:
    """An exchange that was agreed before is played to its payment, its dossier names what is missing; matching follows when it is back."""
    played.agreed()
    operator.scale("matching", 0)
    try:
        assert played.auditor.get("/v1/partnerships").body["items"]
        for path in ("/v1/catalogue", "/v1/contacts", "/v1/conversations"):
            answer = httpx.get(f"{operator.running.url}{path}", headers={"Authorization": f"Bearer {played.visitor._token}"}, timeout=60)
            problem = answer.json()
            assert (answer.status_code, problem["code"], problem["details"]) == (503, "service_missing", {"service": "matching"})
            assert "the matching service is not running" in problem["detail"] and int(answer.headers["Retry-After"]) >= 1
        paid_without_matching(played)
        assert played.payment("paid")
        dossier = played.auditor.get(f"{played.link}/dossier").body
        assert [(each["part"], each["code"]) for each in dossier["missing"]] == [("conversation", "unavailable")]
        assert (dossier["conversation"], dossier["money"]["payment"]["state"]) == (None, "paid")
    finally:
        operator.scale("matching", 1)
    exchange = played.link.rpartition("/")[2]
    wait_for(lambda: rows("SELECT state FROM match WHERE exchange_id = :id", id=exchange)[0].state == "ended")


def paid_without_matching(played: Played) -> None:
    """From the match agreed to the money, step by step as `Played` does it, but for what comes before."""
    played.agreed = lambda: played  # type: ignore[method-assign]
    played.paid()
