"""Accounts: the seed's form, its confirmation by mail, the new password."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate, validates_schema

from chassis.bare.fields import Choice, Instant, Several, Text, Whole
from chassis.bare.message import ANYONE, SERVICES, SIGNED_IN, Command, Query, View
from contracts.identity.refusals import EMailsDiffer, LinkNotGood, PasswordTooWeak, TooManyAttempts, UsernameTaken
from contracts.words import TITLES, TOOL_LANGUAGES, Country, MailAddress

LETTERS = ("monthly", "quarterly")
NOTICE_VERSION = "2026-11"

SHORTEST_PASSWORD = 15
"""Characters, because the password stands alone (source: NIST SP 800-63B-4)."""
PASSWORD_RULE = "15 to 200 characters, spaces allowed, case-sensitive; a few plain words do; not your username or address"


class Username(fields.String):
    """Letters, digits and spaces; no punctuation but period, hyphen, apostrophe and underscore (source: seed)."""

    def __init__(self, **kwargs: Any) -> None:
        rule = validate.Regexp(
            r"^[^\W_](?:[\w .'\-]{0,58}[\w.'\-])?\Z",
            error="Spaces are allowed; punctuation is not allowed except for periods, hyphens, apostrophes, and underscores.",
        )
        super().__init__(validate=[validate.Length(1, 60), rule], **kwargs)


class AccountRequested(View):
    """What is said to everybody alike, whether or not the address was known: look into your mailbox."""

    sentence = fields.String(required=True)

    example: ClassVar = {"sentence": "We have sent a mail to that address. Follow its link within 24 hours."}


class CreateAccount(Command):
    """Ask for an account with the form of the platform; a mail to the address holds the link that confirms it.

    An address that has an account gets a mail that says so instead; the answer is the same (no enumeration).
    """

    service = "identity"
    answers = AccountRequested
    allowed = (ANYONE,)
    refusals = (UsernameTaken, EMailsDiffer, TooManyAttempts)

    username = Username(required=True)
    e_mail = MailAddress(required=True)
    confirm_e_mail = MailAddress(required=True)
    organisation_name = Text(200, required=True)
    country = Country(required=True)
    title = Choice(TITLES, required=True)
    first_name = Text(80, required=True)
    last_name = Text(80, required=True)
    language = Choice(
        TOOL_LANGUAGES, load_default=TOOL_LANGUAGES[0], metadata={"description": "In which notices and mails come: that of the page, say."}
    )
    newsletters = Several(Choice(LETTERS), most=2, load_default=list)
    privacy_policy_accepted = fields.Boolean(required=True, truthy={True}, falsy={False}, validate=validate.Equal(True))

    example: ClassVar = {
        "username": "textile.cluster-1",
        "e_mail": "office@example.org",
        "confirm_e_mail": "office@example.org",
        "organisation_name": "Textile Cluster",
        "country": "PT",
        "title": "Ms",
        "first_name": "First",
        "last_name": "Last",
        "language": "en",
        "newsletters": ["monthly"],
        "privacy_policy_accepted": True,
    }

    @validates_schema
    def _same_address(self, data: dict[str, Any], **_: Any) -> None:
        if data["e_mail"].strip().lower() != data["confirm_e_mail"].strip().lower():
            raise EMailsDiffer


class ConfirmAccount(Command):
    """Confirm the address with the secret of the mailed link and choose the password; the account works from then on."""

    service = "identity"
    answers = AccountRequested
    allowed = (ANYONE,)
    refusals = (LinkNotGood, PasswordTooWeak)
    heavy = True

    secret = Text(100, required=True)
    password = fields.String(required=True, validate=validate.Length(SHORTEST_PASSWORD, 200), metadata={"description": PASSWORD_RULE})

    example: ClassVar = {"secret": "Zb1kP0m3…", "password": "plain words make long passwords"}


class RequestNewPassword(Command):
    """Have a link for a new password mailed; known and unknown names get the same answer."""

    service = "identity"
    answers = AccountRequested
    allowed = (ANYONE,)
    refusals = (TooManyAttempts,)

    login = Text(254, required=True, metadata={"description": "Username or e-mail address."})

    example: ClassVar = {"login": "textile.cluster-1"}


class SetNewPassword(Command):
    """Set a new password with the secret of the mailed link; every session of the account ends."""

    service = "identity"
    answers = AccountRequested
    allowed = (ANYONE,)
    refusals = (LinkNotGood, PasswordTooWeak)
    heavy = True

    secret = Text(100, required=True)
    password = fields.String(required=True, validate=validate.Length(SHORTEST_PASSWORD, 200), metadata={"description": PASSWORD_RULE})

    example: ClassVar = {"secret": "Zb1kP0m3…", "password": "plain words make long passwords"}


class RoleView(View):
    """A role somebody holds; `place` is an organisation, a partnership, or null for everywhere."""

    role_id = fields.UUID(required=True, attribute="id")
    person_id = fields.UUID(required=True)
    role = fields.String(required=True)
    place = fields.UUID(allow_none=True)
    granted_at = Instant(required=True)

    example: ClassVar = {
        "role_id": "0b54de9f-3f55-4b51-8f6e-8a4f6f2a0d10",
        "person_id": "d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11",
        "role": "representative",
        "place": "3fdcb9cb-5e07-4d3d-9f5b-8a8b8d1d3f12",
        "granted_at": "2026-11-02T09:00:00Z",
    }


class Me(View):
    """My own account: only I see it."""

    person_id = fields.UUID(required=True, attribute="id")
    username = fields.String(required=True)
    e_mail = fields.String(required=True)
    title = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    organisation_name = fields.String(required=True)
    country = fields.String(required=True)
    language = fields.String(required=True)
    newsletters = fields.List(fields.String())
    roles = fields.List(fields.Nested(RoleView))
    created_at = Instant(required=True)
    version = fields.Integer(required=True)
    unread_notices = Whole(required=True, metadata={"description": "How many notices wait to be read."})

    example: ClassVar = {
        "person_id": "d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11",
        "username": "textile.cluster-1",
        "e_mail": "office@example.org",
        "title": "Ms",
        "first_name": "First",
        "last_name": "Last",
        "organisation_name": "Textile Cluster",
        "country": "PT",
        "language": "en",
        "newsletters": ["monthly"],
        "roles": [],
        "created_at": "2026-11-02T09:00:00Z",
        "version": 1,
        "unread_notices": 2,
    }


class ReadMe(Query):
    """Read my own account."""

    service = "identity"
    answers = Me
    allowed = (SIGNED_IN,)


class ChangeMe(Command):
    """Change what my account says of me; what is left out stays."""

    service = "identity"
    answers = Me
    allowed = (SIGNED_IN,)
    if_match = True

    title = Choice(TITLES)
    first_name = Text(80)
    last_name = Text(80)
    organisation_name = Text(200)
    country = Country()
    language = Choice(TOOL_LANGUAGES)
    newsletters = Several(Choice(LETTERS), most=2)

    example: ClassVar = {"newsletters": ["quarterly"]}


class PersonCard(View):
    """Who a person is, for a service that has to write or print it."""

    person_id = fields.UUID(required=True, attribute="id")
    name = fields.String(required=True)
    e_mail = fields.String(required=True)

    example: ClassVar = {"person_id": "d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11", "name": "First Last", "e_mail": "office@example.org"}


class PersonCards(View):
    """Several persons' cards."""

    items = fields.List(fields.Nested(PersonCard), required=True)

    example: ClassVar = {"items": [PersonCard.example]}


class ReadPersons(Query):
    """Names and addresses of persons, for services only; unknown ids are left out."""

    service = "identity"
    answers = PersonCards
    allowed = (SERVICES,)
    asked_by = ("matching",)

    person_ids = Several(fields.UUID(), most=100, required=True)

    example: ClassVar = {"person_ids": ["d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11"]}
