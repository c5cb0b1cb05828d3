"""A page with a thousand rows: a page of them at a time, few calls, and nothing to scroll sideways on the smallest screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, text

from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices
from deploy.local.system import Running
from tests.browser import acts
from tests.browser.chromium import PATIENCE_MS
from tests.browser.looking import MOST_CALLS
from tests.browser.somebody import Somebody

SMALLEST: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True}
MANY, A_PAGE = 1000, 25
SUBJECT = "A question like a thousand others"
LONG = "Interregionalesdigitalisierungsundinnovationsnetzwerk"
QUERIES = """
    INSERT INTO support_query (id, subject, question, language, state, received_at, name, e_mail, version)
    SELECT gen_random_uuid(), :subject || ' ' || number, :long, 'en', 'received', now() - number * interval '1 minute', 'Somebody',
           'somebody@cluster.example', 1
    FROM generate_series(1, :many) AS number"""
"""Sent one by one through the form they would take minutes, and say no more."""


@pytest.fixture(scope="module")
def many(running: Running) -> None:
    """A thousand queries that nobody has answered."""
    engine = create_engine(running.environment("registry")["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text(QUERIES), {"subject": SUBJECT, "long": LONG, "many": MANY})
    engine.dispose()


@pytest.mark.usefixtures("many")
def test_a_thousand_rows_come_a_page_at_a_time(somebody: Callable[..., Somebody], offices: Offices, entrance: Entrance) -> None:
    """The page can be used after its first few calls; more is one call each, added below, and the focus stays."""
    one = acts.come_in(somebody("support", SMALLEST), offices.support[0], entrance)
    one.page.goto("about:blank")
    before = len(one.window.calls)
    one.opens(f"/queries?text={SUBJECT.replace(' ', '+')}")
    rows = one.main.get_by_role("article").filter(has_text=SUBJECT)
    expect(rows).to_have_count(A_PAGE, timeout=PATIENCE_MS)
    calls = [call for call in dict.fromkeys(one.window.calls[before:]) if not call.startswith("/v1/announcements")]
    assert len(calls) <= MOST_CALLS, calls
    _fits(one)
    one.keeps_picture("the first of a thousand")
    for shown in (2 * A_PAGE, 3 * A_PAGE):
        before = len(one.window.calls)
        one.presses("form.more")
        expect(rows).to_have_count(shown, timeout=PATIENCE_MS)
        asked = [call for call in one.window.calls[before:] if call.startswith("/v1/queries")]
        assert len(asked) == 1 and "after=" in asked[0], asked
        expect(one.button("form.more")).to_be_focused()
    _fits(one)
    titles = rows.get_by_role("heading").all_inner_texts()
    assert len(set(titles)) == 3 * A_PAGE and titles[0].startswith(f"{SUBJECT} {MANY}"), "the oldest comes first, and none twice"
    one.keeps_picture("more of a thousand")


@pytest.mark.usefixtures("many")
def test_a_search_finds_what_stands_behind_the_first_page(somebody: Callable[..., Somebody], offices: Offices, entrance: Entrance) -> None:
    """By the office's search over everything, too, which asks as few calls as any page."""
    one = acts.come_in(somebody("support", SMALLEST), offices.support[0], entrance)
    one.page.goto("about:blank")
    before = len(one.window.calls)
    one.opens(f"/office/search?text={SUBJECT.replace(' ', '+')}+7")
    expect(one.main.get_by_role("article").filter(has_text=SUBJECT).first).to_be_visible(timeout=PATIENCE_MS)
    calls = [call for call in dict.fromkeys(one.window.calls[before:]) if not call.startswith("/v1/announcements")]
    assert len(calls) <= MOST_CALLS, calls
    _fits(one)
    one.keeps_picture("found among a thousand")


def _fits(one: Somebody) -> None:
    too_wide = one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{too_wide} px are outside"
