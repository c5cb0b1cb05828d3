"""From the ranked list to the match agreed."""

from __future__ import annotations

from typing import Any

from deploy.local.people.entrance import Refused, wait_for
from deploy.local.people.person import Person

SOON = {"not_accepted_yet", "participation_not_found"}
"""What matching says as long as it has not heard of an acceptance."""


def best_matches(person: Person, participation_id: str, role: str = "visitor", limit: int = 20) -> list[dict[str, Any]]:
    """The person's ranked list; an acceptance that is still on its way is waited for."""
    return list(patiently(lambda: person.get(f"/v1/participations/{participation_id}/matches", **{"as": role}, limit=limit).body["items"]))


def patiently(look: Any) -> Any:
    """What `look` finds, as soon as matching has heard of both participations and nothing is refused for that reason any more."""

    def try_it() -> Any:
        try:
            return (look(),)
        except Refused as refused:
            if refused.code in SOON:
                return None
            raise

    return wait_for(try_it, "matching to know the participation")[0]


def ask(person: Person, mine: str, partner: str, role: str, reason: str, way: str = "/v1/contacts") -> str:
    """Ask a partner for a contact, or bring in a prior agreement; returns the contact's link."""
    about = {"participation_id": mine, "partner_participation_id": partner, "as": role, "reason": reason}
    return f"/v1/contacts/{patiently(lambda: person.post(way, **about).body['contact_id'])}"


def write(person: Person, contact: dict[str, Any], text: str) -> None:
    """Write into the contact's conversation."""
    person.post(f"/v1/conversations/{contact['conversation_id']}/messages", text=text)


def agree(visitor: Person, host: Person, contact: str) -> str:
    """The way from a pending contact to the match: accepted, proposed, confirmed; returns the exchange's link."""
    host.post(f"{contact}/acceptance")
    visitor.post(f"{contact}/proposal")
    return f"/v1/exchanges/{host.post(f'{contact}/proposal/confirmation').body['exchange_id']}"
