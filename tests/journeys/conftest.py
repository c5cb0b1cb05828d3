"""One running system for all journeys, with people in its offices and no demonstration data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, make_administrator, make_offices
from deploy.local.people.partnerships import TOUR_SIGN_INS, for_tour
from deploy.local.settings import Settings
from deploy.local.system import Running, system
from tests.journeys.played import Played


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole system, started for these tests and gone after them."""
    state = tmp_path_factory.mktemp("journeys")
    with system(state, replace(Settings(state), port=None)) as running:
        yield running


@pytest.fixture(scope="session")
def entrance(running: Running) -> Iterator[Entrance]:
    """The way into it."""
    entrance = Entrance(running.url)
    yield entrance
    entrance.close()


@pytest.fixture(scope="session")
def offices(running: Running, entrance: Entrance) -> Offices:
    """Two partnerships, a support office, an auditor; the tour finds them, too."""
    administrator = make_administrator(running.environment("identity"), "journeys.administrator")
    made = make_offices(entrance, administrator, for_tour()[:2], "journeys.")
    made.keep(running.here.state / TOUR_SIGN_INS)
    return made


@pytest.fixture
def played(entrance: Entrance, offices: Offices) -> Played:
    """A visitor and a host who have not even an account yet, and everybody who takes care of them."""
    return Played(entrance, offices)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Walk last: it tries everything, also what changes rates and ends exchanges."""
    items.sort(key=lambda item: "test_walk" in item.nodeid)
