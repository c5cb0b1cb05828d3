"""Pages go by the time that the rules go by, which in development is ahead of the browser's."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "web" / "src"
BROWSERS_OWN = re.compile(r"new Date\(\)|Date\.now\(\)")
REAL = {
    "lib/clock.svelte.ts": "it reckons how far the two are apart",
    "lib/draft.svelte.ts": "when it was saved is kept for this page alone",
    "lib/live.svelte.ts": "how long a line was down",
    "pages/account/Notices.svelte": "that it is read, not when, is shown until the next fetch",
    "pages/office/ServiceStates.svelte": "when a fact was written down is real time in every service",
    "pages/participant/Calendar.svelte": "when the file was made",
}
"""Where the browser's own time is meant, and why."""


def test_pages_ask_the_browser_for_no_day_or_time() -> None:
    """A page that does has to say why."""
    files = [each for each in SOURCES.rglob("*") if each.suffix in {".ts", ".svelte"} and not each.name.endswith(".d.ts")]
    assert {str(each.relative_to(SOURCES)) for each in files if BROWSERS_OWN.search(each.read_text())} == set(REAL)
