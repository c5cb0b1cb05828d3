"""Every hard gate is shut until what belongs before it is done."""

from __future__ import annotations

import pytest

from deploy.local.people.acts import agreeing, matching, paying, staying
from deploy.local.people.acts.agreeing import COMMITMENT, FINANCIAL
from tests.journeys.played import Played, refusal

pytestmark = pytest.mark.slow


def test_neither_list_nor_catalogue_opens_before_acceptance(played: Played) -> None:
    """A registration that is not accepted yet shows its representative nobody."""
    played.registered()
    mine = played.registrations["visitor"].rpartition("/")[2]
    assert refusal(lambda: played.visitor.get("/v1/catalogue")) == (403, "not_accepted_yet")
    assert refusal(lambda: played.visitor.get(f"/v1/participations/{mine}/matches", **{"as": "visitor"})) in [
        (403, "not_accepted_yet"), (404, "participation_not_found"),
    ]  # fmt: skip


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


def test_the_exchange_does_not_start_before_all_have_signed(played: Played) -> None:
    """The commitment signed by all four is not enough without the financial agreement."""
    played.signed()
    agreeing.sign(played.visitor, played.link, FINANCIAL)
    assert refusal(lambda: staying.confirm_arrival(played.host, played.link)) == (409, "not_all_signed")


def test_nothing_is_paid_before_report_and_evidence(played: Played) -> None:
    """With the report validated the payment still waits for the evidence, and only for it."""
    played.reported()
    payment = played.payment("awaiting")
    assert payment["waiting_for"] == ["evidence"]
    assert refusal(lambda: paying.move(played.paying_officer, payment, "proposal")) == (409, "move_not_allowed")
    played.hand_in_evidence()
    assert played.payment("payable")["waiting_for"] == []


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
