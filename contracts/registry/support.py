"""The support office: queries with or without an account, answers, and frequently asked questions."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Several, Text, Whole
from chassis.bare.message import ANYONE, SERVICES, SIGNED_IN, Command, PageQuery, Query, View, page_of
from chassis.bare.refusals import Invalid, MoveNotAllowed, MoveNotYours, NotFound, StaleVersion
from contracts.words import TOOL_LANGUAGES, Language, MailAddress

QUERY_ID = "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c06"
OTHER_FAQ_ID = "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c17"
FAQ_ID = "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c07"
QUERY_STATES = ("received", "answered", "closed")
FAQ_ORDERS = ("recent", "given")
QUERY_ORDERS = ("newest", "oldest")
"""The most recently changed first; or language by language as they were put."""


class QueryNotFound(NotFound):
    """There is no query under this address that you may see. Look for it in the list of your queries, or send a new one."""


class FaqNotFound(NotFound):
    """There is no such question among the frequently asked ones. See which there are at /v1/faqs, or send a query."""


class MailAddressNeeded(Invalid):
    """Without an account, give the name and e-mail address that the answer goes to."""


class QueryView(View):
    """A query to the support office and its answer."""

    query_id = fields.UUID(attribute="id", required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    name = Text(200, required=True, allow_none=True)
    e_mail = MailAddress(required=True, allow_none=True)
    subject = Text(200, required=True)
    question = Text(8000, required=True, lines=True)
    answer = Text(8000, required=True, allow_none=True, lines=True)
    state = Choice(QUERY_STATES, required=True)
    version = Whole(1, required=True)
    received_at = Instant(required=True)
    answered_at = Instant(required=True, allow_none=True)
    moves = fields.List(fields.String(), required=True)

    example: ClassVar[dict[str, Any]] = {
        "query_id": QUERY_ID,
        "person_id": None,
        "name": "A visitor of the page",
        "e_mail": "person@cluster.example",
        "subject": "May a university host?",
        "question": "We are a university's technology centre. May we host?",
        "answer": None,
        "state": "received",
        "version": 1,
        "received_at": "2027-01-08T09:00:00Z",
        "answered_at": None,
        "moves": [],
    }


class QueryReceipt(View):
    """What somebody without an account gets back: the number of the query. The answer goes by mail."""

    query_id = fields.UUID(attribute="id", required=True)
    received_at = Instant(required=True)

    example: ClassVar = {"query_id": QUERY_ID, "received_at": "2027-01-08T09:00:00Z"}


class SendQuery(Command):
    """Send a query to the support office; without an account give a name and an e-mail address."""

    service = "registry"
    answers = QueryReceipt
    allowed = (ANYONE,)
    refusals = (MailAddressNeeded,)
    name = Text(200, load_default=None)
    e_mail = MailAddress(load_default=None)
    subject = Text(200, required=True)
    question = Text(8000, lines=True, required=True)
    language = Choice(
        TOOL_LANGUAGES, load_default=TOOL_LANGUAGES[0], metadata={"description": "Of the mail with the answer, without an account."}
    )

    example: ClassVar = {
        "name": "A visitor of the page",
        "e_mail": "person@cluster.example",
        "subject": "May a university host?",
        "question": "We are a university's technology centre. May we host?",
    }


class ReadQuery(Query):
    """Read a query and its answer."""

    service = "registry"
    answers = QueryView
    allowed = (SIGNED_IN,)
    rule = "The person who sent it, and the support office."
    refusals = (QueryNotFound,)
    query_id = fields.UUID(required=True)

    example: ClassVar = {"query_id": QUERY_ID}


QueryPage = page_of(QueryView)


class ListQueries(PageQuery):
    """List queries, the newest first or those that wait longest: one's own; for the support office all."""

    service = "registry"
    answers = QueryPage
    allowed = (SIGNED_IN,)
    rule = "One's own; the support office all."
    state = Several(Choice(QUERY_STATES), load_default=list)
    text = Text(100, load_default=None, metadata={"description": "Words, all of which stand in subject or question."})
    order = Choice(QUERY_ORDERS, load_default=QUERY_ORDERS[0])

    example: ClassVar = {"state": ["received"]}


class AnswerQuery(Command):
    """Answer a query, or correct an answer; it goes out by mail."""

    service = "registry"
    answers = QueryView
    allowed = ("support_officer",)
    refusals = (QueryNotFound, StaleVersion, MoveNotAllowed, MoveNotYours)
    if_match = True
    query_id = fields.UUID(required=True)
    answer = Text(8000, lines=True, required=True)

    example: ClassVar = {"query_id": QUERY_ID, "answer": "Yes, if it is a member of a cluster."}


class CloseQuery(Command):
    """Close a query that needs no answer, or none any more; whoever sent it is told."""

    service = "registry"
    answers = QueryView
    allowed = ("support_officer",)
    refusals = (QueryNotFound, MoveNotAllowed, MoveNotYours)
    query_id = fields.UUID(required=True)

    example: ClassVar = {"query_id": QUERY_ID}


class QueryForMail(View):
    """What the mail about a query says. The e-mail address is null where the person has an account: identity knows it."""

    query_id = fields.UUID(attribute="id", required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    e_mail = MailAddress(required=True, allow_none=True)
    subject = Text(200, required=True)
    question = Text(8000, required=True, lines=True)
    answer = Text(8000, required=True, allow_none=True, lines=True)
    language = fields.String(required=True, metadata={"description": "In which whoever has no account reads."})

    example: ClassVar = {name: QueryView.example[name] for name in ("query_id", "person_id", "e_mail", "subject", "question", "answer")} | {
        "language": "en"
    }


class ReadQueryForMail(Query):
    """Read what the mail about a query says; for services only."""

    service = "registry"
    answers = QueryForMail
    allowed = (SERVICES,)
    asked_by = ("identity",)
    refusals = (QueryNotFound,)
    query_id = fields.UUID(required=True)

    example: ClassVar = {"query_id": QUERY_ID}


class FaqView(View):
    """A frequently asked question with its answer."""

    faq_id = fields.UUID(attribute="id", required=True)
    version = Whole(1, required=True)
    question = Text(500, required=True)
    answer = Text(8000, required=True, lines=True)
    language = Language(required=True)
    published = fields.Boolean(required=True)
    position = Whole(1, required=True, metadata={"description": "Its place among those of its language."})
    changed_at = Instant(required=True)

    example: ClassVar = {
        "faq_id": FAQ_ID,
        "version": 1,
        "question": "How do I update my profile after validation?",
        "answer": "Open your registration and change it; your contact point looks at what matters for eligibility.",
        "language": "en",
        "published": True,
        "position": 1,
        "changed_at": "2027-01-08T09:00:00Z",
    }


class CreateFaq(Command):
    """Add a frequently asked question, after those there are in its language; it is public as soon as `published`."""

    service = "registry"
    answers = FaqView
    allowed = ("support_officer",)
    question = Text(500, required=True)
    answer = Text(8000, lines=True, required=True)
    language = Language(load_default="en")
    published = fields.Boolean(load_default=True)

    example: ClassVar = {name: FaqView.example[name] for name in ("question", "answer", "language", "published")}


class ReviseFaq(Command):
    """Change a frequently asked question, or take it off the public list."""

    service = "registry"
    answers = FaqView
    allowed = ("support_officer",)
    refusals = (FaqNotFound, StaleVersion)
    if_match = True
    faq_id = fields.UUID(required=True)
    question = Text(500)
    answer = Text(8000, lines=True)
    language = Language()
    published = fields.Boolean()

    example: ClassVar = {"faq_id": FAQ_ID, "published": False}


class PlaceFaq(Command):
    """Put a frequently asked question before another of its language, or after all of them; its words and their version stay."""

    service = "registry"
    answers = FaqView
    allowed = ("support_officer", "administrator")
    rule = "Unpublished ones: the support office."
    refusals = (FaqNotFound,)
    faq_id = fields.UUID(required=True)
    before = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Another one of the same language; null: the last place."}
    )

    example: ClassVar = {"faq_id": FAQ_ID, "before": OTHER_FAQ_ID}


class ReadFaq(Query):
    """Read one frequently asked question."""

    service = "registry"
    answers = FaqView
    allowed = (ANYONE,)
    rule = "Unpublished ones: the support office."
    refusals = (FaqNotFound,)
    faq_id = fields.UUID(required=True)

    example: ClassVar = {"faq_id": FAQ_ID}


class ListFaqs(PageQuery):
    """List frequently asked questions, the most recently changed first, or as they were put in order; `search` finds words in question and answer."""

    service = "registry"
    answers = page_of(FaqView)
    allowed = (ANYONE,)
    rule = "Unpublished ones: the support office."
    search = Text(100, load_default=None)
    language = Language(load_default=None)
    order = Choice(FAQ_ORDERS, load_default=FAQ_ORDERS[0])

    example: ClassVar = {"search": "profile", "order": "given"}
