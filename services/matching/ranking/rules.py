"""The hard rules: what a visitor and a host must both fulfil to be shown to each other. Each holds for the pair, so both ways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.matching.ranking.candidate import HOST, VISITOR, Candidate

FIRST_DAY, LAST_DAY = date(2020, 1, 6), date(2145, 1, 3)
"""A Monday before all days that matter, and a Sunday after them: counted from the one, the other is a small number."""

Rule = Callable[[Candidate, Candidate, date], bool]


def roles_complete(visitor: Candidate, host: Candidate, on: date) -> bool:
    """One takes part as visitor and the other as host."""
    return VISITOR in visitor.roles and HOST in host.roles


def both_active(visitor: Candidate, host: Candidate, on: date) -> bool:
    """Both participations are accepted and neither paused, expired nor withdrawn."""
    return visitor.active and host.active


def other_organisation(visitor: Candidate, host: Candidate, on: date) -> bool:
    """Nobody visits itself."""
    return visitor.organisation_id != host.organisation_id and visitor.participation_id != host.participation_id


def other_country(visitor: Candidate, host: Candidate, on: date) -> bool:
    """An exchange takes place in another country."""
    return visitor.country != host.country


def visit_left(visitor: Candidate, host: Candidate, on: date) -> bool:
    """An organisation visits once in the scheme."""
    return not visitor.visit_consumed


def visitor_free(visitor: Candidate, host: Candidate, on: date) -> bool:
    """A visitor has one open exchange at most."""
    return not visitor.is_visiting


def host_has_place(visitor: Candidate, host: Candidate, on: date) -> bool:
    """A host has as many open exchanges as it has places."""
    return host.hosted < host.capacity


def host_takes_guests(visitor: Candidate, host: Candidate, on: date) -> bool:
    """The host has not paused as one."""
    return host.hosting


def visible_to_each_other(visitor: Candidate, host: Candidate, on: date) -> bool:
    """Each lets itself be seen by the other."""
    return is_visible(visitor, host.partnership_id) and is_visible(host, visitor.partnership_id)


def not_in_contact(visitor: Candidate, host: Candidate, on: date) -> bool:
    """They are not in contact already."""
    return host.participation_id not in visitor.avoids and visitor.participation_id not in host.avoids


def common_period(visitor: Candidate, host: Candidate, on: date) -> bool:
    """Both are available, at one stretch from that day on, for as many working days as the stay wanted."""
    stay = stay_wanted(visitor, host)
    return stay is not None and longest_overlap(visitor, host, on) >= stay


def common_language(visitor: Candidate, host: Candidate, on: date) -> bool:
    """They speak a language in common."""
    return not visitor.languages.keys().isdisjoint(host.languages)


RULES: dict[str, Rule] = {
    "role": roles_complete,
    "inactive": both_active,
    "same_organisation": other_organisation,
    "same_country": other_country,
    "visit_consumed": visit_left,
    "visitor_has_exchange": visitor_free,
    "host_paused": host_takes_guests,
    "host_full": host_has_place,
    "hidden": visible_to_each_other,
    "in_contact": not_in_contact,
    "no_common_language": common_language,
    "no_common_period": common_period,
}
"""Each hard rule under the code of what stands in the way when it is not fulfilled; the cheapest first."""


def possible(visitor: Candidate, host: Candidate, on: date) -> bool:
    """Whether the pair fulfils every hard rule on that day."""
    return all(rule(visitor, host, on) for rule in RULES.values())


def obstacles(visitor: Candidate, host: Candidate, on: date) -> list[str]:
    """The codes of all that stands in the way of the pair."""
    return [code for code, rule in RULES.items() if not rule(visitor, host, on)]


def is_visible(candidate: Candidate, partnership: object) -> bool:
    """Whether participants of that partnership see the candidate."""
    return candidate.visibility == "all" or (candidate.visibility == "partnerships" and candidate.partnership_id == partnership)


def stay_wanted(visitor: Candidate, host: Candidate) -> int | None:
    """The shortest stay in working days that suits both, or None when one's longest is under it."""
    stay = max(visitor.min_days, host.min_days)
    return stay if stay <= min(visitor.max_days, host.max_days) else None


def longest_overlap(visitor: Candidate, host: Candidate, on: date) -> int:
    """The most working days at one stretch on which both are available, from that day on; no windows mean: at any time."""
    always = ((on, date.max),)
    theirs = host.availability or always
    stretches = [_common(one, other, on) for one in visitor.availability or always for other in theirs]
    return max(stretches, default=0)


def _common(one: tuple[date, date], other: tuple[date, date], on: date) -> int:
    return working_days(max(one[0], other[0], on), min(one[1], other[1]))


def working_days(start: date, end: date) -> int:
    """Mondays to Fridays from `start` to `end`, both included. Holidays are the agreement's affair: here they are not yet known."""
    return max(0, working_day(end, after=True) - working_day(start))


def working_day(day: date, *, after: bool = False) -> int:
    """How many Mondays to Fridays lie before the day (or up to it) since FIRST_DAY; days beyond LAST_DAY count as that."""
    days = (min(max(day, FIRST_DAY), LAST_DAY) - FIRST_DAY).days + after
    weeks, rest = divmod(days, 7)
    return weeks * 5 + min(rest, 5)
