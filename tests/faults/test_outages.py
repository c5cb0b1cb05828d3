"""What stands below is gone for a while: nothing is lost or half done, and everything goes on without a hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import psycopg2
import pytest

from deploy.local.audit.files import hash_of
from deploy.local.audit.place import place_of
from deploy.local.audit.promises import audit
from deploy.local.people.acts import agreeing, paying, staying
from deploy.local.people.acts.agreeing import COMMITMENT
from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.offices import Offices
from deploy.local.people.person import Person
from deploy.local.program import ROOT
from deploy.local.system import Running
from services.registry.partner_access import NOT_YET
from tests.faults.conftest import fresh_system
from tests.faults.disks import DATABASES_DISK, database_folder, full, small_disk, without_room
from tests.journeys.played import Played

pytestmark = pytest.mark.slow

System = tuple[Running, Entrance, Offices]
PATIENCE_S = 180.0
STANDSTILL_S = 10
BROKER_GONE_S = float(os.environ.get("BROKER_GONE_S", "10"))
"""How long; `make test-broker-gone` takes minutes."""
EARLY_S = 5
"""Within which a refusal comes while nothing can be asked."""
OPENED = "SELECT published_at FROM journal WHERE type = 'partner_access_opened'"
UNFINISHED = "SELECT count(*) FROM job WHERE finished_at IS NULL"
WAITING_FOR_ROW = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE%'"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A whole system whose blobs and whose database have a disk of their own each, where we may mount one."""
    state = tmp_path_factory.mktemp("outages")
    with small_disk(state / "blobs"), small_disk(database_folder(state), DATABASES_DISK), fresh_system(state) as system:
        yield system


@pytest.fixture
def played(whole: System) -> Played:
    """A visitor, a host, and everybody who takes care of them."""
    return Played(whole[1], whole[2])


@pytest.fixture(autouse=True)
def all_promises_hold(whole: System) -> Iterator[None]:
    """After each of these tests, the auditor finds nothing."""
    yield
    verdicts = list(audit(place_of(whole[0].here), patience_s=120))
    assert [detail for verdict in verdicts for detail in verdict.details] == []


def pid_of(running: Running, name: str) -> int:
    """The process id of one of the system's processes."""
    return pids(running)[name]


def rows(running: Running, service: str, statement: str) -> list[tuple[Any, ...]]:
    """What a SELECT gives in a service's database."""
    with psycopg2.connect(running.here.database.plain_url(service)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchall()
    connection.close()
    return found


@contextmanager
def held(running: Running, service: str, lock: str) -> Iterator[None]:
    """Rows of a service's database, locked for the length of the block."""
    connection = psycopg2.connect(running.here.database.plain_url(service))
    try:
        with connection.cursor() as cursor:
            cursor.execute(lock)
        yield
    finally:
        connection.close()


def test_a_database_restarted_in_the_middle_of_work_changes_nothing(whole: System, played: Played) -> None:
    """It is stopped the fast way between signatures; clients repeat, and the exchange goes on."""
    running = whole[0]
    played.validated()
    agreeing.sign(played.visitor, played.link, COMMITMENT)
    os.kill(pid_of(running, "database"), signal.SIGINT)
    for person in (played.host, *played.desks):
        agreeing.sign(person, played.link, COMMITMENT)
    assert played.visitor.follow(played.link).body["state"] == "signed"
    (signatures,) = rows(running, "agreements", "SELECT count(*), count(DISTINCT (agreement_id, party)) FROM signature")
    assert signatures[0] == signatures[1]


def test_a_worker_killed_half_way_through_a_document_leaves_it_to_the_next(whole: System, played: Played) -> None:
    """It dies when the bytes are made and not yet entered; the document is there a moment later, once, and whole."""
    running = whole[0]
    played.validated()
    exchange, worker = played.link.rpartition("/")[2], pid_of(running, "agreements-work-1")
    os.kill(worker, signal.SIGSTOP)
    for person in (played.visitor, played.host, *played.desks):
        agreeing.sign(person, played.link, COMMITMENT)
    with held(running, "agreements", f"SELECT FROM exchange WHERE id = '{exchange}' FOR UPDATE"):
        os.kill(worker, signal.SIGCONT)
        wait_for(lambda: rows(running, "agreements", WAITING_FOR_ROW) or None, "the worker to have made the document", PATIENCE_S)
        os.kill(worker, signal.SIGKILL)
    document = agreeing.document(played.visitor, played.link, COMMITMENT)
    assert document.content.startswith(b"%PDF") and document.content.rstrip().endswith(b"%%EOF")
    assert rows(running, "agreements", f"SELECT state, tries FROM job WHERE subject = 'exchange/{exchange}'") == [("done", 2)]
    rendered = f"SELECT count(*) FROM journal WHERE subject = 'exchange/{exchange}' AND type = 'document_rendered'"
    assert rows(running, "agreements", rendered) == [(1,)]


def test_with_the_broker_gone_calls_are_told_to_come_again_and_what_was_committed_is_delivered_later(whole: System, played: Played) -> None:
    """However long: no process falls, what needs no call is committed (a reminder, a command by hand), and reaches everybody afterwards."""
    running, entrance, _ = whole
    played.ready()
    acronym, processes = played.host_office.acronym, pids(running)
    supervisor = running.supervisor._rpc()
    supervisor.stopProcess("ground:broker")
    try:
        until = time.monotonic() + BROKER_GONE_S
        assert_told_to_come_again(_answer(running.url, "/v1/partnerships"))
        entrance.advance(f"{(played.week.monday + timedelta(days=3) - played.now.date()).days}d")
        reminded = f"SELECT published_at FROM journal WHERE type = 'arrival_reminded' AND subject = 'exchange/{played.link[14:]}'"
        wait_for(lambda: rows(running, "agreements", reminded) or None, "the reminder to be committed", PATIENCE_S)
        by_hand = subprocess.run(
            (sys.executable, "-m", "services.registry.partner_access", acronym, "--wait", "0"),
            cwd=ROOT, env=os.environ | running.environment("registry"), capture_output=True, text=True,
        )  # fmt: skip
        assert (by_hand.returncode, "has not followed yet" in by_hand.stderr) == (NOT_YET, True), by_hand.stderr
        while time.monotonic() < until:
            began = time.monotonic()
            assert_told_to_come_again(httpx.get(f"{running.url}/v1/partnerships", timeout=30))
            assert time.monotonic() - began < EARLY_S
            time.sleep(1)
        assert set(rows(running, "agreements", reminded)) == {(None,)}
        assert rows(running, "registry", OPENED) == [(None,)]
        assert {name: pid for name, pid in pids(running).items() if name != "broker"} == {
            name: pid for name, pid in processes.items() if name != "broker"
        }
    finally:
        supervisor.startProcess("ground:broker", False)
    assert played.host.told("arrival_reminded") == played.link
    wait_for(lambda: rows(running, "registry", OPENED) != [(None,)] or None, "the command's fact to be published", PATIENCE_S)
    staying.confirm_arrival(played.host, played.link)


def pids(running: Running) -> dict[str, int]:
    """The process ids of all processes that run, by name."""
    return {state["name"]: state["pid"] for state in running.supervisor.states() if state["pid"]}


def _answer(url: str, path: str) -> httpx.Response:
    """The first refusal of a call: one that was under way when the broker left may find its time over first."""
    until = time.monotonic() + PATIENCE_S
    while (answer := httpx.get(f"{url}{path}", timeout=30)).is_success and time.monotonic() < until:
        time.sleep(0.1)
    return answer


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_refuses_files_keeps_no_half_one_and_goes_on_when_there_is_room(whole: System, played: Played) -> None:
    """Evidence is refused with a sentence and to be sent again; other work goes on meanwhile."""
    running, blobs = whole[0], whole[0].here.blobs
    if not os.path.ismount(blobs):
        pytest.skip("no small disk could be mounted here")
    played.ended()
    wait_for(lambda: rows(running, "agreements", UNFINISHED) == [(0,)] or None, "the documents to be made", PATIENCE_S)
    before = {file: hash_of(file) for file in blobs.glob("??/*")}
    with full(blobs):
        paper = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n" + os.urandom(200_000) + b"\n%%EOF"
        refused = _upload(running.url, played.visitor, f"{played.link}/evidence", paper)
        assert refused.status_code in (503, 507), refused.text
        assert "problem+json" in refused.headers["Content-Type"]
        assert played.host.get(played.link).body["state"] == "ended"
        assert {file: hash_of(file) for file in blobs.glob("??/*")} == before
        assert not list(blobs.glob(".incoming-*"))
    paying.upload_evidence(played.visitor, played.link, played.visiting)
    assert len(played.visitor.get(f"{played.link}/evidence").body["items"]) == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_under_the_database_refuses_changes_and_all_goes_on_when_there_is_room(whole: System, played: Played) -> None:
    """First it can keep nothing new, then it falls altogether: nothing but answers and 503 meanwhile, and no hand afterwards."""
    running, server = whole[0], whole[0].here.server
    if server is None or not os.path.ismount(server.folder):
        pytest.skip("no small disk could be mounted here")
    played.validated()
    agreeing.sign(played.visitor, played.link, COMMITMENT)
    conversation = f"/v1/conversations/{played.visitor.get('/v1/conversations').body['items'][0]['conversation_id']}/messages"
    written = _write_until_refused(running.url, played.visitor, conversation, most=3)
    assert {each.status_code for each in written} == {201}
    with ThreadPoolExecutor() as others:
        with without_room(server.folder):
            written += _write_until_refused(running.url, played.visitor, conversation, most=500)
            assert_told_to_come_again(written[-1])
            assert httpx.get(f"{running.url}/v1/partnerships", timeout=30).status_code == 200
            signing = [others.submit(agreeing.sign, person, played.link, COMMITMENT) for person in (played.host, *played.desks)]
            wait_for(lambda: _falls(running) or None, "the database to fall", PATIENCE_S)
            time.sleep(STANDSTILL_S)
        for each in signing:
            each.result(PATIENCE_S)
    assert played.visitor.follow(played.link).body["state"] == "signed"
    kept = [each.json()["message_id"] for each in written if each.status_code == 201]
    assert set(kept) <= {each["message_id"] for each in played.visitor.all(conversation)}
    (signatures,) = rows(running, "agreements", "SELECT count(*), count(DISTINCT (agreement_id, party)) FROM signature")
    assert signatures[0] == signatures[1]


def assert_told_to_come_again(answer: httpx.Response) -> None:
    """In our form, with a time."""
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) >= 1 and "problem+json" in answer.headers["Content-Type"]


def _write_until_refused(url: str, person: Person, path: str, most: int) -> list[httpx.Response]:
    """Messages, one after the other, each sent once; the last answer is the refusal, if there was one."""
    headers, answers = {"Authorization": f"Bearer {person._token}"}, list[httpx.Response]()
    while len(answers) < most and (not answers or answers[-1].is_success):
        key = {"Idempotency-Key": os.urandom(8).hex()}
        text = {"text": os.urandom(1500).hex()}
        answers.append(httpx.post(f"{url}{path}", json=text, headers=headers | key, timeout=30))
    return answers


def _falls(running: Running) -> bool:
    """Have the database need a further file for its log, as any work would in time; whether it fell for want of room."""
    try:
        connection = psycopg2.connect(running.here.database.plain_url(), connect_timeout=5)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_logical_emit_message(false, 'tests', 'x'), pg_switch_wal()")
        connection.close()
    except psycopg2.Error:
        return True
    return False


def _upload(url: str, person: Person, path: str, content: bytes) -> httpx.Response:
    """Sent once, without the patience of a person."""
    person.get("/v1/me")
    files = {"file": ("invoice.pdf", content, "application/pdf")}
    headers = {"Authorization": f"Bearer {person._token}", "Idempotency-Key": os.urandom(8).hex()}
    return httpx.post(f"{url}{path}", data={"kind": "travel_invoice"}, files=files, headers=headers, timeout=30)
