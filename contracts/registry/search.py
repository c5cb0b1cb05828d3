"""One search over everything of the registry that an office looks for."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Text, Whole
from chassis.bare.message import Query, View
from contracts.registry.partnerships import PartnershipPage
from contracts.registry.registrations import RegistrationPage
from contracts.registry.support import QueryPage


class RegistryFound(View):
    """What was found, kind by kind: the first of each, and where it goes on as in the kind's own list (`next` of the same `text`)."""

    registrations = fields.Nested(RegistrationPage, required=True)
    queries = fields.Nested(QueryPage, required=True)
    partnerships = fields.Nested(PartnershipPage, required=True)

    example: ClassVar[dict[str, Any]] = {
        "registrations": RegistrationPage.example,
        "queries": {"items": [], "next": None},
        "partnerships": {"items": [], "next": None},
    }


class SearchRegistry(Query):
    """Find registrations by the organisation's name, queries by words of subject or question, partnerships by acronym or name."""

    service = "registry"
    answers = RegistryFound
    allowed = ("support_officer", "auditor", "administrator")
    rule = "Each finds what the lists of the same names show: queries are for the support office alone."
    text = Text(100, required=True)
    limit = Whole(1, 25, load_default=10, metadata={"description": "At most so many of each kind."})

    example: ClassVar[dict[str, Any]] = {"text": "cluster", "limit": 10}
