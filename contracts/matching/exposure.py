"""How fair ranked lists are: how often hosts are shown, how far lists go by that, and what it costs."""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.fields import Choice, Instant, Whole
from chassis.bare.message import ANYONE, Query, View

EXPOSURE_SETTINGS = {
    "off": "By score alone",
    "gentle": "Among the best hundred, a score counts up to 5 % less the more often somebody was shown lately",
    "strong": "Among the best two hundred, a score counts up to 15 % less the more often somebody was shown lately",
}


class ExposureView(View):
    """The setting of today, and what the last daily count says of the seven days before it (nothing before the first: `counted_at` is null).

    `gini` is how unequally hosts were shown, of 1000: 0 where each was shown to as many, 1000 where one was shown alone. `given_up` of
    `best_total` is what the order for exposure cost in score over all `lists`. `resting` hosts have reached `host_shown_per_week`, and
    are not shown to others until Monday; `warned` ones let requests expire, `silent` ones so many that they stand behind all others.
    """

    setting = Choice(EXPOSURE_SETTINGS, required=True)
    host_shown_per_week = Whole(1, required=True)
    resting = Whole(required=True)
    warned = Whole(required=True)
    silent = Whole(required=True)
    counted_at = Instant(required=True, allow_none=True)
    hosts = Whole(required=True)
    hosts_shown = Whole(required=True)
    gini = Whole(0, 1000, required=True)
    lists = Whole(required=True)
    best_total = Whole(required=True)
    given_up = Whole(required=True)

    example: ClassVar = {
        "setting": "gentle",
        "host_shown_per_week": 300,
        "resting": 2,
        "warned": 3,
        "silent": 1,
        "counted_at": "2027-03-01T00:00:00Z",
        "hosts": 140,
        "hosts_shown": 118,
        "gini": 412,
        "lists": 260,
        "best_total": 2912400,
        "given_up": 14300,
    }


class ReadExposure(Query):
    """How fair ranked lists are at present, in figures; anybody may see it."""

    service = "matching"
    answers = ExposureView
    allowed = (ANYONE,)

    example: ClassVar[dict[str, object]] = {}
