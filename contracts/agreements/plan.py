"""The plan of an exchange: what the commitment to quality is made of."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Several, Text, Whole
from chassis.bare.message import Contract, View
from contracts.agreements.words import EXCHANGE_ID, NOTICE, STATES
from contracts.words import TOOL_LANGUAGES


class Traveller(Contract):
    """Somebody who travels: name, and function in the visiting organisation (the stay cannot be delegated to another one)."""

    name = Text(120, required=True)
    function = Text(120, required=True)

    example: ClassVar = {"name": "The managing director", "function": "Managing director"}


class Step(Contract):
    """One step of the action plan; `day` may be left open."""

    day = fields.Date(load_default=None, allow_none=True)
    activity = Text(1000, required=True, lines=True)

    example: ClassVar = {"day": "2027-03-02", "activity": "Visit of the host's laboratory and talks with its members"}


class Responsibilities(Contract):
    """What visitor and host each take on."""

    visitor = Text(4000, 0, load_default="", lines=True)
    host = Text(4000, 0, load_default="", lines=True)

    example: ClassVar = {
        "visitor": "Prepares the talks and covers its own costs.",
        "host": "Plans the programme.",
    }


PLAN_EXAMPLE: dict[str, Any] = {
    "start": "2027-03-01",
    "end": "2027-03-07",
    "travel_days": ["2027-03-01", "2027-03-07"],
    "travellers": [Traveller.example],
    "objectives": ["Learn how a members' laboratory is run"],
    "action_plan": [Step.example],
    "expected_outcomes": "A common project on shared equipment.",
    "responsibilities": Responsibilities.example,
    "place": "A Coruna",
    "language": "en",
}


class Plan(Contract):
    """The plan of an exchange, as far as it is written; whatever is missing may follow until it is submitted.

    `start` and `end` are the first and last day, travel included; `travel_days` are those days that do not count as working
    days; `place` is where at the host's, if not at its seat; `language` that of the texts that are signed.
    """

    start = fields.Date(load_default=None, allow_none=True)
    end = fields.Date(load_default=None, allow_none=True)
    travel_days = Several(fields.Date(), most=14, load_default=list)
    travellers = Several(fields.Nested(Traveller), most=20, load_default=list)
    objectives = Several(Text(1000, lines=True), most=20, load_default=list)
    action_plan = Several(fields.Nested(Step), most=60, repeats=True, load_default=list)
    expected_outcomes = Text(4000, 0, load_default="", lines=True)
    responsibilities = fields.Nested(Responsibilities, load_default=lambda: {"visitor": "", "host": ""})
    place = Text(200, 0, load_default="")
    language = Choice(
        TOOL_LANGUAGES,
        load_default=TOOL_LANGUAGES[0],
        metadata={"description": "In which both agreements are written: that text is signed."},
    )

    example: ClassVar = PLAN_EXAMPLE


class CommitmentView(View):
    """The plan as it is being written, with the programme's notice; `version` is what If-Match names."""

    exchange_id = fields.UUID()
    version = Whole(1)
    state = Choice(STATES)
    plan = fields.Nested(Plan)
    working_days = Whole(0, allow_none=True, metadata={"description": "Weekdays less the host country's holidays and travel."})
    missing = fields.List(fields.String(), metadata={"description": "What must still be filled in before it can be submitted."})
    number = Whole(0, metadata={"description": "The last submitted version; 0: none."})
    comments = fields.String(metadata={"description": "Why a partnership sent it back; empty otherwise."})
    amendment_reason = fields.String()
    notice = fields.String()
    moves = fields.List(fields.String())

    example: ClassVar = {
        "exchange_id": EXCHANGE_ID,
        "version": 3,
        "state": "planning",
        "plan": PLAN_EXAMPLE,
        "working_days": 4,
        "missing": [],
        "number": 0,
        "comments": "",
        "amendment_reason": "",
        "notice": NOTICE,
        "moves": ["edit_commitment", "submit_commitment", "cancel_exchange"],
    }
