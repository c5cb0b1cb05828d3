"""Lists: whatever grows comes a page at a time."""

from __future__ import annotations

import pytest
from marshmallow import fields

from chassis.bare.message import Page, PageQuery
from deploy.local.installation import SERVICES
from gateway.all_routes import all_routes
from gateway.routes import Route

CLOSED = {
    "read_reference": "the rows of one list that hold on a day",
    "read_ecosystem_activities": "a row for each pair of ecosystem and division that holds on a day",
    "read_eligibility_rules": "a row for each kind of organisation",
    "read_consent_notices": "the present version of each notice",
    "find_likely_duplicates": "the few that are alike",
    "suggest_partnerships": "ten at most",
    "list_suggestions": "as many as the participant has places, for each round that is shown",
    "list_matches": "as many as were asked for, the best ones",
    "name_organisations": "as many as were named",
    "list_alike": "as many as were asked for, the most alike",
    "compare_participants": "four at most, those that were named",
    "read_indicators": "a row for each partnership",
    "read_flows": "a row for each pair of countries at most",
    "read_times": "a row for each state",
    "read_stages": "a row for each stage",
    **{f"count_{what}_piles": "a row for each pile of a desk" for what in ("exchange", "registration", "payment")},
    **{f"list_{service}_parked": "the first hundred at most; whoever has dealt with them sees the next" for service in SERVICES},
    "read_budget": "a row for each partnership and month of the period asked for",
}
"""Lists that are no longer tomorrow than they are today, and why."""


def lists() -> list[Route]:
    """The routes that answer with items."""
    return [
        route
        for route in all_routes()
        if route.method == "GET" and isinstance(route.contract.answers._declared_fields.get("items"), fields.List)
    ]


@pytest.mark.parametrize("route", lists(), ids=lambda route: route.path)
def test_list_that_grows_is_paged(route: Route) -> None:
    """With a cursor to go on with, and a limit."""
    if route.contract.slug() in CLOSED:
        return
    assert issubclass(route.contract, PageQuery)
    assert issubclass(route.contract.answers, Page) or route.contract.slug() == "read_events"
    assert "next" in route.contract.answers._declared_fields


def test_closed_lists_are_lists() -> None:
    """A reason given for nothing is taken out."""
    assert set(CLOSED) <= {route.contract.slug() for route in lists()}
