"""Every fact is published, and heard once by each of its listeners; and nothing is heard that nobody announced."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from deploy.local.audit.inspection import Inspection
from deploy.local.audit.merging import side_by_side
from deploy.local.audit.verdict import Verdict
from deploy.local.topology import all_events

LONG = timedelta(hours=1)

ANNOUNCED = """
    SELECT type || ' ' || id::text AS key, position, subject, recorded_at FROM journal WHERE type = ANY(%s)
    ORDER BY type COLLATE "C", id::text COLLATE "C" """
HEARD = """
    SELECT * FROM (
        SELECT listener || ' ' || event_id::text AS key, 'heard', at FROM heard WHERE listener = ANY(%(types)s)
        UNION ALL SELECT listener || ' ' || event_id::text, 'waiting', since FROM waiting WHERE listener = ANY(%(types)s)
    ) AS known ORDER BY key COLLATE "C" """
UNPUBLISHED = "SELECT position, type, subject FROM journal WHERE published_at IS NULL AND recorded_at <= %s ORDER BY position"
UNKNOWN_TYPES = "SELECT type, count(*) FROM journal WHERE NOT type = ANY(%s) GROUP BY type"
UNKNOWN_LISTENERS = "SELECT listener, count(*) FROM heard WHERE NOT listener = ANY(%s) GROUP BY listener"


def examine_published(inspection: Inspection, verdict: Verdict) -> None:
    """The relay left nothing behind, and announced nothing that no contract knows."""
    for service in inspection.books.services:
        verdict.count("facts", inspection.books.number(service, "SELECT count(*) FROM journal"))
        for position, title, subject in inspection.books.rows(service, UNPUBLISHED, [inspection.until]):
            verdict.find(f"{service}: journal row {position} ({title}, {subject}) is not published")
        promised = [event.slug() for event in all_events() if event.service == service]
        for title, number in inspection.books.rows(service, UNKNOWN_TYPES, [promised]):
            verdict.find(f"{service}: {number} journal rows have the type {title}, which no contract of it promises")


def examine_heard(inspection: Inspection, verdict: Verdict) -> None:
    """Compare what each service announced with what each listener remembers."""
    for listener in inspection.books.services:
        types = _types_heard_by(listener)
        for owner, titles in types.items():
            _compare(inspection, verdict, owner, listener, titles)
        known = [title for titles in types.values() for title in titles]
        for title, number in inspection.books.rows(listener, UNKNOWN_LISTENERS, [known]):
            verdict.find(f"{listener}: {number} events were heard under the name {title}, by which it does not listen")


def _types_heard_by(listener: str) -> dict[str, list[str]]:
    types: dict[str, list[str]] = {}
    for event in all_events():
        if listener in event.heard_by:
            types.setdefault(event.service, []).append(event.slug())
    return types


def _compare(inspection: Inspection, verdict: Verdict, owner: str, listener: str, titles: list[str]) -> None:
    announced = inspection.books.rows(owner, ANNOUNCED, [titles])
    heard = inspection.books.rows(listener, HEARD, {"types": titles})
    for key, facts, notes in side_by_side(announced, heard):
        title, _, event = key.partition(" ")
        if not facts:
            if notes[0][1] <= inspection.until:
                verdict.find(f"{listener}: heard {title} {event}, which {owner} never announced")
        elif any(kind == "heard" for kind, _ in notes):
            verdict.count("heard")
        elif notes:
            _judge_waiting(inspection, verdict, f"{listener}: {title} {event}", notes[0][1])
        elif facts[0][2] <= inspection.until:
            position, subject, _ = facts[0]
            verdict.find(f"{listener}: never heard {title} {event} (journal row {position} of {owner}, {subject})")


def _judge_waiting(inspection: Inspection, verdict: Verdict, what: str, since: Any) -> None:
    verdict.count("waiting")
    if since < inspection.until - LONG:
        verdict.find(f"{what} waits since {since:%Y-%m-%d %H:%M} UTC for something that does not come")
