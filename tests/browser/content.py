"""What stands on the pages while they are looked at: one exchange on its way from plan to payment, and others that wait for somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from deploy.local.people.acts import agreeing, matching, paying, registering, staying
from deploy.local.people.acts.agreeing import COMMITMENT, FINANCIAL
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, SignIn, sign_in
from deploy.local.people.profiles import Profile
from tests.journeys.played import Played

LONG = "Interregionalesdigitalisierungsundinnovationsnetzwerk " * 3
"""No screen is wide enough for it."""


@dataclass
class Content:
    """Who is there, and the ids of what they are looking at."""

    entrance: Entrance
    offices: Offices
    played: Played
    newcomer: SignIn
    ids: dict[str, str] = field(default_factory=dict)

    def sign_in_of(self, viewer: str) -> SignIn | None:
        """How a viewer logs in: by the role that the viewer has; a stranger does not."""
        office = self.played.visitor_office
        people = {
            "representative": self.played.visitor, "host": self.played.host, "newcomer": self.newcomer, "registrations": office.desk,
            "agreements": office.desk, "finance": office.paying_officers[0], "support_officer": self.offices.support[0],
            "auditor": self.offices.auditor, "administrator": self.offices.administrator,
        }  # fmt: skip
        return None if viewer == "stranger" else people[viewer]  # type: ignore[return-value]


def begun(entrance: Entrance, offices: Offices) -> Content:
    """Somebody who has just begun, two who wait for an answer, two whose plan lies before their partnerships, and the exchange that goes on."""
    waiting, submitted = Played(entrance, offices), Played(entrance, offices).submitted()
    contact = waiting.in_contact()
    content = Content(entrance, offices, Played(entrance, offices), sign_in("browser.newcomer", "newcomer"))
    content.ids |= {"draft": _draft(content), "waiting_contact": _id(contact), "submitted_exchange": _id(submitted.link)}
    content.ids["submitted_registration"] = _submitted_registration(content)
    content.ids |= _office_work(content)
    return content


def _draft(content: Content) -> str:
    """A registration with very long answers, filled in and not handed in."""
    person, profile = content.newcomer.person(content.entrance), Profile(990, "FR", "sme", "textile", ("visitor", "host"))
    registering.get_account(person, "Newcomers", "FR")
    link = registering.fill_in(person, profile, content.played.visitor_office.partnership_id, _window(content))
    draft = person.get(link)
    role = dict(draft.body["role"]) | {"motivation": LONG * 20}
    person.patch(link, str(draft.version), organisation=dict(draft.body["organisation"]) | {"legal_name": LONG.strip()}, role=role)
    return _id(link)


def _submitted_registration(content: Content) -> str:
    """A registration that waits at the contact point."""
    person, profile = sign_in("browser.waiting", "waiting").person(content.entrance), Profile(991, "FR", "fab_lab", "textile", ("host",))
    registering.get_account(person, profile.legal_name, "FR")
    link = registering.fill_in(person, profile, content.played.visitor_office.partnership_id, _window(content))
    registering.submit(person, link)
    return _id(link)


def _office_work(content: Content) -> dict[str, str]:
    """A query that waits, an answer that is published, an announcement that is shown."""
    office, asker = content.offices.support[0].person(content.entrance), content.newcomer.person(content.entrance)
    now = content.played.now
    told = {"level": "warning", "title_en": "Maintenance", "text_en": LONG, "title_fr": "Maintenance", "text_fr": LONG}
    shown = {"shown_from": now.isoformat(), "shown_until": (now + timedelta(days=1)).isoformat()}
    return {
        "query": asker.post("/v1/queries", subject=LONG.strip(), question="Are the days of travel paid for?").body["query_id"],
        "faq": office.post("/v1/faqs", question=f"{LONG}?", answer=LONG, language="en", published=True).body["faq_id"],
        "announcement": office.post("/v1/announcements", **told, **shown).body["announcement_id"],
    }


def batch_of(content: Content) -> str:
    """The list for the bank that the exchange's payment is on."""
    return str(content.played.payment("paid")["batch_id"])


def _window(content: Content) -> tuple[str, str]:
    today = content.played.now.date()
    return today.isoformat(), today.replace(year=today.year + 1).isoformat()


def stages(content: Content) -> Iterator[str]:
    """The exchange, state after state; each is there as long as nobody asks for the next."""
    for state, play in _way(content.played):
        play()
        content.ids.setdefault("exchange", _id(content.played.link))
        yield state


def _way(played: Played) -> list[tuple[str, Callable[[], object]]]:
    return [
        ("planning", played.agreed),
        ("submitted", lambda: _submit(played)),
        ("validated", lambda: [agreeing.validate(desk, played.link) for desk in played.desks]),
        ("signing", lambda: agreeing.sign(played.visitor, played.link, COMMITMENT)),
        ("ready", lambda: _sign_all(played)),
        ("running", lambda: _start(played)),
        ("ended", lambda: _end(played)),
        ("report_submitted", lambda: _report(played)),
        ("payable", lambda: _accept(played)),
        ("paid", lambda: (played.order(), played.pay())),
    ]


def _submit(played: Played) -> None:
    plan = agreeing.plan(played.week.monday, played.last_day, ("The representative", "Manager"), ["shared laboratories"])
    agreeing.write_plan(played.visitor, played.link, plan)
    agreeing.submit_plan(played.visitor, played.link)


def _sign_all(played: Played) -> None:
    for person in (played.host, *played.desks):
        agreeing.sign(person, played.link, COMMITMENT)
    for person in (played.visitor, played.visitor_desk):
        agreeing.sign(person, played.link, FINANCIAL)
    paying.give_bank_details(played.visitor, played.link, played.visiting)
    agreeing.wait_for_state(played.visitor, played.link, "ready")


def _start(played: Played) -> None:
    played.go_to(played.week.monday)
    staying.confirm_arrival(played.host, played.link)


def _end(played: Played) -> None:
    played.go_to(played.last_day)
    staying.confirm_departure(played.visitor, played.link)


def _report(played: Played) -> None:
    staying.confirm_days(played.host, played.link)
    staying.write_report(played.visitor, played.link)
    staying.submit_report(played.visitor, played.link)
    paying.upload_evidence(played.visitor, played.link, played.visiting)


def _accept(played: Played) -> None:
    staying.validate_report(played.visitor_desk, played.link)
    paying.accept_evidence(played.paying_officer, played.link)
    played.payment("payable")


def contact_of(content: Content) -> str:
    """The contact out of which the exchange came."""
    return str(next(content.played.visitor.all("/v1/contacts"))["contact_id"])


def conversation_of(content: Content) -> str:
    """A conversation of the exchange, with something said in it."""
    contact = content.played.visitor.get(f"/v1/contacts/{contact_of(content)}").body
    matching.write(content.played.host, contact, f"You are welcome. {LONG}")
    return str(contact["conversation_id"])


def complaint_of(content: Content) -> str:
    """What the visitor told the support office about the host, once."""
    if "complaint" not in content.ids:
        about = {"kind": "participation", "subject_id": _id(content.played.registrations["host"]), "reason": "other", "text": LONG}
        content.ids["complaint"] = content.played.visitor.post("/v1/complaints", **about).body["complaint_id"]
    return content.ids["complaint"]


def round_of(content: Content) -> str:
    """A matching round of the visitor's partnership, begun once: only one of the same visitors is reckoned at a time."""
    if "round" not in content.ids:
        place = content.played.visitor_office.partnership_id
        content.ids["round"] = content.played.visitor_desk.post("/v1/matching-rounds", partnership_id=place).body["round_id"]
    return content.ids["round"]


def saved_search_of(content: Content) -> str:
    """What the visitor looks for again and again, saved once."""
    if "saved_search" not in content.ids:
        said = {"name": "Hosts of everybody's wishes", "criteria": {"role": "host"}, "alert": "daily"}
        content.ids["saved_search"] = content.played.visitor.post("/v1/saved-searches", **said).body["saved_search_id"]
    return content.ids["saved_search"]


def _id(link: str) -> str:
    return link.rpartition("/")[2]
