"""Doors of notices: one listener for every event people are told about, and the worker that sends the mails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from chassis.bare.message import Fact, Heard, new_id
from chassis.bare.principal import Principal
from chassis.running.calls import Calls
from chassis.running.doors import answers, listens, works
from chassis.running.occasions import Job
from chassis.running.unit import Unit, Units
from contracts.identity.events import MailsQueued, NoticesWritten
from contracts.identity.notices import ListNotices, ReadNotice
from contracts.registry.events import QueryAnswered, QueryClosed
from contracts.registry.support import ReadQueryForMail
from services.identity import queries
from services.identity.mail import PostOffice, letter, public_address
from services.identity.model import Account, Mail, Notice
from services.identity.post import post, post_all
from services.identity.telling import TOLD, Told

ANSWER = "You asked:\n\n{question}\n\nThe support office answers:\n\n{answer}"
CLOSED = "You asked:\n\n{question}\n\nThe support office closed your query. If anything is open, send another one."
ANSWERED = Told(QueryAnswered, (), "Your question was answered", "The support office answered what you asked.", "/v1/queries/{query_id}")
QUERY_CLOSED = Told(
    QueryClosed, (), "Your query was closed", "The support office closed it. If anything is open, send another one.", ANSWERED.link
)


class NoticeDoors:
    """What people are told, in the tool and by mail."""

    unit = Units()
    ask = Calls()

    @answers(ListNotices)
    def list_notices(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """My notices."""
        with self.unit() as unit:
            return unit.reply(queries.notices(unit, who, request))

    @answers(ReadNotice)
    def read_notice(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Mark one as read."""
        with self.unit() as unit:
            notice = queries.notice(unit, who, request["notice_id"])
            notice.read(unit.now)
            return unit.reply(notice)

    @listens(QueryAnswered)
    def mail_answer(self, event: Heard) -> None:
        """Mail the support office's answer to whoever asked."""
        self._tell_sender(ANSWERED, event, "Answer: {subject}", ANSWER)

    @listens(QueryClosed)
    def mail_closure(self, event: Heard) -> None:
        """Tell whoever asked that nothing more will come."""
        self._tell_sender(QUERY_CLOSED, event, "Closed: {subject}", CLOSED)

    @works(MailsQueued)
    def send_mails(self, job: Job) -> None:
        """Hand the mails to the relay; what it refuses for good is noted, anything else is tried again."""
        with self.unit(reading=True) as unit:
            mails = queries.open_mails(unit, job.data["mail_ids"])
        with PostOffice() as office:
            refused = {mail.id: office.send(mail) for mail in mails}
        with self.unit() as unit:
            for mail in queries.open_mails(unit, list(refused)):
                mail.close(refused[mail.id], unit.now)

    def _tell_sender(self, told: Told, event: Heard, title: str, text: str) -> None:
        """By mail, with an account or without; with one in the tool, too."""
        query = self.ask(ReadQueryForMail, query_id=event.data["query_id"])
        title, text = title.format(**query)[:200], text.format(**query)
        with self.unit() as unit:
            if query["e_mail"]:
                post(unit, query["e_mail"], title, text)
            recipients = queries.accounts(unit, [UUID(query["person_id"])] if query["person_id"] else [])
            unit.announce(_written(event, recipients))
            for account in recipients:
                unit.session.add(_notice(told, event, account, told.link.format(**event.data)))
                post(unit, account.e_mail, title, letter(account, text), person_id=account.id)


def teller(told: Told) -> Callable[[Any, Heard], None]:
    """The listener that writes one event's notices."""

    def tell(self: Any, event: Heard) -> None:
        with self.unit() as unit:
            link = told.link.format(**event.data)
            recipients = told.recipients(unit, event)
            unit.session.add_all([_notice(told, event, account, link) for account in recipients])
            unit.announce(_written(event, recipients))
            post_all(unit, [_mail(unit, told.words(event), told.title, account, link) for account in recipients])

    tell.__name__ = f"tell_{told.event.slug()}"
    tell.__doc__ = f"Tell whom it concerns: {told.title}."
    return tell


for _told in TOLD:
    setattr(NoticeDoors, f"tell_{_told.event.slug()}", listens(_told.event)(teller(_told)))


def _written(event: Heard, to: list[Account]) -> list[Fact]:
    """The fact that pages of these persons go by: a notice can be read once it is written, not once its event is heard."""
    return [NoticesWritten.of(event.id, person_ids=[account.id for account in to])] if to else []


def _notice(told: Told, event: Heard, account: Account, link: str) -> Notice:
    return Notice(
        id=new_id(),
        person_id=account.id,
        event_id=event.id,
        at=event.at,
        type=event.type,
        title=told.title,
        text=told.words(event),
        link=link,
    )


def _mail(unit: Unit, words: str, title: str, account: Account, link: str) -> Mail:
    text = letter(account, f"{words}\n\n{public_address()}{link}")
    return Mail(id=new_id(), person_id=account.id, e_mail=account.e_mail, title=title, text=text, made_at=unit.now)
