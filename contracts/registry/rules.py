"""The figures that registrations go by: dated, sourced rows that are added and never changed."""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.fields import Choice, Whole
from contracts.figures import MOST, AddFigureRow, Figure, FigureRowAdded, ListFigureRows

REGISTRATION_FIGURES = {
    "ecosystem_points": Figure("Points for each ecosystem that a partnership shares, when partnerships are suggested", 0, 100),
    "country_points": Figure("Points for a partnership that covers the organisation's country", 0, 100),
    "seat_points": Figure("Points for a partnership that has its seat there", 0, 100),
    "interest_every_months": Figure("Continued interest is asked for every so many months, unless its partnership says otherwise", 1, 36),
    "interest_answer_days": Figure("Days to answer that in, unless its partnership says otherwise", 7, 180),
    "desk_answer_days": Figure("Days in which a contact point should answer; what waits for it longer is marked", 1, 90),
}


class ListRegistrationFigures(ListFigureRows):
    """The figures that registrations go by, by name, the newest first."""

    service = "registry"

    name = Choice(REGISTRATION_FIGURES, load_default=None)

    example: ClassVar = {"name": "country_points"}


class AddRegistrationFigure(AddFigureRow):
    """Add a figure that holds from a day on; partnerships made before that day keep theirs."""

    service = "registry"
    figures = REGISTRATION_FIGURES

    name = Choice(REGISTRATION_FIGURES, required=True)
    value = Whole(0, MOST, required=True)

    example: ClassVar = {"name": "country_points", "value": 4, "valid_from": "2031-01-01", "source": "programme's rules of 2031"}


class RegistrationFigureAdded(FigureRowAdded):
    """A figure that registrations go by was added."""

    service = "registry"

    example: ClassVar = FigureRowAdded.example | {"name": "country_points", "value": 4}
