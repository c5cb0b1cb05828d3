"""What stands below is gone for a while: nothing is lost or half done, and everything goes on without a hand."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
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
from deploy.local.system import Running
from tests.faults.conftest import fresh_system
from tests.journeys.played import Played

pytestmark = pytest.mark.slow

System = tuple[Running, Entrance, Offices]
PATIENCE_S = 180.0
SMALL_DISK = "16m"
WAITING_FOR_ROW = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE%'"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A whole system whose blob folder is a small disk of its own, where we may mount one."""
    state = tmp_path_factory.mktemp("outages")
    with small_disk(state / "blobs"), fresh_system(state) as system:
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


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of a few megabytes on a folder, for root; without root the folder stays as it is."""
    if os.geteuid() != 0:
        yield
        return
    folder.mkdir(mode=0o700)
    mounted = (
        subprocess.run(("mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=700", "tmpfs", str(folder)), check=False).returncode == 0
    )
    try:
        yield
    finally:
        if mounted:
            subprocess.run(("umount", "--lazy", str(folder)), check=True)


def pid_of(running: Running, name: str) -> int:
    """The process id of one of the system's processes."""
    return int(next(state["pid"] for state in running.supervisor.states() if state["name"] == name))


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
    """A reminder that falls due is committed while nobody can be told, and reaches the host afterwards."""
    running, entrance, _ = whole
    played.ready()
    supervisor = running.supervisor._rpc()
    supervisor.stopProcess("ground:broker")
    try:
        gone = _answer(running.url, "/v1/partnerships")
        assert gone.status_code == 503 and int(gone.headers["Retry-After"]) >= 1
        entrance.advance(f"{(played.week.monday + timedelta(days=3) - played.now.date()).days}d")
        reminded = f"SELECT published_at FROM journal WHERE type = 'arrival_reminded' AND subject = 'exchange/{played.link[14:]}'"
        committed = wait_for(lambda: rows(running, "agreements", reminded) or None, "the reminder to be committed", PATIENCE_S)
        assert committed == [(None,)]
    finally:
        supervisor.startProcess("ground:broker", False)
    assert played.host.told("arrival_reminded") == played.link
    staying.confirm_arrival(played.host, played.link)


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
    before = {file: hash_of(file) for file in blobs.glob("??/*")}
    with _full(blobs):
        paper = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n" + os.urandom(200_000) + b"\n%%EOF"
        refused = _upload(running.url, played.visitor, f"{played.link}/evidence", paper)
        assert refused.status_code in (503, 507), refused.text
        assert "problem+json" in refused.headers["Content-Type"]
        assert played.host.get(played.link).body["state"] == "ended"
        assert {file: hash_of(file) for file in blobs.glob("??/*")} == before
        assert not list(blobs.glob(".incoming-*"))
    paying.upload_evidence(played.visitor, played.link, played.visiting)
    assert len(played.visitor.get(f"{played.link}/evidence").body["items"]) == 3


@contextmanager
def _full(disk: Path) -> Iterator[None]:
    """No room on that disk for the length of the block."""
    stuffing = disk / "stuffing"
    try:
        _fill(stuffing)
        yield
    finally:
        stuffing.unlink()


def _fill(file: Path) -> None:
    # Without a buffer of its own, which closing would try to write once more.
    with file.open("wb", buffering=0) as stuffing, contextlib.suppress(OSError):
        while stuffing.write(bytes(4096)):
            pass


def _upload(url: str, person: Person, path: str, content: bytes) -> httpx.Response:
    """Sent once, without the patience of a person."""
    person.get("/v1/me")
    files = {"file": ("invoice.pdf", content, "application/pdf")}
    headers = {"Authorization": f"Bearer {person._token}", "Idempotency-Key": os.urandom(8).hex()}
    return httpx.post(f"{url}{path}", data={"kind": "travel_invoice"}, files=files, headers=headers, timeout=30)
