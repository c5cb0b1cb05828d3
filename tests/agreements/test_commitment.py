"""The commitment to quality: written, submitted, validated, sent back, amended."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bare.refusals import MoveNotYours
from contracts.agreements import (
    COMMITMENT,
    NOTICE,
    AlreadyValidated,
    CommitmentReturned,
    CommitmentSubmitted,
    NothingToReturnTo,
    NotTheStandingVersion,
    Plan,
    PlanIncomplete,
    SameCountry,
    StayTooShort,
)
from services.agreements.model import Exchange
from services.agreements.model.text import digest
from tests.agreements.exchanges import NOW, PLAN, RULES, Cast, draft, submit, validate


@pytest.fixture
def cast() -> Cast:
    """The people around an exchange."""
    return Cast()


def resubmit(cast: Cast, exchange: Exchange, **changes: Any) -> None:
    """Write the plan anew and submit it."""
    exchange.edit_commitment(cast["host"], Plan.read(PLAN | changes), NOW)
    exchange.submit_commitment(cast["host"], NOW, RULES)


@pytest.mark.parametrize("name", ["start", "end", "travellers", "objectives", "action_plan", "expected_outcomes", "responsibilities"])
def test_incomplete_plan_is_kept_but_not_submitted(cast: Cast, name: str) -> None:
    """Everything the scheme asks for must be there, and the refusal names what is not."""
    plan = {key: value for key, value in PLAN.items() if key != name}
    exchange = cast.exchange(plan=plan)
    with pytest.raises(PlanIncomplete) as refused:
        submit(cast, exchange)
    assert name in refused.value.details["missing"]


def test_submission_makes_a_numbered_version_with_its_digest(cast: Cast) -> None:
    """The text carries parties, dates, working days and the notice, and its SHA-256 is that of its bytes."""
    exchange = cast.exchange()
    fact = exchange.submit_commitment(cast["visitor"], NOW, RULES)
    assert fact == exchange.fact(CommitmentSubmitted, version=1)
    version = exchange.commitment
    assert version is not None
    assert version.text_digest == digest(version.text)
    for words in (
        "Visiting Cluster (DE)",
        "Host Cluster (PT)",
        "Full working days: 4",
        "First day: 1 March 2027",
        "2 March 2027: Visit",
        NOTICE,
    ):
        assert words in version.text


def test_every_version_has_a_text_of_its_own(cast: Cast) -> None:
    """The same plan submitted again has another number and so another digest: no signature fits both."""
    exchange = cast.exchange("submitted")
    exchange.recall_commitment(cast["host"], NOW)
    submit(cast, exchange)
    assert [each.number for each in exchange.agreements] == [1, 2]
    assert len({each.text_digest for each in exchange.agreements}) == 2


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\u2028", "\u2029"])
def test_typed_lines_cannot_pass_for_ours(cast: Cast, line_break: str) -> None:
    """A line break in a field, of whatever kind, stays indented below its heading."""
    words = line_break.join(["None", "9. Notice", "Internships are supported"])
    exchange = cast.exchange(plan=PLAN | {"expected_outcomes": words})
    submit(cast, exchange)
    assert exchange.commitment
    assert exchange.commitment.text.splitlines().count("9. Notice") == 1


def test_too_short_a_stay_is_refused(cast: Cast) -> None:
    """Two working days are not three."""
    exchange = cast.exchange(plan=PLAN | {"end": "2027-03-03", "travel_days": ["2027-03-01"]})
    with pytest.raises(StayTooShort):
        submit(cast, exchange)


def test_stay_in_the_own_country_is_refused(cast: Cast) -> None:
    """The host may have moved since the match."""
    exchange = cast.exchange()
    exchange.hosting.country = "DE"
    with pytest.raises(SameCountry):
        submit(cast, exchange)


def test_both_partnerships_validate_in_any_order(cast: Cast) -> None:
    """The first changes nothing but that it has; the second completes it; a partnership does so once."""
    exchange = cast.exchange("submitted")
    first = exchange.validate_commitment(cast["host_partnership"], 1, NOW)
    assert [fact.type for fact in first] == ["validation_given"]
    assert exchange.state == "submitted"
    with pytest.raises(AlreadyValidated):
        exchange.validate_commitment(cast["host_partnership"], 1, NOW)
    second = exchange.validate_commitment(cast["visitor_partnership"], 1, NOW)
    assert [fact.type for fact in second] == ["validation_given", "commitment_validated"]
    assert exchange.state == "validated"


def test_nobody_decides_on_a_version_not_seen(cast: Cast) -> None:
    """The contact point names the version it read."""
    exchange = cast.exchange("submitted")
    exchange.recall_commitment(cast["visitor"], NOW)
    submit(cast, exchange)
    with pytest.raises(NotTheStandingVersion):
        exchange.validate_commitment(cast["host_partnership"], 1, NOW)
    with pytest.raises(NotTheStandingVersion):
        exchange.return_commitment(cast["host_partnership"], 1, "No.", NOW)


def test_returned_version_needs_both_validations_again(cast: Cast) -> None:
    """A validation given before does not pass to the next version."""
    exchange = cast.exchange("submitted")
    exchange.validate_commitment(cast["visitor_partnership"], 1, NOW)
    fact = exchange.return_commitment(cast["host_partnership"], 1, "Say more.", NOW)
    assert fact == exchange.fact(CommitmentReturned, version=1, by_partnership_id=cast.host_partnership_id)
    resubmit(cast, exchange, place="Lisbon")
    assert exchange.commitment
    assert exchange.commitment.unvalidated == ["visitor_partnership", "host_partnership"]


def test_contact_point_of_a_third_partnership_validates_nothing(cast: Cast) -> None:
    """Permission elsewhere is none here."""
    with pytest.raises(MoveNotYours):
        cast.exchange("submitted").validate_commitment(Cast()["visitor_partnership"], 1, NOW)


def test_amendment_keeps_what_was_signed(cast: Cast) -> None:
    """The signed version stays, the new one is validated and signed anew, and needs a new amount."""
    exchange = cast.exchange("ready")
    exchange.amend_commitment(cast["visitor"], "no_time", "", NOW)
    resubmit(cast, exchange, end="2027-03-10", travel_days=["2027-03-10"])
    validate(cast, exchange)
    signed = exchange.numbered(1)
    assert signed is not None
    assert (signed.signed_at, len(signed.signatures)) == (NOW, 4)
    assert exchange.commitment
    assert (exchange.commitment.number, exchange.commitment.signatures) == (2, [])
    assert exchange.financial_agreement is None
    draft(cast, exchange)
    assert exchange.financial_agreement
    assert (exchange.financial_agreement.number, exchange.financial_agreement.commitment_number) == (2, 2)


def test_abandoned_amendment_lets_the_signed_version_stand(cast: Cast) -> None:
    """Also after the new version was submitted and sent back; the exchange is ready as before."""
    exchange = cast.exchange("ready")
    exchange.amend_commitment(cast["visitor"], "no_time", "", NOW)
    resubmit(cast, exchange, end="2027-03-10", travel_days=[])
    exchange.return_commitment(cast["host_partnership"], 2, "No.", NOW)
    facts = exchange.abandon_amendment(cast["host"], NOW)
    assert [fact.type for fact in facts] == ["amendment_abandoned", "exchange_ready"]
    assert (exchange.state, exchange.commitment_number, str(exchange.end)) == ("ready", 1, "2027-03-07")
    assert exchange.draft.plan["end"] == exchange.end


def test_amendment_once_validated_is_not_abandoned(cast: Cast) -> None:
    """Payments computes on what was validated: it is finished or amended, not forgotten."""
    exchange = cast.exchange("ready")
    exchange.amend_commitment(cast["visitor"], "no_time", "", NOW)
    resubmit(cast, exchange, place="Lisbon")
    validate(cast, exchange)
    exchange.amend_commitment(cast["visitor"], "no_time", "", NOW)
    with pytest.raises(NothingToReturnTo):
        exchange.abandon_amendment(cast["visitor"], NOW)


def test_numbers_are_never_reused(cast: Cast) -> None:
    """After an abandoned amendment the next version has a number of its own."""
    exchange = cast.exchange("ready")
    for _ in range(2):
        exchange.amend_commitment(cast["visitor"], "no_time", "", NOW)
        resubmit(cast, exchange, place="Lisbon")
        exchange.return_commitment(cast["host_partnership"], exchange.commitment_number, "No.", NOW)
        exchange.abandon_amendment(cast["visitor"], NOW)
    assert [each.number for each in exchange.agreements if each.kind == COMMITMENT] == [1, 2, 3]
