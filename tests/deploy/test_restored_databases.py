"""Five databases are backed up and restored: all is there, and what a listener had not heard will be delivered again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from chassis.running.frame import make_engine
from chassis.running.migrate import upgrade
from deploy.local import manifest
from deploy.local.backup import BLOBS, ERASED, STATE, back_up
from deploy.local.database import private_database
from deploy.local.database_logins import Database
from deploy.local.erased import whom
from deploy.local.first_start import RESTORED, is_restored
from deploy.local.installation import SERVICES, Installation
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from deploy.local.restore import restore
from deploy.local.settings import Settings
from deploy.local.system import silently
from deploy.local.unusable import Unusable
from tests.deploy.test_database import ask

pytestmark = pytest.mark.slow

KEPT, WAITING, LOST, UNHEARD_OF = (uuid4() for _ in range(4))
OF_NOBODY = uuid4()
ANNOUNCED = """
    INSERT INTO journal (id, type, subject, subject_version, at, actor, audience, data, correlation_id, previous_hash, hash, recorded_at, published_at)
    SELECT '{id}', '{type}', 'partnership/' || '{id}', 1, now(), 'service:registry', '{{}}', '{{}}', '', '', '', now(), now()"""
HEARD = "INSERT INTO heard (listener, event_id, at) VALUES ('partnership_created', '{id}', now())"
WAITS = """
    INSERT INTO waiting (id, listener, event_id, event, reason, since, tries, next_try_at)
    SELECT gen_random_uuid(), 'partnership_created', '{id}', '{{}}', '', now(), 1, now()"""
PERSON, SESSION = uuid4(), uuid4()
LOGGED_IN = f"""
    INSERT INTO account (id, username, username_key, e_mail, e_mail_key, organisation_name, country, title, first_name, last_name, language,
        newsletters, notice_version, created_at, version)
    SELECT '{PERSON}', 'u', 'u', 'e', 'e', 'o', 'BE', 'Mx', 'f', 'l', 'en', '{{}}', '1', now(), 1;
    INSERT INTO session (id, secret_hash, person_id, began_at, authenticated_at, expires_at)
    SELECT '{SESSION}', 's', '{PERSON}', now(), now(), now() + interval '1 hour'"""
LISTENING = ("matching", "agreements", "payments")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose database alone runs, with facts that were heard here and there."""
    state = tmp_path_factory.mktemp("installation") / "state"
    with private_database(state) as database:
        database.prepare(SERVICES)
        found = Installation(Settings(state), Ports(state, settled=True), Passwords(state), 0)
        found.prepare()
        for service in SERVICES:
            engine = make_engine(database.url(service))
            upgrade(engine, f"services.{service}")
            engine.dispose()
        _announce(database)
        yield found


def _announce(database: Database) -> None:
    for each in (KEPT, WAITING, LOST, UNHEARD_OF):
        ask(database.plain_url("registry"), ANNOUNCED.format(id=each, type="partnership_created"))
    ask(database.plain_url("registry"), ANNOUNCED.format(id=OF_NOBODY, type="partner_access_opened"))
    for listener in LISTENING:
        ask(database.plain_url(listener), HEARD.format(id=KEPT))
        ask(database.plain_url(listener), (WAITS if listener == "payments" else HEARD).format(id=WAITING))
        if listener != "agreements":
            ask(database.plain_url(listener), HEARD.format(id=LOST))
    ask(database.plain_url("identity"), LOGGED_IN)


@pytest.fixture(scope="module")
def backup(here: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    (here.blobs / "ab").mkdir()
    (here.blobs / "ab" / "abc").write_text("a file of somebody's")
    (here.blobs / ".incoming-1").write_text("half a fi")
    here.erased.write_text(f"{PERSON}\n")
    folder = tmp_path_factory.mktemp("backups") / "monday"
    back_up(here, folder, silently)
    return folder


@pytest.fixture(scope="module")
def restored(backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Database]]:
    """The state folder that was made of it, and its database, running."""
    state = tmp_path_factory.mktemp("elsewhere") / "state"
    restore(Settings(state), backup, [], silently)
    with private_database(state) as database:
        yield state, database


def unpublished(database: Database) -> set[UUID]:
    """What the registry's relay will carry."""
    return {UUID(id) for (id,) in ask(database.plain_url("registry"), "SELECT id::text FROM journal WHERE published_at IS NULL")}  # type: ignore[arg-type]


def test_what_a_listener_lacks_is_delivered_again_and_nothing_else(restored: tuple[Path, Database]) -> None:
    """One did not hear it, or nobody did; whoever keeps it waiting has it, and what nobody listens to is left alone."""
    assert unpublished(restored[1]) == {LOST, UNHEARD_OF}


def test_no_session_is_open_after_a_restore(restored: tuple[Path, Database]) -> None:
    """It may have been ended since."""
    assert ask(restored[1].plain_url("identity"), "SELECT count(*) FROM session WHERE ended_at IS NULL") == [(0,)]
    assert ask(restored[1].plain_url("identity"), "SELECT count(*) FROM account") == [(1,)]


def test_files_keys_and_register_are_there(here: Installation, backup: Path, restored: tuple[Path, Database]) -> None:
    """What a killed process left half received is not; and nobody else reads any of it."""
    state, _ = restored
    assert (state / BLOBS / "ab" / "abc").read_text() == "a file of somebody's"
    assert sorted(file.name for file in (state / BLOBS).iterdir()) == ["ab"]
    for name in ("passwords.json", "keys/fields.key", "keys/identity.pem", "trust/identity.pem", "clock"):
        assert (state / name).read_bytes() == (here.state / name).read_bytes() or name == "passwords.json"
    assert json.loads((here.state / "passwords.json").read_text()).items() <= json.loads((state / "passwords.json").read_text()).items()
    assert whom(state.with_name("state.erased")) == [PERSON]
    open_to_others = [file for file in (*backup.rglob("*"), backup, state) if file.stat().st_mode & 0o077]
    assert open_to_others == []


def test_first_start_is_marked_as_such(restored: tuple[Path, Database]) -> None:
    """At it, the queues of a broker of before are emptied."""
    assert is_restored(restored[0]) and datetime.fromisoformat((restored[0] / RESTORED).read_text()) > datetime.now(UTC) - timedelta(
        hours=1
    )


def test_backup_is_never_written_into_another(here: Installation, backup: Path) -> None:
    """And one that fails leaves nothing that looks like one."""
    with pytest.raises(Unusable, match="is there already"):
        back_up(here, backup, silently)
    ask(here.database.plain_url("payments"), "ALTER TABLE journal RENAME TO elsewhere")
    try:
        with pytest.raises(Unusable, match="cannot be read"):
            back_up(here, backup.with_name("tuesday"), silently)
    finally:
        ask(here.database.plain_url("payments"), "ALTER TABLE elsewhere RENAME TO journal")
    assert [file.name for file in backup.parent.iterdir()] == ["monday"]
    assert {ERASED, BLOBS, STATE, manifest.NAME, manifest.SEAL, "databases"} == {file.name for file in backup.iterdir()}
