"""Roles: what a person may do, and where."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Text
from chassis.bare.message import Command, PageQuery, View, page_of
from contracts.identity.accounts import RoleView
from contracts.identity.refusals import (
    LastAdministrator,
    NotToYourself,
    PersonNotFound,
    PlaceNotAllowed,
    PlaceRequired,
    RoleNotFound,
    RoleNotGrantable,
)

PLACED_ROLES = ("registrations", "agreements", "finance", "representative")
"""Held at a partnership (a contact point's permissions; finance is the paying officer) or at an organisation (representative)."""
OFFICE_ROLES = ("support_officer", "administrator", "auditor")
"""Held everywhere."""


class GrantRole(Command):
    """Give a person a role. Administrators give any; the support office replaces contact points."""

    service = "identity"
    answers = RoleView
    allowed = ("administrator", "support_officer")
    rule = "The support office gives registrations, agreements and finance only, and nobody there to themselves."
    refusals = (PersonNotFound, RoleNotGrantable, NotToYourself, PlaceRequired, PlaceNotAllowed)

    login = Text(254, required=True, metadata={"description": "The person's username or e-mail address."})
    role = Choice((*PLACED_ROLES, *OFFICE_ROLES), required=True)
    place = fields.UUID(load_default=None, allow_none=True)

    example: ClassVar = {"login": "contact.point", "role": "registrations", "place": "3fdcb9cb-5e07-4d3d-9f5b-8a8b8d1d3f12"}


class RevokeRole(Command):
    """Take a role back; it stops within a minute."""

    service = "identity"
    allowed = ("administrator", "support_officer")
    rule = "The support office takes back registrations, agreements and finance only."
    refusals = (RoleNotFound, RoleNotGrantable, LastAdministrator)

    role_id = fields.UUID(required=True)

    example: ClassVar = {"role_id": "0b54de9f-3f55-4b51-8f6e-8a4f6f2a0d10"}


class PersonView(View):
    """A person with an account, as administrators and the support office see them."""

    person_id = fields.UUID(required=True, attribute="id")
    username = fields.String(required=True)
    name = fields.String(required=True)
    e_mail = fields.String(required=True)
    organisation_name = fields.String(required=True)
    country = fields.String(required=True)
    confirmed = fields.Boolean(required=True)
    roles = fields.List(fields.Nested(RoleView))

    example: ClassVar = {
        "person_id": "d6b3c1de-6f0b-4b6b-9d5d-0a7b8d1d3f11",
        "username": "textile.cluster-1",
        "name": "First Last",
        "e_mail": "office@example.org",
        "organisation_name": "Textile Cluster",
        "country": "PT",
        "confirmed": True,
        "roles": [],
    }


class ListPersons(PageQuery):
    """Find persons by a part of username, name or address, or by a role and its place."""

    service = "identity"
    answers = page_of(PersonView)
    allowed = ("administrator", "support_officer")

    text = Text(100, load_default=None)
    role = Choice((*PLACED_ROLES, *OFFICE_ROLES), load_default=None)
    place = fields.UUID(load_default=None)

    example: ClassVar = {"text": "textile", "limit": 25}
