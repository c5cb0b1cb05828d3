"""What several replicas do by themselves: one relays, due work and events are shared, and nothing is done twice or in a wrong order."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from chassis.bare.envelope import Envelope
from chassis.bare.message import Fact, real_now
from chassis.bare.protocol import EVENT_TYPE
from chassis.running.relay import LOCK
from chassis.running.wire import Wire
from contracts.registry.events import (
    ParticipationAccepted,
    ParticipationPaused,
    ParticipationResumed,
    PartnershipChanged,
    PartnershipCreated,
    ProfileChanged,
)
from contracts.words.profile import PublicProfile
from tests.chassis.wires import ready, wait_for
from tests.journeys.played import Played
from tests.matching.profiles import an_id, host_profile
from tests.replicas.conftest import Operator, Rows

pytestmark = pytest.mark.slow

HOLDERS = f"""
    SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = {LOCK} AND datname = current_database()
"""
PARTICIPATIONS = 20
REMINDERS = 60


@pytest.fixture(scope="module")
def three(operator: Operator) -> Iterator[Operator]:
    """Three replicas of matching."""
    operator.scale("matching", 3)
    yield operator
    operator.scale("matching", 1)


def published(operator: Operator) -> dict[str, int]:
    """How many facts each replica has published."""
    found = {
        name: re.search(r'published_facts_total\{service="matching"\} ([\d.]+)', operator.metrics(name))
        for name in operator.pids("matching")
    }
    return {name: int(float(count[1])) if count else 0 for name, count in found.items()}


def test_one_relays_and_when_it_is_killed_another_does(three: Operator, played: Played, rows: Rows) -> None:
    """Each fact is published once, by whoever holds the lock; none stays behind when the holder dies."""
    wait_for(lambda: rows("SELECT count(*) AS n FROM journal WHERE published_at IS NULL")[0].n == 0)
    before, journal = published(three), rows("SELECT count(*) AS n FROM journal")[0].n
    assert len(rows(HOLDERS)) == 1
    contact = played.in_contact()
    played.host.post(f"{contact}/acceptance")
    wait_for(lambda: rows("SELECT count(*) AS n FROM journal WHERE published_at IS NULL")[0].n == 0)
    after, written = published(three), rows("SELECT count(*) AS n FROM journal")[0].n - journal
    did = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert list(did.values()) == [written]
    holder = rows(HOLDERS)
    three.kill(next(iter(did)))
    wait_for(lambda: len(rows(HOLDERS)) == 1 and rows(HOLDERS) != holder)
    played.visitor.post(f"{contact}/proposal")
    wait_for(lambda: rows("SELECT count(*) AS n FROM journal WHERE published_at IS NULL")[0].n == 0)


def test_due_work_is_done_once_whoever_does_it(three: Operator, played: Played, engine: Engine, rows: Rows) -> None:
    """Sixty reminders fall due at one moment: sixty are announced."""
    contact = played.in_contact().rpartition("/")[2]
    due = "INSERT INTO due (id, kind, subject, arguments, at, tries) VALUES (:id, 'contact_reminder', :subject, '{}', now() - interval '1 day', 0)"
    with engine.connect() as connection:
        connection.execute(text(due), [{"id": uuid4(), "subject": f"contact_reminder/{contact}"} for _ in range(REMINDERS)])
    open_ones = "SELECT count(*) AS n FROM due WHERE subject = :subject AND done_at IS NULL AND at < now()"
    wait_for(lambda: rows(open_ones, subject=f"contact_reminder/{contact}")[0].n == 0)
    reminded = rows(
        "SELECT subject_version FROM journal WHERE subject = :subject AND type = 'contact_reminded'", subject=f"contact/{contact}"
    )
    assert len(reminded) == REMINDERS


def history(number: int) -> list[tuple[Fact, int]]:
    """What the registry says of one participation, with the versions of its subject; the newest state is accepted, in Braga."""
    name = f"order {number}"
    first, *later = [host_profile(name, town=town) for town in ("Faro", "Lisboa", "Porto", "Braga")]
    party = {each: first[each] for each in ("participation_id", "organisation_id", "partnership_id", "person_id")}
    three = {each: party[each] for each in ("participation_id", "organisation_id", "partnership_id")}
    subject, partnership = UUID(first["participation_id"]), UUID(first["partnership_id"])
    about = {"partnership_id": partnership, "name": "x", "country": "PT"}
    profiles = [
        ProfileChanged.of(subject, participation_id=subject, revision=n, profile=PublicProfile.read(p)) for n, p in enumerate(later, 2)
    ]
    return [
        (PartnershipCreated.of(partnership, acronym="OLD", **about), 1),
        (PartnershipChanged.of(partnership, acronym="NEW", **about), 2),
        (ParticipationAccepted.of(subject, **party, revision=1, profile=PublicProfile.read(first)), 1),
        (ParticipationPaused.of(subject, **three), 3),
        (ParticipationResumed.of(subject, **three), 5),
        (ParticipationPaused.of(subject, **three), 6),
        (ParticipationResumed.of(subject, **three), 7),
        *zip(profiles, (2, 4, 8), strict=True),
    ]


def envelope(fact: Fact, version: int) -> dict[str, Any]:
    """The fact as the registry's relay would send it."""
    return json.loads(json.dumps(Envelope.write({
        "specversion": "1.0", "id": uuid4(), "source": "/registry", "type": fact.type, "subject": fact.subject, "subjectversion": version,
        "time": real_now(), "actor": "service:registry", "correlationid": "order", "audience": [], "datacontenttype": "application/json",
        "data": fact.data,
    })))  # fmt: skip


def test_events_of_a_subject_end_in_the_newest_state_in_whatever_order_they_are_heard(three: Operator, rows: Rows) -> None:
    """Twenty participations, ten facts each, shuffled and some of them twice, heard by three replicas at once."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    dice = random.Random(seed)
    events = [envelope(fact, version) for number in range(PARTICIPATIONS) for fact, version in history(number)]
    sent = events + dice.sample(events, len(events) // 4)
    dice.shuffle(sent)
    wire = Wire(three.running.here.broker.uri("registry"), confirm=True)
    for event in sent:
        about = {"content_type": EVENT_TYPE, "message_id": event["id"], "user_id": wire.login}
        wire.send(json.dumps(event).encode(), "registry.events", event["type"], **about)
    wire.close()
    ids = [str(event["id"]) for event in events]
    heard = "SELECT count(*) AS n FROM heard WHERE event_id::text = ANY(:ids)"
    wait_for(lambda: rows(heard, ids=ids)[0].n == len(events))
    participations = [str(an_id(f"order {number} participation")) for number in range(PARTICIPATIONS)]
    found = rows(
        "SELECT state, revision, profile ->> 'town' AS town FROM participant WHERE participation_id::text = ANY(:ids)", ids=participations
    )
    assert [tuple(each) for each in found] == [("accepted", 4, "Braga")] * PARTICIPATIONS
    partnerships = [str(an_id(f"order {number} partnership")) for number in range(PARTICIPATIONS)]
    acronyms = rows("SELECT DISTINCT acronym FROM partnership WHERE partnership_id::text = ANY(:ids)", ids=partnerships)
    assert [each.acronym for each in acronyms] == ["NEW"]
    wait_for(lambda: rows("SELECT count(*) AS n FROM waiting")[0].n == 0)
    assert ready(three.running.here.broker.administrator_uri(), "matching.parked") == 0
