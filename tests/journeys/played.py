"""An exchange that a test plays as far as it needs; each step first plays what comes before it."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from deploy.local.exchange.dates import Dates, a_week_for, until
from deploy.local.people.acts import agreeing, matching, paying, registering, staying
from deploy.local.people.acts.agreeing import COMMITMENT, FINANCIAL
from deploy.local.people.entrance import Entrance, Refused
from deploy.local.people.offices import Offices, sign_in
from deploy.local.people.person import Person
from deploy.local.people.profiles import Profile

NUMBERS = itertools.count(1)


class Played:
    """One exchange with its six people; `link` is its address once the match is agreed."""

    def __init__(self, entrance: Entrance, offices: Offices) -> None:
        self.entrance, self.offices, self.number = entrance, offices, next(NUMBERS)
        self.visitor_country, self.host_country, self.days = "DE", "PT", 5
        self.visitor_office, self.host_office = offices.partnerships
        self.visitor, self.host = self._person("visitor"), self._person("host")
        self.support = offices.support[0].person(entrance)
        self.auditor = offices.auditor.person(entrance)  # type: ignore[union-attr]
        self.registrations: dict[str, str] = {}
        self.link = ""

    def between(self, visitor_country: str, host_country: str, days: int = 5) -> Played:
        """From where to where, for how many working days."""
        self.visitor_country, self.host_country, self.days = visitor_country, host_country, days
        return self

    def in_one_partnership(self) -> Played:
        """Both sides belong to the visitor's partnership."""
        self.host_office = self.visitor_office
        return self

    @property
    def visitor_desk(self) -> Person:
        """The contact point of the visitor's partnership."""
        return self.visitor_office.desk.person(self.entrance)

    @property
    def host_desk(self) -> Person:
        """The contact point of the host's partnership."""
        return self.host_office.desk.person(self.entrance)

    @property
    def paying_officer(self) -> Person:
        """The paying officer of the visitor's partnership."""
        return self.visitor_office.paying_officers[0].person(self.entrance)

    @property
    def desks(self) -> list[Person]:
        """The contact points; one where both sides have the same."""
        return [self.visitor_desk] if self.visitor_office is self.host_office else [self.visitor_desk, self.host_desk]

    @property
    def week(self) -> Dates:
        """The week of the stay, chosen once."""
        if not hasattr(self, "_week"):
            self._week = a_week_for({self.host_country}, self.now)
        return self._week

    @property
    def last_day(self) -> date:
        """The last working day of the stay."""
        return self.week.monday + timedelta(days=self.days - 1)

    @property
    def now(self) -> datetime:
        """Domain time."""
        return datetime.fromisoformat(self.entrance.now())

    # each step plays those before it

    def registered(self) -> Played:
        """Both have filled in their registrations."""
        for person, profile, office in ((self.visitor, self.visiting, self.visitor_office), (self.host, self.hosting, self.host_office)):
            registering.get_account(person, profile.legal_name, profile.country)
            window = (self.now.date().isoformat(), (self.now.date() + timedelta(days=200)).isoformat())
            self.registrations[person.acts_as] = registering.fill_in(person, profile, office.partnership_id, window)
        return self

    def accepted(self) -> Played:
        """Both are accepted."""
        self.registered()
        for person, desk in ((self.visitor, self.visitor_desk), (self.host, self.host_desk)):
            registering.submit(person, self.registrations[person.acts_as])
            registering.assess(desk, self.registrations[person.acts_as])
        return self

    def in_contact(self) -> str:
        """The visitor has asked the host; returns the contact's link."""
        self.accepted()
        mine, partner = (self.registrations[side].rpartition("/")[2] for side in ("visitor", "host"))
        return matching.ask(self.visitor, mine, partner, "visitor", "We would like to learn how you work.")

    def agreed(self) -> Played:
        """The match is agreed, and the exchange is there."""
        self.link = matching.agree(self.visitor, self.host, self.in_contact())
        agreeing.wait_for_state(self.visitor, self.link, "planning")
        return self

    def submitted(self) -> Played:
        """The commitment lies before the partnerships."""
        self.agreed()
        plan = agreeing.plan(self.week.monday, self.last_day, ("The representative", "Manager"), ["shared laboratories"])
        agreeing.write_plan(self.visitor, self.link, plan)
        agreeing.submit_plan(self.visitor, self.link)
        return self

    def validated(self) -> Played:
        """Both partnerships validated it."""
        self.submitted()
        for desk in self.desks:
            agreeing.validate(desk, self.link)
        return self

    def signed(self) -> Played:
        """The commitment is signed by all."""
        self.validated()
        for person in (self.visitor, self.host, *self.desks):
            agreeing.sign(person, self.link, COMMITMENT)
        return self

    def ready(self) -> Played:
        """Both agreements are signed, and the account is known."""
        self.signed()
        for person in (self.visitor, self.visitor_desk):
            agreeing.sign(person, self.link, FINANCIAL)
        paying.give_bank_details(self.visitor, self.link, self.visiting)
        return self

    def started(self) -> Played:
        """The visitor has arrived."""
        self.ready()
        self.go_to(self.week.monday)
        staying.confirm_arrival(self.host, self.link)
        return self

    def ended(self) -> Played:
        """The visitor has left, and the host confirmed the days."""
        self.started()
        self.go_to(self.last_day)
        staying.confirm_departure(self.visitor, self.link)
        staying.confirm_days(self.host, self.link)
        return self

    def reported(self) -> Played:
        """The closing report is validated."""
        self.ended()
        staying.write_report(self.visitor, self.link)
        staying.submit_report(self.visitor, self.link)
        staying.validate_report(self.visitor_desk, self.link)
        return self

    def payable(self) -> Played:
        """The evidence is accepted, too: the payment can be proposed."""
        self.reported()
        self.hand_in_evidence()
        self.payment("payable")
        return self

    def ordered(self) -> Played:
        """Two persons ordered the payment."""
        self.payable()
        self.order()
        return self

    def paid(self) -> Played:
        """On a list for the bank, and paid."""
        self.ordered()
        self.pay()
        return self

    def order(self) -> None:
        """One proposes, the other approves."""
        paying.move(self.paying_officer, self.payment("payable"), "proposal")
        paying.move(self.support, self.payment("proposed"), "approval")

    def pay(self) -> None:
        """Put it on a list for the bank, and record that it was paid."""
        paying.export(self.paying_officer, self.visitor_office.partnership_id)
        today = self.now.date().isoformat()
        paying.move(self.paying_officer, self.payment("exported"), "transfer", paid_on=today, reference="1")

    def hand_in_evidence(self) -> None:
        """Papers of the journey, handed in and accepted."""
        paying.upload_evidence(self.visitor, self.link, self.visiting)
        paying.accept_evidence(self.paying_officer, self.link)

    def payment(self, *states: str) -> dict[str, Any]:
        """The payment, in one of these states."""
        return paying.payment_of(self.paying_officer, self.link, *states)

    def go_to(self, day: date) -> None:
        """Move the clock to the morning of a day."""
        self.entrance.advance(until(day, self.now))

    @property
    def visiting(self) -> Profile:
        """The visiting organisation."""
        return Profile(
            self.number, self.visitor_country, "cluster_organisation", "textile", ("visitor",), f"J{self.number}", place_number=0
        )

    @property
    def hosting(self) -> Profile:
        """The host."""
        return Profile(self.number + 1, self.host_country, "technology_centre", "textile", ("host",), f"J{self.number}", place_number=0)

    def _person(self, side: str) -> Person:
        return sign_in(f"journey.{self.number}.{side}", side).person(self.entrance)


def refusal(play: Any) -> tuple[int, str]:
    """Status and code with which something is refused; it is an error if it is not."""
    try:
        play()
    except Refused as refused:
        return refused.status, refused.code
    raise AssertionError("it was not refused")
