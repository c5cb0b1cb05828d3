"""Somebody at a browser, in the words that people use: opens, fills in, chooses, presses, sees."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path

from playwright.sync_api import Locator, expect

from deploy.local.people.offices import PASSWORD
from tests.browser.chromium import PATIENCE_MS, Window
from tests.browser.words import Words

TASK_PATIENCE_S = 90


class Album:
    """Pictures of what people saw, numbered in the order in which they were taken."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._numbers = folder, itertools.count(1)

    def next_file(self, what: str) -> Path:
        """Where the next picture goes."""
        return self.folder / f"{next(self._numbers):03d}-{re.sub(r'[^a-z0-9]+', '-', what.lower())}.png"


class Somebody:
    """A person with a browser; texts are named by their keys in the catalogues, so that every language reads the same here."""

    def __init__(self, name: str, window: Window, words: Words, album: Album) -> None:
        self.name, self.window, self.words, self.album = name, window, words, album
        self.page = window.page

    # going somewhere

    def opens(self, path: str) -> Somebody:
        """Type an address, and wait until the page is there."""
        self.page.goto(path)
        return self.waits()

    def waits(self) -> Somebody:
        """Until the page has its heading, and nothing says that it is loading."""
        expect(self.page.locator("main h1").first).to_be_visible(timeout=PATIENCE_MS)
        expect(self.page.get_by_text(self.words("form.loading"), exact=True)).to_have_count(0, timeout=PATIENCE_MS)
        return self

    def logs_in(self, username: str, password: str = PASSWORD) -> Somebody:
        """Fill in the log-in page, and land on one's own tasks or where one came from."""
        if "/log-in" not in self.page.url:
            self.opens("/log-in")
        self.fills("account.login", username)
        self.fills("account.password", password)
        self.presses("account.logIn")
        self.page.wait_for_url(lambda url: "/log-in" not in url)
        return self.waits()

    def goes(self, way: str) -> Somebody:
        """Follow one of the main ways; on a phone they are behind the menu."""
        menu = self.page.get_by_role("button", name=self.words("shell.menu"), exact=True)
        if menu.is_visible() and menu.get_attribute("aria-expanded") != "true":
            menu.click()
        self.page.get_by_role("navigation", name=self.words("shell.mainWays")).get_by_role("link", name=self.words(way), exact=True).click()
        return self.waits()

    def finds_task(self, kind: str) -> Somebody:
        """Look at the own tasks until that one is there, and go where it leads."""
        title = self.words.task(kind)
        task = self.page.locator("main").get_by_role("link", name=title, exact=True).first
        deadline = time.monotonic() + TASK_PATIENCE_S
        self.goes("shell.ways.toDo")
        while not task.is_visible():
            assert time.monotonic() < deadline, f"{self.name} found no task '{title}'"
            self.page.wait_for_timeout(700)
            self.opens("/me")
        self.keeps_picture(f"task {kind}")
        task.click()
        self.page.wait_for_url(lambda url: "/me" not in url)
        return self.waits()

    def turns_to(self, part: str) -> Somebody:
        """Open a part of an exchange."""
        self.within("exchange.parts").get_by_role("link", name=self.words(f"exchange.part.{part}"), exact=True).click()
        self.page.wait_for_url(re.compile(f"part={part}"))
        return self.waits()

    # filling in

    def fills(self, key: str, value: object, **values: object) -> Somebody:
        """Write into the field with that label."""
        self.field(self.words(key, **values)).fill(str(value))
        return self

    def chooses(self, key: str, value: str, **values: object) -> Somebody:
        """Choose one of several in a list."""
        choice = self.field(self.words(key, **values))
        expect(choice.locator(f'option[value="{value}"]')).to_be_attached(timeout=PATIENCE_MS)
        choice.select_option(value)
        return self

    def ticks(self, key: str, option: str | re.Pattern[str], **values: object) -> Somebody:
        """Tick one box, or choose one of several, in the group with that legend."""
        group = self.page.get_by_role("group", name=labelled(self.words(key, **values)))
        exact = {} if isinstance(option, re.Pattern) else {"exact": True}
        box = group.get_by_role("checkbox", name=option, **exact).or_(group.get_by_role("radio", name=option, **exact))
        box.first.check()
        return self

    def adds_word(self, key: str, word: str) -> Somebody:
        """Add a short text of one's own to a list of them."""
        field = self.page.get_by_label(self.words("form.addTo", label=self.words(key)), exact=True)
        field.fill(word)
        field.press("Enter")
        return self

    def gives_file(self, content: bytes, name: str) -> Somebody:
        """Choose a file for the one place on the page that takes one."""
        self.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
        return self

    # doing and seeing

    def presses(self, key: str, inside: Locator | None = None, **values: object) -> Somebody:
        """Press the button, or the link that looks like one, with these words."""
        self.button(key, inside, **values).click()
        return self

    def confirms(self, outcome: Locator) -> Somebody:
        """Give the password where it is asked for, until what was wanted has come about."""
        question = self.page.get_by_role("dialog", name=self.words("gate.confirm"))
        expect(outcome.or_(question).first).to_be_visible(timeout=PATIENCE_MS)
        if question.is_visible():
            question.get_by_label(labelled(self.words("account.password"))).fill(PASSWORD)
            question.get_by_role("button", name=self.words("gate.goOn"), exact=True).click()
        expect(outcome.first).to_be_visible(timeout=PATIENCE_MS)
        return self

    def sees(self, key: str, **values: object) -> Somebody:
        """Wait until these words stand on the page."""
        expect(self.shown(self.words(key, **values))).to_be_visible(timeout=PATIENCE_MS)
        return self

    def keeps_picture(self, what: str) -> Somebody:
        """A picture of the whole page, for people to look at."""
        file = self.album.next_file(f"{self.name} {what}")
        self.page.screenshot(path=file, full_page=True, animations="disabled", timeout=60_000)
        return self

    # where things are

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.locator("main")

    def field(self, label: str) -> Locator:
        """The field with that label, required or not."""
        return self.page.get_by_label(labelled(label))

    def within(self, key: str, **values: object) -> Locator:
        """The part of the page with that name."""
        return self.page.get_by_label(self.words(key, **values), exact=True)

    def button(self, key: str, inside: Locator | None = None, **values: object) -> Locator:
        """The button, or the link that looks like one, with these words."""
        place, name = inside or self.page.locator("main, dialog[open]"), self.words(key, **values)
        return place.get_by_role("button", name=name, exact=True).or_(place.get_by_role("link", name=name, exact=True)).first

    def shown(self, words: str, inside: Locator | None = None) -> Locator:
        """The first place where these words stand and can be seen."""
        return (inside or self.main).get_by_text(words).locator("visible=true").first

    def card(self, title: str) -> Locator:
        """The card about somebody or something."""
        return self.main.get_by_role("article").filter(has_text=title).first


def labelled(label: str) -> re.Pattern[str]:
    """A label, also where it says that an answer is required."""
    return re.compile(rf"^{re.escape(label)}(\s*\([^)]*\))?\s*$")
