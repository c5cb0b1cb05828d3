"""What matching forgets of a person who is erased."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from chassis.bare.principal import service
from contracts.identity.events import PersonErased
from contracts.matching import (
    AcceptContact,
    DeclineContact,
    DismissComplaint,
    ListMessages,
    ReadComplaint,
    ReadHeld,
    SendComplaint,
    SendFile,
    SendMessage,
)
from tests.builders import representative, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person
from tests.matching.profiles import an_id

NAME, SAID, WHY = "Zebulon Quartermain", "My telephone number is 4711 0815.", "Zebulon would like to learn."
NOT_NOW = "Not now, says the host."


def held(matching: MatchingRoom) -> str:
    """All rows of all tables, as one text."""
    with matching.room.engine.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        # As tuples: a row of a result shortens what is long when it is written.
        return "\n".join(str(tuple(row)) for name in tables for row in connection.execute(text(f'SELECT * FROM "{name}"')))


def erased(matching: MatchingRoom, side: str) -> None:
    """Identity announces that the person of that side is erased."""
    matching.room.hear(PersonErased.of(an_id(f"{side} person"), person_id=an_id(f"{side} person")))


def test_what_the_person_wrote_is_forgotten_and_the_conversation_goes_on(matching: MatchingRoom) -> None:
    """Messages keep their number, side and time; the other side's own words stay."""
    me = representative(an_id("visitor organisation"), name=NAME, id=an_id("visitor person"))
    contact = matching.move(AcceptContact, host_person(), matching.request(me, reason=WHY))
    talk = contact["conversation_id"]
    matching.room.ask(SendMessage, me, conversation_id=talk, text=SAID)
    matching.room.ask(SendMessage, host_person(), conversation_id=talk, text="It would suit us.")
    assert all(word in held(matching) for word in (NAME, SAID, WHY))
    erased(matching, "visitor")
    assert [word for word in (NAME, SAID, WHY) if word in held(matching)] == []
    page = matching.room.ask(ListMessages, host_person(), conversation_id=talk)["items"]
    assert [(each["number"], each["side"], each["name"], each["text"]) for each in page][::-1][0] == (1, "visitor", "Erased person", "")
    assert page[0]["text"] == "It would suit us."


@pytest.mark.parametrize(("side", "left"), [("visitor", [NOT_NOW]), ("host", [WHY])])
def test_each_side_s_own_reason_goes_with_its_person(matching: MatchingRoom, side: str, left: list[str]) -> None:
    """What the other side wrote is the other's."""
    contact = matching.request(reason=WHY)
    matching.move(DeclineContact, host_person(), contact, reason="cannot_help", text=NOT_NOW)
    erased(matching, side)
    assert [word for word in (WHY, NOT_NOW) if word in held(matching)] == left


def test_person_is_told_all_that_is_held(matching: MatchingRoom) -> None:
    """Own messages, and the contacts for which the person answers; not what the other side wrote."""
    me = representative(an_id("visitor organisation"), name=NAME, id=an_id("visitor person"))
    contact = matching.move(AcceptContact, host_person(), matching.request(me, reason=WHY))
    matching.room.ask(SendMessage, me, conversation_id=contact["conversation_id"], text=SAID)
    matching.room.ask(SendMessage, host_person(), conversation_id=contact["conversation_id"], text="It would suit us.")
    tables = matching.room.ask(ReadHeld, service("identity"), person_id=me.person)["tables"]
    assert [row["text"] for row in tables["message"]] == [SAID]
    assert [row["reason"] for row in tables["contact"]] == [WHY]
    assert [row["what"] for row in tables["history"]] == ["contact_requested", "message_sent"]


def test_what_was_decided_on_the_person_s_complaint_goes_too(matching: MatchingRoom) -> None:
    """The office's words answer the person's own: in the complaint, and in the answer kept for the office."""
    me = representative(an_id("visitor organisation"), name=NAME, id=an_id("visitor person"))
    about = {"kind": "participation", "subject_id": an_id("host participation"), "reason": "other", "text": "They shout at Zebulon."}
    made = matching.room.ask(SendComplaint, me, **about)
    decided = {"complaint_id": made["complaint_id"], "decision": "Dear Zebulon, they do so to everybody."}
    matching.room.ask(DismissComplaint, support_officer(), if_match=made["version"], **decided)
    assert held(matching).count("Dear Zebulon") == 2
    erased(matching, "visitor")
    assert "Zebulon" not in held(matching)
    shown = matching.room.ask(ReadComplaint, support_officer(), complaint_id=made["complaint_id"])
    assert (shown["state"], shown["text"], shown["decision"]) == ("dismissed", "", "")


def test_files_and_complaints_of_the_person_go_with_it(matching: MatchingRoom) -> None:
    """Files are dropped, to be swept; that somebody complained stays, why does not; both were in what is held of the person."""
    me = representative(an_id("visitor organisation"), name=NAME, id=an_id("visitor person"))
    talk = matching.move(AcceptContact, host_person(), matching.request(me))["conversation_id"]
    file = {"sha256": "5f" * 32, "name": "Zebulon's passport.pdf", "media_type": "application/pdf", "size": 4}
    sent = matching.room.ask(SendFile, me, conversation_id=talk, file=file)
    about = {"kind": "conversation", "subject_id": talk, "reason": "other", "text": "They shout at Zebulon."}
    matching.room.ask(SendComplaint, me, **about)
    told = matching.room.ask(ReadHeld, service("identity"), person_id=an_id("visitor person"))
    link = f"/v1/attachments/{sent['attachments'][0]['attachment_id']}/file"
    assert [(each["what"], each["link"]) for each in told["files"]] == [("Zebulon's passport.pdf", link)]
    assert [row["text"] for row in told["tables"]["complaint"]] == ["They shout at Zebulon."]
    erased(matching, "visitor")
    assert [word for word in ("passport", "5f" * 32, "They shout") if word in held(matching)] == []
    (message,) = matching.room.ask(ListMessages, host_person(), conversation_id=talk)["items"]
    assert message["attachments"] == []
