"""Mails: sent once by the worker, later when the relay is away, and never to whom it refuses."""

from __future__ import annotations

from email import message_from_string
from email.header import decode_header, make_header
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from chassis.bare import crash_points
from chassis.bare.message import real_now
from chassis.bare.tables import JobRow
from contracts.registry.events import QueryAnswered, QueryClosed, QueryReceived, RegistrationSubmitted
from contracts.registry.support import ReadQueryForMail
from contracts.words import Party
from services.identity.model import Mail
from tests.identity.conftest import IdentityRoom, Relay


def come_again(identity: IdentityRoom) -> None:
    """Let the next try's time come."""
    with identity.room.engine.begin() as connection:
        connection.execute(update(JobRow).values(next_try_at=real_now()))


def jobs(identity: IdentityRoom) -> list[str]:
    """The jobs' states."""
    with identity.room.frame.sessions() as session:
        return sorted(session.scalars(select(JobRow.state)))


def one_id(relay: Relay) -> str:
    """The Message-ID that everything taken has in common."""
    (found,) = {message_from_string(content)["Message-ID"] for _, content in relay.taken}
    return str(found)


def test_mail_is_sent_once_by_the_worker(identity: IdentityRoom, relay: Relay) -> None:
    """After its unit committed; with its link, and a header that says nobody typed it."""
    identity.create()
    assert relay.taken == []
    identity.room.run_jobs()
    come_again(identity)
    identity.room.run_jobs()
    ((to, content),) = relay.taken
    message = message_from_string(content)
    assert (to, message["Subject"], message["Auto-Submitted"]) == ("textile@example.org", "Please confirm your account", "auto-generated")
    assert identity.secret("textile@example.org") in content.replace("=\n", "").replace("=3D", "=")
    assert identity.mails()[0].sent_at == identity.room.clock.now() and jobs(identity) == ["done"]


def test_mail_whose_sending_was_cut_off_comes_again_under_the_same_id(identity: IdentityRoom, relay: Relay) -> None:
    """Between the relay that took it and the note of that lies a moment: a mail cannot be unsent, but known as the one that came."""
    identity.create()
    ends = ["unit.before_commit"]

    def cut(point: str, door: str) -> None:
        if door == "job:mails_queued" and point in ends:
            ends.remove(point)
            raise InterruptedError(point)

    crash_points.arm(cut)
    try:
        for _ in range(2):
            identity.room.run_jobs()
            come_again(identity)
    finally:
        crash_points._told.remove(cut)
    assert len(relay.taken) == 2 and one_id(relay) == f"<{identity.mails()[0].id}@tool.example.org>"
    assert identity.mails()[0].sent_at == identity.room.clock.now() and jobs(identity) == ["done"]


def test_mail_has_one_id_however_often_its_worker_ends(identity: IdentityRoom, relay: Relay) -> None:
    """That of its row; whoever gets it twice can tell."""
    identity.create()
    identity.room.run_jobs()
    assert one_id(relay) == f"<{identity.mails()[0].id}@tool.example.org>"


def test_relay_that_is_away_is_tried_until_it_is_back(identity: IdentityRoom, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long that takes: nothing is given up."""
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    identity.create()
    for _ in range(20):
        identity.room.run_jobs()
        come_again(identity)
    assert jobs(identity) == ["queued"] and identity.mails()[0].is_open
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{relay.port}")
    identity.room.run_jobs()
    assert [to for to, _ in relay.taken] == ["textile@example.org"] and jobs(identity) == ["done"]


def test_address_that_is_refused_for_good_is_noted(identity: IdentityRoom, relay: Relay) -> None:
    """And not tried again."""
    relay.answers["textile@example.org"] = "550 no such mailbox"
    identity.create()
    identity.room.run_jobs()
    come_again(identity)
    identity.room.run_jobs()
    (mail,) = identity.mails()
    assert (mail.refused, mail.sent_at, relay.taken, jobs(identity)) == ("no such mailbox", None, [], ["done"])


def test_address_that_is_refused_for_now_is_tried_later(identity: IdentityRoom, relay: Relay) -> None:
    """A full mailbox, a grey list."""
    relay.answers["textile@example.org"] = "450 come again"
    identity.create()
    identity.room.run_jobs()
    assert jobs(identity) == ["queued"] and identity.mails()[0].is_open
    relay.answers.clear()
    come_again(identity)
    identity.room.run_jobs()
    assert len(relay.taken) == 1 and identity.mails()[0].sent_at


def test_one_recipient_in_trouble_has_nobody_elses_mail_sent_again(identity: IdentityRoom, relay: Relay) -> None:
    """Each mail is a piece of work of its own."""
    party: dict[str, Any] = Party.read(Party.example)
    for name in ("one", "two", "three"):
        identity.account(name, ("registrations", party["partnership_id"]))
    identity.room.run_jobs()
    relay.taken.clear()
    relay.answers["two@example.org"] = "450 come again"
    identity.room.hear(RegistrationSubmitted.of(uuid4(), **party))
    for _ in range(3):
        identity.room.run_jobs()
        come_again(identity)
    assert sorted(to for to, _ in relay.taken) == ["one@example.org", "three@example.org"]


def answered(identity: IdentityRoom, event: type[QueryReceived] = QueryAnswered, **query: Any) -> UUID:
    """Hear that a query was answered, or closed; registry says what it was."""
    query_id = uuid4()
    said = {
        "id": query_id,
        "person_id": None,
        "e_mail": None,
        "subject": "Dates",
        "question": "When?",
        "answer": "Soon.",
        "language": "en",
    } | query
    identity.room.answers_from({ReadQueryForMail: lambda who, request: said})
    identity.room.hear(event.of(query_id, query_id=query_id))
    return query_id


def test_answer_to_a_query_goes_to_a_bare_address(identity: IdentityRoom, relay: Relay) -> None:
    """Somebody without an account asked."""
    answered(identity, e_mail="reader@example.org", subject="Größe\u2028Bcc: all@example.org")
    identity.room.run_jobs()
    ((to, content),) = relay.taken
    subject = str(make_header(decode_header(message_from_string(content)["Subject"])))
    assert (to, subject) == ("reader@example.org", "Answer: Größe Bcc: all@example.org")
    assert "When?" in content and "Soon." in content


def test_answer_to_a_query_of_somebody_with_an_account_goes_to_its_address(identity: IdentityRoom, relay: Relay) -> None:
    """Registry knows the person only; identity knows the address, and tells in the tool too."""
    person_id = identity.account()
    query_id = answered(identity, person_id=person_id)
    mail = identity.mails()[-1]
    assert (mail.e_mail, mail.title, mail.person_id) == ("textile@example.org", "Answer: Dates", person_id)
    from contracts.identity.notices import ListNotices

    (notice,) = identity.ask(ListNotices, identity.principal(identity.log_in()))["items"]
    assert (notice["type"], notice["link"]) == ("query_answered", f"/v1/queries/{query_id}")


def test_closing_a_query_is_told_to_a_bare_address(identity: IdentityRoom, relay: Relay) -> None:
    """Whoever waits for an answer learns that none will come."""
    answered(identity, QueryClosed, e_mail="reader@example.org", answer=None)
    identity.room.run_jobs()
    ((to, content),) = relay.taken
    assert to == "reader@example.org" and "Subject: Closed: Dates" in content
    assert "When?" in content and "closed your query" in content and "None" not in content


def test_closing_a_query_is_told_to_somebody_with_an_account_in_the_tool_too(identity: IdentityRoom, relay: Relay) -> None:
    """One mail and one notice, with the link to the query."""
    person_id = identity.account()
    query_id = answered(identity, QueryClosed, person_id=person_id)
    mail = identity.mails()[-1]
    assert (mail.e_mail, mail.title, mail.person_id) == ("textile@example.org", "Closed: Dates", person_id)
    from contracts.identity.notices import ListNotices

    (notice,) = identity.ask(ListNotices, identity.principal(identity.log_in()))["items"]
    assert (notice["type"], notice["link"]) == ("query_closed", f"/v1/queries/{query_id}")


def test_mail_that_was_sent_is_not_open(identity: IdentityRoom, relay: Relay) -> None:
    """A job that comes again finds nothing to send."""
    identity.create()
    identity.room.run_jobs()
    with identity.room.engine.begin() as connection:
        connection.execute(update(JobRow).values(finished_at=None, state="queued", next_try_at=real_now()))
    identity.room.run_jobs()
    assert len(relay.taken) == 1
    with identity.room.frame.sessions() as session:
        assert [mail.is_open for mail in session.scalars(select(Mail))] == [False]


def test_answer_to_a_query_is_mailed_in_the_language_of_whoever_asked(identity: IdentityRoom, relay: Relay) -> None:
    """Without an account in that of the page it was asked on; what both wrote stays as they wrote it."""
    answered(identity, e_mail="reader@example.org", language="fr")
    mail = identity.mails()[-1]
    assert (mail.title, mail.language) == ("Réponse : Dates", "fr")
    assert mail.text == "Votre question :\n\nWhen?\n\nLa réponse du bureau d’assistance :\n\nSoon."
