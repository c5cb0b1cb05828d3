"""Debian's Chromium: found, started without a word to the outside, and watched for requests that would leave the machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

QUIET = (
    # Root in a container has no sandbox to go into; nothing but our own pages is ever loaded.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-quic",
    "--no-first-run",
    "--no-pings",
    # What the switches above leave on: who is logged in where, updates, the time, what forms are about.
    "--gaia-url=http://127.0.0.1:9/",
    "--component-updater=url-source=http://127.0.0.1:9/",
    "--disable-features=AutofillServerCommunication,NetworkTimeServiceQuerying,OptimizationHints,MediaRouter,DialMediaRouteProvider,"
    "Translate,CertificateTransparencyComponentUpdater,HttpsUpgrades,PaintHolding,DestroyProfileOnBrowserClose,LensOverlay,GlobalMediaControls",
    # Whatever is asked for by name, by a page or by the browser itself, is not found, but for this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
)
PATIENCE_MS = 30_000
"""Two cores do everything at once here: browser, gateway, five services, broker and database."""

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOCALES = {"en": "en-GB", "fr": "fr-FR"}


def chromium() -> str:
    """Where it is; CHROMIUM names another."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.fail("There is no Chromium here. `make test-browser` brings Debian's; CHROMIUM=/path names another.", pytrace=False)
    return found


@contextmanager
def launched(playwright: Playwright, *more: str) -> Iterator[Browser]:
    """A browser; HEADED=1 shows it, and slows it down so that one can follow."""
    headed = os.environ.get("HEADED", "") not in ("", "0")
    browser = playwright.chromium.launch(
        executable_path=chromium(), headless=not headed, slow_mo=300 if headed else 0, args=[*QUIET, *more]
    )
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Window:
    """One person's browser: a cookie jar of its own, and a note of all that was asked for and of what broke."""

    context: BrowserContext
    page: Page
    home: str
    asked: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """What was asked of another machine."""
        return [url for url in self.asked if not url.startswith(self.home) and urlsplit(url).scheme in ("http", "https", "ws", "wss")]

    @property
    def calls(self) -> list[str]:
        """What was asked of the API, but for the stream that says what is new."""
        return [url.removeprefix(self.home) for url in self.asked if url.startswith(f"{self.home}/v1/") and not url.endswith("/v1/live")]

    def close(self) -> None:
        """Put it away; it is a failure if anything left the machine, or if a script of ours broke."""
        self.context.close()
        assert self.outside == [], f"asked of other machines: {self.outside}"
        assert self.broken == [], f"broken: {self.broken}"


def open_window(browser: Browser, home: str, size: dict[str, Any] = DESKTOP, language: str = "en", **more: Any) -> Window:
    """A fresh browser in somebody's language, as large as their machine."""
    context = browser.new_context(base_url=home, locale=LOCALES[language], timezone_id="Europe/Brussels", **size, **more)
    context.set_default_timeout(PATIENCE_MS)
    window = Window(context, context.new_page(), home.rstrip("/"))
    watch(window, window.page)
    return window


def watch(window: Window, page: Page) -> None:
    """Note what a tab asks for and what breaks in it."""
    page.on("request", lambda request: window.asked.append(request.url))
    page.on("pageerror", lambda error: window.broken.append(str(error)[:500]))
    page.on("console", lambda message: window.broken.append(message.text[:500]) if _is_a_fault(message) else None)


def _is_a_fault(message: Any) -> bool:
    """Refusals and broken lines stand in the console, too, and are no faults of the pages."""
    return message.type == "error" and "Failed to load resource" not in message.text and "net::ERR" not in message.text


def kept_in(folder: Path) -> Path:
    """A folder for pictures, made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder
