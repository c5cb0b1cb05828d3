"""The figures that contacts and lists go by: dated, sourced rows that are added and never changed."""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.fields import Choice, Text, Whole
from contracts.figures import MOST, AddFigureRow, Figure, FigureRowAdded, ListFigureRows

CONTACT_FIGURES = {
    "requests_per_day": Figure("So many contact requests may an organisation make within a day", 1, 1000),
    "open_requests": Figure("So many of an organisation's requests may wait for an answer", 1, 1000),
    "ask_again_days": Figure("Whoever declined may be asked again after so many days", 0, 365),
    "first_reminder_days": Figure("Whoever was asked is reminded after so many days", 1, 90),
    "second_reminder_days": Figure("Whoever was asked is reminded again after so many days", 1, 90),
    "expiry_days": Figure("A request without an answer expires after so many days", 1, 180),
    "same_text_others": Figure("The same words may go to so many others, in requests or in conversations", 1, 100),
    "same_text_days": Figure("Whether words are the same as before is looked at over so many days", 1, 90),
    "conversations_per_day": Figure("In so many conversations of contacts may one person write within a day", 1, 1000),
    "listing_days": Figure("A participant is asked after so many days whether its profile is still true", 14, 730),
    "listing_reminder_days": Figure("It is reminded of that question after so many days", 1, 60),
    "listing_answer_days": Figure("Without an answer it sinks out of lists and catalogue after so many days", 2, 120),
    "host_shown_per_week": Figure("In the lists of so many participants is a host shown within a week", 1, 100_000),
    "exposure_order": Figure("Whoever was shown less lately stands further up in lists: 0 off, 1 gently, 2 strongly", 0, 2),
    "silent_requests": Figure("A host that lets so many requests in a row expire stands behind all others in lists", 2, 20),
    "silence_notice_days": Figure("It is warned before, and stays where it is for so many days from then on", 1, 60),
    "geometric_fusion": Figure("Both sides' scores become one: 0 by the harmonic mean, 1 by the geometric one", 0, 1),
}


class ListMatchingFigures(ListFigureRows):
    """The figures of contacts and lists by name, the newest first.

    With them the weights of the ranking (`weight_...`, 1000 together) and the shortest stay that a list counts with, as exchanges go by
    it (`least_working_days`); neither is added here.
    """

    service = "matching"

    name = Text(40, load_default=None)

    example: ClassVar = {"name": "expiry_days"}


class AddMatchingFigure(AddFigureRow):
    """Add a figure that holds from a day on; requests made before that day keep their dates."""

    service = "matching"
    figures = CONTACT_FIGURES

    name = Choice(CONTACT_FIGURES, required=True)
    value = Whole(0, MOST, required=True)

    example: ClassVar = {"name": "expiry_days", "value": 21, "valid_from": "2031-01-01", "source": "programme's rules of 2031"}


class MatchingFigureAdded(FigureRowAdded):
    """A figure that contacts go by was added."""

    service = "matching"

    example: ClassVar = FigureRowAdded.example | {"name": "expiry_days", "value": 21}
