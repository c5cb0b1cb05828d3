"""Every hard gate is shut until what belongs before it is done."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.local.people.acts import agreeing, matching, paying, registering, staying
from deploy.local.people.acts.agreeing import COMMITMENT, FINANCIAL
from deploy.local.people.entrance import Refused, wait_for
from tests.journeys.played import Played, refusal

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("state", ["draft", "submitted", "more_info_requested"])
def test_neither_list_nor_catalogue_opens_before_acceptance(played: Played, state: str) -> None:
    """A registration that is not accepted yet shows its representative nobody, however near it is to that."""
    played.registered()
    registration = played.registrations["visitor"]
    if state != "draft":
        registering.submit(played.visitor, registration)
    if state == "more_info_requested":
        played.visitor_desk.post(f"{registration}/question", question="Which cluster are you a member of?")
    assert played.visitor.get(registration).body["state"] == state
    mine, somebody = registration.rpartition("/")[2], Played(played.entrance, played.offices).accepted().registrations["host"]
    for path in ("/v1/catalogue", f"/v1/catalogue/{somebody.rpartition('/')[2]}"):
        assert refusal(lambda path=path: played.visitor.get(path)) == (403, "not_accepted_yet"), path
    assert refusal(lambda: played.visitor.get(f"/v1/participations/{mine}/matches", **{"as": "visitor"})) == (403, "not_accepted_yet")


def test_nobody_signs_before_both_partnerships_have_validated(played: Played) -> None:
    """One validation is not enough."""
    played.submitted()
    agreeing.validate(played.visitor_desk, played.link)
    assert refusal(lambda: agreeing.sign(played.visitor, played.link, COMMITMENT)) == (409, "not_validated_yet")
    agreeing.validate(played.host_desk, played.link)
    agreeing.sign(played.visitor, played.link, COMMITMENT)


def test_a_signature_on_a_text_that_has_changed_is_refused_with_what_changed(played: Played) -> None:
    """The digest of the first version does not sign the second; the refusal names the standing one."""
    played.validated()
    old = played.visitor.get(f"{played.link}/agreements/{COMMITMENT}").body["text_digest"]
    played.visitor.post(f"{played.link}/commitment/amendments", reason="no_time", explanation="Two days later.")
    agreeing.submit_plan(played.visitor, played.link)
    for desk in played.desks:
        agreeing.validate(desk, played.link)
    stale = refusal(lambda: played.visitor.post(f"{played.link}/agreements/{COMMITMENT}/signatures", text_digest=old))
    assert stale == (409, "stale_text")
    agreeing.sign(played.visitor, played.link, COMMITMENT)


@pytest.mark.parametrize("missing", ["visitor", "host", "visitor_partnership", "host_partnership"])
def test_the_exchange_does_not_start_without_each_of_the_four_signatures(played: Played, missing: str) -> None:
    """With everything else signed, the one signature that the commitment lacks keeps the visitor out, and is named."""
    played.validated()
    signers = {
        "visitor": played.visitor, "host": played.host,
        "visitor_partnership": played.visitor_desk, "host_partnership": played.host_desk,
    }  # fmt: skip
    late = signers.pop(missing)
    for person in signers.values():
        agreeing.sign(person, played.link, COMMITMENT)
    for person in (played.visitor, played.visitor_desk):
        agreeing.sign(person, played.link, FINANCIAL)
    played.go_to(played.week.monday)
    with pytest.raises(Refused) as refused:
        staying.confirm_arrival(played.host, played.link)
    assert (refused.value.status, refused.value.code) == (409, "not_all_signed")
    assert f"{missing} (commitment_to_quality)" in refused.value.problem["detail"]
    agreeing.sign(late, played.link, COMMITMENT)
    staying.confirm_arrival(played.host, played.link)


@pytest.mark.parametrize("missing", ["visitor", "visitor_partnership"])
def test_the_exchange_does_not_start_before_both_have_signed_the_financial_agreement(played: Played, missing: str) -> None:
    """The commitment signed by all four is not enough."""
    played.signed()
    signers = {"visitor": played.visitor, "visitor_partnership": played.visitor_desk}
    late = signers.pop(missing)
    for person in signers.values():
        agreeing.sign(person, played.link, FINANCIAL)
    played.go_to(played.week.monday)
    assert refusal(lambda: staying.confirm_arrival(played.host, played.link)) == (409, "not_all_signed")
    agreeing.sign(late, played.link, FINANCIAL)
    staying.confirm_arrival(played.host, played.link)


def test_nothing_is_paid_before_the_evidence(played: Played) -> None:
    """With the report validated the payment still waits for the evidence, and only for it."""
    played.reported()
    _is_not_paid(played, "evidence")
    links = paying.upload_evidence(played.visitor, played.link, played.visiting)
    assert len(links) == 3
    _is_not_paid(played, "evidence")
    paying.accept_evidence(played.paying_officer, played.link)
    assert played.payment("payable")["waiting_for"] == []


def test_nothing_is_paid_before_the_report(played: Played) -> None:
    """With the evidence accepted the payment still waits for the report, also for one that is submitted and not validated yet."""
    played.ended().hand_in_evidence()
    _is_not_paid(played, "report")
    staying.write_report(played.visitor, played.link)
    staying.submit_report(played.visitor, played.link)
    _is_not_paid(played, "report")
    staying.validate_report(played.visitor_desk, played.link)
    assert played.payment("payable")["waiting_for"] == []


def _is_not_paid(played: Played, lacks: str) -> None:
    """It waits for that alone, and every step towards paying it is refused."""
    payment = wait_for(lambda: _waiting_for(played, lacks), f"the payment to wait for the {lacks} alone")
    today = played.now.date().isoformat()
    for noun, about in (("proposal", {}), ("approval", {}), ("transfer", {"paid_on": today, "reference": "1"})):
        assert refusal(lambda noun=noun, about=about: paying.move(played.paying_officer, payment, noun, **about)) == (
            409,
            "move_not_allowed",
        )
    nothing = refusal(lambda: paying.export(played.paying_officer, played.visitor_office.partnership_id))
    assert nothing == (409, "nothing_to_export")


def _waiting_for(played: Played, lacks: str) -> dict[str, Any] | None:
    payment = played.payment("awaiting")
    return payment if payment["waiting_for"] == [lacks] else None


def test_nobody_orders_a_payment_alone(played: Played) -> None:
    """Who proposed it cannot approve it."""
    played.payable()
    paying.move(played.paying_officer, played.payment("payable"), "proposal")
    assert refusal(lambda: paying.move(played.paying_officer, played.payment("proposed"), "approval"))[1] == "second_person_needed"


def test_an_exchange_is_paid_once_and_its_visitor_visits_once(played: Played, request: pytest.FixtureRequest) -> None:
    """After the payment nothing can be proposed, listed or recorded again, and the visitor asks nobody for a second visit."""
    played.paid()
    payment = played.payment("paid")
    for noun, about in (("proposal", {}), ("approval", {}), ("transfer", {"paid_on": payment["paid_on"], "reference": "2"})):
        assert refusal(lambda noun=noun, about=about: paying.move(played.paying_officer, payment, noun, **about)) == (
            409,
            "move_not_allowed",
        )
    nothing = refusal(lambda: paying.export(played.paying_officer, played.visitor_office.partnership_id))
    assert nothing == (409, "nothing_to_export")
    another = Played(played.entrance, played.offices).accepted()
    mine, partner = played.registrations["visitor"].rpartition("/")[2], another.registrations["host"].rpartition("/")[2]
    again = refusal(lambda: matching.ask(played.visitor, mine, partner, "visitor", "We would like to come again."))
    assert again == (409, "visit_consumed")


def test_others_do_not_even_learn_that_an_exchange_is_there(played: Played) -> None:
    """For a foreign organisation it is 404, and it stands in none of its lists."""
    played.agreed()
    stranger = Played(played.entrance, played.offices).accepted().host
    assert refusal(lambda: stranger.get(played.link))[0] == 404
    assert refusal(lambda: stranger.get(f"{played.link}/payment"))[0] == 404
    assert list(stranger.all("/v1/exchanges")) == []
