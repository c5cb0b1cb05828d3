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
from services.identity.mail import PostOffice, public_address
from services.identity.model import Account, Mail, Notice
from services.identity.post import mail_to, post, post_all, post_to
from services.identity.telling import TOLD, Told
from services.identity.words import Words, days_named, of_mail, of_notice, page_of

ANSWERED = Told(QueryAnswered, (), "/v1/queries/{query_id}")
QUERY_CLOSED = Told(QueryClosed, (), ANSWERED.link)


class NoticeDoors:
    """What people are told, in the tool and by mail."""

    unit = Units()
    ask = Calls()

    @answers(ListNotices)
    def list_notices(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """My notices."""
        with self.unit() as unit:
            language = request["language"] or queries.language_of(unit, who.person)
            page = queries.notices(unit, who, request)
            return unit.reply(page | {"items": [_shown(language, each) for each in page["items"]]})

    @answers(ReadNotice)
    def read_notice(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Mark one as read."""
        with self.unit() as unit:
            notice = queries.notice(unit, who, request["notice_id"])
            notice.read(unit.now)
            return unit.reply(_shown(queries.account(unit, who.person).language, notice))

    @listens(QueryAnswered)
    def mail_answer(self, event: Heard) -> None:
        """Mail the support office's answer to whoever asked."""
        self._tell_sender(ANSWERED, event)

    @listens(QueryClosed)
    def mail_closure(self, event: Heard) -> None:
        """Tell whoever asked that nothing more will come."""
        self._tell_sender(QUERY_CLOSED, event)

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

    def _tell_sender(self, told: Told, event: Heard) -> None:
        """By mail, with an account or without; with one in the tool, too."""
        query = self.ask(ReadQueryForMail, query_id=event.data["query_id"])
        said = {name: query[name] or "" for name in ("subject", "question", "answer")}
        with self.unit() as unit:
            if query["e_mail"]:
                post(unit, query["e_mail"], query["language"], of_mail(query["language"], event.type, **said))
            recipients = queries.accounts(unit, [UUID(query["person_id"])] if query["person_id"] else [])
            unit.announce(_written(event, recipients))
            for account in recipients:
                unit.session.add(_notice(told, event, account))
                post_to(unit, account, of_mail(account.language, event.type, **said))


def teller(told: Told) -> Callable[[Any, Heard], None]:
    """The listener that writes one event's notices."""

    def tell(self: Any, event: Heard) -> None:
        with self.unit() as unit:
            recipients = told.recipients(unit, event)
            notices = [_notice(told, event, account) for account in recipients]
            unit.session.add_all(notices)
            unit.announce(_written(event, recipients))
            post_all(unit, [_mail(unit, notice, account) for notice, account in zip(notices, recipients, strict=True)])

    tell.__name__ = f"tell_{told.event.slug()}"
    tell.__doc__ = f"Tell whom it concerns: {told.event.description()}"
    return tell


for _told in TOLD:
    setattr(NoticeDoors, f"tell_{_told.event.slug()}", listens(_told.event)(teller(_told)))


def _written(event: Heard, to: list[Account]) -> list[Fact]:
    """The fact that pages of these persons go by: a notice can be read once it is written, not once its event is heard."""
    return [NoticesWritten.of(event.id, person_ids=[account.id for account in to])] if to else []


def _notice(told: Told, event: Heard, account: Account) -> Notice:
    return Notice(
        id=new_id(), person_id=account.id, event_id=event.id, at=event.at, type=event.type, days=days_named(event.type, event.data),
        link=told.link.format(**event.data),
    )  # fmt: skip


def _mail(unit: Unit, notice: Notice, account: Account) -> Mail:
    words = of_notice(account.language, notice)
    # To the page, not to the API: who reads a mail has a browser.
    return mail_to(unit, account, Words(words.title, f"{words.text}\n\n{public_address()}{page_of(notice.link)}"))


def _shown(language: str, notice: Notice) -> dict[str, Any]:
    words = of_notice(language, notice)
    return {
        "id": notice.id, "at": notice.at, "type": notice.type, "title": words.title, "text": words.text, "link": notice.link,
        "page": page_of(notice.link), "read_at": notice.read_at,
    }  # fmt: skip
