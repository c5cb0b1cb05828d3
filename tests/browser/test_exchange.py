"""Six people play a whole exchange in their browsers, on real services: from the account form to the payment."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy.local.exchange.dates import a_week_for, until
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, SignIn, sign_in
from deploy.local.people.papers import pdf
from deploy.local.people.profiles import Profile
from tests.browser import acts
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.somebody import Somebody

NUMBERS = itertools.count(701)
DAYS = 5


class Company:
    """The six people, each before a window of the own, and the clock they live by."""

    def __init__(
        self, sit_down: Callable[..., Somebody], entrance: Entrance, offices: Offices, size: dict[str, Any], language: str
    ) -> None:
        self.entrance, self.offices = entrance, offices
        self._sit_down, self._size, self._language = sit_down, size, language
        number = next(NUMBERS)
        self.visiting = Profile(number, "DE", "cluster_organisation", "textile", ("visitor",), f"B{number}", place_number=0)
        self.hosting = Profile(number + 50, "PT", "technology_centre", "textile", ("host",), f"B{number}", place_number=0)
        self.visitor_sign_in, self.host_sign_in = (sign_in(f"browser.{number}.{side}", side) for side in ("visitor", "host"))
        # Partnerships of their own, whose people have no other tasks.
        self.visitor_office, self.host_office = offices.partnerships[:2] if language == "en" else offices.partnerships[2:4]
        self.monday = a_week_for({"PT"}, self.now).monday
        self.last_day = self.monday + timedelta(days=DAYS - 1)

    @property
    def now(self) -> datetime:
        """Domain time."""
        return datetime.fromisoformat(self.entrance.now())

    def sits_down(self, name: str, who: SignIn | None = None) -> Somebody:
        """Somebody opens a browser, and logs in if there is an account already."""
        one = self._sit_down(name, self._size, self._language)
        return one if who is None else acts.come_in(one, who, self.entrance)

    def answers(self, profile: Profile) -> dict[str, Any]:
        """What an organisation answers in the eight steps."""
        window = (self.now.date().isoformat(), (self.now.date() + timedelta(days=200)).isoformat())
        return profile.answers(None, window, [])

    def waits_until(self, day: Any) -> None:
        """Time passes."""
        self.entrance.advance(until(day, self.now))


@pytest.fixture(params=[pytest.param((DESKTOP, "en"), id="desktop-en"), pytest.param((PHONE, "fr"), id="phone-fr")])
def company(request: pytest.FixtureRequest, somebody: Callable[..., Somebody], entrance: Entrance, offices: Offices) -> Company:
    """Six people, on large screens in English, then on phones in French."""
    return Company(somebody, entrance, offices, *request.param)


def test_six_people_play_a_whole_exchange(company: Company) -> None:
    """Everybody finds the next step in the own list of tasks."""
    visitor, host = company.sits_down("visitor"), company.sits_down("host")
    visiting, hosting = company.visiting, company.hosting
    for one, profile, sign_in_, office in (
        (visitor, visiting, company.visitor_sign_in, company.visitor_office),
        (host, hosting, company.host_sign_in, company.host_office),
    ):
        acts.get_account(one, sign_in_.person(company.entrance), profile)
        cv = pdf(profile.cv()) if "visitor" in profile.roles else None
        acts.register(one, company.answers(profile), cv, office.acronym)
    visitor_desk = company.sits_down("visitor's contact point", company.visitor_office.desk)
    host_desk = company.sits_down("host's contact point", company.host_office.desk)
    for desk in (visitor_desk, host_desk):
        acts.accept_registration(desk)

    acts.ask_for_contact(visitor, hosting.legal_name)
    acts.accept_contact(host, visiting.legal_name)
    acts.propose(visitor)
    acts.confirm(host)

    acts.write_plan(visitor, company.monday, company.last_day, visiting)
    acts.add_responsibilities(host)
    acts.submit_plan(visitor)
    for desk in (visitor_desk, host_desk):
        acts.validate_plan(desk)
    for one in (visitor, host):
        acts.sign(one, "commitment_validated", "commitment")
    for desk in (visitor_desk, host_desk):
        acts.sign(desk, "signature_given", "commitment")
    acts.sign(visitor, "financial_agreement_drafted", "financial")
    acts.give_account(visitor, visiting)
    acts.sign(visitor_desk, "financial_agreement_drafted", "financial")

    company.waits_until(company.monday)
    acts.confirm_arrival(host)
    company.waits_until(company.last_day)
    acts.confirm_departure(visitor)
    acts.confirm_days(host, DAYS)
    acts.report(visitor, company.monday, company.last_day, DAYS)
    acts.upload_evidence(visitor, visiting)
    acts.validate_report(visitor_desk)
    officer = company.sits_down("paying officer", company.visitor_office.paying_officers[0])
    acts.accept_evidence(officer)
    acts.propose_payment(officer, visiting.legal_name)
    acts.approve_payment(company.sits_down("support officer", company.offices.support[0]))
    acts.export_and_pay(officer, visiting.legal_name, company.now.date())
    acts.hear_of_payment(visitor)
