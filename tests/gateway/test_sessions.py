"""Sessions at the door: cookies for browsers, secrets for scripts, and no writing for another site."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from chassis.bare.refusals import LogInAgain, MoveNotYours, NotFound, RoleRequired
from contracts.identity.accounts import Me, ReadMe
from contracts.identity.sessions import ConfirmPassword, LogIn, LogOut, SessionStarted
from tests.builders import person
from tests.gateway.front import SITE, Front

LOGGING_IN = LogIn.example | {"transport": "cookie"}
STARTED = SessionStarted.example | {"token": "secret-of-the-session"}


def started(front: Front, transport: str) -> Any:
    """Log in that way."""
    front.services.answers[LogIn] = STARTED | {"transport": transport}
    return front.ask("POST", "/v1/sessions", json=LOGGING_IN | {"transport": transport})


def test_browser_gets_a_cookie_that_no_script_reads_and_no_token(front: Front) -> None:
    """`__Host-`, HttpOnly, Secure, SameSite, whole path, no domain."""
    answer = started(front, "cookie")
    (cookie,) = answer.headers.get_list("Set-Cookie")
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert cookie.startswith("__Host-session=secret-of-the-session;")
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= parts and not any(part.startswith("domain") for part in parts)
    assert (answer.status_code, answer.json()["token"]) == (201, None) and "secret-of" not in answer.text


def test_script_gets_a_token_and_no_cookie(front: Front) -> None:
    """For the Authorization header."""
    answer = started(front, "bearer")
    assert answer.json()["token"] == "secret-of-the-session" and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("way", ["session", "cookie"])
def test_session_speaks_for_its_person(front: Front, way: str) -> None:
    """Either way of bringing it."""
    who = person()
    front.log_in("s", who)
    front.services.answers[ReadMe] = Me.example
    assert front.ask("GET", "/v1/me", **{way: "s"}).status_code == 200
    assert front.services.asked[0].who.id == who.id


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nobody"},
        {"Authorization": "Basic czpz"},
        {"Authorization": "Bearer "},
        {"Cookie": "__Host-session=nobody"},
        {"Cookie": "session=s"},
    ],
)
def test_without_an_open_session_nothing_of_mine_is_there(front: Front, headers: dict[str, str]) -> None:
    """401, whatever was brought instead."""
    front.log_in("s", person())
    assert front.ask("GET", "/v1/me", headers=headers).status_code == 401


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
    {"Origin": SITE.replace("https", "http")}, {"Origin": f"{SITE}.evil.example"}, {"Origin": SITE, "Sec-Fetch-Site": "cross-site"},
]  # fmt: skip


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_another_site_cannot_write_with_the_cookie(front: Front, headers: dict[str, str]) -> None:
    """Neither with the victim's session, nor to log the victim into the attacker's."""
    front.log_in("s", person())
    for path, cookie in (("/v1/sessions/current/confirmation", "s"), ("/v1/sessions", None)):
        answer = front.ask("POST", path, cookie=cookie, headers=headers, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")
    assert front.services.asked == []


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": SITE}, {"Sec-Fetch-Site": "none"}, {"Origin": SITE}], ids=str
)
def test_own_pages_write_with_the_cookie(front: Front, headers: dict[str, str]) -> None:
    """As a browser sends it from our own pages."""
    front.log_in("s", person())
    front.services.answers[LogOut] = {}
    assert front.ask("DELETE", "/v1/sessions/current", cookie="s", headers=headers).status_code == 204


def test_bearer_may_come_from_anywhere(front: Front) -> None:
    """No browser sends it by itself."""
    front.log_in("s", person())
    front.services.answers[LogOut] = {}
    assert front.ask("DELETE", "/v1/sessions/current", "s", headers=ELSEWHERE[0]).status_code == 204


def test_reading_from_another_site_changes_nothing_and_is_let_through(front: Front) -> None:
    """A link to a page of ours; the browser shows the answer to nobody else."""
    front.log_in("s", person())
    front.services.answers[ReadMe] = Me.example
    answer = front.ask("GET", "/v1/me", cookie="s", headers=ELSEWHERE[0])
    assert answer.status_code == 200 and "Access-Control-Allow-Origin" not in answer.headers


def test_logging_out_drops_cookie_and_token(front: Front) -> None:
    """The next call has no session any more."""
    front.log_in("s", person())
    front.services.answers |= {LogOut: {}, ReadMe: Me.example}
    assert front.ask("GET", "/v1/me", cookie="s").status_code == 200
    answer = front.ask("DELETE", "/v1/sessions/current", cookie="s")
    assert "expires=thu, 01 jan 1970" in answer.headers["Set-Cookie"].lower() and "secure" in answer.headers["Set-Cookie"].lower()
    front.services.sessions.clear()
    assert front.ask("GET", "/v1/me", cookie="s").status_code == 401


def test_token_is_asked_for_once_and_kept_a_while(front: Front) -> None:
    """Identity is not asked for each request."""
    front.log_in("s", person())
    front.services.answers[ReadMe] = Me.example
    for _ in range(5):
        front.ask("GET", "/v1/me", "s")
    assert front.services.tokens_issued == 1


def test_kept_token_runs_out(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that ended elsewhere stops within a minute."""
    import gateway.auth

    front.log_in("s", person())
    front.services.answers[ReadMe] = Me.example
    assert front.ask("GET", "/v1/me", "s").status_code == 200
    front.services.sessions.clear()
    assert front.ask("GET", "/v1/me", "s").status_code == 200
    monkeypatch.setattr(gateway.auth, "KEPT_S", 0)
    assert front.ask("GET", "/v1/me", "s").status_code == 401


@pytest.mark.parametrize(
    "refusal", [RoleRequired(roles="auditor"), MoveNotYours(move="x", roles="y"), NotFound(), LogInAgain()], ids=lambda each: each.code()
)
def test_role_that_was_just_given_works_at_once(front: Front, refusal: Any) -> None:
    """However young the kept token is: a refusal for want of a role is asked again with a fresh one."""
    who = person()
    front.log_in("s", who)
    front.services.answers[ReadMe] = lambda asked: Me.example if asked.who.roles else refusal
    assert front.ask("GET", "/v1/me", "s").status_code != 200
    front.log_in("s", person(("auditor", None), id=who.person))
    assert front.ask("GET", "/v1/me", "s").status_code == 200


def test_refusal_is_asked_again_only_when_something_changed(front: Front) -> None:
    """A fresh token that says the same would be refused the same."""
    front.log_in("s", person(("auditor", uuid4())))
    front.ask("GET", "/v1/me", "s")
    front.ask("GET", "/v1/me", "s")
    assert len(front.services.asked) == 2


def test_password_given_again_is_known_at_once(front: Front) -> None:
    """The kept token is dropped."""
    front.log_in("s", person(fresh=False))
    front.services.answers |= {ReadMe: Me.example, ConfirmPassword: STARTED | {"token": None, "transport": "bearer"}}
    front.ask("GET", "/v1/me", "s")
    front.ask("POST", "/v1/sessions/current/confirmation", "s", json={"password": "x"})
    front.ask("GET", "/v1/me", "s")
    assert front.services.tokens_issued == 2
