"""Somebody with nothing but a keyboard: Tab from one thing to the next, letters, Space, Enter and arrows."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import TimeoutError, expect

from tests.browser.chromium import PATIENCE_MS
from tests.browser.somebody import Somebody, labelled

MOST_TABS = 160
MOST_ARROWS = 60
PRESSES = 3
HERE = """() => {
    const at = document.activeElement;
    const legend = at.closest('fieldset')?.querySelector('legend')?.textContent ?? '';
    const name = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? '';
    return [name.replace(/\\s+/g, ' ').trim(), legend.replace(/\\s+/g, ' ').trim(), at.value ?? '', at.tagName];
}"""


class Keys:
    """The keyboard of one person; what is pressed goes to what has the focus, and nothing is clicked."""

    def __init__(self, one: Somebody) -> None:
        self.one, self.words, self._keyboard = one, one.words, one.page.keyboard

    def to(self, name: str | re.Pattern[str], within: str = "") -> Keys:
        """Tab until something of that name has the focus, where it is named twice in the group with that legend."""
        wanted = name if isinstance(name, re.Pattern) else labelled(name)
        self._until(
            "Tab", MOST_TABS, lambda here: bool(wanted.match(here[0])) and (not within or bool(labelled(within).match(here[1]))), name
        )
        return self

    def writes(self, key: str, words: object) -> Keys:
        """Tab to the field with that label, and write."""
        self.to(self.words(key))
        self._keyboard.type(str(words))
        return self

    def writes_day(self, label: str, day: str) -> Keys:
        """Tab to the day with that label, and write it as the browser wants it: month, day, year."""
        self.to(label)
        year, month, number = day.split("-")
        self._keyboard.type(f"{month}{number}{year}")
        assert self._here()[2] == day, self._here()
        return self

    def chooses(self, key: str, value: str) -> Keys:
        """Tab to the list with that label, and go down until the value is chosen."""
        self.to(self.words(key))
        expect(self.one.field(self.words(key)).locator(f'option[value="{value}"]')).to_be_attached(timeout=PATIENCE_MS)
        self._keyboard.press("Home")
        if self._here()[2] != value:
            self._until("ArrowDown", MOST_ARROWS, lambda here: here[2] == value, value)
        return self

    def ticks(self, key: str, option: str) -> Keys:
        """Tab to the box in that group, and tick it."""
        group = self.one.page.get_by_role("group", name=labelled(self.words(key)))
        expect(group.get_by_text(option, exact=True).first).to_be_visible(timeout=PATIENCE_MS)
        self.to(option, self.words(key))
        self._keyboard.press("Space")
        return self

    def narrows(self, key: str, words: str) -> Keys:
        """Search in a long group."""
        search = self.words("form.narrow", label=self.words(key))
        expect(self.one.page.get_by_label(search, exact=True)).to_be_visible(timeout=PATIENCE_MS)
        self.to(search)
        self._keyboard.type(words)
        return self

    def presses(self, key: str, within: str = "") -> Keys:
        """Tab to the button or link with these words, and press it."""
        self.to(self.words(key), within)
        self._keyboard.press("Enter")
        return self

    def chooses_file(self, name: str, content: bytes) -> Keys:
        """Open the browser's own dialog from where the focus is, and choose that file; pressed again where the browser let the key pass."""
        for left in reversed(range(PRESSES)):
            try:
                with self.one.page.expect_file_chooser(timeout=PATIENCE_MS / PRESSES) as chooser:
                    self._keyboard.press("Space")
            except TimeoutError:
                # A dialog opens only while the key was pressed a moment ago, which on a machine that stands still it was not.
                if not left:
                    raise
            else:
                chooser.value.set_files({"name": name, "mimeType": "application/pdf", "buffer": content})
                break
        return self

    def starts_over(self) -> Keys:
        """Back to the top of the page, as Ctrl+Home and a first Tab do."""
        self.one.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        return self

    def _here(self) -> tuple[str, str, str, str]:
        return tuple(self.one.page.evaluate(HERE))  # type: ignore[return-value]

    def _until(self, key: str, most: int, is_there: Callable[[tuple[str, str, str, str]], bool], what: object) -> None:
        passed = []
        for _ in range(most):
            self._keyboard.press(key)
            passed.append(here := self._here())
            if is_there(here):
                return
        raise AssertionError(f"{key} never leads to {what}; it passes {[each[0][:30] for each in passed]}")
