"""Doors of the support office."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Unit, Units
from contracts.registry import (
    AnswerQuery,
    CloseQuery,
    CreateFaq,
    ListFaqs,
    ListPartnerships,
    ListQueries,
    ListRegistrations,
    PlaceFaq,
    ReadFaq,
    ReadQuery,
    ReadQueryForMail,
    ReviseFaq,
    SearchRegistry,
    SendQuery,
)
from services.registry.model import QUERY, Faq, SupportQuery
from services.registry.model.support import placed
from services.registry.queries import partnerships, registrations, support


class SupportDoors:
    """Queries with or without an account, and frequently asked questions."""

    unit = Units()

    @answers(SendQuery)
    def send_query(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Send a query."""
        with self.unit() as unit:
            query, fact = SupportQuery.send(by=who, content=request, at=unit.now)
            unit.session.add(query)
            unit.announce(fact)
            return unit.reply(query)

    @answers(ReadQuery)
    def read_query(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Read one."""
        with self.unit() as unit:
            return _reply(unit, support.query(unit, request["query_id"], seen_by=who), who)

    @answers(ListQueries)
    def list_queries(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """List those the person may see."""
        with self.unit() as unit:
            return unit.reply(_queries(unit, who, request))

    @answers(SearchRegistry)
    def search_registry(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The first of everything that has these words in it."""
        asked = {"text": request["text"], "limit": request["limit"]}
        with self.unit() as unit:
            return unit.reply(
                {
                    "registrations": registrations.registrations(unit, who, ListRegistrations.read(asked)),
                    "queries": _queries(unit, who, ListQueries.read(asked)),
                    "partnerships": partnerships.partnerships(unit, ListPartnerships.read(asked)),
                }
            )

    @answers(AnswerQuery)
    def answer_query(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one."""
        with self.unit() as unit:
            query = support.query(unit, request["query_id"], seen_by=who, to_change=True)
            unit.expect(query)
            unit.announce(query.answer_with(who, request["answer"], unit.now))
            return _reply(unit, query, who)

    @answers(CloseQuery)
    def close_query(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Close one."""
        with self.unit() as unit:
            query = support.query(unit, request["query_id"], seen_by=who, to_change=True)
            unit.announce(query.close(by=who))
            return _reply(unit, query, who)

    @answers(ReadQueryForMail)
    def read_query_for_mail(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """What the mail about a query says."""
        with self.unit() as unit:
            return unit.reply(support.query_for_mail(unit, request["query_id"]))

    @answers(CreateFaq)
    def create_faq(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Add a frequently asked question."""
        with self.unit() as unit:
            faq = Faq(**request, position=support.last_place(unit, request["language"]), changed_at=unit.now)
            unit.session.add(faq)
            return unit.reply(faq)

    @answers(ReviseFaq)
    def revise_faq(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Change one."""
        with self.unit() as unit:
            faq = support.faq(unit, request.pop("faq_id"), seen_by=who, to_change=True)
            unit.expect(faq)
            if request.get("language", faq.language) != faq.language:
                request["position"] = support.last_place(unit, request["language"])
            faq.revise(request, unit.now)
            return unit.reply(faq)

    @answers(PlaceFaq)
    def place_faq(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Put one in its place among those of its language."""
        with self.unit() as unit:
            faq = support.faq(unit, request["faq_id"], seen_by=who)
            support.number_faqs(unit, placed(support.faqs_in_order(unit, faq.language), faq.id, request["before"]))
            unit.session.refresh(faq)
            return unit.reply(faq)

    @answers(ReadFaq)
    def read_faq(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Read one."""
        with self.unit() as unit:
            return unit.reply(support.faq(unit, request["faq_id"], seen_by=who))

    @answers(ListFaqs)
    def list_faqs(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """List and search them."""
        with self.unit() as unit:
            return unit.reply(support.faqs(unit, who, request))


def _moves(query: SupportQuery, who: Principal) -> list[str]:
    return QUERY.open_moves(query.state, query.roles_of(who))


def _reply(unit: Unit, query: SupportQuery, who: Principal) -> dict[str, Any]:
    return unit.reply(query, moves=_moves(query, who))


def _queries(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    page = support.queries(unit, who, request)
    for each in page["items"]:
        each.moves = _moves(each, who)
    return page
