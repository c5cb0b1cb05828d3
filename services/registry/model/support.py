"""The support office's queries and its frequently asked questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Fact, new_id
from chassis.bare.principal import PERSON, Principal
from chassis.bare.tables import Versioned
from contracts.registry import FaqNotFound, MailAddressNeeded, QueryAnswered, QueryClosed, QueryReceived
from services.registry.model.base import ENQUIRY, Base, personal

QUERY = Lifecycle(
    "query",
    "received",
    move("answer_with", "received answered", "answered", "support_officer"),
    move("close", "received answered", "closed", "support_officer"),
)

KEPT = "until 2 years after the answer"


class SupportQuery(Versioned, Base):
    """A question somebody sent; without an account it carries the name and address to answer to."""

    __tablename__ = "support_query"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID | None] = mapped_column(index=True, info=personal("showing people their queries", ENQUIRY, KEPT))
    name: Mapped[str | None] = mapped_column(String(200), info=personal("addressing the answer", ENQUIRY, KEPT))
    e_mail: Mapped[str | None] = mapped_column(String(254), info=personal("sending the answer", ENQUIRY, KEPT))
    subject: Mapped[str] = mapped_column(String(200), info=personal("understanding the question", ENQUIRY, KEPT))
    language: Mapped[str] = mapped_column(String(8))
    question: Mapped[str] = mapped_column(info=personal("understanding the question", ENQUIRY, KEPT))
    answer: Mapped[str | None] = mapped_column(info=personal("answering the question", ENQUIRY, KEPT))
    state: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    @classmethod
    def send(cls, by: Principal, content: Mapping[str, Any], at: datetime) -> tuple[SupportQuery, Fact]:
        """A new query; raises MailAddressNeeded where nobody could be answered."""
        person = by.person if by.kind == PERSON else None
        if person is None and not (content["name"] and content["e_mail"]):
            raise MailAddressNeeded
        query = cls(id=new_id(), person_id=person, state=QUERY.initial, received_at=at, **content)
        return query, query._fact(QueryReceived)

    def roles_of(self, who: Principal) -> set[str]:
        """In which of the lifecycle's roles this principal stands to the query."""
        return {"support_officer"} if who.has("support_officer") else set()

    def answer_with(self, by: Principal, words: str, at: datetime) -> Fact:
        """Answer it, or correct the answer."""
        self.state = QUERY.after(self.state, "answer_with", self.roles_of(by))
        self.answer, self.answered_at = words, at
        return self._fact(QueryAnswered)

    def close(self, by: Principal) -> Fact:
        """Close it: it needs no answer, or none any more."""
        self.state = QUERY.after(self.state, "close", self.roles_of(by))
        return self._fact(QueryClosed)

    @property
    def telling(self) -> list[str]:
        """What the person is known by here, and hardly anybody else."""
        return [text for text in (self.name, self.e_mail) if text]

    @property
    def known(self) -> list[str]:
        """What the person wrote, and was answered."""
        return [text for text in (self.subject, self.question, self.answer) if text]

    def forget_person(self) -> None:
        """The person is erased: forget who asked and what; that there was a query stays."""
        self.name = self.e_mail = self.answer = None
        self.subject = self.question = ""

    def _fact(self, event: type[QueryReceived]) -> Fact:
        return event.of(self.id, query_id=self.id)


class Faq(Versioned, Base):
    """A frequently asked question and its answer, in one language."""

    __tablename__ = "faq"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    question: Mapped[str] = mapped_column(String(500))
    answer: Mapped[str]
    language: Mapped[str] = mapped_column(String(2))
    published: Mapped[bool]
    position: Mapped[int]
    changed_at: Mapped[datetime]

    def revise(self, content: Mapping[str, Any], at: datetime) -> None:
        """Take over what the content names."""
        for name, value in content.items():
            setattr(self, name, value)
        self.changed_at = at


def placed(faqs: Sequence[UUID], faq: UUID, before: UUID | None) -> list[UUID]:
    """The questions of a language in their new order: one of them before another, or last; raises FaqNotFound where the other is none of them."""
    others = [each for each in faqs if each != faq]
    if before == faq:
        return list(faqs)
    if before is not None and before not in others:
        raise FaqNotFound
    at = len(others) if before is None else others.index(before)
    return [*others[:at], faq, *others[at:]]
