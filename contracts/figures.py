"""What dated, sourced rows of a rule look like in every service: figures (whole numbers) and methods (one of those there are).

Rows are added and never changed: of each name the newest that has begun holds. A service lists its own names beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from marshmallow import ValidationError, fields, validates_schema

from chassis.bare.fields import Text
from chassis.bare.message import ANYONE, Command, Event, PageQuery, View, page_of
from chassis.bare.refusals import RowAlreadyThere, RowNotBackdated

ROW_ID = "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a12"
MOST = 10_000_000
"""No figure of any rule is larger."""


class Figure(NamedTuple):
    """What a figure says, and the least and the most that it may be: a slip of the pen must stop nobody's exchange."""

    meaning: str
    least: int
    most: int


class DatedFigure(View):
    """One figure of a rule, from one day on until a later row follows."""

    figure_id = fields.UUID(required=True)
    name = fields.String(required=True)
    value = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)

    example: ClassVar = {
        "figure_id": ROW_ID,
        "name": "report_days",
        "value": 30,
        "valid_from": "2020-01-01",
        "source": "assumption: the platform's own",
    }


DatedFigurePage = page_of(DatedFigure)


class DatedMethod(View):
    """The method by which something is found out, from one day on until a later row follows; `meaning` says what it does."""

    method_id = fields.UUID(required=True)
    name = fields.String(required=True)
    value = fields.String(required=True)
    meaning = fields.String(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)

    example: ClassVar = {
        "method_id": ROW_ID,
        "name": "working_days",
        "value": "weekdays",
        "meaning": "Monday to Friday, travel days left out; public holidays count as working days",
        "valid_from": "2020-01-01",
        "source": "assumption: the platform's own",
    }


DatedMethodPage = page_of(DatedMethod)


class ListRows(PageQuery):
    """A read of dated rows by name, the newest first; anybody may see what the rules are."""

    allowed = (ANYONE,)


class ListFigureRows(ListRows):
    """A read of dated figures."""

    answers = DatedFigurePage


class ListMethodRows(ListRows):
    """A read of dated methods."""

    answers = DatedMethodPage


class AddRow(Command):
    """A new row that holds from a day on, today at the earliest."""

    allowed = ("administrator",)
    refusals = (RowAlreadyThere, RowNotBackdated)

    valid_from = fields.Date(required=True)
    source = Text(300, required=True)


def check_range(figures: Mapping[str, Figure], name: str, value: int) -> None:
    """Refuse a value that nobody can mean for that figure; raises ValidationError."""
    if not figures[name].least <= value <= figures[name].most:
        raise ValidationError(f"This figure is between {figures[name].least} and {figures[name].most}.", "value")


class AddFigureRow(AddRow):
    """A new figure, within what is plausible for it."""

    answers = DatedFigure
    figures: ClassVar[Mapping[str, Figure]] = {}

    @validates_schema
    def _plausible(self, data: dict[str, Any], **_: Any) -> None:
        check_range(self.figures, data["name"], data["value"])


class AddMethodRow(AddRow):
    """Another method, one of those that there are for that name."""

    answers = DatedMethod
    methods: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    @validates_schema
    def _known(self, data: dict[str, Any], **_: Any) -> None:
        if data["value"] not in (known := self.methods[data["name"]]):
            raise ValidationError(f"There are these methods: {', '.join(known)}.", "value")


class FigureRowAdded(Event):
    """A figure of a rule was added."""

    subject_kind = "figure"

    figure_id = fields.UUID(required=True)
    name = fields.String(required=True)
    value = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)

    example: ClassVar = {
        "figure_id": ROW_ID,
        "name": "report_days",
        "value": 45,
        "valid_from": "2027-01-01",
        "source": "programme's rules of 2027",
    }


class MethodRowAdded(Event):
    """A method of a rule was added."""

    subject_kind = "method"

    method_id = fields.UUID(required=True)
    name = fields.String(required=True)
    value = fields.String(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)

    example: ClassVar = {
        "method_id": ROW_ID,
        "name": "working_days",
        "value": "weekdays",
        "valid_from": "2027-01-01",
        "source": "programme's rules of 2027",
    }
