"""Conversations on a real database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text as sql

from chassis.bare.principal import Principal, service
from chassis.bare.refusals import InvalidFields, NotFound
from contracts.agreements.events import ExchangeCancelled, ExchangeOpened
from contracts.matching import (
    AcceptContact,
    CloseContact,
    ConfirmMatch,
    ConversationView,
    ListConversations,
    ListMessages,
    MarkRead,
    MessageView,
    ProposeMatch,
    ReadAttachment,
    ReadConversation,
    SendFile,
    SendMessage,
)
from contracts.matching.dossier import ReadExchangeConversation
from contracts.matching.refusals import (
    AttachmentNotFound,
    ConversationNotFound,
    ReadingOnly,
    SameTextToMany,
    TooManyAttachments,
    TooManyConversationsToday,
    WritingNotPossible,
)
from services.matching.model import conversation as model
from services.matching.queries import complaints, conversations
from tests.builders import auditor, contact_point, person, representative, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile
from tests.matching.test_room_matches import bring_in, follow

VISITOR_POINT, HOST_POINT = contact_point(an_id("visitor partnership")), contact_point(an_id("host partnership"))


def listed(matching: MatchingRoom, who: Principal, **filters: Any) -> list[dict[str, Any]]:
    """The conversations somebody sees."""
    found: list[dict[str, Any]] = matching.room.ask(ListConversations, who, **filters)["items"]
    return found


def say(matching: MatchingRoom, who: Principal, conversation_id: str, text: str = "Hello") -> dict[str, Any]:
    """Somebody writes."""
    return matching.room.ask(SendMessage, who, conversation_id=conversation_id, text=text)


def test_an_accepted_contact_has_a_conversation_of_its_two_sides(matching: MatchingRoom) -> None:
    """Both read and write; contact points do not see it, the support office reads without writing."""
    talk = matching.accepted()["conversation_id"]
    say(matching, visitor_person(), talk, "Would March suit you?")
    say(matching, host_person(), talk, "It would.")
    page = matching.room.ask(ListMessages, host_person(), conversation_id=talk, limit=1)
    assert [(each["number"], each["side"], each["text"]) for each in page["items"]] == [(2, "host", "It would.")]
    page = matching.room.ask(ListMessages, host_person(), conversation_id=talk, after=page["next"])
    assert [each["number"] for each in page["items"]] == [1]
    for who in (VISITOR_POINT, HOST_POINT, auditor(), person(), representative(an_id("stranger"))):
        for contract, fields in ((ReadConversation, {}), (ListMessages, {}), (SendMessage, {"text": "x"}), (MarkRead, {"number": 1})):
            with pytest.raises(ConversationNotFound):
                matching.room.ask(contract, who, conversation_id=talk, **fields)
        assert listed(matching, who) == []
    assert len(listed(matching, support_officer())) == 1
    with pytest.raises(ReadingOnly):
        say(matching, support_officer(), talk)


def test_a_message_is_announced_to_those_who_take_part(matching: MatchingRoom) -> None:
    """Ids alone; in an exchange's conversation both partnerships too."""
    contact = matching.matched()
    (of_exchange,) = listed(matching, visitor_person(), exchange_id=contact["exchange_id"])
    sent = say(matching, VISITOR_POINT, of_exchange["conversation_id"])
    (fact,) = matching.room.facts("message_sent")
    assert (fact.data["message_id"], fact.data["exchange_id"]) == (sent["message_id"], contact["exchange_id"])
    assert fact.data["from_person_id"] == VISITOR_POINT.id
    assert set(fact.data["partnership_ids"]) == {str(an_id("visitor partnership")), str(an_id("host partnership"))}
    assert fact.subject == f"conversation/{of_exchange['conversation_id']}"


def test_a_match_opens_the_exchanges_conversation_with_both_contact_points(matching: MatchingRoom) -> None:
    """All four sides write in it; auditors read; other partnerships find nothing."""
    contact = matching.matched()
    (talk,) = listed(matching, HOST_POINT)
    assert (talk["kind"], talk["exchange_id"]) == ("exchange", contact["exchange_id"])
    sides = [say(matching, who, talk["conversation_id"])["side"] for who in (visitor_person(), host_person(), VISITOR_POINT, HOST_POINT)]
    assert sides == ["visitor", "host", "visitor_partnership", "host_partnership"]
    assert matching.room.ask(ReadConversation, auditor(), conversation_id=talk["conversation_id"])["messages"] == 4
    with pytest.raises(ConversationNotFound):
        say(matching, contact_point(an_id("third partnership")), talk["conversation_id"])
    assert len(listed(matching, visitor_person(), contact_id=contact["contact_id"])) == 2


def test_the_dossier_is_told_an_exchanges_conversation_the_oldest_message_first(
    matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For services only; of very many messages the last ones, with their number. What the two wrote before is not of the exchange."""
    contact = matching.matched()
    (talk,) = listed(matching, HOST_POINT)
    say(matching, visitor_person(), contact["conversation_id"], "Between us")
    for number, who in enumerate((visitor_person(), HOST_POINT, VISITOR_POINT), 1):
        say(matching, who, talk["conversation_id"], f"Message {number}")
    about = {"exchange_id": contact["exchange_id"]}
    found = matching.room.ask(ReadExchangeConversation, service("agreements"), **about)
    assert [each["text"] for each in found["messages"]] == ["Message 1", "Message 2", "Message 3"]
    monkeypatch.setattr(conversations, "MOST_MESSAGES", 2)
    last = matching.room.ask(ReadExchangeConversation, service("agreements"), **about)
    assert (last["count"], [each["number"] for each in last["messages"]]) == (3, [2, 3])
    for who in (auditor(), support_officer(), HOST_POINT):
        with pytest.raises(NotFound):
            matching.room.ask(ReadExchangeConversation, who, **about)
    with pytest.raises(ConversationNotFound):
        matching.room.ask(ReadExchangeConversation, service("agreements"), exchange_id=an_id("another exchange"))


def test_what_is_hidden_stays_so_in_the_dossier_but_for_the_office(matching: MatchingRoom) -> None:
    """Words and files; that there was a message is seen."""
    contact = matching.matched()
    (talk,) = listed(matching, HOST_POINT)
    sent = send_file(matching, host_person(), talk["conversation_id"], text="Buy our software now!")
    with matching.room.unit() as unit:
        complaints.message(unit, UUID(sent["message_id"])).hide(unit.now)
    for fields, says in (({}, ""), ({"reads_hidden": False}, ""), ({"reads_hidden": True}, "Buy our software now!")):
        told = matching.room.ask(ReadExchangeConversation, service("agreements"), exchange_id=contact["exchange_id"], **fields)
        (message,) = told["messages"]
        assert (message["text"], message["hidden"], bool(message["attachments"])) == (says, True, bool(says))


def test_what_is_unread_is_counted_for_each_person(matching: MatchingRoom) -> None:
    """One's own messages are read; marks go forward only and not beyond the last."""
    talk, visitor, host = matching.accepted()["conversation_id"], visitor_person(), host_person()
    for text in ("one", "two", "three"):
        say(matching, visitor, talk, text)

    def unread(who: Principal) -> int:
        return int(listed(matching, who)[0]["unread"])

    assert (unread(visitor), unread(host)) == (0, 3)
    assert matching.room.ask(MarkRead, host, conversation_id=talk, number=2)["unread"] == 1
    assert matching.room.ask(MarkRead, host, conversation_id=talk, number=1)["unread"] == 1
    assert len(listed(matching, host, unread=True)) == 1 and listed(matching, host, unread=False) == []
    assert matching.room.ask(MarkRead, host, conversation_id=talk, number=99)["unread"] == 0
    assert len(listed(matching, host, unread=False)) == 1 and listed(matching, host, unread=True) == []
    say(matching, visitor, talk, "four")
    assert unread(host) == 1


def test_the_conversation_written_in_last_comes_first(matching: MatchingRoom) -> None:
    """A contact's conversation and its exchange's."""
    contact = matching.matched()
    matching.room.clock.advance(hours=1)
    say(matching, host_person(), contact["conversation_id"])
    assert [each["kind"] for each in listed(matching, visitor_person())] == ["contact", "exchange"]


def test_nothing_is_written_after_the_contact_was_closed(matching: MatchingRoom) -> None:
    """It can still be read."""
    contact = matching.accepted()
    matching.move(CloseContact, visitor_person(), contact)
    with pytest.raises(WritingNotPossible):
        say(matching, host_person(), contact["conversation_id"])
    assert len(listed(matching, host_person())) == 1


def test_a_prior_agreement_gets_its_own_conversation_when_its_exchange_is_called_off(matching: MatchingRoom) -> None:
    """Until then the exchange's was all there was."""
    contact = matching.move(ConfirmMatch, host_person(), bring_in(matching))
    assert [each["kind"] for each in listed(matching, visitor_person())] == ["exchange"]
    follow(matching, ExchangeOpened, contact)
    follow(matching, ExchangeCancelled, contact)
    assert sorted(each["kind"] for each in listed(matching, visitor_person())) == ["contact", "exchange"]


def test_a_second_match_of_one_contact_has_a_conversation_of_its_own(matching: MatchingRoom) -> None:
    """Each exchange keeps what was written about it."""
    contact = matching.matched()
    follow(matching, ExchangeOpened, contact)
    follow(matching, ExchangeCancelled, contact)
    again = matching.move(ConfirmMatch, host_person(), matching.move(ProposeMatch, visitor_person(), contact))
    kinds = [each["kind"] for each in listed(matching, visitor_person())]
    assert sorted(kinds) == ["contact", "exchange", "exchange"]
    assert len(listed(matching, HOST_POINT, exchange_id=again["exchange_id"])) == 1


def test_every_field_promised_of_conversations_and_messages_is_there(matching: MatchingRoom) -> None:
    """Nothing promised is left out."""
    talk = matching.accepted()["conversation_id"]
    assert set(say(matching, visitor_person(), talk)) == set(MessageView._declared_fields)
    assert set(listed(matching, visitor_person())[0]) == set(ConversationView._declared_fields)


FILE = {"sha256": "5f" * 32, "name": "programme.pdf", "media_type": "application/pdf", "size": 48211}


def send_file(matching: MatchingRoom, who: Principal, conversation_id: str, **fields: Any) -> dict[str, Any]:
    """Somebody sends a file, as the gateway describes it."""
    return matching.room.ask(SendFile, who, **({"conversation_id": conversation_id, "file": FILE} | fields))


def test_a_file_comes_with_a_message_and_is_fetched_by_those_in_the_conversation(matching: MatchingRoom) -> None:
    """With words or without; announced as any message; nobody else finds it."""
    talk = matching.accepted()["conversation_id"]
    sent = send_file(matching, visitor_person(), talk, text="Our programme.")
    assert (sent["number"], sent["text"], [each["name"] for each in sent["attachments"]]) == (1, "Our programme.", ["programme.pdf"])
    assert send_file(matching, host_person(), talk)["text"] == ""
    assert len(matching.room.facts("message_sent")) == 2
    (_, first) = matching.room.ask(ListMessages, host_person(), conversation_id=talk)["items"]
    assert first["attachments"] == sent["attachments"]
    ask = {"attachment_id": sent["attachments"][0]["attachment_id"]}
    for who in (visitor_person(), host_person(), support_officer()):
        assert matching.room.ask(ReadAttachment, who, **ask) == FILE
    for who in (VISITOR_POINT, auditor(), person(), representative(an_id("stranger"))):
        with pytest.raises(AttachmentNotFound):
            matching.room.ask(ReadAttachment, who, **ask)


def test_files_are_sent_where_messages_are_and_no_further_than_a_conversation_holds(
    matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By those who write; with a hash, a type and a size; and not without end."""
    contact = matching.accepted()
    talk = contact["conversation_id"]
    with pytest.raises(ReadingOnly):
        send_file(matching, support_officer(), talk)
    with pytest.raises(ConversationNotFound):
        send_file(matching, representative(an_id("stranger")), talk)
    with pytest.raises(InvalidFields):
        matching.room.ask(SendFile, visitor_person(), conversation_id=talk)
    monkeypatch.setattr(model, "MOST_ATTACHMENTS", 1)
    send_file(matching, visitor_person(), talk)
    with pytest.raises(TooManyAttachments):
        send_file(matching, host_person(), talk)
    matching.move(CloseContact, visitor_person(), contact)
    with pytest.raises(WritingNotPossible):
        send_file(matching, visitor_person(), talk)


def test_each_side_sees_how_far_the_other_has_read(matching: MatchingRoom) -> None:
    """The furthest of its people; told once for each step that the side gets further; whoever only looks on is not seen."""
    talk = matching.accepted()["conversation_id"]
    for words in ("one", "two"):
        say(matching, visitor_person(), talk, words)

    def read_by() -> dict[str, int]:
        return {each["side"]: each["number"] for each in listed(matching, visitor_person())[0]["read_by"]}

    matching.room.ask(MarkRead, support_officer(), conversation_id=talk, number=2)
    assert read_by() == {"visitor": 2} and matching.room.facts("conversation_read") == []
    reader = host_person()
    for number in (1, 1, 2):
        matching.room.ask(MarkRead, reader, conversation_id=talk, number=number)
    matching.room.ask(MarkRead, host_person(id=an_id("a colleague")), conversation_id=talk, number=1)
    assert read_by() == {"visitor": 2, "host": 2}
    told = [(fact.data["side"], fact.data["number"]) for fact in matching.room.facts("conversation_read")]
    assert told == [("host", 1), ("host", 2)]


ME = visitor_person()


def talks(matching: MatchingRoom, count: int) -> list[str]:
    """So many accepted contacts of the usual visitor, by their conversations."""
    found = []
    for number in range(count):
        matching.accept(host_profile(f"h{number}"))
        contact = matching.request(host=f"h{number}", reason=f"What we want to ask number {number}.")
        found.append(matching.move(AcceptContact, representative(an_id(f"h{number} organisation")), contact)["conversation_id"])
    return found


def test_the_same_long_words_go_to_five_others_and_short_ones_to_all(matching: MatchingRoom) -> None:
    """In contacts' conversations; a thank-you may be the same to everybody."""
    letter = "Our new software saves you half of your work; write to us, and we will show you how."
    found = talks(matching, 6)
    for talk in found:
        say(matching, ME, talk, "Thank you!")
    for talk in found[:5]:
        say(matching, ME, talk, letter)
    with pytest.raises(SameTextToMany):
        say(matching, ME, found[5], letter.upper())
    say(matching, ME, found[0], letter)
    matching.room.clock.advance(days=8)
    say(matching, ME, found[5], letter)


def test_one_person_writes_in_so_many_conversations_a_day(matching: MatchingRoom) -> None:
    """Another one tomorrow; those written in today go on; an exchange's conversation is never counted."""
    found = talks(matching, 3)
    with matching.room.unit() as unit:
        unit.session.execute(sql("UPDATE setting SET value = 2 WHERE name = 'conversations_per_day'"))
    for talk in (*found[:2], found[0]):
        say(matching, ME, talk)
    with pytest.raises(TooManyConversationsToday):
        say(matching, ME, found[2])
    matching.matched()
    (of_exchange,) = [each for each in listed(matching, visitor_person()) if each["kind"] == "exchange"]
    say(matching, ME, of_exchange["conversation_id"])
    matching.room.clock.advance(days=1)
    say(matching, ME, found[2])
