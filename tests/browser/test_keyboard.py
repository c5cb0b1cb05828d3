"""A registration and a signature without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

import pytest
from playwright.sync_api import expect

from deploy.local.people.acts.registering import get_account
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import PASSWORD, Offices, sign_in
from deploy.local.people.papers import pdf
from deploy.local.people.profiles import Profile
from tests.browser.chromium import PATIENCE_MS
from tests.browser.keys import Keys
from tests.browser.somebody import Somebody
from tests.journeys.played import Played

PROFILE = Profile(801, "FR", "cluster_organisation", "textile", ("visitor",), "K801", place_number=0)


@pytest.fixture
def answers(entrance: Entrance) -> dict[str, Any]:
    """What is answered in the eight steps."""
    today = datetime.fromisoformat(entrance.now()).date()
    return PROFILE.answers(None, (today.isoformat(), (today + timedelta(days=100)).isoformat()), [])


def logged_in(one: Somebody, username: str) -> Keys:
    """Log in by keyboard alone."""
    one.opens("/log-in")
    keys = Keys(one)
    keys.writes("account.login", username).writes("account.password", PASSWORD)
    one.page.keyboard.press("Enter")
    one.page.wait_for_url(lambda url: "/log-in" not in url)
    one.waits()
    return keys


def test_somebody_registers_by_keyboard(
    somebody: Callable[..., Somebody], entrance: Entrance, offices: Offices, answers: dict[str, Any]
) -> None:
    """All eight steps, the file too, and handing it in."""
    who = sign_in(f"browser.keyboard.{token_hex(3)}", "keyboard")
    get_account(who.person(entrance), PROFILE.legal_name, PROFILE.country)
    one = somebody("keyboard")
    keys = logged_in(one, who.username)
    keys.presses("registration.begin")
    one.page.wait_for_url(re.compile("/registrations/new"))
    one.waits()
    keys.presses("registration.begin")
    one.page.wait_for_url(re.compile(r"/registrations/[0-9a-f-]{36}"))
    one.waits()
    for step in (_organisation, _person, _role, _offer, _preferences, _period):
        step(keys, answers)
        keys.presses("form.next")
        expect(one.page.locator("#step")).to_be_focused(timeout=PATIENCE_MS)
    keys.ticks("partnership.choose", one.words("partnership.assign")).presses("form.next")
    expect(one.page.locator("#step")).to_be_focused(timeout=PATIENCE_MS)
    agreements = one.page.get_by_role("checkbox")
    expect(agreements.first).to_be_visible(timeout=PATIENCE_MS)
    for _ in agreements.all():
        keys.to(re.compile("^" + re.escape(one.words.beginning("submit.agree"))))
        one.page.keyboard.press("Space")
    # What the server keeps in another form than it was given is saved all the same, once.
    expect(one.page.get_by_role("status").filter(has_text=one.words.beginning("registration.savedAt")).first).to_be_visible(
        timeout=PATIENCE_MS
    )
    keys.presses("submit.submit")
    one.sees("registration.waits").keeps_picture("submitted")


def _organisation(keys: Keys, answers: dict[str, Any]) -> None:
    given = answers["organisation"]
    keys.writes("organisation.legalName", given["legal_name"]).chooses("organisation.type", given["organisation_type"])
    for key, name in (("street", "street"), ("houseNumber", "house_number"), ("postcode", "postcode"), ("town", "town")):
        keys.writes(f"organisation.{key}", given[name])
    keys.chooses("organisation.country", given["country"]).writes("organisation.nuts", given["nuts"])
    keys.writes("organisation.website", given["website"]).chooses("organisation.numberKind", given["number_kind"])
    keys.writes("organisation.number", given["registration_number"]).chooses("organisation.size", given["size"])
    keys.ticks("organisation.member", keys.words("form.yes")).writes("organisation.clusterName", given["cluster_name"])
    keys.writes("organisation.clusterPage", given["cluster_page"])


def _person(keys: Keys, answers: dict[str, Any]) -> None:
    given = answers["person"]
    keys.chooses("account.title", given["title"])
    for key, name in (
        ("account.firstName", "first_name"), ("account.lastName", "last_name"), ("person.function", "function"),
        ("account.eMail", "e_mail"), ("person.phone", "phone"),
    ):  # fmt: skip
        keys.writes(key, given[name])
    keys.chooses("person.addLanguage", "en").presses("form.add")
    keys.to(re.compile("^" + re.escape(keys.words.beginning("person.cv"))))
    keys.chooses_file("cv.pdf", pdf(PROFILE.cv())).one.sees("person.cvThere")


def _role(keys: Keys, answers: dict[str, Any]) -> None:
    keys.ticks("role.roles", keys.words("role.visitor")).writes("role.motivation", answers["role"]["motivation"])


def _offer(keys: Keys, answers: dict[str, Any]) -> None:
    given = answers["offer"]
    keys.narrows("offer.ecosystems", keys.words("codes.ecosystem.textile")).ticks("offer.ecosystems", keys.words("codes.ecosystem.textile"))
    keys.narrows("offer.nace", "62 –").to(re.compile("^62 – "))
    keys.one.page.keyboard.press("Space")
    for key, name in (("topics", "topics"), ("wantToLearn", "want_to_learn")):
        keys.to(keys.words("form.addTo", label=keys.words(f"offer.{key}")))
        for word in given[name]:
            keys.one.page.keyboard.type(word)
            keys.one.page.keyboard.press("Enter")


def _preferences(keys: Keys, answers: dict[str, Any]) -> None:
    for each in answers["preferences"]["visitor"]["activity_types"]:
        keys.starts_over().ticks("preferences.activity_types", keys.words(f"codes.activity_type.{each}"))
    # There are more than a hundred and eighty languages.
    keys.presses("form.past")


def _period(keys: Keys, answers: dict[str, Any]) -> None:
    given = answers["period"]
    keys.presses("period.add").starts_over()
    for key, day in (("from", given["availability"][0]["start"]), ("to", given["availability"][0]["end"])):
        keys.writes_day(keys.words(f"period.{key}", number=1), day)
    keys.writes("period.minDays", given["min_days"]).writes("period.maxDays", given["max_days"])
    keys.writes("period.groupSize", given["group_size"])


def test_somebody_signs_by_keyboard(somebody: Callable[..., Somebody], entrance: Entrance, pair: Offices) -> None:
    """From the own tasks to the text, and the signature under it."""
    played = Played(entrance, pair).validated()
    one = somebody("signer")
    keys = logged_in(one, played.visitor.username)
    title = one.words.task("commitment_validated")
    expect(one.main.get_by_role("link", name=title, exact=True).first).to_be_visible(timeout=PATIENCE_MS)
    keys.to(title)
    one.page.keyboard.press("Enter")
    one.page.wait_for_url(re.compile("/exchanges/"))
    one.waits()
    expect(one.page.locator("main h1")).to_be_focused(timeout=PATIENCE_MS)
    keys.presses("agreement.sign")
    part = one.within("agreement.commitment")
    expect(one.button("agreement.sign", part)).to_have_count(0, timeout=PATIENCE_MS)
    agreement = played.visitor.get(f"{played.link}/agreements/commitment-to-quality").body
    assert [each["party"] for each in agreement["signatures"]] == ["visitor"]
