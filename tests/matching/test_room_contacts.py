"""Contacts on a real database: who may ask and who sees, answers, reminders, limits."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bare.principal import Principal
from chassis.bare.refusals import InvalidFields, KeyReused, MoveNotAllowed, MoveNotYours, Refusal, RoleRequired, Unavailable
from contracts.agreements.events import ExchangeCancelled
from contracts.identity.accounts import ReadPersons
from contracts.matching import (
    AcceptContact,
    AnswerElsewhere,
    BringInPriorAgreement,
    CloseContact,
    ConfirmMatch,
    DeclineContact,
    ListContacts,
    ListMatches,
    ProposeMatch,
    ReadCatalogueEntry,
    ReadContact,
    ReadContactHistory,
    RefuseProposal,
    RequestContact,
    WithdrawContact,
    WithdrawProposal,
)
from contracts.matching.contacts import ContactDetail, ContactSide, ContactView
from contracts.matching.refusals import (
    AlreadyInContact,
    AskedBefore,
    ContactNotFound,
    HostFull,
    NotAcceptedYet,
    ParticipationNotFound,
    PartnerNotActive,
    RoleNotTaken,
    SameCountry,
    SameOrganisation,
    SameTextToMany,
    TooManyOpenRequests,
    TooManyRequestsToday,
)
from contracts.registry.events import ParticipationExpired, ParticipationPaused, ParticipationWithdrawn
from contracts.words import Party
from tests.builders import auditor, contact_point, person, representative, support_officer
from tests.matching.conftest import REASON, MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile


def types(matching: MatchingRoom) -> list[str]:
    """What was announced, by type."""
    return [fact.type for fact in matching.room.facts()]


def read(matching: MatchingRoom, who: Principal, contact: dict[str, Any]) -> dict[str, Any]:
    """The contact as somebody sees it."""
    return matching.room.ask(ReadContact, who, contact_id=contact["contact_id"])


def test_a_request_is_announced_and_both_sides_see_what_they_may_do(matching: MatchingRoom) -> None:
    """The asked side answers, the asking side may take it back."""
    contact = matching.request()
    assert (contact["state"], contact["moves"], contact["asked_by"]) == ("pending", ["answer_elsewhere", "withdraw"], "visitor")
    assert read(matching, host_person(), contact)["moves"] == ["accept", "decline", "answer_elsewhere"]
    (fact,) = matching.room.facts()
    assert (fact.type, fact.subject) == ("contact_requested", f"contact/{contact['contact_id']}")
    assert fact.data["host"]["organisation_id"] == str(an_id("host organisation"))


def test_a_host_may_ask_a_visitor(matching: MatchingRoom) -> None:
    """Either side begins."""
    contact = matching.request(role="host")
    assert contact["asked_by"] == "host"
    assert matching.move(AcceptContact, visitor_person(), contact)["state"] == "accepted"


def test_people_are_named_once_the_request_is_accepted(matching: MatchingRoom) -> None:
    """Whom to reach stays hidden before; identity's absence hides it again but not the contact."""
    contact = matching.request()
    shown = read(matching, host_person(), contact)
    assert (shown["visitor_person"], shown["host_person"]) == (None, None)
    matching.move(AcceptContact, host_person(), contact)
    shown = read(matching, host_person(), contact)
    assert shown["visitor_person"] == {"name": "Visitor's representative", "e_mail": "office@example.org"}

    def away(who: Principal, request: dict[str, Any]) -> Any:
        raise Unavailable("identity does not answer")

    matching.room.answers_from({ReadPersons: away})
    assert read(matching, host_person(), contact)["visitor_person"] is None


def test_a_request_says_why(matching: MatchingRoom) -> None:
    """Without a reason of some words it is refused."""
    with pytest.raises(InvalidFields):
        matching.request(reason="Hi")


OBSTACLES: list[tuple[type[Refusal], dict[str, Any]]] = [
    (SameCountry, {"country": "ES"}),
    (RoleNotTaken, {"roles": ["visitor"]}),
    (RoleNotTaken, {"may_host": False}),
    (SameOrganisation, {"organisation_id": str(an_id("visitor organisation"))}),
    (HostFull, {"capacity": 0}),
    (ParticipationNotFound, {"visibility": "hidden"}),
    (ParticipationNotFound, {"visibility": "partnerships"}),
]


@pytest.mark.parametrize(("refusal", "change"), OBSTACLES)
def test_a_request_to_an_impossible_partner_is_refused(matching: MatchingRoom, refusal: type[Refusal], change: dict[str, Any]) -> None:
    """What the pair cannot be is said at once, not after weeks of planning."""
    matching.accept(host_profile("other", **change))
    with pytest.raises(refusal):
        matching.request(host="other")
    assert matching.room.facts() == []


def test_a_request_to_somebody_paused_is_refused(matching: MatchingRoom) -> None:
    """Paused participants get no requests."""
    ids = {name: an_id(f"host {name[:-3]}") for name in ("participation_id", "organisation_id", "partnership_id")}
    matching.room.hear(ParticipationPaused.of(an_id("any"), **ids), subject_version=2)
    with pytest.raises(PartnerNotActive):
        matching.request()


def test_only_the_participations_own_people_ask_in_its_name(matching: MatchingRoom) -> None:
    """A stranger does not find it; who is not accepted cannot ask; others have no such role."""
    with pytest.raises(ParticipationNotFound):
        matching.request(host_person())
    with pytest.raises(NotAcceptedYet):
        matching.request(representative(an_id("draft organisation")), visitor="draft")
    with pytest.raises(RoleRequired):
        matching.request(contact_point(an_id("visitor partnership")))
    with pytest.raises(ParticipationNotFound):
        matching.request(host="nobody")


def test_two_who_are_in_contact_do_not_begin_another(matching: MatchingRoom) -> None:
    """Neither side can ask again while the contact is open; the refusal names it."""
    contact = matching.request()
    with pytest.raises(AlreadyInContact) as refused:
        matching.request()
    assert refused.value.details["contact_id"] == contact["contact_id"]
    with pytest.raises(AlreadyInContact):
        matching.request(role="host")


def test_after_a_decline_only_the_other_side_may_ask_until_the_days_are_over(matching: MatchingRoom) -> None:
    """A month of peace; and the declined one is off the list meanwhile."""
    contact = matching.request()
    declined = matching.move(DeclineContact, host_person(), contact, reason="cannot_help", text="Ask the fab lab next door.")
    assert (declined["decline_reason"], declined["moves"]) == ("cannot_help", [])
    with pytest.raises(AskedBefore):
        matching.request()
    asked: dict[str, Any] = {"participation_id": an_id("visitor participation"), "as": "visitor"}
    assert matching.room.ask(ListMatches, visitor_person(), **asked)["items"] == []
    matching.room.clock.advance(days=30)
    assert len(matching.room.ask(ListMatches, visitor_person(), **asked)["items"]) == 1
    matching.request()


def test_who_declined_may_ask_at_once(matching: MatchingRoom) -> None:
    """The wait is for the one who was declined."""
    matching.move(DeclineContact, host_person(), matching.request(), reason="no_time")
    assert matching.request(role="host")["state"] == "pending"


def test_requests_within_a_day_are_limited(matching: MatchingRoom) -> None:
    """Ten pass, the eleventh waits for tomorrow; withdrawn ones count."""
    for number in range(11):
        matching.accept(host_profile(f"h{number}"))
    for number in range(10):
        matching.move(WithdrawContact, visitor_person(), matching.request(host=f"h{number}", reason=f"{REASON} For the {number}th time."))
    with pytest.raises(TooManyRequestsToday):
        matching.request(host="h10", reason="Something else.")
    matching.room.clock.advance(days=1)
    matching.request(host="h10", reason="Something else.")


def test_open_requests_are_limited(matching: MatchingRoom) -> None:
    """Twenty wait, the next one has to wait for an answer."""
    for number in range(21):
        matching.accept(host_profile(f"h{number}"))
        if number == 10:
            matching.room.clock.advance(days=1)
        if number < 20:
            matching.request(host=f"h{number}", reason=f"{REASON} For the {number}th time.")
    matching.room.clock.advance(days=1)
    with pytest.raises(TooManyOpenRequests):
        matching.request(host="h20", reason="Something else.")


def test_silence_is_reminded_after_three_and_seven_days_and_then_expires(matching: MatchingRoom) -> None:
    """Reminders go out once each; after fourteen days the request is over and the host's rate says so."""
    contact = matching.request()
    for days, expected in ((2, 0), (1, 1), (3, 1), (1, 2)):
        matching.room.clock.advance(days=days)
        matching.room.run_due()
        assert types(matching).count("contact_reminded") == expected
    matching.room.clock.advance(days=7)
    matching.room.run_due()
    shown = read(matching, host_person(), contact)
    assert (shown["state"], shown["expires_at"]) == ("expired", None)
    entry = matching.room.ask(ReadCatalogueEntry, visitor_person(), participation_id=an_id("host participation"))
    assert entry["responsiveness"] == {"asked": 1, "answered": 0, "usual_hours": None}
    with pytest.raises(MoveNotAllowed):
        matching.move(AcceptContact, host_person(), contact)


def test_an_answer_takes_reminders_and_expiry_back_and_counts(matching: MatchingRoom) -> None:
    """Nothing is due any more; the usual time to answer is shown."""
    contact = matching.request()
    matching.room.clock.advance(hours=20)
    matching.move(AcceptContact, host_person(), contact)
    matching.room.clock.advance(days=30)
    assert matching.room.run_due() == 0
    entry = matching.room.ask(ReadCatalogueEntry, visitor_person(), participation_id=an_id("host participation"))
    assert entry["responsiveness"] == {"asked": 1, "answered": 1, "usual_hours": 20}


def test_the_same_words_go_to_five_others_and_no_further(matching: MatchingRoom) -> None:
    """Capitals and marks change nothing; other words, and the week after, do. Agreements are no requests."""
    for number in range(8):
        matching.accept(host_profile(f"h{number}"))
    for number in range(5):
        matching.request(host=f"h{number}")
    with pytest.raises(SameTextToMany) as refused:
        matching.request(host="h5", reason=f"  {REASON.upper()}!!")
    assert refused.value.details["limit"] == 5
    matching.request(host="h5", reason="You run the only dye works that takes visitors.")
    about = {"participation_id": an_id("visitor participation"), "partner_participation_id": an_id("h6 participation"), "as": "visitor"}
    matching.room.ask(BringInPriorAgreement, visitor_person(), reason=REASON, **about)
    matching.room.clock.advance(days=7)
    matching.request(host="h7")


@pytest.mark.parametrize("who", [visitor_person(), host_person()], ids=["visitor", "host"])
def test_a_request_answered_elsewhere_counts_if_the_asked_side_says_so(matching: MatchingRoom, who: Principal) -> None:
    """Either side says so; nobody is reminded any more; the asked side can propose a match, and writing begins with it."""
    contact = matching.request()
    matching.room.clock.advance(hours=30)
    said = matching.move(AnswerElsewhere, who, contact, way="telephone")
    assert (said["state"], said["answered_way"], said["expires_at"], said["conversation_id"]) == (
        "answered_elsewhere",
        "telephone",
        None,
        None,
    )
    (fact,) = matching.room.facts("contact_answered_elsewhere")
    by_asker = who.roles == visitor_person().roles
    assert (fact.data["by"], fact.data["way"]) == ("visitor" if by_asker else "host", "telephone")
    matching.room.clock.advance(days=20)
    matching.room.run_due()
    entry = matching.room.ask(ReadCatalogueEntry, visitor_person(), participation_id=an_id("host participation"))
    counted = {"asked": 0, "answered": 0, "usual_hours": None} if by_asker else {"asked": 1, "answered": 1, "usual_hours": 30}
    assert entry["responsiveness"] == counted
    with pytest.raises(AlreadyInContact):
        matching.request()
    proposed = matching.move(ProposeMatch, host_person(), contact)
    assert proposed["conversation_id"]
    assert matching.move(ConfirmMatch, visitor_person(), contact)["exchange_id"]


def test_what_the_asker_says_alone_shows_it_nobody_and_opens_nothing(matching: MatchingRoom) -> None:
    """Name, address and conversation come with what the asked side does."""
    contact = matching.move(AnswerElsewhere, visitor_person(), matching.request(), way="telephone")
    with pytest.raises(MoveNotAllowed):
        matching.move(ProposeMatch, visitor_person(), contact)
    shown = read(matching, visitor_person(), contact)
    assert (shown["state"], shown["host_person"], shown["conversation_id"]) == ("answered_elsewhere", None, None)
    matching.move(AcceptContact, host_person(), contact)
    shown = read(matching, visitor_person(), contact)
    assert shown["host_person"] and shown["conversation_id"] and "propose_match" in shown["moves"]


def test_what_was_answered_elsewhere_is_taken_up_here_or_ended(matching: MatchingRoom) -> None:
    """The asked side accepts after all; or either ends it, and the two can begin anew."""
    contact = matching.move(AnswerElsewhere, visitor_person(), matching.request(), way="e_mail")
    assert read(matching, visitor_person(), contact)["moves"] == ["close"]
    assert read(matching, host_person(), contact)["moves"] == ["accept", "propose_match", "close"]
    assert matching.move(AcceptContact, host_person(), contact)["conversation_id"]
    matching.move(CloseContact, host_person(), contact)
    again = matching.move(AnswerElsewhere, host_person(), matching.request(), way="meeting")
    assert matching.move(CloseContact, visitor_person(), again)["state"] == "closed"
    with pytest.raises(MoveNotAllowed):
        matching.move(AnswerElsewhere, host_person(), again, way="other")
    with pytest.raises(InvalidFields):
        matching.move(AnswerElsewhere, host_person(), again, way="pigeon")


def test_the_asked_side_as_well_goes_on_or_ends_after_an_answer_elsewhere(matching: MatchingRoom) -> None:
    """It ends one contact, and proposes a match in the next."""
    contact = matching.move(AnswerElsewhere, host_person(), matching.request(), way="e_mail")
    assert matching.move(CloseContact, host_person(), contact)["state"] == "closed"
    again = matching.move(AnswerElsewhere, host_person(), matching.request(), way="e_mail")
    assert matching.move(ProposeMatch, host_person(), again)["proposed_by"] == "host"


def ended(matching: MatchingRoom, name: str, event: Any = ParticipationWithdrawn) -> None:
    """The registry says that a participation ended, and what is due then is done."""
    ids = {kind: an_id(f"{name} {kind[:-3]}") for kind in ("participation_id", "organisation_id", "partnership_id")}
    matching.room.hear(event.of(an_id("any"), **ids), subject_version=2)
    matching.room.run_due()


@pytest.mark.parametrize(("event", "who_leaves", "state"), [
    (ParticipationWithdrawn, "visitor", "withdrawn"), (ParticipationExpired, "visitor", "withdrawn"),
    (ParticipationWithdrawn, "host", "closed"), (ParticipationExpired, "host", "closed"),
])  # fmt: skip
def test_an_open_request_ends_with_the_participation_of_either_side(
    matching: MatchingRoom, event: Any, who_leaves: str, state: str
) -> None:
    """Nobody is reminded of a request that leads to nothing; the other side is told at once, not after two weeks."""
    contact = matching.request()
    ended(matching, who_leaves, event)
    shown = read(matching, host_person(), contact)
    assert (shown["state"], shown["moves"], shown["expires_at"]) == (state, [], None)
    assert shown["data_version"] > contact["data_version"]
    assert types(matching) == ["contact_requested", f"contact_{state}"]
    matching.room.clock.advance(days=30)
    assert matching.room.run_due() == 0


def test_accepted_contacts_end_with_a_participation_and_a_pause_ends_none(matching: MatchingRoom) -> None:
    """Who pauses comes back; who left does not."""
    contact = matching.accepted()
    ended(matching, "visitor", ParticipationPaused)
    assert read(matching, host_person(), contact)["state"] == "accepted"
    ids = {kind: an_id(f"visitor {kind[:-3]}") for kind in ("participation_id", "organisation_id", "partnership_id")}
    matching.room.hear(ParticipationWithdrawn.of(an_id("any"), **ids), subject_version=3)
    matching.room.run_due()
    assert read(matching, host_person(), contact)["state"] == "closed"


def test_an_exchange_goes_on_without_the_participation_and_its_contact_ends_when_it_is_cancelled(matching: MatchingRoom) -> None:
    """What is matched is the agreements' affair; given back, it finds nobody to agree with any more."""
    contact = matching.matched()
    ended(matching, "host")
    assert read(matching, visitor_person(), contact)["state"] == "matched"
    parties = {side: {name: contact[side][name] for name in Party._declared_fields} for side in ("visitor", "host")}
    about = {"exchange_id": contact["exchange_id"], "reason": "other"} | parties
    matching.room.hear(ExchangeCancelled.of(contact["exchange_id"], **(ExchangeCancelled.example | about)))
    matching.room.run_due()
    assert read(matching, visitor_person(), contact)["state"] == "closed"


def test_moves_are_made_by_whose_they_are(matching: MatchingRoom) -> None:
    """The other side is told that it is not its move; strangers find nothing."""
    contact = matching.request()
    with pytest.raises(MoveNotYours):
        matching.move(AcceptContact, visitor_person(), contact)
    stranger = representative(an_id("stranger"))
    for move in (AcceptContact, WithdrawContact, CloseContact, ProposeMatch, ConfirmMatch, WithdrawProposal, RefuseProposal):
        with pytest.raises(ContactNotFound):
            matching.move(move, stranger, contact)
    with pytest.raises(ContactNotFound):
        matching.move(AnswerElsewhere, stranger, contact, way="other")
    with pytest.raises(ContactNotFound):
        matching.move(DeclineContact, stranger, contact, reason="other")
    with pytest.raises(RoleRequired):
        matching.move(AcceptContact, contact_point(an_id("host partnership")), contact)


def test_contacts_are_seen_by_both_sides_and_by_contact_points_once_matched(matching: MatchingRoom) -> None:
    """Before the match the partnerships see nothing; the support office reads everything; auditors what became a match."""
    partnerships = [contact_point(an_id(f"{name} partnership")) for name in ("visitor", "host")]
    contact = matching.accepted()
    for who in (*partnerships, auditor(), person(), representative(an_id("stranger"))):
        with pytest.raises(ContactNotFound):
            read(matching, who, contact)
        assert matching.room.ask(ListContacts, who)["items"] == []
    for who in (visitor_person(), host_person(), support_officer()):
        assert read(matching, who, contact)["state"] == "accepted"
    matching.move(ConfirmMatch, host_person(), matching.move(ProposeMatch, visitor_person(), contact))
    for who in (*partnerships, auditor()):
        assert read(matching, who, contact)["moves"] == []
        assert len(matching.room.ask(ListContacts, who)["items"]) == 1
    for who in (contact_point(an_id("third partnership")), contact_point(an_id("host partnership"), "finance")):
        with pytest.raises(ContactNotFound):
            read(matching, who, contact)


def test_lists_of_contacts_are_filtered_by_state_direction_and_participation(matching: MatchingRoom) -> None:
    """One request made, one received."""
    matching.accept(host_profile("other"))
    made, received = matching.request(), matching.request(representative(an_id("other organisation")), host="other", role="host")

    def found(**filters: Any) -> list[str]:
        return [each["contact_id"] for each in matching.room.ask(ListContacts, visitor_person(), **filters)["items"]]

    assert found(direction="made") == [made["contact_id"]]
    assert found(direction="received") == [received["contact_id"]]
    assert found(participation_id=an_id("other participation")) == [received["contact_id"]]
    assert found(states=["accepted"]) == found(partnership_id=an_id("another partnership")) == []
    assert made["contact_id"] in found(partnership_id=an_id("host partnership"))
    assert sorted(found(states=["pending", "accepted"])) == sorted([made["contact_id"], received["contact_id"]])


def test_the_history_of_a_contact_is_its_journal(matching: MatchingRoom) -> None:
    """Every move with its date and who made it, down to the match."""
    contact = matching.matched()
    history = matching.room.ask(ReadContactHistory, visitor_person(), contact_id=contact["contact_id"])["items"]
    assert [each["type"] for each in history] == ["contact_requested", "contact_accepted", "match_proposed", "match_confirmed"]
    assert [each["by"] for each in history] == ["visitor", "host", "visitor", "host"]
    assert matching.room.page_by_page(ReadContactHistory, visitor_person(), contact_id=contact["contact_id"]) == history
    with pytest.raises(ContactNotFound):
        matching.room.ask(ReadContactHistory, representative(an_id("stranger")), contact_id=contact["contact_id"])


def test_a_repeated_command_has_its_effect_once(matching: MatchingRoom) -> None:
    """The same key by the same person answers the same; other content under it is refused."""
    who = visitor_person()
    first = matching.request(who, key="once")
    assert matching.request(who, key="once") == first
    assert len(matching.room.facts("contact_requested")) == 1
    with pytest.raises(KeyReused):
        matching.request(who, key="once", reason="Something else altogether.")


def test_a_request_names_no_field_of_the_servers(matching: MatchingRoom) -> None:
    """State, dates and ids are not the client's."""
    with pytest.raises(InvalidFields):
        matching.request(state="accepted")


def test_the_request_contract_asks_for_everything_it_needs(matching: MatchingRoom) -> None:
    """Both participations, the role and the reason."""
    with pytest.raises(InvalidFields) as refused:
        matching.room.ask(RequestContact, visitor_person())
    assert set(refused.value.details["fields"]) == {"participation_id", "partner_participation_id", "as", "reason"}


def test_every_field_promised_of_a_contact_is_there(matching: MatchingRoom) -> None:
    """Nothing promised is left out, in the list, in the detail and after a move."""
    contact = matching.matched()
    assert set(contact) == set(ContactView._declared_fields)
    assert set(contact["visitor"]) == set(ContactSide._declared_fields)
    assert set(read(matching, visitor_person(), contact)) == set(ContactDetail._declared_fields)
    assert set(matching.room.ask(ListContacts, host_person())["items"][0]) == set(ContactView._declared_fields)
