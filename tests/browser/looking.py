"""Looking at a page as everybody together would: in light and dark, on the smallest screen, magnified, with less motion, word for word."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.chromium import PATIENCE_MS, Window

HERE = Path(__file__).parent
AXE = HERE.parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, MAGNIFIED, USUAL = ({"width": width, "height": height} for width, height in ((320, 640), (640, 450), (1280, 900)))
MOST_CALLS = 6
"""Before a page can be used, on a line where every call counts."""
QUIET_MS = 400
"""So long nothing is asked for any more before a page counts as complete."""


@dataclass(frozen=True)
class Look:
    """What was seen of one page."""

    calls: list[str]
    violations: list[str]
    dark_violations: list[str]
    outside: list[str]
    too_wide: dict[int, list[str]]
    moving: list[str]

    def wrong(self, *, words: bool = True) -> dict[str, object]:
        """What a page should not have, by its name; `words`: whether every word on it has to come from a catalogue."""
        found = {
            "barriers": self.violations,
            "barriers in the dark": self.dark_violations,
            "words outside of the catalogues": self.outside if words else [],
            "too many calls": calls if len(calls := self.calls_in_the_way) > MOST_CALLS else [],
            "wider than the screen, in French": self.too_wide,
            "moves although less motion was asked for": self.moving,
        }
        return {name: each for name, each in found.items() if each}

    @property
    def calls_in_the_way(self) -> list[str]:
        """What was asked of the API before the page could be used."""
        # News make a page ask again; announcements stand above it, and nothing waits for them.
        return [call for call in dict.fromkeys(self.calls) if not call.startswith("/v1/announcements")]


def prepared(window: Window) -> Window:
    """A window through which pages are looked at: it listens to the API, and keeps motion low."""
    window.context.add_init_script(path=HERE / "listening.js")
    window.page.emulate_media(reduced_motion="reduce")
    return window


def look_at(window: Window, path: str) -> Look:
    """Open a page, and look at it in every way."""
    return look_here(window, arrive(window, path))


def arrive(window: Window, path: str) -> list[str]:
    """Open a page in the pseudo-language; returns what was asked of the API until it could be used."""
    # News may have the page before ask once more.
    window.page.goto("about:blank")
    before = len(window.calls)
    window.page.set_viewport_size(USUAL)
    window.page.goto(f"{path}{'&' if '?' in path else '?'}language=qps")
    _wait(window)
    return window.calls[before:]


def look_here(window: Window, calls: list[str]) -> Look:
    """Look at the page that is open; the language is the pseudo one."""
    page = window.page
    page.evaluate((HERE / "looking.js").read_text())
    page.evaluate(AXE.read_text())
    outside = page.evaluate("looking.outside()")
    light = _violations(page, {"runOnly": RULES})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    dark = _violations(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    moving = page.evaluate("looking.moving()")
    page.get_by_label("⟦", exact=False).locator("option[value=fr]").locator("..").first.select_option("fr")
    too_wide = {size["width"]: _too_wide(page, size) for size in (MAGNIFIED, NARROW)}
    return Look(calls, light, dark, outside, {width: found for width, found in too_wide.items() if found}, moving)


def _wait(window: Window) -> None:
    """Until there is a heading, and nothing loads any more."""
    expect(window.page.locator("main h1").first).to_be_visible(timeout=PATIENCE_MS)
    expect(window.page.locator("main [role=status]").filter(has_text="⟦Lóádíñg")).to_have_count(0, timeout=PATIENCE_MS)
    asked = -1
    while asked != len(window.asked):
        asked = len(window.asked)
        window.page.wait_for_timeout(QUIET_MS)


def _violations(page: Page, options: dict[str, Any]) -> list[str]:
    found = page.evaluate(f"axe.run(document, {json.dumps(options | {'resultTypes': ['violations']})})")
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]} ({len(each['nodes'])})" for each in found["violations"]]


def _too_wide(page: Page, size: dict[str, int]) -> list[str]:
    page.set_viewport_size(size)
    page.wait_for_timeout(50)
    return (
        [f"{page.evaluate('looking.tooWide()')} px", *page.evaluate("looking.sticksOut()")]
        if page.evaluate("looking.tooWide()") > 0
        else []
    )
