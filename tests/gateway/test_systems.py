"""Partnership systems at the door: login and secret by HTTP Basic, where they have business, and nowhere else."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chassis.bare.principal import SYSTEM, Principal, Signer
from contracts.registry import EventFeed, IssueSystemToken, PartnerLogInFailed, ReadEvents
from gateway.auth import login_and_secret
from tests.gateway.front import Front, make_front
from tests.room import make_key

PLACE = UUID("7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03")
BOTH = ("partner.blues", "secret")


def open_door(front: Front) -> None:
    """Let the registry know that login and secret."""
    signer = Signer("registry", make_key(front.folder, "registry"))
    token = signer.token(Principal(SYSTEM, BOTH[0], roles=frozenset({("partner_system", PLACE)})))

    def issue(asked: Any) -> Any:
        right = (asked.content["login"], asked.content["secret"]) == BOTH
        return {"token": token, "lifetime_s": 60} if right else PartnerLogInFailed()

    front.services.answers |= {IssueSystemToken: issue, ReadEvents: EventFeed.example}


def asked(front: Front, contract: Any) -> int:
    """How often something was asked."""
    return len([each for each in front.services.asked if each.contract is contract])


def test_system_reads_its_events(front: Front) -> None:
    """The registry hears who asks from a token that speaks for the system; the secret goes no further than to be checked."""
    open_door(front)
    answer = front.ask("GET", "/v1/events?limit=5", auth=BOTH)
    assert (answer.status_code, answer.json()) == (200, EventFeed.example)
    (call,) = [each for each in front.services.asked if each.contract is ReadEvents]
    assert (call.who.kind, call.who.places("partner_system")) == (SYSTEM, {PLACE}) and "secret" not in str(call.content)


def test_token_is_asked_for_once_and_kept_a_while(front: Front) -> None:
    """The registry is not asked to check the secret for each page."""
    open_door(front)
    for _ in range(3):
        front.ask("GET", "/v1/events", auth=BOTH)
    assert asked(front, IssueSystemToken) == 1


def test_wrong_secret_is_refused_and_not_kept(front: Front) -> None:
    """And each attempt is counted where guessing is limited."""
    open_door(front)
    for _ in range(2):
        answer = front.ask("GET", "/v1/events", auth=(BOTH[0], "wrong"))
        assert (answer.status_code, answer.json()["code"]) == (401, "partner_log_in_failed")
    assert asked(front, IssueSystemToken) == 2 and asked(front, ReadEvents) == 0


@pytest.mark.parametrize("path", ["/v1/me", "/v1/partner-accesses", "/v1/exchanges", "/v1/exchanges/7c0f43d1-2f6e-4f3a-9a53-1f6d0b1f9a10"])
def test_login_and_secret_are_not_even_looked_at_elsewhere(front: Front, path: str) -> None:
    """A stolen secret opens the feed and nothing else."""
    open_door(front)
    assert front.ask("GET", path, auth=BOTH).status_code == 401
    assert front.services.asked == []


def test_session_and_nobody_are_as_before(front: Front) -> None:
    """A contact point reads with the session; without anything it is 401."""
    from tests.builders import contact_point

    open_door(front)
    front.log_in("s", contact_point(PLACE))
    assert front.ask("GET", "/v1/events", "s").status_code == 200
    assert front.ask("GET", "/v1/events").status_code == 401


def test_system_that_asks_too_often_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each login for itself, with the time to wait."""
    front = make_front(tmp_path, monkeypatch, system_rate_limit=3)
    open_door(front)
    assert [front.ask("GET", "/v1/events", auth=BOTH).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert 1 <= int(front.ask("GET", "/v1/events", auth=BOTH).headers["Retry-After"]) <= 70
    assert front.ask("GET", "/v1/events", auth=("partner.other", "x")).status_code == 401


def encoded(text: str) -> str:
    """An Authorization header by HTTP Basic."""
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    "header",
    [None, "", "Basic", "Basic ", "Basic !!!", "Basic czpz=x", encoded("nocolon"), encoded(":secret"), encoded("login:"), encoded("é:x"),
     encoded("a\nb:c"), encoded("a:\x00"), "Bearer czpz"],
)  # fmt: skip
def test_header_that_cannot_be_read_names_nobody(header: str | None) -> None:
    """It is as if nothing had been brought."""
    assert login_and_secret(header) is None


def test_secret_may_hold_colons() -> None:
    """The first one ends the login."""
    assert login_and_secret(encoded("login:a:b")) == ("login", "a:b")
