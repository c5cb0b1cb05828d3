"""Bodies, queries and headers: whatever is sent, it is understood exactly or refused with a sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields

from chassis.bare.fields import Several, Text, Whole
from chassis.bare.refusals import InvalidFields
from contracts.identity.accounts import AccountRequested, ChangeMe, CreateAccount, Me
from contracts.identity.notices import ListNotices, ReadNotice
from contracts.identity.sessions import LogIn
from gateway.body import MOST_DEPTH, from_text, parse
from gateway.problems import MalformedBody
from tests.builders import person
from tests.gateway.front import Front

GOOD = json.dumps(LogIn.example).encode()
NOTICE = "/v1/notices/9a0d4b65-77c2-4d0b-8a70-1a7b8d1d3f14/reading"


def nested(levels: int) -> bytes:
    """An object with that many levels."""
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize(
    "raw",
    [
        b"[]", b"1", b'"text"', b"null", b"{", b"{}{}", b"{'a':1}", b'{"a":1,}', b"\xff", b"\xef\xbb\xbf{}", b'{"a":NaN}', b'{"a":Infinity}',
        b'{"a":-Infinity}', b'{"a":1e400}', b'{"a":{"b":1,"b":2}}', b'{"a":1,"a":1}', b'{"a":"\\u0000"}', b'{"\\u0000":1}', b'{"a":"\\ud800"}',
        b'{"a":["\\udfff"]}', b'{"a":' + b"1" * 5000 + b"}", nested(MOST_DEPTH + 1), b"[" * 100_000, b'{"a":' * 100_000,
    ],
    ids=lambda raw: ascii(raw[:24]),
)  # fmt: skip
def test_body_that_could_mean_two_things_or_none_is_refused(raw: bytes) -> None:
    """Duplicate keys, numbers that are none, half characters, NUL, bottomless nesting."""
    with pytest.raises(MalformedBody):
        parse(raw)


def test_body_within_the_limits_is_read_exactly() -> None:
    """Depth up to the limit, whole surrogate pairs, big whole numbers."""
    assert parse(nested(MOST_DEPTH - 2))
    assert parse('{"a":"\\ud83c\\udf00 ü","b":12345678901234567890,"c":[null,true,1.5]}'.encode()) == {
        "a": "🌀 ü", "b": 12345678901234567890, "c": [None, True, 1.5],
    }  # fmt: skip


@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode()))
def test_no_body_breaks_the_reader(raw: bytes) -> None:
    """Read or refused."""
    try:
        assert isinstance(parse(raw), dict)
    except MalformedBody:
        return


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (GOOD, {"Content-Type": "text/plain"}, 415, "media_type_not_supported"),
        (GOOD, {"Content-Type": "application/x-www-form-urlencoded"}, 415, "media_type_not_supported"),
        (GOOD, {"Content-Type": "application/jsonp"}, 415, "media_type_not_supported"),
        (GOOD, {"Content-Type": "multipart/form-data; boundary=x"}, 415, "media_type_not_supported"),
        (b"[]", {"Content-Type": "application/json"}, 400, "malformed_body"),
        (b" " * (1024 * 1024 + 1), {"Content-Type": "application/json"}, 413, "body_too_large"),
        (b"", {}, 422, "invalid_fields"),
        (b'{"login":"x"}', {}, 422, "invalid_fields"),
        (b'{"login":"x","password":"y","admin":true}', {"Content-Type": "application/json"}, 422, "invalid_fields"),
        (GOOD, {"Content-Type": "Application/JSON; charset=utf-8"}, 404, "not_found"),
        (GOOD, {}, 404, "not_found"),
    ],
)
def test_body_is_refused_with_its_own_status_and_code(
    front: Front, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    """What passes reaches the service, which here knows nothing."""
    answer = front.ask("POST", "/v1/sessions", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(front.services.asked) == (1 if status == 404 else 0)


def test_body_without_a_length_is_cut_off_at_the_limit(front: Front) -> None:
    """A sender that does not say how much it sends."""

    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 64 * 1024

    answer = front.ask("POST", "/v1/sessions", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("field", "text", "loaded"),
    [
        (Whole(), "25", 25), (Whole(), "-5", -5), (Whole(), "--5", "--5"), (Whole(), "", ""), (Whole(), "٣", "٣"), (Whole(), "1e3", "1e3"),
        (Whole(), "9" * 40, "9" * 40), (Whole(), "+5", "+5"), (Whole(), " 5", " 5"), (Whole(), "-", "-"),
        (Several(Text()), "a,b", ["a", "b"]), (Several(Text()), ["a,b", "c"], ["a", "b", "c"]), (Several(Whole()), "1,2,x", [1, 2, "x"]),
        (Several(Text()), "", []), (fields.Boolean(), "true", "true"), (None, "anything", "anything"),
    ],
    ids=str,
)  # fmt: skip
def test_text_becomes_what_its_field_wants(field: fields.Field | None, text: Any, loaded: Any) -> None:
    """What does not fit is left for the contract to refuse."""
    assert from_text(field, text) == loaded


def test_parameter_twice_or_with_nul_is_refused() -> None:
    """One value where one is meant."""
    with pytest.raises(InvalidFields):
        from_text(Text(), ["a", "b"])
    with pytest.raises(MalformedBody):
        from_text(Several(Text()), "a,b\x00")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200), ("?limit=5&unread=true&type=x", 200), ("?limit=0", 422), ("?limit=--5", 422), ("?limit=1&limit=2", 422), ("?limit=five", 422),
        ("?limit=", 422), ("?nothing=1", 422), ("?unread=perhaps", 422), ("?type=%00", 422), ("?after=%ED%A0%80", 200), ("?limit=" + "9" * 30, 422),
    ],
)  # fmt: skip
def test_query_is_checked_like_a_body(front: Front, query: str, status: int) -> None:
    """Unknown, repeated and malformed parameters are refused here."""
    front.log_in("s", person())
    front.services.answers[ListNotices] = {"items": [], "next": None, "unread": 0}
    assert front.ask("GET", f"/v1/notices{query}", "s").status_code == status


@pytest.mark.parametrize(
    ("query", "topics", "countries"),
    [
        ("topics=cranes%2C%20large&topics=ports", ["cranes, large", "ports"], []),
        ("topics=cranes%2C%20large,ports", ["cranes, large", "ports"], []),
        ("topics=,&countries=ES%2CPT,FR", [], ["ES", "PT", "FR"]),
    ],
)
def test_comma_within_what_people_wrote_parts_nothing(front: Front, query: str, topics: list[str], countries: list[str]) -> None:
    """A comma that is encoded belongs to the text; codes have none, so any comma parts them."""
    front.log_in("s", person())
    front.ask("GET", f"/v1/catalogue?{query}", "s")
    content = front.services.asked[0].content
    assert (content.get("topics", []), content.get("countries", [])) == (topics, countries)


@pytest.mark.parametrize("key", [None, "", "x" * 201, "ü", "a\tb"])
def test_command_that_moves_things_needs_a_key(front: Front, key: str | None) -> None:
    """1 to 200 visible characters."""
    front.log_in("s", person())
    headers = {} if key is None else {"Idempotency-Key": key.encode()}
    answer = front.ask("POST", NOTICE, "s", headers=headers)
    assert (answer.status_code, answer.json()["code"], front.services.asked) == (400, "idempotency_key_required", [])


def test_key_travels_with_the_call(front: Front) -> None:
    """As it was sent; the id of the path fills its field."""
    front.log_in("s", person())
    front.ask("POST", NOTICE, "s", headers={"Idempotency-Key": "k 1"})
    (asked,) = front.services.asked
    assert (asked.contract, asked.key, asked.content) == (ReadNotice, "k 1", {"notice_id": "9a0d4b65-77c2-4d0b-8a70-1a7b8d1d3f14"})


def test_path_stands_above_the_body(front: Front) -> None:
    """Another id in the body changes nothing."""
    front.log_in("s", person())
    front.ask("POST", NOTICE, "s", headers={"Idempotency-Key": "k"}, json={"notice_id": "00000000-0000-0000-0000-000000000000"})
    assert front.services.asked[0].content == {"notice_id": "9a0d4b65-77c2-4d0b-8a70-1a7b8d1d3f14"}


@pytest.mark.parametrize("tag", [None, "", "*", "one", '"1", "2"', '"' + "9" * 20 + '"', "9" * 5000, '"-1"', '"1.0"', '"٣"'.encode()])
def test_change_needs_the_version_that_was_read(front: Front, tag: Any) -> None:
    """428 without one that can be meant."""
    front.log_in("s", person())
    answer = front.ask("PATCH", "/v1/me", "s", headers={} if tag is None else {"If-Match": tag}, json={"last_name": "Other"})
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")


@pytest.mark.parametrize("tag", ['"7"', "7", 'W/"7"'])
def test_version_travels_and_comes_back_as_etag(front: Front, tag: str) -> None:
    """In either direction."""
    front.log_in("s", person())
    front.services.answers[ChangeMe] = Me.example | {"version": 8}
    answer = front.ask("PATCH", "/v1/me", "s", headers={"If-Match": tag}, json={"last_name": "Other"})
    assert (answer.status_code, answer.headers["ETag"], front.services.asked[0].if_match) == (200, '"8"', 7)


def test_anonymous_command_with_a_key_is_the_same_actor_in_every_process(
    front: Front, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys and guesses are counted per actor, so each worker must name the address alike; and never by itself."""
    from gateway.app import make_app
    from gateway.settings import Settings

    front.services.answers[CreateAccount] = AccountRequested.example
    settings = Settings(
        environment="production", amqp_uri="", key_file=tmp_path / "gateway.key", blob_folder=tmp_path, mail_folder=None, clock_file=None,
        public_url="https://tool.example.org", call_timeout_s=1.0, rate_limit=0,
    )  # fmt: skip
    for app in (front.app, make_app(settings)):
        front.app = app
        assert front.ask("POST", "/v1/accounts", headers={"Idempotency-Key": "k"}, json=CreateAccount.example).status_code == 202
    one, other = (asked.who for asked in front.services.asked)
    assert one == other and one.kind == "anonymous" and "127.0.0.1" not in one.id
