"""One running system and one browser for all of these tests, and windows that are put away after each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, make_administrator, make_offices
from deploy.local.people.partnerships import for_tour
from deploy.local.settings import Settings
from deploy.local.system import Running, system
from tests.browser.chromium import DESKTOP, Window, kept_in, launched, open_window
from tests.browser.somebody import Album, Somebody
from tests.browser.words import Words

SCREENSHOTS = Path(__file__).parents[2] / ".build" / "screenshots"


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Let the windows know whether to keep a picture of what went wrong."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or bool(report.failed)
    return report


def _name_of(item: Any) -> str:
    return str(item.name).removeprefix("test_").replace("[", "-").replace("]", "").replace("/", "-")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it needs a browser and most of it a system; none is for `make check`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole system, started for these tests and gone after them."""
    state = tmp_path_factory.mktemp("browser")
    with system(state, replace(Settings(state), port=None)) as running:
        yield running


@pytest.fixture(scope="session")
def entrance(running: Running) -> Iterator[Entrance]:
    """The way into it for programs: what is not tried in the browser is made there."""
    entrance = Entrance(running.url)
    yield entrance
    entrance.close()


@pytest.fixture(scope="session")
def offices(running: Running, entrance: Entrance) -> Offices:
    """Partnerships with their people, a support office, an auditor."""
    administrator = make_administrator(running.environment("identity"), "browser.administrator")
    return make_offices(entrance, administrator, for_tour()[:6], "browser.")


@pytest.fixture(scope="session")
def pair(offices: Offices) -> Offices:
    """The same, with the two partnerships that programs play exchanges between; people in browsers have others, without their tasks."""
    return replace(offices, partnerships=offices.partnerships[4:6])


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers; there may be one of it."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all windows."""
    with launched(playwright) as browser:
        yield browser


@pytest.fixture
def window(browser: Browser, running: Running, request: pytest.FixtureRequest) -> Iterator[Callable[..., Window]]:
    """Opens windows, and puts them away; one that asked anything of another machine, or broke, is a failure."""
    opened: list[Window] = []

    def open_one(size: dict[str, Any] = DESKTOP, language: str = "en", **more: Any) -> Window:
        opened.append(open_window(browser, running.url, size, language, **more))
        return opened[-1]

    yield open_one
    if request.node.stash.get(FAILED, False):
        for number, each in enumerate(opened, 1):
            each.page.screenshot(path=kept_in(SCREENSHOTS / "failed") / f"{_name_of(request.node)}-{number}.png", full_page=True)
            each.context.close()
        return
    for each in opened:
        each.close()


@pytest.fixture
def somebody(window: Callable[..., Window], request: pytest.FixtureRequest) -> Callable[..., Somebody]:
    """Puts a person before a window, with an album named after the test."""
    album = Album(kept_in(SCREENSHOTS / _name_of(request.node)))

    def sit_down(name: str, size: dict[str, Any] = DESKTOP, language: str = "en", **more: Any) -> Somebody:
        return Somebody(name, window(size, language, **more), Words(language), album)

    return sit_down
