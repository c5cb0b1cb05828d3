"""Blocks on a real database: neither sees the other, neither asks, and it can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bare.principal import Principal
from chassis.bare.refusals import MoveNotAllowed, RoleRequired
from contracts.agreements.events import ExchangeCancelled, ExchangeOpened, ExchangeRefused
from contracts.matching import (
    AcceptContact,
    BlockOrganisation,
    BlockView,
    BringInPriorAgreement,
    LiftBlock,
    ListBlocks,
    ListCatalogue,
    ListMatches,
    ReadCatalogueEntry,
    SendMessage,
)
from contracts.matching.refusals import (
    AlreadyBlocked,
    BlockNotFound,
    NotAcceptedYet,
    OwnOrganisation,
    ParticipationNotFound,
    WritingNotPossible,
)
from services.matching.queries import blocks
from tests.builders import contact_point, representative, support_officer
from tests.matching.conftest import REASON, MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile
from tests.matching.test_room_contacts import read
from tests.matching.test_room_matches import follow

IDS = {name: str(an_id(f"{name} participation")) for name in ("visitor", "host")}


def block(matching: MatchingRoom, by: str = "host", whom: str = "visitor", who: Principal | None = None) -> dict[str, Any]:
    """One side blocks the other, and what is due then is done."""
    who = who or {"visitor": visitor_person(), "host": host_person()}[by]
    ids = {"participation_id": an_id(f"{by} participation"), "partner_participation_id": an_id(f"{whom} participation")}
    made = matching.room.ask(BlockOrganisation, who, **ids)
    matching.room.run_due()
    return made


def seen(matching: MatchingRoom, name: str) -> tuple[set[str], ...]:
    """Whom one of the two finds in its list, and in the catalogue."""
    who = {"visitor": visitor_person(), "host": host_person()}[name]
    listed = matching.room.ask(ListMatches, who, participation_id=IDS[name], **{"as": name})["items"]
    catalogue = matching.room.ask(ListCatalogue, who)["items"]
    return tuple({each["profile"]["participation_id"] for each in of} for of in (listed, catalogue))


@pytest.mark.parametrize(("by", "whom"), [("host", "visitor"), ("visitor", "host")])
def test_neither_finds_the_other_until_the_block_is_lifted(matching: MatchingRoom, by: str, whom: str) -> None:
    """In list and catalogue, both ways; the support office sees both; each change is a data version."""
    made = block(matching, by, whom)
    assert (made["state"], made["moves"], made["blocked_organisation_id"]) == ("active", ["lift"], str(an_id(f"{whom} organisation")))
    for name, other in (("visitor", "host"), ("host", "visitor")):
        listed, catalogue = seen(matching, name)
        assert listed == set() and catalogue == {IDS[name]}
        with pytest.raises(ParticipationNotFound):
            who = visitor_person() if name == "visitor" else host_person()
            matching.room.ask(ReadCatalogueEntry, who, participation_id=IDS[other])
    assert len(matching.room.ask(ListCatalogue, support_officer())["items"]) == 2
    who = host_person() if by == "host" else visitor_person()
    lifted = matching.room.ask(LiftBlock, who, block_id=made["block_id"])
    assert lifted["state"] == "lifted" and lifted["data_version"] > made["data_version"]
    for name, other in (("visitor", "host"), ("host", "visitor")):
        assert seen(matching, name)[0] == {IDS[other]}
    with pytest.raises(MoveNotAllowed):
        matching.room.ask(LiftBlock, who, block_id=made["block_id"])
    block(matching, by, whom)


def test_neither_asks_the_other_nor_brings_in_an_agreement(matching: MatchingRoom) -> None:
    """The answer is the same as if the other were not there."""
    block(matching)
    for role in ("visitor", "host"):
        with pytest.raises(ParticipationNotFound):
            matching.request(role=role)
    about = {"participation_id": IDS["visitor"], "partner_participation_id": IDS["host"], "as": "visitor"}
    with pytest.raises(ParticipationNotFound):
        matching.room.ask(BringInPriorAgreement, visitor_person(), reason=REASON, **about)


def test_open_contacts_end_and_what_is_agreed_goes_on(matching: MatchingRoom) -> None:
    """A request is closed, and one's own is taken back; an exchange keeps its conversation."""
    contact = matching.request()
    block(matching)
    assert read(matching, visitor_person(), contact)["state"] == "closed"
    matching.accept(host_profile("other"))
    mine = matching.request(host="other")
    block(matching, "visitor", "other")
    assert read(matching, visitor_person(), mine)["state"] == "withdrawn"
    matching.room.clock.advance(days=30)
    assert matching.room.run_due() == 0


def test_a_conversation_falls_silent(matching: MatchingRoom) -> None:
    """Both still read what was written."""
    contact = matching.accepted()
    block(matching, "visitor", "host")
    with pytest.raises(WritingNotPossible):
        matching.room.ask(SendMessage, host_person(), conversation_id=contact["conversation_id"], text="Why?")


def test_an_exchange_agreed_goes_on(matching: MatchingRoom) -> None:
    """Its people have to write to each other."""
    contact = matching.matched()
    block(matching)
    assert read(matching, visitor_person(), contact)["state"] == "matched"


@pytest.mark.parametrize("by", ["visitor", "host"])
@pytest.mark.parametrize("event", [ExchangeRefused, ExchangeCancelled])
def test_an_exchange_that_does_not_come_about_opens_nothing_across_a_block(matching: MatchingRoom, event: Any, by: str) -> None:
    """Its contact ends, whichever of the two blocked; once the block is lifted they may ask anew."""
    contact = matching.matched()
    made = block(matching, by, "host" if by == "visitor" else "visitor")
    if event is ExchangeCancelled:
        follow(matching, ExchangeOpened, contact)
    follow(matching, event, contact)
    shown = read(matching, visitor_person(), contact)
    assert (shown["state"], shown["exchange_id"], shown["host_person"]) == ("closed", None, None)
    assert (matching.room.facts("contact_reopened"), len(matching.room.facts("contact_closed"))) == ([], 1)
    with pytest.raises(WritingNotPossible):
        matching.room.ask(SendMessage, host_person(), conversation_id=contact["conversation_id"], text="Why?")
    matching.room.ask(LiftBlock, visitor_person() if by == "visitor" else host_person(), block_id=made["block_id"])
    assert matching.request()["state"] == "pending"


def test_a_request_ended_by_a_block_is_none_that_went_without_answer(matching: MatchingRoom) -> None:
    """Whoever blocks instead of answering is not said to answer seldom."""
    matching.request()
    block(matching)
    entry = matching.room.ask(ReadCatalogueEntry, support_officer(), participation_id=IDS["host"])
    assert entry["responsiveness"] == {"asked": 0, "answered": 0, "usual_hours": None}


def test_of_two_blocks_made_at_once_the_second_is_refused(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither sees the other's; the database decides, and the refusal has its name."""
    block(matching)
    monkeypatch.setattr(blocks, "active", lambda *two: None)
    with pytest.raises(AlreadyBlocked):
        block(matching)
    assert len(matching.room.ask(ListBlocks, host_person())["items"]) == 1


def test_whoever_one_met_can_be_blocked_though_it_hides_now(matching: MatchingRoom) -> None:
    """Seen in the catalogue, or met in a contact; nobody else."""
    contact = matching.request()
    matching.change(host_profile(visibility="hidden"), 2)
    matching.move(AcceptContact, host_person(), contact)
    block(matching, "visitor", "host")
    matching.accept(host_profile("secret", visibility="hidden"))
    with pytest.raises(ParticipationNotFound):
        block(matching, "visitor", "secret")


def test_blocks_are_the_affair_of_those_who_make_them(matching: MatchingRoom) -> None:
    """The other side sees nothing of it, and strangers cannot; twice is refused, and so is oneself."""
    made = block(matching)
    assert [each["block_id"] for each in matching.room.ask(ListBlocks, host_person())["items"]] == [made["block_id"]]
    assert matching.room.ask(ListBlocks, host_person(), state=["lifted"])["items"] == []
    for who in (visitor_person(), representative(an_id("stranger"))):
        assert matching.room.ask(ListBlocks, who)["items"] == []
        with pytest.raises(BlockNotFound):
            matching.room.ask(LiftBlock, who, block_id=made["block_id"])
    with pytest.raises(AlreadyBlocked):
        block(matching)
    with pytest.raises(OwnOrganisation):
        block(matching, "host", "host")
    with pytest.raises(ParticipationNotFound):
        block(matching, who=visitor_person())
    with pytest.raises(NotAcceptedYet):
        block(matching, who=representative(an_id("stranger")))
    with pytest.raises(RoleRequired):
        block(matching, who=contact_point(an_id("host partnership")))


def test_a_block_lifted_at_once_ends_nothing(matching: MatchingRoom) -> None:
    """What ends the contacts looks whether the block still stands."""
    contact = matching.request()
    ids = {"participation_id": IDS["host"], "partner_participation_id": IDS["visitor"]}
    made = matching.room.ask(BlockOrganisation, host_person(), **ids)
    matching.room.ask(LiftBlock, host_person(), block_id=made["block_id"])
    matching.room.run_due()
    assert read(matching, visitor_person(), contact)["state"] == "pending"
    assert set(made) == set(BlockView._declared_fields)
