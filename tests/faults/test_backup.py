"""A restored backup is a working system, and erased people stay erased.

Whatever was on its way when the backup was made arrives, what was half-way is played to its end, and whoever was erased afterwards is
nowhere in what comes back.
"""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest
from rich.console import Console

from deploy.local.audit.place import place_of
from deploy.local.audit.promises import audit
from deploy.local.backup import back_up
from deploy.local.erased import whom
from deploy.local.exchange.__main__ import tour
from deploy.local.exchange.telling import Teller
from deploy.local.installation import Installation
from deploy.local.people.acts import agreeing, registering
from deploy.local.people.entrance import Entrance, Refused, wait_for
from deploy.local.people.offices import Office, SignIn
from deploy.local.people.profiles import Profile
from deploy.local.restore import restore
from deploy.local.settings import Settings
from deploy.local.system import Running, silently, system
from deploy.local.unusable import Unusable
from tests.faults.conftest import fresh_system
from tests.journeys.played import Played

pytestmark = pytest.mark.slow

QUIET_S = 90.0
ERASED_S = 240.0
"""An erasure waits until the last tokens hold no more, and for the worker's next look."""
UNDER_WAY = 60
"""So many requests after their beginning, the others who play are between registration and match."""
SOMEBODY = SignIn("zebulon.quartermain", "zebulon.quartermain@people.example", "Dr", "Zebulon", "Quartermain", "somebody")
EVERY_TABLE = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def test_backup_made_in_the_middle_of_everything_becomes_a_working_system(tmp_path: Path) -> None:
    """Payments stood still and others played on; somebody was erased since. The audit holds, and the exchange goes on to its payment."""
    backup, elsewhere = tmp_path / "backup", tmp_path / "elsewhere"
    with fresh_system(tmp_path / "first", pairs=2) as (running, entrance, offices):
        register(entrance, offices.partnerships[2])
        assert held(running.here)
        played = Played(entrance, replace(offices, partnerships=offices.partnerships[2:])).submitted()
        stop(running, "payments-1")
        for desk in played.desks:
            agreeing.validate(desk, played.link)
        teller = Teller(Console(quiet=True), every_request=False)
        others = threading.Thread(target=tour, args=(running.here, 1, 4, teller), daemon=True)
        others.start()
        wait_for(lambda: len(teller.calls) > UNDER_WAY or None, "the others to be under way")
        back_up(running.here, backup, silently)
        running.supervisor.begin("payments-1")
        erase(running.here, entrance)
        others.join()
        newest = running.here.erased
    damaged_is_refused(backup, tmp_path / "copy", elsewhere)
    restore(Settings(elsewhere), backup, [newest], silently)
    with system(elsewhere, Settings(elsewhere)) as again:
        with pytest.raises(Refused) as refused:
            SOMEBODY.person(Entrance(again.url)).log_in()
        assert refused.value.code == "log_in_failed"
        assert findings(again.here) == []
        assert held(again.here) == []
        paid(played, again)
        assert findings(again.here) == []


def register(entrance: Entrance, office: Office) -> None:
    """Somebody with a name that nobody else has is accepted, and asks something: the name lies in many places."""
    person, profile = SOMEBODY.person(entrance), Profile(90, "FR", "cluster_organisation", "textile", ("visitor",), "Z90")
    registering.get_account(person, profile.legal_name, profile.country)
    link = registering.fill_in(person, profile, office.partnership_id, (entrance.now()[:10], "2099-12-31"))
    named = {"first_name": person.first_name, "last_name": person.last_name, "e_mail": person.e_mail}
    draft = person.get(link)
    person.patch(link, str(draft.version), person={**draft.body["person"], **named})
    registering.submit(person, link)
    registering.assess(office.desk.person(entrance), link)
    person.post("/v1/queries", subject="A question", question="Zebulon Quartermain asks whether this is kept.")


def erase(here: Installation, entrance: Entrance) -> None:
    """The same person asks to be erased, and is, everywhere."""
    person = SOMEBODY.person(entrance)
    person.post("/v1/me/erasure", username=person.username)
    wait_for(lambda: not held(here) or None, "the person to be named nowhere", ERASED_S)
    assert len(whom(here.erased)) == 1


def held(here: Installation) -> list[str]:
    """Every table of every database in which a row has the name, in any column."""
    found = []
    for service, address in place_of(here).addresses.items():
        with psycopg2.connect(address) as connection, connection.cursor() as cursor:
            cursor.execute(EVERY_TABLE)
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', ["%quartermain%"])
                if cursor.fetchone()[0]:
                    found.append(f"{service}.{table}")
        connection.close()
    return found


def damaged_is_refused(backup: Path, copy: Path, state: Path) -> None:
    """One bit of a dump is another; nothing is restored of it."""
    shutil.copytree(backup, copy)
    dump = copy / "databases" / "payments.dump"
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    with pytest.raises(Unusable, match=r"payments\.dump is not what was backed up"):
        restore(Settings(state), copy, [], silently)
    assert not state.exists()


def paid(played: Played, running: Running) -> None:
    """Play on from where both partnerships have validated the plan, at another system."""
    entrance = Entrance(running.url)
    for person in (played.visitor, played.host, played.support, played.auditor):
        person.entrance = entrance
    played.entrance = entrance
    played.validated = lambda: played  # type: ignore[method-assign]
    played.paid()
    assert played.payment("paid")
    entrance.close()


def findings(here: Installation) -> list[str]:
    """What the auditor finds once nothing is on its way."""
    verdicts = list(audit(place_of(here), patience_s=QUIET_S))
    waiting = sum(verdict.counts["waiting"] for verdict in verdicts)
    return [detail for verdict in verdicts for detail in verdict.details] + ([f"{waiting} events wait"] if waiting else [])


def stop(running: Running, process: str) -> None:
    """Stop one process and wait until it has left."""
    running.supervisor.end(process)
    wait_for(lambda: running.supervisor.every_state()[process] == "STOPPED" or None, f"{process} to stop")
