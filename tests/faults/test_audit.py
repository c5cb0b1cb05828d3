"""The auditor finds every promise kept after a played exchange, and names whatever is planted to break one."""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import kombu
import psycopg2
import pytest

import services
from chassis.bare.lifecycle import Lifecycle
from deploy.local.audit.__main__ import main
from deploy.local.audit.lives import LIVES
from deploy.local.audit.place import Place, place_of
from deploy.local.audit.promises import PROMISES, audit
from deploy.local.audit.verdict import MOST_SHOWN, Verdict
from deploy.local.broker_rights import PARTNERS_HOST, SERVICES_HOST
from deploy.local.database_logins import Database
from deploy.local.program import ROOT
from deploy.local.system import Running
from tests.faults.conftest import fresh_system
from tests.faults.planted import FAULTS, Fault
from tests.journeys.partner_systems import give_access
from tests.journeys.played import Played


@pytest.fixture(scope="module")
def resting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A system in which one exchange was played to its payment; only broker and database still run, so that faults stay as planted."""
    with fresh_system(tmp_path_factory.mktemp("audit")) as (running, entrance, offices):
        played = Played(entrance, offices)
        give_access(played.visitor_desk, played.visitor_office.partnership_id)
        played.paid()
        assert [detail for verdict in audit(place_of(running.here), patience_s=60) for detail in verdict.details] == []
        for group in ("entrance", "services"):
            running.supervisor._rpc().stopProcessGroup(group)
        yield running


@pytest.fixture
def place(resting: Running) -> Place:
    """Where it lies."""
    return place_of(resting.here)


@pytest.fixture
def copied(resting: Running) -> Iterator[Callable[[str], Place]]:
    """Makes the same place with a copy of one service's database, which a test may break."""
    made = []

    def copy(service: str) -> Place:
        made.append(f"{service}_{uuid4().hex[:8]}")
        _administer(resting.here.database, f'CREATE DATABASE "{made[-1]}" TEMPLATE "{service}"')
        original = place_of(resting.here)
        return replace(original, addresses=original.addresses | {service: resting.here.database.administrators_plain_url_of(made[-1])})

    yield copy
    for name in made:
        _administer(resting.here.database, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(database: Database, statement: str) -> None:
    connection = psycopg2.connect(database.plain_url())
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def plant(place: Place, fault: Fault) -> None:
    """Do it, with triggers and foreign keys asleep: a fault is what no program of ours would do."""
    with psycopg2.connect(place.addresses[fault.service]) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(fault.statements)
        assert cursor.rowcount, "the fault was planted"
    connection.close()


def broken(place: Place) -> dict[str, Verdict]:
    """The promises that do not hold, by their text."""
    return {verdict.promise: verdict for verdict in audit(place, patience_s=0) if not verdict.holds}


def finding(place: Place, promise: str) -> str:
    """What is found against the promise with that word in it."""
    (verdict,) = (verdict for text, verdict in broken(place).items() if promise in text)
    return "\n".join(verdict.findings)


@pytest.mark.slow
def test_all_promises_hold_for_an_exchange_that_was_paid(place: Place) -> None:
    """And each was looked at: nothing holds because there was nothing to see."""
    for verdict in audit(place):
        assert verdict.holds, verdict.findings
        assert verdict.counts, verdict.promise
        assert all(number for what, number in verdict.counts.items() if what not in ("without owner", "still coming in")), verdict.line


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "_"))
def test_a_fault_in_a_database_is_found(copied: Callable[[str], Place], fault: Fault) -> None:
    """Each promise can be broken, and the auditor says where."""
    place = copied(fault.service)
    plant(place, fault)
    assert fault.finding in finding(place, fault.promise)


OUTSIDE_DATABASES = {"every file": "files", "nothing is parked": "the broker"}
"""What is broken below otherwise than by statements, and where."""


def test_every_promise_has_a_fault_that_breaks_it() -> None:
    """A promise that is added to the audit needs a fault here, or nobody would know that it can be broken."""
    words = {fault.promise for fault in FAULTS} | set(OUTSIDE_DATABASES)
    named = {word: [promise for promise, _ in PROMISES if word in promise] for word in words}
    assert {word: promises for word, promises in named.items() if len(promises) != 1} == {}
    assert {promise for promises in named.values() for promise in promises} == {promise for promise, _ in PROMISES}


@pytest.mark.slow
def test_a_missing_an_altered_and_a_cut_file_are_found(place: Place, tmp_path: Path) -> None:
    """Whatever happened to the bytes under a name, it is told; a file without owner is counted."""
    shutil.copytree(place.blobs, tmp_path / "blobs")
    place = replace(place, blobs=tmp_path / "blobs")
    missing, altered, cut = sorted(each for each in place.blobs.glob("??/*"))[:3]
    missing.unlink()
    altered.write_bytes(bytes([altered.read_bytes()[0] ^ 1]) + altered.read_bytes()[1:])
    cut.write_bytes(cut.read_bytes()[:-1])
    (place.blobs / "00").mkdir(exist_ok=True)
    (place.blobs / "00" / ("0" * 64)).write_bytes(b"half")
    found = finding(place, "every file")
    assert all(f"file {file.name[:64]}" in found for file in (missing, altered, cut))
    assert all(word in found for word in ("is missing", "was altered", "bytes instead of", "does not hold the bytes of its name"))


@pytest.mark.slow
def test_a_parked_message_a_forgotten_one_and_a_missing_queue_are_found(place: Place) -> None:
    """The broker is looked at itself."""
    with kombu.Connection(place.broker.administrator_uri(SERVICES_HOST)) as connection:
        channel = connection.default_channel
        for queue in ("identity.parked", "identity.on.exchange_ready"):
            kombu.Producer(channel).publish({}, exchange="", routing_key=queue)
        channel.queue_delete("payments.on.exchange_ready")
        found = finding(place, "queue")
        for queue in ("identity.parked", "identity.on.exchange_ready"):
            channel.queue_purge(queue)
    assert "1 messages are parked in identity.parked" in found
    assert "1 messages lie in queue identity.on.exchange_ready" in found
    assert "queue payments.on.exchange_ready is missing" in found


@pytest.mark.slow
def test_a_partnerships_queue_that_is_gone_is_found(place: Place) -> None:
    """On the broker's host for partnerships, where no service looks."""
    with kombu.Connection(place.broker.administrator_uri(PARTNERS_HOST)) as connection:
        channel, queue = connection.default_channel, access_queue(place)
        assert channel.queue_declare(queue, passive=True).message_count > 10
        channel.queue_delete(queue)
    assert f"queue {queue} is missing" in finding(place, "their feed")


def access_queue(place: Place) -> str:
    """The queue of the one partnership that has an access."""
    with psycopg2.connect(place.addresses["registry"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT queue FROM partner_access")
        ((queue,),) = cursor.fetchall()
    connection.close()
    return str(queue)


@pytest.mark.slow
def test_the_command_reads_a_running_system_and_one_that_is_only_named(
    resting: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By STATE, or by the administrators' addresses of its database and broker."""
    here = resting.here
    told = {**os.environ, "STATE": str(here.state)}
    done = subprocess.run((sys.executable, "-m", "deploy.local.audit", "--busy"), cwd=ROOT, env=told, capture_output=True, text=True)
    assert "every subject's journal" in done.stdout, done.stderr
    for name, value in {
        "STATE": str(tmp_path / "elsewhere"),
        "DATABASE_URL": here.database.plain_url(),
        "AMQP_URI": here.broker.amqp_uri,
        "BLOB_FOLDER": str(here.blobs),
        "FIELD_KEY_FILE": str(here.keys.field_key_file),
        "CLOCK_FILE": str(here.clock.path),
    }.items():
        monkeypatch.setenv(name, value)
    main(["--busy"])
    assert capsys.readouterr().out == done.stdout


def test_what_cannot_be_read_is_told_in_one_line_with_an_exit_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a missing system nor a dead database looks like a broken promise."""
    monkeypatch.setenv("STATE", str(tmp_path))
    for name in ("DATABASE_URL", "AMQP_URI"):
        monkeypatch.delenv(name, raising=False)
    assert main(["--busy"]) == 2
    assert "nothing runs in" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", "postgresql://administrator:x@127.0.0.1:1/postgres")
    monkeypatch.setenv("AMQP_URI", "amqp://administrator:x@127.0.0.1:1/")
    assert main(["--busy"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_every_move_that_changes_a_state_has_its_fact() -> None:
    """A move added to a lifecycle's table needs its fact in the auditor's, or what it does could not be audited."""
    for life in LIVES:
        changing = {move.name for move in life.lifecycle.moves if move.target not in move.sources or len(move.sources) > 1}
        assert changing <= set(life.moves.values()), life.what
        assert set(life.begins.values()) <= set(life.lifecycle.states), life.what


NOT_PLAYED = {
    "matching: match": "follows what agreements tells of the exchange, which is played there; that it was agreed is played",
    "payments: request for another base": "one fact for all answers, so that nobody knows which: asked and decided are played",
    "payments: assistance": "a sum is done again by a fact that tells the outcome, which is played",
    "payments: exchange": "its one move changes no state; what it begins is played as the request for another base",
}
"""The lifecycles without a life of their own, and why."""


def lifecycles() -> dict[str, Lifecycle]:
    """Every lifecycle that a model of any service knows, by service and subject."""
    names = [each.name for each in pkgutil.walk_packages(services.__path__, "services.") if ".model" in each.name]
    values = [(name.split(".")[1], value) for name in names for value in vars(importlib.import_module(name)).values()]
    return {f"{service}: {value.subject}": value for service, value in values if isinstance(value, Lifecycle)}


def test_every_lifecycle_of_the_services_is_audited() -> None:
    """A new one needs a life, or a reason why it is played as a part of another."""
    played = {id(life.lifecycle) for life in LIVES}
    found = lifecycles()
    assert len(found) > len(NOT_PLAYED) and {name for name, each in found.items() if id(each) not in played} == set(NOT_PLAYED)


def test_a_verdict_tells_the_first_findings_and_counts_the_others() -> None:
    """A thoroughly broken installation is told in a page."""
    verdict = Verdict("something holds")
    for number in range(MOST_SHOWN + 5):
        verdict.find(f"fault {number}")
    assert (verdict.found, len(verdict.details), verdict.details[-1]) == (MOST_SHOWN + 5, MOST_SHOWN + 1, "and 5 more")
    assert not verdict.holds
    assert verdict.line.startswith("BROKEN")
