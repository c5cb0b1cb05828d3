"""What all parts of the load share: the way in, the people, the progress."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from deploy.local.demonstration.progress import Progress
from deploy.local.demonstration.scheme import Organisation, organisations
from deploy.local.exchange.dates import Dates, a_week_for, until
from deploy.local.people.acts import registering
from deploy.local.people.entrance import Entrance, Refused
from deploy.local.people.offices import Office, Offices, SignIn, sign_in
from deploy.local.people.person import Person

CANDIDATE_WEEKS = 5


class World:
    """One system being filled."""

    def __init__(self, entrance: Entrance, offices: Offices, progress: Progress) -> None:
        self.entrance, self.offices, self.progress = entrance, offices, progress
        self.organisations = organisations()
        self._people: dict[str, Person] = {}
        began = progress.part("beginning", lambda: {"now": entrance.now()})["now"]
        self.began = datetime.fromisoformat(began)
        countries = {each.profile.country for each in self.organisations}
        self.first_week = a_week_for(countries, self.began, CANDIDATE_WEEKS)
        self.second_monday = self.first_week.monday + timedelta(days=14)
        self.last_day = self.second_monday + timedelta(days=4)
        self.future_week = Dates(self.second_monday + timedelta(days=28))

    @property
    def window(self) -> tuple[str, str]:
        """When organisations say they are available: for a year from the beginning."""
        return self.began.date().isoformat(), (self.began.date() + timedelta(days=365)).isoformat()

    @property
    def interest_day(self) -> date:
        """A day on which continued interest is asked for, a month on; a week later, before the last day, it is too late to answer."""
        return self.began.date() + timedelta(days=32)

    def go_to(self, day: date) -> None:
        """Move the clock to the morning of a day (noon of the last one), unless it is past that."""
        hour = 12 if day == self.last_day else 9
        self.entrance.advance(until(day, datetime.fromisoformat(self.entrance.now()), hour))

    def person(self, known: SignIn) -> Person:
        """Somebody, always the same object, so that one session serves all."""
        return self._people.setdefault(known.username, known.person(self.entrance))

    def representative(self, organisation: Organisation) -> Person:
        """The person who answers for an organisation."""
        return self.person(representative(organisation))

    def get_account(self, person: Person, organisation_name: str, country: str) -> None:
        """An account, also where an earlier load was stopped when the link had been used: the account is there then."""
        try:
            registering.get_account(person, organisation_name, country)
        except Refused as refused:
            if refused.code != "link_not_good":
                raise
            person.log_in()

    def office(self, acronym: str) -> Office:
        """A partnership with its people."""
        return next(each for each in self.offices.partnerships if each.acronym == acronym)

    def desk(self, organisation: Organisation) -> Person:
        """The contact point of the organisation's partnership."""
        return self.person(self.office(organisation.acronym).desk)

    def paying_officer(self, organisation: Organisation) -> Person:
        """The paying officer of the organisation's partnership."""
        return self.person(self.office(organisation.acronym).paying_officers[0])

    def support(self) -> Person:
        """A support officer."""
        return self.person(self.offices.support[0])

    def participation(self, organisation: Organisation) -> str:
        """The id of its participation."""
        found = self.progress.of(f"registration/{organisation.name}")
        if found is None:
            raise LookupError(f"{organisation.name} is not registered")
        return str(found["participation_id"])


def representative(organisation: Organisation) -> SignIn:
    """How the person of an organisation logs in."""
    return sign_in(organisation.name, "representative", organisation.profile.country, organisation.profile.number)
