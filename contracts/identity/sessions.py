"""Sessions: logging in and out, and the short-lived token that a session is exchanged for."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.bare.fields import Choice, Instant, Text, Whole
from chassis.bare.message import ANYONE, SERVICES, SIGNED_IN, Command, Query, View
from contracts.identity.refusals import LogInFailed, SessionEnded, TooManyAttempts

TRANSPORTS = ("bearer", "cookie")


class SessionStarted(View):
    """A session. `token` is for the header `Authorization: Bearer …`; a browser gets a cookie and no token."""

    session_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    token = fields.String(allow_none=True)
    transport = Choice(TRANSPORTS, metadata={"description": "How the token travels."})
    expires_at = Instant(required=True)

    example: ClassVar = {
        "session_id": "2f1c1f56-6f1e-4c93-b6f7-3b1f7a1d3f13",
        "person_id": "d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11",
        "name": "First Last",
        "token": "6oO7…",
        "transport": "bearer",
        "expires_at": "2026-11-02T21:00:00Z",
    }


class LogIn(Command):
    """Log in with the username or the e-mail address, and the password, which is case-sensitive (source: seed).

    Wrong attempts make the next ones wait, ever longer; nobody is locked out.
    """

    service = "identity"
    answers = SessionStarted
    allowed = (ANYONE,)
    refusals = (LogInFailed, TooManyAttempts)
    keyed = False
    heavy = True

    login = Text(254, required=True, metadata={"description": "Username or e-mail address."})
    password = fields.String(required=True, validate=validate.Length(1, 200))
    transport = Choice(TRANSPORTS, load_default="bearer", metadata={"description": "cookie: for browsers; bearer: for scripts."})

    example: ClassVar = {"login": "textile.cluster-1", "password": "plain words make long passwords", "transport": "bearer"}


class ConfirmPassword(Command):
    """Give the password again, as signing, bank details and payments ask within five minutes."""

    service = "identity"
    answers = SessionStarted
    allowed = (SIGNED_IN,)
    refusals = (LogInFailed, TooManyAttempts)
    keyed = False
    heavy = True

    password = fields.String(required=True, validate=validate.Length(1, 200))

    example: ClassVar = {"password": "plain words make long passwords"}


class LogOut(Command):
    """End this session; its tokens stop within a minute."""

    service = "identity"
    allowed = (SIGNED_IN,)
    keyed = False


class InternalToken(View):
    """A short-lived token for calls between services; `lifetime_s` in seconds."""

    token = fields.String(required=True)
    lifetime_s = Whole(required=True)

    example: ClassVar = {"token": "eyJ…", "lifetime_s": 60}


class IssueToken(Query):
    """Exchange a session's secret for a token, for the gateway only."""

    service = "identity"
    answers = InternalToken
    allowed = (SERVICES,)
    asked_by = ("gateway",)
    refusals = (SessionEnded,)

    secret = Text(100, required=True)

    example: ClassVar = {"secret": "6oO7…"}
