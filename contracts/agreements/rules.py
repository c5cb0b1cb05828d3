"""The figures and methods that an exchange goes by: dated, sourced rows that are added and never changed."""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.fields import Choice, Whole
from contracts.figures import (
    MOST,
    AddFigureRow,
    AddMethodRow,
    Figure,
    FigureRowAdded,
    ListFigureRows,
    ListMethodRows,
    MethodRowAdded,
)

EXCHANGE_FIGURES = {
    "least_working_days": Figure("A stay has at least so many full working days, travel days not counted", 1, 31),
    "longest_stay_months": Figure("A stay lasts at most so many months", 1, 12),
    "farthest_ahead_days": Figure("A stay is planned at most so many days ahead", 31, 3650),
    "arrival_reminder_days": Figure("Days after the planned first day when the arrival is first asked for", 1, 90),
    "arrival_second_reminder_days": Figure("Days after the planned first day when the arrival is asked for again", 1, 90),
    "arrival_escalation_days": Figure("Days after the planned first day when the support office is told", 1, 180),
    "automatic_end_days": Figure("Days after the planned last day when a stay ends by itself", 1, 90),
    "report_days": Figure("Days after the stay in which the closing report is due", 1, 365),
    "report_reminder_days": Figure("The closing report is asked for every so many days", 1, 90),
    "report_reminders": Figure("The closing report is asked for so many times at most", 0, 100),
}

WORKING_DAYS_METHODS = {
    "calendar_without_public_holidays": "Monday to Friday, less the host country's public holidays, travel days left out",
    "weekdays": "Monday to Friday, travel days left out; public holidays count as working days",
}
"""How the working days of a stay are counted; each is done by `services.agreements.model.dates`."""

EXCHANGE_METHODS = {"working_days": WORKING_DAYS_METHODS}


class ListExchangeFigures(ListFigureRows):
    """The figures that an exchange goes by, by name, the newest first."""

    service = "agreements"

    name = Choice(EXCHANGE_FIGURES, load_default=None)

    example: ClassVar = {"name": "report_days"}


class AddExchangeFigure(AddFigureRow):
    """Add a figure that holds from a day on; what was planned, signed or set a date by before that day stays as it is."""

    service = "agreements"
    figures = EXCHANGE_FIGURES

    name = Choice(EXCHANGE_FIGURES, required=True)
    value = Whole(0, MOST, required=True)

    example: ClassVar = {"name": "report_days", "value": 45, "valid_from": "2031-01-01", "source": "programme's rules of 2031"}


class ExchangeFigureAdded(FigureRowAdded):
    """A figure that exchanges go by was added."""

    service = "agreements"
    heard_by = ("matching",)


class ListExchangeMethods(ListMethodRows):
    """The methods that an exchange goes by, by name, the newest first."""

    service = "agreements"

    name = Choice(EXCHANGE_METHODS, load_default=None)

    example: ClassVar = {"name": "working_days"}


class AddExchangeMethod(AddMethodRow):
    """Choose another of the methods there are from a day on; a version of a commitment keeps the one it was submitted under."""

    service = "agreements"
    methods = EXCHANGE_METHODS

    name = Choice(EXCHANGE_METHODS, required=True)
    value = Choice(WORKING_DAYS_METHODS, required=True)

    example: ClassVar = {
        "name": "working_days",
        "value": "weekdays",
        "valid_from": "2031-01-01",
        "source": "programme's rules of 2031",
    }


class ExchangeMethodAdded(MethodRowAdded):
    """A method that exchanges go by was added."""

    service = "agreements"
