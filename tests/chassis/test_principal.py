"""Tokens: whoever receives one believes it only as far as its issuer may speak."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from chassis.bare.principal import AUDIENCE, Principal, Signer, Verifier, anonymous, service
from chassis.bare.refusals import LogInRequired
from tests.builders import person, representative
from tests.room import make_key


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of identity, registry and gateway, and `trust` in it."""
    made = tmp_path_factory.mktemp("keys")
    for issuer in ("identity", "registry", "gateway"):
        make_key(made, issuer)
    return made


@pytest.fixture(scope="module")
def verifier(folder: Path) -> Verifier:
    """Trusts the three."""
    return Verifier(folder / "trust")


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims of identity's for a person, with changes; None takes one out."""
    now = int(time.time())
    good = {"iss": "identity", "aud": AUDIENCE, "iat": now, "exp": now + 60, "sub": str(uuid4()), "kind": "person", "roles": []}
    return {name: value for name, value in (good | changes).items() if value is not None}


def signed(folder: Path, issuer: str, said: dict[str, Any], kid: str | None = None) -> str:
    """A token with any claims, signed with the issuer's key."""
    key = ECKey.import_key((folder / f"{issuer}.key").read_bytes())
    return jwt.encode({"alg": "ES256", "kid": kid or issuer}, said, key)


def encoded(part: Any) -> str:
    """A part of a token as it travels."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_token_brings_the_same_person_back(folder: Path, verifier: Verifier) -> None:
    """Roles with their places, the log-in's time and the session survive the journey."""
    who = representative(uuid4())
    back = verifier.principal(Signer("identity", folder / "identity.key").token(who))
    assert back.authenticated_at is not None and who.authenticated_at is not None
    assert abs(back.authenticated_at - who.authenticated_at) < timedelta(seconds=1)
    assert replace(back, authenticated_at=None) == replace(who, authenticated_at=None)


def test_service_and_anonymous_speak_for_themselves(folder: Path, verifier: Verifier) -> None:
    """The gateway brings people who are not logged in; a service brings itself."""
    assert verifier.principal(Signer("registry", folder / "registry.key").token(service("registry"))) == service("registry")
    assert verifier.principal(Signer("gateway", folder / "gateway.key").token(anonymous())) == anonymous()


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1_700_000_000},
        {"exp": None},
        {"exp": "tomorrow"},
        {"aud": "elsewhere"},
        {"aud": None},
        {"iss": None},
        {"sub": None},
        {"kind": None},
        {"kind": "administrator"},
        {"roles": None},
        {"roles": [["administrator"]]},
        {"roles": "administrator"},
        {"roles": [["representative", "everywhere"]]},
        {"auth_time": "yesterday"},
    ],
    ids=str,
)
def test_token_with_a_claim_missing_or_wrong_is_refused(folder: Path, verifier: Verifier, changes: dict[str, Any]) -> None:
    """Expired, for somebody else, or not saying what it must: log in again, never an error of ours."""
    with pytest.raises(LogInRequired):
        verifier.principal(signed(folder, "identity", claims(**changes)))


def test_token_that_expired_within_the_leeway_is_good(folder: Path, verifier: Verifier) -> None:
    """Clocks of two machines differ by a moment."""
    said = claims(exp=int(time.time()) - 2)
    assert verifier.principal(signed(folder, "identity", said)).id == said["sub"]


def test_another_issuer_cannot_speak_for_a_person(folder: Path, verifier: Verifier) -> None:
    """Registry's key signs for registry, never for somebody's account."""
    with pytest.raises(LogInRequired):
        verifier.principal(Signer("registry", folder / "registry.key").token(person(("administrator", None))))


def test_service_cannot_speak_for_another_service(folder: Path, verifier: Verifier) -> None:
    """Payments does not act as agreements."""
    with pytest.raises(LogInRequired):
        verifier.principal(Signer("registry", folder / "registry.key").token(service("payments")))


def test_issuer_cannot_borrow_another_ones_name(folder: Path, verifier: Verifier) -> None:
    """The key that verifies must be that of the issuer who is named."""
    with pytest.raises(LogInRequired):
        verifier.principal(signed(folder, "registry", claims(), kid="registry"))


@pytest.mark.parametrize("kind", ["service", "anonymous"])
def test_only_persons_hold_roles(folder: Path, verifier: Verifier, kind: str) -> None:
    """A rule asks `has(role)` without asking of what kind the principal is, so nobody else may bring any."""
    said = claims(iss="registry", kind=kind, sub="registry", roles=[["administrator", None]])
    with pytest.raises(LogInRequired):
        verifier.principal(signed(folder, "registry", said))


def test_unknown_issuer_is_refused_until_its_key_is_there(folder: Path) -> None:
    """A key that appears later is found without a restart."""
    late, verifier = folder / "late", Verifier(folder / "trust")
    token = Signer("newcomer", make_key(late, "newcomer")).token(service("newcomer"))
    with pytest.raises(LogInRequired):
        verifier.principal(token)
    (folder / "trust" / "newcomer.pem").write_bytes((late / "trust" / "newcomer.pem").read_bytes())
    assert verifier.principal(token) == service("newcomer")


def test_key_that_was_changed_counts_at_once(tmp_path: Path) -> None:
    """A new key is taken without a restart, and the old one is good for nothing."""
    old, verifier = Signer("identity", make_key(tmp_path, "identity")), Verifier(tmp_path / "trust")
    assert verifier.principal(old.token(person()))
    new = Signer("identity", make_key(tmp_path, "identity"))
    assert verifier.principal(new.token(person()))
    with pytest.raises(LogInRequired):
        verifier.principal(old.token(person()))


@pytest.mark.parametrize("issuer", ["../identity", "identity.pem", "", "/etc/passwd", "identity\x00"])
def test_issuer_cannot_name_a_path(folder: Path, verifier: Verifier, issuer: str) -> None:
    """The key's name becomes a file's name, so it has to be a plain word."""
    with pytest.raises(LogInRequired):
        verifier.principal(signed(folder, "identity", claims(iss=issuer), kid=issuer or " "))


def test_unsigned_token_is_refused(verifier: Verifier) -> None:
    """`alg: none` is no signature."""
    with pytest.raises(LogInRequired):
        verifier.principal(f"{encoded({'alg': 'none', 'kid': 'identity'})}.{encoded(claims())}.")


def test_public_key_as_a_shared_secret_is_refused(folder: Path, verifier: Verifier) -> None:
    """HS256 with the public key's bytes is the classic confusion of algorithms."""
    signed_part = ".".join(encoded(part) for part in ({"alg": "HS256", "kid": "identity"}, claims()))
    secret = (folder / "trust" / "identity.pem").read_bytes()
    signature = hmac.new(secret, signed_part.encode(), hashlib.sha256).digest()
    with pytest.raises(LogInRequired):
        verifier.principal(f"{signed_part}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


@pytest.mark.parametrize("part", [0, 1, 2])
def test_tampered_token_is_refused(folder: Path, verifier: Verifier, part: int) -> None:
    """One letter changed in header, claims or signature."""
    parts = signed(folder, "identity", claims()).split(".")
    letter = parts[part][10]
    parts[part] = parts[part][:10] + ("A" if letter != "A" else "B") + parts[part][11:]
    with pytest.raises(LogInRequired):
        verifier.principal(".".join(parts))


@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{0,30}\.[A-Za-z0-9_-]{0,30}\.[A-Za-z0-9_-]{0,30}", fullmatch=True))
def test_garbage_is_refused_and_never_an_error(text: str) -> None:
    """Whatever stands in the header, the answer is the same."""
    with pytest.raises(LogInRequired):
        Verifier(Path("/nonexistent")).principal(text)


@pytest.mark.parametrize(
    "header", ["[]", "1", "null", '"x"', "{}", '{"alg":"ES256"}', '{"alg":"ES256","kid":[]}', '{"alg":5,"kid":"identity"}']
)
def test_odd_header_is_refused(verifier: Verifier, header: str) -> None:
    """JSON that is no token's header."""
    with pytest.raises(LogInRequired):
        verifier.principal(f"{encoded(json.loads(header))}.{encoded({})}.AAAA")


def test_role_holds_in_its_place_only_and_everywhere_without_one() -> None:
    """The place belongs to the role."""
    here, there = uuid4(), uuid4()
    assert representative(here).has("representative", here) and not representative(here).has("representative", there)
    assert person(("auditor", None)).has("auditor", there)
    assert representative(here).places("representative") == {here}


@pytest.mark.parametrize(("ago", "fresh"), [(1, True), (290, True), (310, False)])
def test_log_in_is_fresh_for_five_minutes(ago: int, fresh: bool) -> None:
    """Signing, bank details and payments ask for that."""
    who = replace(person(), authenticated_at=datetime.now(UTC) - timedelta(seconds=ago))
    assert who.is_fresh() is fresh


@pytest.mark.parametrize("who", [service("registry"), anonymous(), Principal("service", str(uuid4()))])
def test_nobody_but_a_person_has_a_persons_id(who: Principal) -> None:
    """A rule that needs a person asks for a log-in."""
    with pytest.raises(LogInRequired):
        _ = who.person
    assert not who.is_fresh()


def test_signature_of_the_same_token_is_checked_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that differs in a single letter is another token."""
    checked, decode = [], jwt.decode
    monkeypatch.setattr(jwt, "decode", lambda token, *more, **how: checked.append(token) or decode(token, *more, **how))
    verifier, token = Verifier(folder / "trust"), signed(folder, "identity", claims())
    assert verifier.principal(token) == verifier.principal(token) and checked == [token]
    head, _, signature = token.rpartition(".")
    with pytest.raises(LogInRequired):
        verifier.principal(f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}")
    assert len(checked) == 2


def test_token_that_was_good_is_refused_after_its_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was checked once ends with the token, not with the memory of it."""
    verifier, token = Verifier(folder / "trust"), signed(folder, "identity", claims())
    verifier.principal(token)
    late, real = 70, time.time
    monkeypatch.setattr(time, "time", lambda: real() + late)
    with pytest.raises(LogInRequired):
        verifier.principal(token)


@pytest.mark.parametrize("change", ["gone", "replaced"])
def test_token_that_was_good_is_refused_once_its_issuers_key_changed(tmp_path: Path, change: str) -> None:
    """An operator who takes a key away need not wait for the tokens to end."""
    make_key(tmp_path, "identity")
    verifier, token = Verifier(tmp_path / "trust"), signed(tmp_path, "identity", claims())
    verifier.principal(token)
    if change == "gone":
        (tmp_path / "trust" / "identity.pem").unlink()
    else:
        make_key(tmp_path, "identity")
    with pytest.raises(LogInRequired):
        verifier.principal(token)


def test_memory_of_checked_tokens_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends ever new tokens fills nothing."""
    monkeypatch.setattr("chassis.bare.principal.MOST_VERIFIED", 3)
    verifier = Verifier(folder / "trust")
    for _ in range(8):
        verifier.principal(signed(folder, "identity", claims()))
    assert len(verifier._verified) <= 3
