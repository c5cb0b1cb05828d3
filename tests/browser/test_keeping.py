"""Nothing that somebody typed is lost: not by a broken line, not by a log-in that ran out, not by somebody else who writes the same."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from deploy.local.people.acts.registering import get_account
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import PASSWORD, Offices, sign_in
from tests.browser import acts
from tests.browser.chromium import PATIENCE_MS, watch
from tests.browser.somebody import Album, Somebody, labelled
from tests.journeys.played import Played

MINE, THEIRS = "What I wrote while the line was down.", "What was written in another place."


@dataclass
class Writer:
    """Somebody in the step of the form that asks for words, and the registration it belongs to."""

    one: Somebody
    path: str
    entrance: Entrance
    username: str

    def kept(self) -> str:
        """What the system has of it."""
        person = sign_in(self.username, "writer").person(self.entrance)
        return str(person.get(f"/v1{self.path.partition('?')[0]}").body["role"]["motivation"] or "")

    def is_kept(self, words: str) -> None:
        """Wait until the system has these words."""
        self.one.page.wait_for_timeout(300)
        expect(self.one.page.get_by_role("status").filter(has_text=self.one.words.beginning("registration.savedAt")).first).to_be_visible(
            timeout=PATIENCE_MS
        )
        assert self.kept() == words
        self.one.opens(self.path)
        expect(self.one.field(self.one.words("role.motivation"))).to_have_value(words, timeout=PATIENCE_MS)


@pytest.fixture
def writer(somebody: Callable[..., Somebody], entrance: Entrance) -> Writer:
    """Somebody who has begun a registration."""
    name = f"browser.writer.{token_hex(3)}"
    person = sign_in(name, "writer").person(entrance)
    get_account(person, "Writers", "FR")
    path = f"/registrations/{person.post('/v1/registrations').body['participation_id']}?step=role"
    one = somebody("writer").logs_in(name).opens(path)
    return Writer(one, path, entrance, name)


def test_a_broken_line_loses_nothing(writer: Writer) -> None:
    """What is typed meanwhile stays, the page says what is the matter, and sends it when the line is back."""
    one = writer.one
    one.window.context.set_offline(True)
    one.fills("role.motivation", MINE)
    away = one.page.get_by_text(one.words("shell.away"))
    expect(away).to_be_visible(timeout=PATIENCE_MS)
    one.keeps_picture("the line is down")
    assert writer.kept() == ""
    one.window.context.set_offline(False)
    expect(away).to_have_count(0, timeout=PATIENCE_MS)
    writer.is_kept(MINE)


def test_an_answer_that_is_lost_on_its_way_is_asked_for_again(writer: Writer) -> None:
    """The system took it, and nobody heard: it is sent again, and taken once."""
    one = writer.one
    lost: list[str] = []

    def lose_once(route, request) -> None:  # type: ignore[no-untyped-def]
        if request.method == "PATCH" and not lost:
            lost.append(request.url)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    one.page.route("**/v1/registrations/*", lose_once)
    one.fills("role.motivation", MINE)
    expect(one.page.get_by_role("status").filter(has_text=one.words.beginning("registration.savedAt")).first).to_be_visible(
        timeout=PATIENCE_MS
    )
    assert lost and writer.kept() == MINE


def test_a_log_in_that_ran_out_loses_nothing(writer: Writer) -> None:
    """It is asked for above the page, which stays as it is, and what was typed is sent then."""
    one = writer.one
    one.window.context.clear_cookies()
    one.fills("role.motivation", MINE)
    question = one.page.get_by_role("dialog", name=one.words("gate.logIn"))
    expect(question).to_be_visible(timeout=PATIENCE_MS)
    one.keeps_picture("asked to log in again")
    expect(one.field(one.words("role.motivation"))).to_have_value(MINE)
    question.get_by_label(labelled(one.words("account.password"))).fill(PASSWORD)
    question.get_by_role("button", name=one.words("gate.goOn"), exact=True).click()
    expect(question).to_have_count(0, timeout=PATIENCE_MS)
    writer.is_kept(MINE)


@pytest.mark.parametrize(("choice", "wins"), [("account.keepMine", MINE), ("account.takeTheirs", THEIRS)])
def test_who_writes_the_same_twice_sees_both_texts(writer: Writer, choice: str, wins: str) -> None:
    """Two tabs, two texts: both are shown, and the person says which one stays."""
    one, other = writer.one, in_another_tab(writer.one)
    other.opens(writer.path)
    other.fills("role.motivation", THEIRS)
    expect(other.page.get_by_role("status").filter(has_text=one.words.beginning("registration.savedAt")).first).to_be_visible(
        timeout=PATIENCE_MS
    )
    one.fills("role.motivation", MINE)
    one.sees("registration.conflictTitle")
    conflict = one.page.get_by_role("alert").filter(has_text=one.words("registration.conflictTitle"))
    expect(conflict).to_contain_text(MINE)
    expect(conflict).to_contain_text(THEIRS)
    one.keeps_picture("both texts").presses(choice)
    if wins == MINE:
        expect(one.page.get_by_role("status").filter(has_text=one.words.beginning("registration.savedAt")).first).to_be_visible(
            timeout=PATIENCE_MS
        )
    assert writer.kept() == wins
    expect(one.field(one.words("role.motivation"))).to_have_value(wins)


def test_two_sides_who_write_the_plan_at_once_see_both_texts(somebody: Callable[..., Somebody], entrance: Entrance, pair: Offices) -> None:
    """Visitor and host, each at home."""
    played = Played(entrance, pair).agreed()
    path = played.link.removeprefix("/v1") + "?part=plan"
    visitor = somebody("visitor").logs_in(played.visitor.username).opens(path)
    host = somebody("host").logs_in(played.host.username).opens(path)
    host.fills("plan.outcomes", THEIRS)
    _until_kept(played, THEIRS)
    visitor.fills("plan.outcomes", MINE).sees("registration.conflictTitle")
    conflict = visitor.page.get_by_role("alert").filter(has_text=visitor.words("registration.conflictTitle"))
    expect(conflict).to_contain_text(MINE)
    expect(conflict).to_contain_text(THEIRS)
    visitor.keeps_picture("both plans").presses("account.keepMine")
    _until_kept(played, MINE)


def test_words_that_are_not_saved_are_not_left_behind_unasked(
    somebody: Callable[..., Somebody], offices: Offices, entrance: Entrance
) -> None:
    """Neither by a link nor by the browser's way back: who stays finds them as they were, and who leaves has said so."""
    one = acts.come_in(somebody("support"), offices.support[0], entrance).opens("/office/faqs")
    one.presses("office.faqs.new")
    one.page.wait_for_url(re.compile("/office/faqs/new"))
    one.waits().fills("office.faqs.question", MINE)
    question = one.page.get_by_role("dialog", name=one.words("shell.leaving"))
    ways: tuple[Callable[[], object], ...] = (
        one.within("office.ways").get_by_role("link", name=one.words("office.queries.title"), exact=True).click,
        lambda: one.page.evaluate("history.back()"),
    )
    for leave in ways:
        leave()
        expect(question).to_be_visible(timeout=PATIENCE_MS)
        one.keeps_picture("asked before leaving").presses("shell.stay", question)
        expect(question).to_have_count(0, timeout=PATIENCE_MS)
        expect(one.field(one.words("office.faqs.question"))).to_have_value(MINE)
        assert one.page.url.endswith("/office/faqs/new")
    ways[1]()
    one.presses("shell.leave", question)
    one.page.wait_for_url(re.compile("/office/faqs$"))
    one.waits().sees("office.faqs.lead")


def _until_kept(played: Played, words: str) -> None:
    for _ in range(60):
        if played.visitor.get(f"{played.link}/commitment").body["plan"].get("expected_outcomes") == words:
            return
        time.sleep(0.25)
    raise AssertionError("it was not kept")


def in_another_tab(one: Somebody) -> Somebody:
    """The same person once more."""
    page: Page = one.window.context.new_page()
    watch(one.window, page)
    other = Somebody(f"{one.name} in another tab", one.window, one.words, Album(one.album.folder))
    other.page = page
    return other
