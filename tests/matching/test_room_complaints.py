"""Complaints on a real database: who can complaint what, and what the support office does about it."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bare.principal import Principal
from chassis.bare.refusals import IfMatchRequired, MoveNotAllowed, RoleRequired, StaleVersion
from contracts.matching import (
    ComplaintView,
    ConfirmMatch,
    DismissComplaint,
    ListComplaints,
    ListMessages,
    ProposeMatch,
    ReadAttachment,
    ReadCatalogueEntry,
    ReadComplaint,
    SendComplaint,
    UpholdComplaint,
    WithdrawComplaint,
)
from contracts.matching.refusals import AttachmentNotFound, ComplainedBefore, ComplaintNotFound, MeasureDoesNotFit, NothingToComplainOf
from tests.builders import contact_point, person, representative, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile
from tests.matching.test_room_contacts import read
from tests.matching.test_room_conversations import listed, say, send_file

WHY = "They write to everybody, and want to sell something."
DECISION = "We asked them to write what concerns you."
VISITOR = visitor_person(id=an_id("visitor person"))


def complaint(matching: MatchingRoom, kind: str, subject_id: Any, who: Principal = VISITOR) -> dict[str, Any]:
    """Somebody complaints something."""
    return matching.room.ask(SendComplaint, who, kind=kind, subject_id=subject_id, reason="advertising", text=WHY)


def uphold(matching: MatchingRoom, made: dict[str, Any], measure: str = "warning", **how: Any) -> dict[str, Any]:
    """The support office agrees, and what is due then is done."""
    about = {"complaint_id": made["complaint_id"], "measure": measure, "decision": DECISION}
    decided = matching.room.ask(UpholdComplaint, support_officer(), **({"if_match": made["version"]} | about | how))
    matching.room.run_due()
    return decided


def test_a_message_complained_of_is_read_by_the_office_and_hidden(matching: MatchingRoom) -> None:
    """Its words and files are gone for all but the office; whoever complained reads why, whoever wrote is warned."""
    talk = matching.accepted()["conversation_id"]
    sent = send_file(matching, host_person(), talk, text="Buy our software now!")
    made = complaint(matching, "message", sent["message_id"])
    assert (made["state"], made["about_name"], made["message"], made["moves"]) == (
        "received", host_profile()["legal_name"], None, ["withdraw_complaint"],
    )  # fmt: skip
    (queued,) = matching.room.ask(ListComplaints, support_officer(), state=["received"])["items"]
    assert (queued["message"], queued["moves"]) == ("Buy our software now!", ["uphold", "dismiss"])
    assert queued["measures"] == ["warning", "message_hidden", "contact_closed"]
    uphold(matching, made, "message_hidden")
    shown = matching.room.ask(ReadComplaint, VISITOR, complaint_id=made["complaint_id"])
    assert (shown["state"], shown["measure"], shown["decision"]) == ("upheld", "message_hidden", DECISION)
    for who, says in ((VISITOR, ""), (host_person(), ""), (support_officer(), "Buy our software now!")):
        (message,) = matching.room.ask(ListMessages, who, conversation_id=talk)["items"]
        assert (message["text"], message["hidden"], bool(message["attachments"])) == (says, True, bool(says))
    with pytest.raises(AttachmentNotFound):
        matching.room.ask(ReadAttachment, VISITOR, attachment_id=sent["attachments"][0]["attachment_id"])
    (warned,) = matching.room.facts("organisation_warned")
    assert warned.data == {"organisation_id": str(an_id("host organisation")), "reason": "advertising", "measure": "message_hidden"}
    assert str(VISITOR.id) not in str(warned)


def test_a_contact_is_ended_by_the_office(matching: MatchingRoom) -> None:
    """Whoever asked it; a request as well as a conversation. What became an exchange goes on."""
    contact = matching.request()
    made = complaint(matching, "contact", contact["contact_id"], host_person())
    with pytest.raises(MeasureDoesNotFit):
        uphold(matching, made, "message_hidden")
    uphold(matching, made, "contact_closed")
    assert read(matching, visitor_person(), contact)["state"] == "closed"
    entry = matching.room.ask(ReadCatalogueEntry, support_officer(), participation_id=an_id("host participation"))
    assert entry["responsiveness"]["asked"] == 0
    again = matching.accepted()
    talk = complaint(matching, "conversation", again["conversation_id"])
    matching.move(ConfirmMatch, host_person(), matching.move(ProposeMatch, visitor_person(), again))
    assert matching.room.ask(ReadComplaint, support_officer(), complaint_id=talk["complaint_id"])["measures"] == ["warning"]
    with pytest.raises(MeasureDoesNotFit):
        uphold(matching, talk, "contact_closed")


def test_a_participant_of_the_catalogue_is_complained_of(matching: MatchingRoom) -> None:
    """One that is seen, or was met; neither somebody hidden nor oneself."""
    assert complaint(matching, "participation", an_id("host participation"))["state"] == "received"
    matching.accept(host_profile("secret", visibility="hidden"))
    for subject in ("secret participation", "visitor participation", "nobody"):
        with pytest.raises(NothingToComplainOf):
            complaint(matching, "participation", an_id(subject))
    matching.request(representative(an_id("secret organisation")), host="secret", role="host")
    assert complaint(matching, "participation", an_id("secret participation"))["state"] == "received"


def test_contact_points_complain_of_what_they_read(matching: MatchingRoom) -> None:
    """A message of the exchange's conversation; of a contact's they see nothing."""
    contact = matching.matched()
    (talk,) = listed(matching, VISITOR, exchange_id=contact["exchange_id"])
    desk = contact_point(an_id("host partnership"))
    sent = say(matching, desk, talk["conversation_id"], "Sign, or else!")
    made = complaint(matching, "message", sent["message_id"])
    assert made["about_name"] == "HOST"
    (queued,) = matching.room.ask(ListComplaints, support_officer())["items"]
    assert (queued["moves"], queued["measures"]) == (["uphold", "dismiss"], ["message_hidden"])
    with pytest.raises(MeasureDoesNotFit):
        uphold(matching, made, "warning")
    uphold(matching, made, "message_hidden")
    assert matching.room.facts("organisation_warned") == []
    own = say(matching, VISITOR, contact["conversation_id"])
    for subject, who in ((own["message_id"], desk), (own["message_id"], VISITOR), (an_id("nothing"), VISITOR)):
        with pytest.raises(NothingToComplainOf):
            complaint(matching, "message", subject, who)
    for who in (desk, VISITOR):
        assert complaint(matching, "conversation", talk["conversation_id"], who)["conversation_id"] == talk["conversation_id"]


def test_nothing_is_upheld_where_nobody_can_be_warned(matching: MatchingRoom) -> None:
    """A contact point complains of what the two say to each other in their exchange: of neither organisation, and it goes on."""
    contact = matching.matched()
    (talk,) = listed(matching, VISITOR, exchange_id=contact["exchange_id"])
    made = complaint(matching, "conversation", talk["conversation_id"], contact_point(an_id("host partnership")))
    shown = matching.room.ask(ReadComplaint, support_officer(), complaint_id=made["complaint_id"])
    assert (shown["moves"], shown["measures"]) == (["dismiss"], [])
    with pytest.raises(MeasureDoesNotFit):
        uphold(matching, made)


def test_a_complaint_waits_once_and_can_be_taken_back(matching: MatchingRoom) -> None:
    """The same again only after the decision."""
    made = complaint(matching, "participation", an_id("host participation"))
    with pytest.raises(ComplainedBefore):
        complaint(matching, "participation", an_id("host participation"))
    taken = matching.room.ask(WithdrawComplaint, VISITOR, complaint_id=made["complaint_id"])
    assert (taken["state"], taken["moves"]) == ("withdrawn", [])
    with pytest.raises(MoveNotAllowed):
        uphold(matching, taken)
    again = complaint(matching, "participation", an_id("host participation"))
    decided = matching.room.ask(
        DismissComplaint, support_officer(), if_match=again["version"], complaint_id=again["complaint_id"], decision=DECISION
    )
    assert (decided["state"], decided["measure"], decided["decision"]) == ("dismissed", None, DECISION)
    types = [fact.type for fact in matching.room.facts()]
    assert types == ["complaint_received", "complaint_withdrawn", "complaint_received", "complaint_dismissed"]


def test_complaints_are_seen_by_who_sent_them_and_by_the_office(matching: MatchingRoom) -> None:
    """The office decides, on what it has read; nobody else finds anything."""
    made = complaint(matching, "participation", an_id("host participation"))
    assert set(made) == set(ComplaintView._declared_fields)
    for who in (host_person(), person(), visitor_person(id=an_id("a colleague"))):
        assert matching.room.ask(ListComplaints, who)["items"] == []
        for contract in (ReadComplaint, WithdrawComplaint):
            with pytest.raises(ComplaintNotFound):
                matching.room.ask(contract, who, complaint_id=made["complaint_id"])
    assert len(matching.room.ask(ListComplaints, VISITOR)["items"]) == 1
    about = {"complaint_id": made["complaint_id"], "decision": DECISION}
    with pytest.raises(RoleRequired):
        matching.room.ask(DismissComplaint, VISITOR, if_match=1, **about)
    with pytest.raises(IfMatchRequired):
        matching.room.ask(DismissComplaint, support_officer(), **about)
    with pytest.raises(StaleVersion):
        matching.room.ask(DismissComplaint, support_officer(), if_match=7, **about)
    with pytest.raises(ComplaintNotFound):
        matching.room.ask(ReadComplaint, support_officer(), complaint_id=an_id("nothing"))
