"""Problems: each refusal has its status and says what to do; a bug says nothing of our insides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.bare.clock import advance
from chassis.bare.refusals import (
    Conflict,
    Forbidden,
    Invalid,
    InvalidFields,
    KeyReused,
    LogInAgain,
    LogInRequired,
    MoveNotAllowed,
    NotFound,
    Refusal,
    RoleRequired,
    StaleVersion,
    Unavailable,
)
from contracts.identity.accounts import ReadMe
from contracts.identity.notices import ListNotices
from contracts.identity.refusals import LogInFailed, SessionEnded, TooManyAttempts, UsernameTaken
from gateway.middleware import SAFE_HEADERS
from tests.builders import person
from tests.gateway.front import Front, make_front


class ExchangeNotFound(NotFound):
    """It is not there yet."""


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotFound(), 404), (Forbidden(), 403), (Conflict(), 409), (Invalid(), 422), (InvalidFields(fields={"a": ["b"]}), 422), (KeyReused(), 422),
        (StaleVersion(version=3), 412), (LogInRequired(), 401), (LogInFailed(), 401), (SessionEnded(), 401), (LogInAgain(), 403),
        (RoleRequired(roles="auditor"), 403), (TooManyAttempts(retry_after=9), 429), (UsernameTaken(), 409),
        (MoveNotAllowed(move="sign", subject="exchange", state="ended"), 409),
    ],
    ids=lambda value: value.code() if isinstance(value, Refusal) else str(value),
)  # fmt: skip
def test_refusal_is_a_problem_with_status_code_and_sentence(front: Front, refusal: Refusal, status: int) -> None:
    """RFC 9457, with our code for programs and the correlation id for the support office."""
    front.log_in("s", person())
    front.services.answers[ReadMe] = refusal
    answer = front.ask("GET", "/v1/me", "s")
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (problem["code"], problem["detail"]) == (refusal.code(), refusal.sentence)
    assert problem["type"].endswith(refusal.code()) and problem["correlation_id"] == answer.headers["X-Correlation-Id"]


def test_details_travel_beside_the_sentence(front: Front) -> None:
    """So that a client can say it in another language; wrong fields stand under `fields`."""
    front.log_in("s", person())
    front.services.answers[ReadMe] = StaleVersion(version=3)
    assert front.ask("GET", "/v1/me", "s").json()["details"] == {"version": 3}
    front.services.answers[ReadMe] = InvalidFields(fields={"name": ["Too long."]})
    assert front.ask("GET", "/v1/me", "s").json()["fields"] == {"name": ["Too long."]}


@pytest.mark.parametrize(("refusal", "seconds"), [(TooManyAttempts(retry_after=9), "9"), (ExchangeNotFound(), "1"), (NotFound(), None)])
def test_retry_after_is_said_where_waiting_helps(front: Front, refusal: Refusal, seconds: str | None) -> None:
    """After guessing, and for an exchange that is on its way."""
    front.log_in("s", person())
    front.services.answers[ReadMe] = refusal
    assert front.ask("GET", "/v1/me", "s").headers.get("Retry-After") == seconds


def test_missing_log_in_says_how(front: Front) -> None:
    """401 with the scheme; before anything else is looked at."""
    answer = front.ask("PATCH", "/v1/me", content=b"{")
    assert (answer.status_code, answer.headers["WWW-Authenticate"], front.services.asked) == (401, "Bearer", [])


@pytest.mark.parametrize("trouble", [{"unavailable": "Later."}, Unavailable("The broker is away.")])
def test_service_that_is_away_is_503_with_a_time_to_come_again(front: Front, trouble: Any) -> None:
    """Nothing was lost."""
    front.log_in("s", person())
    front.services.answers[ReadMe] = trouble
    answer = front.ask("GET", "/v1/me", "s")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable") and int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("trouble", [{"unavailable": "Later."}, {"error": "It failed."}])
def test_trouble_of_identity_logs_nobody_out(front: Front, trouble: Any) -> None:
    """A session that cannot be looked up just now has not ended."""
    from contracts.identity.sessions import IssueToken

    front.services.answers[IssueToken] = trouble
    assert front.ask("GET", "/v1/me", "s").status_code == 503


@pytest.mark.parametrize("bug", [{"error": "sqlalchemy.exc.Secret at 10.0.0.7"}, RuntimeError("secret insides"), KeyError("secret")])
def test_bug_is_500_and_names_nothing_of_our_insides(front: Front, bug: Any) -> None:
    """Only the correlation id, under which it was logged."""
    front.log_in("s", person())
    front.services.answers[ReadMe] = bug
    answer = front.ask("GET", "/v1/me", "s")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert not {"secret", "sqlalchemy", "10.0.0.7", "Traceback", "RuntimeError"} & set(answer.text.replace('"', " ").split())
    assert "secret" not in answer.text.lower()


@pytest.mark.parametrize(
    "path", ["/v1", "/v2/me", "/v1/notices/not-an-id/reading", "/v1/me/", "/v1/../v1/nothing", "/dev/mail", "/dev/clock"]
)
def test_unknown_address_is_404_in_our_form(front: Front, path: str) -> None:
    """What development serves is not there in production; an id that is none names nothing."""
    answer = front.ask("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found") and answer.json()["detail"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "HEAD"])
def test_other_method_is_405_with_those_that_are_allowed(front: Front, method: str) -> None:
    """Allow names them."""
    answer = front.ask(method, "/v1/me")
    assert answer.status_code == 405 and {"GET", "PATCH"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


@pytest.mark.parametrize("case", ["good", "404", "405", "refused", "500", "503", "unauthorised", "options"])
def test_every_response_has_the_safe_headers_and_the_correlation_id(front: Front, case: str) -> None:
    """Whatever the outcome."""
    front.log_in("s", person())
    said = {"refused": NotFound(), "500": RuntimeError(), "503": {"unavailable": "x"}}
    front.services.answers[ListNotices] = said.get(case, {"items": [], "next": None, "unread": 0})
    method = {"405": "DELETE", "options": "OPTIONS"}.get(case, "GET")
    session = None if case == "unauthorised" else "s"
    answer = front.ask(method, "/v1/nothing" if case == "404" else "/v1/notices", session, headers={"X-Correlation-Id": "my-own-id-1"})
    assert {name: answer.headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS
    assert answer.headers["X-Correlation-Id"] == "my-own-id-1"


@pytest.mark.parametrize("given", ["short", "x" * 101, "with space here", "line\nbreak-here"[:4] + "....;drop", "é" * 10])
def test_correlation_id_that_is_none_is_replaced(front: Front, given: str) -> None:
    """It goes into logs and headers, so only plain words pass."""
    front.log_in("s", person())
    answer = front.ask("GET", "/v1/me", "s", headers={"X-Correlation-Id": given.encode()})
    assert answer.headers["X-Correlation-Id"] not in (given, "")
    assert front.services.asked[0].correlation_id == answer.headers["X-Correlation-Id"]


def test_every_answer_of_the_api_says_the_time_that_the_rules_go_by(front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages take days from it; where nobody moves the clock it is the real time."""
    ahead = tmp_path / "ahead" / "clock"
    ahead.parent.mkdir()
    advance(ahead, timedelta(days=10))
    moved = make_front(tmp_path / "ahead", monkeypatch, environment="development", clock_file=ahead)
    told = [datetime.fromisoformat(each.ask("GET", "/v1/nothing", None).headers["X-Domain-Time"]) for each in (front, moved)]
    assert [round((each - datetime.now(UTC)) / timedelta(days=1)) for each in told] == [0, 10]


def test_correlation_id_goes_on_with_the_call(front: Front) -> None:
    """From the client to the journal."""
    front.log_in("s", person())
    front.ask("GET", "/v1/me", "s", headers={"X-Correlation-Id": "my-own-id-1"})
    assert front.services.asked[0].correlation_id == "my-own-id-1"
