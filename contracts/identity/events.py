"""What identity announces. Subjects are `person/<id>`."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.message import Event

PERSON_ID = "d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11"


ME = "me"
"""The word for what is told of a person's own account."""


class PersonEvent(Event):
    """Something that happened to a person's account."""

    service = "identity"
    subject_kind = "person"

    person_id = fields.UUID(required=True)

    example: ClassVar = {"person_id": PERSON_ID}


class AccountCreated(PersonEvent):
    """Somebody asked for an account; it works when its address is confirmed."""


class AccountConfirmed(PersonEvent):
    """The address of an account was confirmed and a password chosen."""


class OwnEvent(PersonEvent):
    """Something that changes what a person's open sessions may do; whoever keeps a stream of hints open looks at once."""

    tells = (ME,)
    concerns = ("person@person_id",)


class PasswordChanged(OwnEvent):
    """An account has a new password; its sessions ended."""


class LoggedOut(OwnEvent):
    """A person ended one of its sessions."""

    session_id = fields.UUID(required=True)

    example: ClassVar = {"person_id": PERSON_ID, "session_id": "2f1c1f56-6f1e-4c93-b6f7-3b1f7a1d3f13"}


class ErasureAsked(OwnEvent):
    """A person asked to be erased, and nothing stands against it; the account is closed, identity's worker erases it."""


class PersonErased(PersonEvent):
    """A person is erased: whoever keeps a copy of what names the person forgets it, but for what the law keeps."""

    heard_by = ("registry", "matching", "agreements", "payments")


class RoleEvent(OwnEvent):
    """A role given or taken; `place` is an organisation, a partnership, or null for everywhere."""

    role = fields.String(required=True)
    place = fields.UUID(required=True, allow_none=True)

    example: ClassVar = {"person_id": PERSON_ID, "role": "registrations", "place": "3fdcb9cb-5e07-4d3d-9f5b-8a8b8d1d3f12"}


class RoleGranted(RoleEvent):
    """A person has a role from now on."""

    heard_by = ("payments", "registry")


class RoleRevoked(RoleEvent):
    """A person has a role no longer."""

    heard_by = ("payments", "registry", "matching")


class RoleHeld(RoleEvent):
    """A person holds a role, as was told before: for a service that has come to follow roles since."""

    heard_by = ("payments",)


class NoticesWritten(Event):
    """Persons were told of something: each has one notice more."""

    service = "identity"
    subject_kind = "notices"
    tells = ("notices",)
    concerns = ("person@person_ids",)

    person_ids = fields.List(fields.UUID(), required=True)

    example: ClassVar = {"person_ids": [PERSON_ID]}


class MailsQueued(Event):
    """Mails are ready to be sent by identity's worker."""

    service = "identity"
    subject_kind = "mails"

    mail_ids = fields.List(fields.UUID(), required=True)

    example: ClassVar = {"mail_ids": ["5f0d4b65-77c2-4d0b-8a70-1a7b8d1d3f15"]}
