"""What all pages have in common: how much comes first, that nothing leaves the machine, and where the focus goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Playwright, expect

from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices
from deploy.local.system import Running
from tests.browser import acts
from tests.browser.chromium import DESKTOP, PATIENCE_MS, PHONE, Window, launched, open_window
from tests.browser.somebody import Somebody

MOST_BYTES = 150_000
OURS = {"localhost", "127.0.0.1", "[::1]", ""}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_load_is_small(window: Callable[..., Window], language: str) -> None:
    """All that comes over the line for the first page, headers and compression counted as they are."""
    first = window(language=language)
    sizes: dict[str, int] = {}
    line = first.context.new_cdp_session(first.page)
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    first.page.goto("/")
    expect(first.page.locator("main h1")).to_be_visible(timeout=PATIENCE_MS)
    first.page.wait_for_load_state("networkidle")
    assert len(sizes) > 5
    assert sum(sizes.values()) < MOST_BYTES, sum(sizes.values())


def test_what_shrinks_is_sent_shrunk(window: Callable[..., Window]) -> None:
    """Scripts, styles and the page itself."""
    first, plain = window(), []
    first.page.on(
        "response",
        lambda response: (
            plain.append(response.url)
            if re.search(r"\.(js|css)$|/$", urlsplit(response.url).path) and response.headers.get("content-encoding") not in ("gzip", "br")
            else None
        ),
    )
    first.page.goto("/", wait_until="networkidle")
    assert plain == []


def test_nothing_leaves_the_machine(playwright: Playwright, running: Running, tmp_path: Path) -> None:
    """The browser's own log of everything it did on the network, itself included, names no other machine."""
    log = tmp_path / "net.json"
    with launched(playwright, f"--log-net-log={log}") as browser:
        window = open_window(browser, running.url)
        for path in ("/", "/programme", "/partnerships", "/faqs", "/register", "/design"):
            window.page.goto(path, wait_until="networkidle")
        # What a browser tells others of itself, it tells some seconds after its start.
        window.page.wait_for_timeout(5000)
        window.close()
    asked = hosts_in(log.read_text())
    assert "localhost" in asked and asked <= OURS, asked


def hosts_in(log: str) -> set[str]:
    """The machines that were asked for anything."""
    events = json.loads(log if log.rstrip().endswith("}") else log.rstrip().rstrip(",") + "]}")["events"]
    urls = {str(each["params"]["url"]) for each in events if isinstance(each.get("params"), dict) and "url" in each["params"]}
    return {urlsplit(url).hostname or "" for url in urls if urlsplit(url).scheme in ("http", "https", "ws", "wss")}


def test_the_skip_link_comes_first_and_leads_past_the_frame(somebody: Callable[..., Somebody]) -> None:
    """One Tab, one Enter."""
    one = somebody("newcomer").opens("/programme")
    one.page.keyboard.press("Tab")
    skip = one.page.get_by_role("link", name=one.words("shell.skip"), exact=True)
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    one.page.keyboard.press("Enter")
    expect(one.page.locator("main")).to_be_focused()


@pytest.mark.parametrize("size", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_focus_goes_to_the_heading_of_the_new_page(
    somebody: Callable[..., Somebody], offices: Offices, entrance: Entrance, size: dict[str, object]
) -> None:
    """A reader of screens hears where one has come to."""
    one = acts.come_in(somebody("contact point", size), offices.partnerships[0].desk, entrance)
    for way in ("programme", "partnerships", "support", "catalogue", "exchanges", "toDo"):
        one.goes(f"shell.ways.{way}")
        expect(one.page.locator("main h1").first).to_be_focused(timeout=PATIENCE_MS)
    one.page.go_back()
    expect(one.page.locator("main h1").first).to_be_focused(timeout=PATIENCE_MS)


def test_a_dialog_takes_the_focus_and_gives_it_back(somebody: Callable[..., Somebody]) -> None:
    """Escape closes it, and one is where one was."""
    one = somebody("designer").opens("/design")
    button = one.main.get_by_role("button", name=one.words("design.press"), exact=True).last
    button.focus()
    one.page.keyboard.press("Enter")
    dialog = one.page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert one.page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)")
    one.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
