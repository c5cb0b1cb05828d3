"""Notices: everybody concerned is told once, with a link, and nobody else sees it."""

from __future__ import annotations

from email import message_from_string
from email.policy import default
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from chassis.bare.message import Fact
from chassis.bare.refusals import LogInRequired
from chassis.bare.tables import JournalRow
from contracts.agreements.events import ArrivalReminded, ReportReminded
from contracts.identity.accounts import ChangeMe, ReadMe
from contracts.identity.notices import ListNotices, ReadNotice
from contracts.identity.refusals import NoticeNotFound
from contracts.payments.events import EvidenceReminded, PaymentDue, PaymentProposed
from contracts.registry.events import RegistrationReturned, RegistrationSubmitted
from contracts.words import TOOL_LANGUAGES, Party
from services.identity.doors.roles import give_role
from services.identity.model import Account, Mail, Notice
from services.identity.telling import TOLD, Told
from services.identity.words import of_notice
from tests.builders import A_MONDAY, person
from tests.identity.conftest import IdentityRoom, Relay

ROLES = ("representative", "registrations", "agreements", "finance")


def people(identity: IdentityRoom, data: Any, language: str = "en") -> set[UUID]:
    """A person for every id in an event's data: as that very person, and with every role at it; and a support officer."""
    ids = {UUID(each) for each in ids_in(data)}
    with identity.room.unit() as unit:
        for number, key in enumerate(sorted(ids)):
            unit.session.add(account(key, number, language))
        officer = account(uuid4(), len(ids), language)
        unit.session.add(officer)
        unit.session.flush()
        for key in ids:
            for role in ROLES:
                give_role(unit, key, role, key)
        give_role(unit, officer.id, "support_officer", None)
    return ids | {officer.id}


def account(key: UUID, number: int, language: str) -> Account:
    """A confirmed account with that id."""
    name = f"person-{number}"
    return Account(
        id=key, username=name, username_key=name, e_mail=f"{name}@example.org", e_mail_key=f"{name}@example.org", organisation_name="One",
        country="PT", title="Ms", first_name="First", last_name="Last", newsletters=[], notice_version="1", created_at=A_MONDAY,
        confirmed_at=A_MONDAY, language=language,
    )  # fmt: skip


def ids_in(data: Any) -> set[str]:
    """Every UUID anywhere in an event's data."""
    if isinstance(data, dict):
        return {each for value in data.values() for each in ids_in(value)}
    if isinstance(data, list):
        return {each for value in data for each in ids_in(value)}
    try:
        return {str(UUID(data))}
    except (ValueError, AttributeError, TypeError):
        return set()


def written(identity: IdentityRoom) -> list[set[UUID]]:
    """Whose pages are told that there are notices to fetch, event by event."""
    with identity.room.unit() as unit:
        rows = unit.session.scalars(select(JournalRow).where(JournalRow.type == "notices_written").order_by(JournalRow.position))
        return [{UUID(each) for each in row.data["person_ids"]} for row in rows]


def example(told: Told) -> Fact:
    """A fact out of the event's own example."""
    return told.event.of(uuid4(), **told.event.read(told.event.example))


def count(identity: IdentityRoom, table: type) -> int:
    """How many rows."""
    with identity.room.frame.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.event.slug())
def test_everybody_concerned_is_told_once_in_the_tool_and_by_mail(identity: IdentityRoom, told: Told) -> None:
    """Each line of the table finds somebody from its event's own example, and a link without a gap; heard twice, it is told once."""
    people(identity, told.event.write(told.event.read(told.event.example)))
    fact = example(told)
    event_id = identity.room.hear(fact)
    identity.room.hear(fact, event_id)
    with identity.room.frame.sessions() as session:
        notices = list(session.scalars(select(Notice)))
    assert notices and len({notice.person_id for notice in notices}) == len(notices) == count(identity, Mail)
    assert {notice.type for notice in notices} == {told.event.slug()}
    assert written(identity) == [{notice.person_id for notice in notices}]
    for words in (of_notice(language, notice) for notice in notices for language in TOOL_LANGUAGES):
        assert words.title and words.text and "{" not in words.text
    assert all(notice.link.startswith("/v1/") and "{" not in notice.link and "None" not in notice.link for notice in notices)


@pytest.mark.parametrize(
    ("language", "says"), [("en", "It has to be paid by 11 April 2027."), ("fr", "Il doit être fait au plus tard le 11 avril 2027.")]
)
def test_a_payment_that_is_due_is_told_with_its_date_and_no_figure_of_our_own(identity: IdentityRoom, language: str, says: str) -> None:
    """In the tool and in the mail: the date that the event carries, as the reader's language writes it."""
    told = next(told for told in TOLD if told.event is PaymentDue)
    people(identity, told.event.write(told.event.read(told.event.example)), language)
    identity.room.hear(example(told))
    with identity.room.frame.sessions() as session:
        texts = [of_notice(language, notice).text for notice in session.scalars(select(Notice))] + [*session.scalars(select(Mail.text))]
    assert texts and all(says in text and "10 days" not in text for text in texts)


def test_notices_are_read_in_the_language_of_the_account_or_in_the_one_that_is_asked_for(identity: IdentityRoom) -> None:
    """Whenever they were written: who changes the language reads the old ones in it, too; mails stay as they were sent."""
    fact, _ = submitted(identity, "one")
    identity.room.hear(fact)
    me = who(identity, "one")
    (english,) = identity.ask(ListNotices, me)["items"]
    assert (english["title"], english["page"]) == ("A registration waits for you", english["link"].removeprefix("/v1"))
    (asked,) = identity.ask(ListNotices, me, language="fr")["items"]
    assert asked["title"] == "Une inscription vous attend"
    mine = identity.ask(ReadMe, me)
    identity.room.ask(ChangeMe, me, language="fr", if_match=mine["version"])
    assert identity.ask(ListNotices, me)["items"] == [asked]
    assert identity.ask(ReadNotice, me, notice_id=asked["notice_id"])["text"] == asked["text"]


def test_mail_is_written_in_the_persons_language_and_leads_to_the_page(identity: IdentityRoom, relay: Relay) -> None:
    """From salutation to signature; its header names the language."""
    fact, _ = submitted(identity, "one", "two")
    me = who(identity, "two")
    identity.room.ask(ChangeMe, me, language="fr", if_match=identity.ask(ReadMe, me)["version"])
    relay.taken.clear()
    identity.room.hear(fact)
    identity.room.run_jobs()
    page = f"https://tool.example.org/registrations/{fact.data['participation_id']}"
    written = {to: message_from_string(content, policy=default) for to, content in relay.taken if "waits" in content or "attend" in content}
    said = {to: (mail["Content-Language"], mail["Subject"], mail.get_content()) for to, mail in written.items()}
    english, french = said["one@example.org"], said["two@example.org"]
    assert english[:2] == ("en", "A registration waits for you") and french[:2] == ("fr", "Une inscription vous attend")
    assert english[2].startswith("Dear Ms Last,") and french[2].startswith("Bonjour Mme Last,")
    assert page in english[2] and page in french[2] and "/v1/" not in english[2] + french[2]
    assert "You get this mail" in english[2] and "Vous recevez ce courriel" in french[2] and "You get" not in french[2]


def test_table_tells_of_each_event_once() -> None:
    """Two lines for one event would be two listeners of one name."""
    slugs = [told.event.slug() for told in TOLD]
    assert len(set(slugs)) == len(slugs)
    assert all("identity" in told.event.heard_by for told in TOLD)


def submitted(identity: IdentityRoom, *desk: str) -> tuple[Fact, dict[str, UUID]]:
    """A registration submitted to a partnership with these contact points."""
    party: dict[str, Any] = Party.read(Party.example)
    found = {name: identity.account(name, ("registrations", party["partnership_id"])) for name in desk}
    return RegistrationSubmitted.of(uuid4(), **party), found


def who(identity: IdentityRoom, name: str) -> Any:
    """The person of that name, logged in."""
    return identity.principal(identity.log_in(name))


def test_person_who_did_it_is_not_told(identity: IdentityRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are."""
    fact, desk = submitted(identity, "one", "two")
    from services.identity import telling

    told = next(told for told in telling.REGISTRY if told.event is RegistrationSubmitted)
    from chassis.bare.message import Heard

    heard = Heard(uuid4(), fact.type, fact.subject, 1, A_MONDAY, f"person:{desk['one']}", RegistrationSubmitted.read(fact.data))
    with identity.room.unit() as unit:
        assert [account.id for account in told.recipients(unit, heard)] == [desk["two"]]


SIDES = {"visitor": ("representative", "visitor.organisation_id"), "host": ("representative", "host.organisation_id"),
         "desk": ("agreements", "visitor.partnership_id"), "office": ("support_officer", None)}  # fmt: skip


ELSEWHERE = Party.example | {"organisation_id": str(uuid4()), "partnership_id": str(uuid4())}
"""Another party than the visitor."""


@pytest.mark.parametrize(
    ("event", "says", "told"),
    [
        (ArrivalReminded, {"escalated": False}, {"host", "desk"}),
        (ArrivalReminded, {"escalated": True}, {"host", "desk", "office"}),
        (ReportReminded, {"overdue": False, "escalated": False}, {"visitor"}),
        (ReportReminded, {"overdue": True, "escalated": False}, {"visitor", "desk"}),
        (ReportReminded, {"overdue": True, "escalated": True}, {"visitor", "desk", "office"}),
        (EvidenceReminded, {"overdue": False, "host": ELSEWHERE}, {"visitor"}),
        (EvidenceReminded, {"overdue": True, "host": ELSEWHERE}, {"visitor", "desk"}),
    ],
)
def test_silence_is_reminded_before_it_reaches_the_support_office(
    identity: IdentityRoom, event: Any, says: dict[str, Any], told: set[str]
) -> None:
    """First those who can act, then who takes care of them, last the support office."""
    data = event.read(event.example | says)
    for name, (role, place) in SIDES.items():
        side, _, key = (place or "").partition(".")
        identity.account(name, (role, data[side][key] if place else None))
    identity.room.hear(event.of(uuid4(), **data))
    assert {name for name in SIDES if identity.ask(ListNotices, who(identity, name))["items"]} == told


def test_support_office_hears_of_a_proposal_only_where_there_is_no_other_paying_officer(identity: IdentityRoom) -> None:
    """With two, the second of them is told, and nobody else."""
    proposed = PaymentProposed.of(uuid4(), **PaymentProposed.read(PaymentProposed.example))
    place = UUID(proposed.data["visitor"]["partnership_id"])
    for name, role in (("one", ("finance", place)), ("office", ("support_officer", None))):
        identity.account(name, role)
    told = lambda *names: [len(identity.ask(ListNotices, who(identity, name))["items"]) for name in names]  # noqa: E731
    identity.room.hear(proposed)
    assert told("one", "office") == [1, 1]
    identity.account("two", ("finance", place))
    identity.room.hear(proposed)
    assert told("one", "two", "office") == [2, 1, 1]


def test_role_taken_back_is_told_nothing_more(identity: IdentityRoom) -> None:
    """Nor is a contact point of another partnership, or with another permission."""
    fact, _ = submitted(identity, "one")
    identity.account("elsewhere", ("registrations", uuid4()))
    identity.account("finance", ("finance", UUID(fact.data["partnership_id"])))
    identity.room.hear(fact)
    assert [len(identity.ask(ListNotices, who(identity, name))["items"]) for name in ("one", "elsewhere", "finance")] == [1, 0, 0]


def test_notices_are_mine_the_newest_first_page_by_page(identity: IdentityRoom) -> None:
    """With the number not read yet, which no page changes."""
    fact, _ = submitted(identity, "one")
    for _ in range(5):
        identity.room.clock.advance(minutes=1)
        identity.room.hear(fact)
    me, seen, after = who(identity, "one"), [], None
    while True:
        page = identity.ask(ListNotices, me, limit=2, after=after)
        assert page["unread"] == 5
        seen += page["items"]
        if (after := page["next"]) is None:
            break
    assert len({notice["notice_id"] for notice in seen}) == 5
    assert [notice["at"] for notice in seen] == sorted((notice["at"] for notice in seen), reverse=True)


def test_notice_is_read_once_and_found_by_that(identity: IdentityRoom) -> None:
    """Reading again changes nothing."""
    fact, _ = submitted(identity, "one")
    for _ in range(3):
        identity.room.hear(fact)
    me = who(identity, "one")
    first = identity.ask(ListNotices, me)["items"][0]
    waiting = identity.ask(ReadMe, me)["unread_notices"]
    read = identity.ask(ReadNotice, me, notice_id=first["notice_id"])
    assert identity.ask(ReadMe, me)["unread_notices"] == waiting - 1
    assert first["read_at"] is None and identity.ask(ReadNotice, me, notice_id=first["notice_id"]) == read
    assert len(identity.ask(ListNotices, me, unread=True)["items"]) == identity.ask(ListNotices, me)["unread"] == 2
    assert [each["notice_id"] for each in identity.ask(ListNotices, me, unread=False)["items"]] == [first["notice_id"]]


def test_notices_are_found_by_their_event(identity: IdentityRoom) -> None:
    """`type` filters."""
    fact, desk = submitted(identity, "one")
    identity.room.hear(fact)
    identity.room.hear(RegistrationReturned.of(uuid4(), **(Party.read(Party.example) | {"person_id": desk["one"]})))
    me = who(identity, "one")
    assert [each["type"] for each in identity.ask(ListNotices, me, type="registration_returned")["items"]] == ["registration_returned"]


def test_anothers_notice_is_not_there(identity: IdentityRoom) -> None:
    """Neither in the list nor by its id, not even for an administrator."""
    fact, _ = submitted(identity, "one")
    identity.room.hear(fact)
    notice = identity.ask(ListNotices, who(identity, "one"))["items"][0]["notice_id"]
    for other in (person(), person(("administrator", None)), person(("support_officer", None))):
        assert identity.ask(ListNotices, other)["items"] == []
        with pytest.raises(NoticeNotFound):
            identity.ask(ReadNotice, other, notice_id=notice)
    with pytest.raises(LogInRequired):
        identity.ask(ListNotices)
