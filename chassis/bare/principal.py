"""Who acts: a person with roles, a service, somebody's program, or nobody in particular; and the short-lived tokens that say so.

A token is an ES256 JWT of about a minute. Only the issuer named for persons may speak for persons, only the one named for systems
for systems; every other issuer speaks for itself alone. Whoever receives a call verifies it against the public keys in its own trust folder, so no other service needs to
be up for that.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from chassis.bare.refusals import LogInRequired

PERSON_ISSUER = "identity"
AUDIENCE = "services"
LIFETIME_S = 60
LEEWAY_S = 5
FRESH_S = 300
MOST_VERIFIED = 2_000
"""Tokens whose signature need not be checked again; callers use one for some seconds."""

PERSON, SERVICE, SYSTEM, ANONYMOUS = "person", "service", "system", "anonymous"
SYSTEM_ISSUER, SYSTEM_ROLE = "registry", "_system"
"""Who speaks for programs of others, and how the names of the roles end that these may hold: no rule takes one for a person."""


@dataclass(frozen=True)
class Principal:
    """Who acts. `roles` pairs a role with the place it holds in (an id), or None where it holds everywhere."""

    kind: str
    id: str
    name: str = ""
    roles: frozenset[tuple[str, UUID | None]] = field(default_factory=frozenset)
    authenticated_at: datetime | None = None
    session: str | None = None

    @property
    def person(self) -> UUID:
        """The person's id; raises LogInRequired for anybody else."""
        if self.kind != PERSON:
            raise LogInRequired
        return UUID(self.id)

    @property
    def actor(self) -> str:
        """How the journal names who acted."""
        return f"{self.kind}:{self.id}"

    def has(self, role: str, place: UUID | None = None) -> bool:
        """Whether this principal holds the role in that place (or everywhere)."""
        return (role, place) in self.roles or (role, None) in self.roles

    def places(self, role: str) -> set[UUID]:
        """The places in which this principal holds the role."""
        return {place for name, place in self.roles if name == role and place is not None}

    def role_names(self) -> set[str]:
        """The roles held anywhere."""
        return {name for name, _ in self.roles}

    def is_fresh(self) -> bool:
        """Whether the person gave a password (or second factor) within the last five minutes of real time."""
        if self.authenticated_at is None:
            return False
        return (datetime.now(UTC) - self.authenticated_at).total_seconds() <= FRESH_S


def anonymous() -> Principal:
    """Somebody who has not logged in."""
    return Principal(ANONYMOUS, "anonymous")


def service(name: str) -> Principal:
    """A service acting for itself."""
    return Principal(SERVICE, name)


class Signer:
    """Mints tokens with this process' own key."""

    def __init__(self, issuer: str, key_file: Path) -> None:
        self.issuer = issuer
        self._bytes = key_file.read_bytes()
        self._key = ECKey.import_key(self._bytes)

    def secret_for(self, purpose: str) -> bytes:
        """32 secret bytes for another purpose, the same in every process with this key."""
        return hmac.new(self._bytes, purpose.encode(), hashlib.sha256).digest()

    def token(self, who: Principal, lifetime_s: int = LIFETIME_S) -> str:
        """A token for `who`, valid for `lifetime_s` seconds of real time."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": AUDIENCE, "iat": now, "exp": now + lifetime_s} | _claims(who)
        return jwt.encode({"alg": "ES256", "kid": self.issuer}, claims, self._key)


_CLAIMS = jwt.JWTClaimsRegistry(leeway=LEEWAY_S, exp={"essential": True}, aud={"essential": True, "value": AUDIENCE})


@dataclass(frozen=True)
class _Verified:
    """What a token was found to say, until when it holds, and the key's file and time that it was checked against."""

    who: Principal
    until: float
    file: Path
    changed_at: int

    def still_holds(self) -> bool:
        """Not past its time, and the key neither gone nor replaced."""
        return time.time() < self.until and _changed_at(self.file) == self.changed_at


class Verifier:
    """Checks tokens against the public keys of a trust folder; a key file that appears, changes or goes later is noticed.

    A signature is checked once: the same bytes stay good until the token's end, or until its issuer's key changes.
    """

    def __init__(self, trust_folder: Path) -> None:
        self._folder = trust_folder
        self._key = lru_cache(maxsize=64)(self._read_key)
        self._verified: dict[str, _Verified] = {}

    def principal(self, token: str) -> Principal:
        """The principal a token speaks for; raises LogInRequired if the token is not good."""
        known = self._verified.get(token)
        if known is not None and known.still_holds():
            return known.who
        try:
            return self._verify(token)
        except (JoseError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LogInRequired from error

    def _verify(self, token: str) -> Principal:
        self._verified.pop(token, None)
        keys: list[tuple[Path, int]] = []
        decoded = jwt.decode(token, lambda obj: self._find_key(obj, keys), algorithms=["ES256"])
        _CLAIMS.validate(decoded.claims)
        if decoded.claims["iss"] != decoded.header["kid"]:
            raise LogInRequired
        who = _principal(decoded.claims)
        if len(self._verified) >= MOST_VERIFIED:
            self._verified.clear()
        self._verified[token] = _Verified(who, decoded.claims["exp"] + LEEWAY_S, *keys[-1])
        return who

    def _find_key(self, obj: Any, found: list[tuple[Path, int]]) -> ECKey:
        issuer = str(obj.headers()["kid"])
        if not issuer.isidentifier():
            raise ValueError("an issuer is a plain word")
        file = self._folder / f"{issuer}.pem"
        found.append((file, file.stat().st_mtime_ns))
        return self._key(*found[-1])

    def _read_key(self, file: Path, changed_at: int) -> ECKey:
        return ECKey.import_key(file.read_bytes())


def _changed_at(file: Path) -> int | None:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return None


def _claims(who: Principal) -> dict[str, Any]:
    return {
        "sub": who.id,
        "kind": who.kind,
        "name": who.name,
        "roles": sorted([role, str(place) if place else None] for role, place in who.roles),
        "auth_time": int(who.authenticated_at.timestamp()) if who.authenticated_at else None,
        "sid": who.session,
    }


def _principal(claims: dict[str, Any]) -> Principal:
    kind, issuer = claims["kind"], claims["iss"]
    if kind == PERSON and issuer != PERSON_ISSUER:
        raise LogInRequired
    if kind == SERVICE and claims["sub"] != issuer:
        raise LogInRequired
    if kind == SYSTEM and (
        issuer != SYSTEM_ISSUER or not all(str(role).endswith(SYSTEM_ROLE) and place for role, place in claims["roles"])
    ):
        raise LogInRequired
    # Other roles are held by persons: rules ask for a role without asking what kind of principal holds it.
    if kind not in (PERSON, SERVICE, SYSTEM, ANONYMOUS) or (kind not in (PERSON, SYSTEM) and claims["roles"]):
        raise LogInRequired
    authenticated = claims.get("auth_time")
    return Principal(
        kind=kind,
        id=claims["sub"],
        name=claims.get("name", ""),
        roles=frozenset((role, UUID(place) if place else None) for role, place in claims["roles"]),
        authenticated_at=datetime.fromtimestamp(authenticated, UTC) if authenticated else None,
        session=claims.get("sid"),
    )
