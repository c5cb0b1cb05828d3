"""Takes the guides' pictures from the pages of a running demonstration, in English and in French, into web/public/guides.

`.venv/bin/python web/make_pictures.py http://localhost:8080` (or some names behind it, to take those alone). The demonstration's
password comes from PASSWORD; it wants playwright and Debian's chromium. Nothing is changed but who last logged in.
"""

from __future__ import annotations

import io
import os
import sys
from collections import defaultdict
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).with_name("public") / "guides"
LANGUAGES = ("en", "fr")
SIZE = {"width": 1000, "height": 700}
QUALITY = 60
MOST_BYTES = 1_000_000
PATIENCE_MS = 90_000
DRAWN_MS = 1500
DRAWN = """() => document.querySelector('main h1')
    && ![...document.querySelectorAll('main [role=status]')].some((each) => /^(Loading|Chargement)/.test(each.textContent))"""

PICTURES = {
    "registration-first": ("", "/register", None),
    "registration-second": ("organisation.000", "/registrations", "main ul a, main article a"),
    "visitor-first": ("organisation.180", "/matches", None),
    "visitor-second": ("organisation.065", "/exchanges", "article h2 a"),
    "visitor-third": ("organisation.000", "/calendar?view=list", None),
    "visitor-fourth": ("organisation.000", "/exchanges", "article h2 a"),
    "host-second": ("organisation.004", "/contacts", None),
    "contactPoint-first": ("demo.desk.hempclub", "/desk", None),
    "contactPoint-third": ("demo.desk.safesmartfood", "/desk/exchanges", None),
    "payingOfficer-first": ("demo.finance.blues.1", "/payments", None),
}
"""Guide and section: who looks at which page, and what is followed from there."""


def main(base: str, *names: str) -> None:
    """Take them all, or those named; raises SystemExit if together they grow too large for a page to carry."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    by_person: dict[str, list[str]] = defaultdict(list)
    for name, (person, _, _) in PICTURES.items():
        if not names or name in names:
            by_person[person].append(name)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
        for person, theirs in by_person.items():
            _take(browser, base, person, theirs)
        browser.close()
    if (total := sum(each.stat().st_size for each in FOLDER.glob("*.webp"))) > MOST_BYTES:
        raise SystemExit(f"{total} bytes are more than {MOST_BYTES}: fewer pictures, or smaller ones.")


def _take(browser: Browser, base: str, person: str, names: list[str]) -> None:
    page = browser.new_context(viewport=SIZE, color_scheme="light", reduced_motion="reduce").new_page()
    page.set_default_timeout(PATIENCE_MS)
    if person:
        _log_in(page, base, person)
    for language in LANGUAGES:
        for name in names:
            _open(page, base, language, *PICTURES[name][1:])
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.save(FOLDER / f"{name}-{language}.webp", quality=QUALITY, method=6)
            print(name, language, (FOLDER / f"{name}-{language}.webp").stat().st_size, "bytes", flush=True)
    page.context.close()


def _log_in(page: Page, base: str, person: str) -> None:
    page.goto(f"{base}/log-in")
    page.fill("input[name=login]", person)
    page.fill("input[name=password]", os.environ.get("PASSWORD", "the slow train takes the coast"))
    page.click("main button[type=submit]")
    page.wait_for_url(lambda address: "/log-in" not in address)


def _open(page: Page, base: str, language: str, path: str, link: str | None) -> None:
    page.goto(f"{base}{path}{'&' if '?' in path else '?'}language={language}")
    if link:
        page.locator(link).first.click()
        page.wait_for_url(lambda address: path.split("?")[0] + "/" in address)
    page.wait_for_function(DRAWN)
    page.wait_for_timeout(DRAWN_MS)


if __name__ == "__main__":
    main(*sys.argv[1:])
