"""What was announced about each exchange, from its people's accounts to its payment, counted by type."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from deploy.local.audit.books import Books
from deploy.local.audit.place import Place

PARTIES = """
    SELECT id::text, contact_id::text, visitor_participation_id::text, host_participation_id::text, visitor_organisation_id::text,
        host_organisation_id::text, visitor_person_id::text, host_person_id::text FROM exchange"""
CONVERSATIONS = "SELECT id::text, contact_id::text FROM conversation"
BY_HAND = "SELECT exchange_id::text FROM bank_details WHERE by_hand"
FACTS = "SELECT subject, type FROM journal WHERE NOT type LIKE '%reminded'"
"""Without reminders: whether one is due depends on who is quicker, the clock or the person reminded."""


def facts_by_exchange(place: Place) -> dict[str, Counter[str]]:
    """How often each type of fact (`service type`) was announced about each exchange; about a payment by hand `payment by hand`, too."""
    with Books(place.addresses) as books:
        owner = dict(_subjects(books))
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for service in books.services:
            for subject, title in books.rows(service, FACTS):
                if subject in owner:
                    found[owner[subject]][f"{service} {title}"] += 1
        for (exchange,) in books.rows("payments", BY_HAND):
            found[exchange]["payment by hand"] += 1
        return dict(found)


def _subjects(books: Books) -> Iterator[tuple[str, str]]:
    """Each subject that belongs to an exchange, with its id."""
    kinds = ("exchange", "contact", "participation", "participation", "organisation", "organisation", "person", "person")
    of_contact = {}
    for ids in books.rows("agreements", PARTIES):
        of_contact[ids[1]] = ids[0]
        yield from ((f"{kind}/{id}", ids[0]) for kind, id in zip(kinds, ids, strict=True))
    for conversation, contact in books.rows("matching", CONVERSATIONS):
        if contact in of_contact:
            yield f"conversation/{conversation}", of_contact[contact]
