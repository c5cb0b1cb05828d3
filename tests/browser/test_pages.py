"""Every page, for everybody who may see it: no barrier, light and dark, on the smallest screen, few calls, and every word in a catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices
from deploy.local.system import Running
from tests.browser.chromium import Window, open_window
from tests.browser.content import begun, stages
from tests.browser.looking import Look, arrive, look_at, look_here, prepared
from tests.browser.routes import routes
from tests.browser.sights import Sight, missing, pages, states, steps
from tests.browser.somebody import Album, Somebody
from tests.browser.words import Words

ALL = [*states(), *pages(), *missing(), *steps()]

See = Callable[[Sight], Look]


@pytest.fixture(scope="module")
def see(
    browser: Browser,
    running: Running,
    entrance: Entrance,
    pair: Offices,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[See]:
    """Looks at each page once, through a window of each viewer; first at the exchange, while it goes from state to state."""
    content, windows, seen = begun(entrance, pair), {}, dict[Sight, Look | Exception]()
    album = Album(tmp_path_factory.mktemp("unused"))

    def window_of(viewer: str) -> Window:
        if viewer not in windows:
            windows[viewer] = prepared(open_window(browser, running.url))
            if who := content.sign_in_of(viewer):
                Somebody(viewer, windows[viewer], Words("en"), album).logs_in(who.username)
        return windows[viewer]

    def look(sight: Sight) -> Look:
        if sight not in seen:
            try:
                seen[sight] = look_at(window_of(sight.viewer), sight.address(content))
            except Exception as failed:
                seen[sight] = failed
        found = seen[sight]
        if isinstance(found, Exception):
            raise found
        return found

    wanted = {item.callspec.params["sight"] for item in request.session.items if "sight" in getattr(item, "fixturenames", ())}
    for state in stages(content):
        for sight in (each for each in states() if each.state == state and each in wanted):
            try:
                look(sight)
            except Exception:
                # Whoever asks for that sight hears of it; the exchange goes on.
                continue
    yield look
    for window in windows.values():
        window.close()


@pytest.mark.parametrize("sight", ALL, ids=str)
def test_a_page_is_for_everybody(see: See, sight: Sight) -> None:
    """No barrier in light and dark, no word outside of the catalogues, few calls, no scrolling sideways, nothing that moves unasked."""
    assert see(sight).wrong(words=sight.path != "/design") == {}


def test_every_page_of_the_table_is_looked_at() -> None:
    """One that is added is looked at, too, and by each of its roles."""
    assert {sight.path for sight in pages()} == {route.path for route in routes()}


def test_plain_words_and_wide_things_are_found(window: Callable[..., Window]) -> None:
    """What looks at the pages sees what it is there for."""
    looking = prepared(window())
    arrive(looking, "/privacy")
    looking.page.evaluate(
        """() => {
            const main = document.querySelector('main');
            main.insertAdjacentHTML('beforeend', '<h5>Plain words</h5><img src="/icon.svg"><p id="wide">wide</p>');
            const signed = `A text that was read,\\nSHA-256 ${'0123456789abcdef'.repeat(4)}, and its end`;
            window.heard.push({ signed });
            main.insertAdjacentHTML('beforeend', `<pre>${signed}</pre>`);
            const wide = document.getElementById('wide');
            Object.assign(wide.style, { width: '2000px', transition: 'color 1s', color: '#999', background: '#aaa' });
        }"""
    )
    look = look_here(looking, [])
    assert "Plain words in: Plain words" in look.outside and set(look.too_wide) == {320, 640}
    assert [each for each in look.outside if "was read" in each] == []
    found = {each.partition(":")[0] for each in look.violations}
    assert {"image-alt", "color-contrast", "heading-order"} <= found
