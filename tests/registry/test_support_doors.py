"""The support office: queries with and without an account, answers, frequently asked questions."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from chassis.bare.principal import service
from chassis.bare.refusals import Forbidden, IfMatchRequired, InvalidFields, MoveNotAllowed, NotFound, StaleVersion
from contracts.registry import (
    AnswerQuery,
    CloseQuery,
    CreateFaq,
    FaqNotFound,
    ListFaqs,
    ListQueries,
    MailAddressNeeded,
    PlaceFaq,
    QueryNotFound,
    ReadFaq,
    ReadQuery,
    ReadQueryForMail,
    ReviseFaq,
    SendQuery,
)
from tests.builders import administrator, auditor, contact_point, person, support_officer
from tests.registry.conftest import Scene

QUESTION: dict[str, Any] = {"subject": "May a university host?", "question": "We are a technology centre.\nMay we host?"}
SENDER: dict[str, Any] = {"name": "A visitor of the page", "e_mail": "person@cluster.example"}


def test_a_query_without_an_account_is_answered_by_mail(scene: Scene) -> None:
    """The receipt carries the number; the mail's words are read by services; facts carry the id only."""
    sent = scene.room.ask(SendQuery, **QUESTION, **SENDER, language="fr")
    officer = support_officer()
    listed = scene.room.ask(ListQueries, officer, state=["received"])["items"]
    assert scene.room.ask(ListQueries, officer, text="technology HOST")["items"] == listed
    assert scene.room.ask(ListQueries, officer, text="technology visit")["items"] == []
    assert [(each["query_id"], each["moves"]) for each in listed] == [(sent["query_id"], ["answer_with", "close"])]
    scene.room.ask(AnswerQuery, officer, if_match=1, query_id=sent["query_id"], answer="Yes.")
    mail = scene.room.ask(ReadQueryForMail, service("identity"), query_id=sent["query_id"])
    assert (mail["e_mail"], mail["answer"], mail["person_id"], mail["language"]) == (SENDER["e_mail"], "Yes.", None, "fr")
    assert [fact.data for fact in scene.room.facts("query_answered")] == [{"query_id": sent["query_id"]}]


def test_a_query_with_an_account_is_read_by_its_sender(scene: Scene) -> None:
    """The sender reads the answer; nobody else finds the query."""
    sender = person()
    sent = scene.room.ask(SendQuery, sender, **QUESTION)
    scene.room.ask(AnswerQuery, support_officer(), if_match=1, query_id=sent["query_id"], answer="Yes.")
    assert scene.room.ask(ReadQuery, sender, query_id=sent["query_id"])["answer"] == "Yes."
    assert scene.room.ask(ReadQueryForMail, service("identity"), query_id=sent["query_id"])["person_id"] == sender.id
    for who in (person(), contact_point(scene.partnership_id), auditor(), administrator()):
        with pytest.raises(QueryNotFound):
            scene.room.ask(ReadQuery, who, query_id=sent["query_id"])
        assert scene.room.ask(ListQueries, who)["items"] == []
    with pytest.raises(NotFound):
        scene.room.ask(ReadQueryForMail, support_officer(), query_id=sent["query_id"])


def test_queries_are_listed_the_newest_first_or_those_that_wait_longest(scene: Scene) -> None:
    """Page by page in either order."""
    sent = []
    for number in range(3):
        scene.room.clock.advance(minutes=1)
        sent.append(scene.room.ask(SendQuery, person(), **QUESTION | {"subject": f"Number {number}"})["query_id"])
    of = lambda **asked: [each["query_id"] for each in scene.room.page_by_page(ListQueries, support_officer(), **asked)]  # noqa: E731
    assert of(order="oldest") == sent == of()[::-1]


@pytest.mark.parametrize("sender", [{}, {"name": "Somebody"}, {"e_mail": "person@cluster.example"}])
def test_a_query_that_nobody_could_be_answered_is_refused(scene: Scene, sender: dict[str, Any]) -> None:
    """Without an account, name and address are needed."""
    with pytest.raises(MailAddressNeeded):
        scene.room.ask(SendQuery, **QUESTION, **sender)


def test_a_query_with_a_forged_header_is_refused(scene: Scene) -> None:
    """A line break in a one-line field is no text."""
    with pytest.raises(InvalidFields):
        scene.room.ask(SendQuery, **QUESTION | {"subject": "Hello\nBcc: all@cluster.example"}, **SENDER)


def test_only_the_support_office_answers_and_closes(scene: Scene) -> None:
    """Others are refused; a closed query stays closed; unknown ones are not found."""
    sent = scene.room.ask(SendQuery, **QUESTION, **SENDER)
    for who in (person(), administrator(), scene.checker):
        with pytest.raises(Forbidden):
            scene.room.ask(AnswerQuery, who, if_match=1, query_id=sent["query_id"], answer="No.")
        with pytest.raises(Forbidden):
            scene.room.ask(CloseQuery, who, query_id=sent["query_id"])
    assert scene.room.ask(CloseQuery, support_officer(), query_id=sent["query_id"])["moves"] == []
    with pytest.raises(MoveNotAllowed):
        scene.room.ask(AnswerQuery, support_officer(), if_match=2, query_id=sent["query_id"], answer="Yes.")
    with pytest.raises(QueryNotFound):
        scene.room.ask(CloseQuery, support_officer(), query_id=uuid4())


def test_a_second_answer_takes_the_place_of_one_that_was_read(scene: Scene) -> None:
    """Two officers answer at once: the second has to read the first one's answer, and nobody is mailed twice unseen."""
    sent, officer = scene.room.ask(SendQuery, person(), **QUESTION), support_officer()
    about = {"query_id": sent["query_id"]}
    read = scene.room.ask(ReadQuery, officer, **about)["version"]
    with pytest.raises(IfMatchRequired):
        scene.room.ask(AnswerQuery, officer, answer="Yes.", **about)
    scene.room.ask(AnswerQuery, support_officer(), if_match=read, answer="No.", **about)
    with pytest.raises(StaleVersion):
        scene.room.ask(AnswerQuery, officer, if_match=read, answer="Yes.", **about)
    assert len(scene.room.facts("query_answered")) == 1
    answered = scene.room.ask(ReadQuery, officer, **about)
    corrected = scene.room.ask(AnswerQuery, officer, if_match=answered["version"], answer="No, but a centre may.", **about)
    assert (answered["answer"], corrected["answer"]) == ("No.", "No, but a centre may.")


def faq(scene: Scene, question: str, **fields: Any) -> dict[str, Any]:
    """A frequently asked question."""
    return scene.room.ask(CreateFaq, support_officer(), question=question, answer="Log in and open your registration.", **fields)


def test_frequently_asked_questions_are_public_searched_and_most_recent_first(scene: Scene) -> None:
    """Every word must be found in question or answer; signs that mean something to a database mean themselves."""
    faq(scene, "How do I update my profile?")
    scene.room.clock.advance(hours=1)
    faq(scene, "How do I get a new password?")
    faq(scene, "Comment m'inscrire ?", language="fr")

    def found(**fields: Any) -> list[str]:
        return [each["question"] for each in scene.room.ask(ListFaqs, **fields)["items"]]

    assert found(language="en") == ["How do I get a new password?", "How do I update my profile?"]
    assert found(search="profile OPEN") == ["How do I update my profile?"]
    assert found(search="100%") == found(search="_") == []


def test_an_unpublished_question_is_the_support_offices_alone(scene: Scene) -> None:
    """Not listed, not found; the support office still reads and publishes it."""
    made = faq(scene, "A draft?", published=False)
    assert scene.room.ask(ListFaqs)["items"] == []
    with pytest.raises(FaqNotFound):
        scene.room.ask(ReadFaq, person(), faq_id=made["faq_id"])
    assert len(scene.room.ask(ListFaqs, support_officer())["items"]) == 1
    changed = scene.room.ask(ReviseFaq, support_officer(), if_match=1, faq_id=made["faq_id"], published=True)
    assert (changed["version"], scene.room.ask(ReadFaq, faq_id=made["faq_id"])["published"]) == (2, True)


def test_frequently_asked_questions_stand_as_they_were_put(scene: Scene) -> None:
    """Each language has its own order; a new one comes last; words and version of none change by it."""
    one, two, three = (faq(scene, f"Question {number}?") for number in (1, 2, 3))
    french = faq(scene, "Question ?", language="fr")
    assert [each["position"] for each in (one, two, three, french)] == [1, 2, 3, 1]

    def given() -> list[str]:
        return [each["question"][9] for each in scene.room.ask(ListFaqs, language="en", order="given")["items"]]

    assert given() == ["1", "2", "3"]
    placed = scene.room.ask(PlaceFaq, administrator(), faq_id=three["faq_id"], before=one["faq_id"])
    assert (given(), placed["position"], placed["version"], placed["changed_at"]) == (["3", "1", "2"], 1, 1, three["changed_at"])
    scene.room.ask(PlaceFaq, support_officer(), faq_id=three["faq_id"], before=None)
    scene.room.ask(PlaceFaq, support_officer(), faq_id=two["faq_id"], before=two["faq_id"])
    assert given() == ["1", "2", "3"]
    assert [each["question"] for each in scene.room.ask(ListFaqs, order="given")["items"]][-1] == "Question ?"
    assert len(scene.room.page_by_page(ListFaqs, order="given")) == 4


def test_a_question_is_placed_among_its_language_by_the_offices_alone(scene: Scene) -> None:
    """Not before one of another language, not before one that there is not, not by anybody; translated, it comes last there."""
    english, french = faq(scene, "How?"), faq(scene, "Comment ?", language="fr")
    for before in (french["faq_id"], uuid4()):
        with pytest.raises(FaqNotFound):
            scene.room.ask(PlaceFaq, support_officer(), faq_id=english["faq_id"], before=before)
    for who in (person(), auditor(), contact_point(scene.partnership_id)):
        with pytest.raises(Forbidden):
            scene.room.ask(PlaceFaq, who, faq_id=english["faq_id"], before=None)
    moved = scene.room.ask(ReviseFaq, support_officer(), if_match=1, faq_id=english["faq_id"], language="fr")
    assert (moved["position"], moved["version"]) == (2, 2)


def test_frequently_asked_questions_are_the_support_offices_to_change(scene: Scene) -> None:
    """Others are refused; an old version too."""
    made = faq(scene, "How?")
    for who in (person(), administrator()):
        with pytest.raises(Forbidden):
            scene.room.ask(CreateFaq, who, question="Q?", answer="A.")
        with pytest.raises(Forbidden):
            scene.room.ask(ReviseFaq, who, if_match=1, faq_id=made["faq_id"], answer="B.")
    scene.room.ask(ReviseFaq, support_officer(), if_match=1, faq_id=made["faq_id"], answer="B.")
    with pytest.raises(StaleVersion):
        scene.room.ask(ReviseFaq, support_officer(), if_match=1, faq_id=made["faq_id"], answer="C.")
