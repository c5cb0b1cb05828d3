"""The commands without an Idempotency-Key, why each is harmless to repeat, and which tables a repeat may add to."""

from __future__ import annotations

from dataclasses import dataclass, field

from chassis.bare.message import Command, Query, Request
from chassis.running.doors import Answers
from chassis.running.frame import doors_of
from chassis.running.rooms import service_class
from deploy.local.installation import SERVICES


@dataclass(frozen=True)
class Harmless:
    """Why, and what a repeat may leave behind."""

    why: str
    may_change: frozenset[str] = field(default_factory=frozenset)


def harmless(why: str, *may_change: str) -> Harmless:
    """A reason with the tables' names."""
    return Harmless(why, frozenset(may_change))


HARMLESS = {
    "log_in": harmless(
        "each log-in opens a session of its own; the one whose answer was lost is used by nobody and ends", "session", "guess"
    ),
    "log_out": harmless("what is ended is ended: a session ends once"),
    "confirm_password": harmless("says of the same session once more when the password was given", "session", "guess"),
    "subscribe": harmless(
        "the address is asked once more by mail whether it wants the newsletter, a few times at most; nothing else is sent to it before",
        *("guess", "journal", "job", "mail", "subscription"),
    ),
    "confirm_subscription": harmless("who has confirmed has confirmed"),
    "unsubscribe": harmless("who is not subscribed stays so"),
    "edit_commitment": harmless("names the version it read: the repeat is refused as stale, and changes nothing"),
    "write_report": harmless("names the version it read from the second writing on: the repeat is refused, and changes nothing"),
    "disclose_account": harmless("shows the account once more, and notes once more that it was shown", "account_access", "journal"),
    "issue_system_token": harmless("each token lives for a minute; the attempts of the right secret are forgotten", "guess"),
    "give_bank_details": harmless("replaces the whole by the same, or is refused because no version is named"),
}

ON_RECORD = {
    "list_matches": harmless("each list is kept as it was shown, also one whose answer was lost", "shown_list"),
    "read_evidence_file": harmless("each look at a paper is noted, also one whose answer was lost", "evidence_access"),
    "read_exchange_money": harmless("each look at an account, masked, is noted for its holder to see, also a lost one", "account_access"),
    "read_batch_file": harmless("each fetch of full account numbers is noted, also one whose answer was lost", "account_access", "journal"),
}
"""The queries that leave a trail of each look."""


def without_key() -> set[str]:
    """The commands of the code that carry no key."""
    return {contract.slug() for contract in _asked() if issubclass(contract, Command) and not contract.keyed}


def queries() -> set[str]:
    """What of the code only asks."""
    return {contract.slug() for contract in _asked() if issubclass(contract, Query)}


def _asked() -> list[type[Request]]:
    return [door.contract for service in SERVICES for door in doors_of(service_class(f"services.{service}"), Answers).values()]
