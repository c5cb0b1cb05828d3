"""Looking for a partner in the browser: weights are moved and the list follows; the catalogue is searched, kept and compared; the rules are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from deploy.local.people.acts.matching import best_matches, patiently
from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.offices import Offices
from tests.browser.chromium import DESKTOP, PATIENCE_MS, PHONE
from tests.browser.somebody import Somebody
from tests.journeys.played import Played

WAYS = [pytest.param((DESKTOP, "en"), id="desktop-en"), pytest.param((PHONE, "fr"), id="phone-fr")]


@pytest.fixture(params=WAYS)
def looking(
    request: pytest.FixtureRequest, somebody: Callable[..., Somebody], entrance: Entrance, pair: Offices
) -> tuple[Somebody, Played]:
    """The representative of an accepted visitor, logged in, and the two organisations; both are in lists by now."""
    size, language = request.param
    played = Played(entrance, pair).accepted()
    visitor = played.visitor
    best_matches(visitor, _id(played, "visitor"))
    wait_for(lambda: played.hosting.legal_name in {name for name, _ in _scores(played)} or None, "the host in the visitor's list")
    patiently(lambda: visitor.get(f"/v1/catalogue/{_id(played, 'host')}"))
    visitor.patch("/v1/me", str(visitor.me()["version"]), language=language)
    return somebody("visitor", size, language=language).logs_in(visitor.username), played


def test_weights_are_moved_and_the_list_follows(looking: tuple[Somebody, Played]) -> None:
    """Tried first, which saves nothing; then saved, and the list is so when one comes back. The scores are those of the API."""
    one, played = looking
    one.opens("/matches")
    choice = f"/v1/participations/{_id(played, 'visitor')}/ranking"
    names = [each["criterion"] for each in played.visitor.get(choice).body["weights"]]
    only = [f"{each}:{500 if each == 'size' else 0}" for each in names]
    before, tried = _scores(played), _scores(played, weights=only)
    assert before != tried
    _shows(one, before)
    one.main.get_by_text(one.words("weights.title"), exact=True).click()
    for each in names:
        one.page.get_by_label(one.words(f"reasons.{each}"), exact=True).fill("500" if each == "size" else "0")
    one.sees("weights.trying")
    _shows(one, tried)
    assert not played.visitor.get(choice).body["moved"]
    one.presses("weights.save").sees("weights.saved")
    assert played.visitor.get(choice).body["moved"]
    one.opens("/matches")
    _shows(one, tried)


def test_the_catalogue_is_searched_narrowed_compared_and_kept(looking: tuple[Somebody, Played]) -> None:
    """By words and role; two of those found stand side by side; the search is kept under a name, with its alert."""
    one, played = looking
    host = played.hosting.legal_name
    one.opens("/catalogue").fills("catalogue.words", host).chooses("catalogue.role", "host").presses("form.search")
    found = one.main.get_by_role("article")
    expect(found).to_have_count(1, timeout=PATIENCE_MS)
    expect(found).to_contain_text(host)
    one.presses("catalogue.compareThis", name=host)
    one.fills("catalogue.words", "").chooses("catalogue.role", "").presses("form.search")
    visitor = played.visiting.legal_name
    one.fills("catalogue.words", visitor).presses("form.search")
    expect(found).to_have_count(1, timeout=PATIENCE_MS)
    one.presses("catalogue.compareThis", name=visitor).presses("catalogue.compareThem")
    one.page.wait_for_url(re.compile("/catalogue/comparison"))
    one.waits()
    for name in (host, visitor):
        expect(one.main.get_by_text(name).first).to_be_visible(timeout=PATIENCE_MS)
    one.opens("/catalogue?role=host").presses("searches.save")
    one.fills("searches.name", "All hosts").chooses("searches.alert", "at_once").presses("form.save")
    one.page.wait_for_url(re.compile("/saved-searches/"))
    (kept,) = played.visitor.all("/v1/saved-searches")
    assert (kept["name"], kept["alert"], kept["criteria"]["role"]) == ("All hosts", "at_once", "host")


def test_the_catalogue_shows_places_on_a_map_and_others_like_one(looking: tuple[Somebody, Played]) -> None:
    """A dot's country narrows the catalogue, and the places stand beside it in words; somebody's page leads to those like it, never to itself."""
    one, played = looking
    one.opens("/catalogue")
    one.main.get_by_text(one.words("catalogue.map"), exact=True).click()
    one.main.get_by_text(one.words("catalogue.places"), exact=True).click()
    town = played.hosting.place.town
    place = one.main.locator(".places").get_by_role("listitem").filter(has_text=f"{town}, ")
    expect(place).to_be_visible(timeout=PATIENCE_MS)
    one.main.locator("svg.map circle").filter(has_text=f"{town}, ").dispatch_event("click")
    one.page.wait_for_url(re.compile(f"countries={played.hosting.country}"))
    expect(one.main.get_by_role("article").first).to_contain_text(town, timeout=PATIENCE_MS)
    one.opens(f"/catalogue/{_id(played, 'host')}")
    alike = played.visitor.get(f"/v1/catalogue/{_id(played, 'host')}/alike").body["items"]
    names = [each["entry"]["profile"]["legal_name"] for each in alike]
    assert names and played.hosting.legal_name not in names
    cards = one.within("catalogue.alike").get_by_role("article")
    expect(cards).to_contain_text(names, timeout=PATIENCE_MS)


def test_the_rules_of_the_ranking_are_read_with_the_figures_of_the_day(looking: tuple[Somebody, Played]) -> None:
    """As the API tells them: how often a host is shown, when it sinks, and by which mean both sides become one."""
    one, played = looking
    one.opens("/how-ranking-works")
    figures: dict[str, int] = {}
    for each in played.visitor.all("/v1/reference/matching-figures"):
        figures.setdefault(each["name"], each["value"])
    for name in ("host_shown_per_week", "silent_requests", "silence_notice_days", "ask_again_days"):
        row = one.main.get_by_role("listitem").filter(has_text=one.words(f"codes.rule.{name}"))
        expect(row.locator("strong")).to_have_text(str(figures[name]), timeout=PATIENCE_MS)
    one.sees(
        "howRanking.meanNow", mean=one.words("howRanking.means.geometric" if figures["geometric_fusion"] else "howRanking.means.harmonic")
    )


def _id(played: Played, side: str) -> str:
    return played.registrations[side].rpartition("/")[2]


def _scores(played: Played, **more: Any) -> list[tuple[str, int]]:
    """The list as the API gives it: names, and scores as the page says them."""
    asked = {"as": "visitor", "limit": 20} | more
    found = played.visitor.get(f"/v1/participations/{_id(played, 'visitor')}/matches", **asked).body["items"]
    return [(each["profile"]["legal_name"], (each["score"] + 5) // 10) for each in found]


def _shows(one: Somebody, scores: list[tuple[str, int]]) -> None:
    """The page's cards are these, in this order."""
    cards = one.main.locator("ol").get_by_role("article")
    expect(cards).to_contain_text(
        [re.compile(rf"{position}\. {re.escape(name)}.*{percent}\s?%", re.DOTALL) for position, (name, percent) in enumerate(scores, 1)],
        timeout=PATIENCE_MS,
    )
