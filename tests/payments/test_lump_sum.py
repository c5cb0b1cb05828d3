"""The lump sum of an exchange and the request for another base: who may, when, and what follows."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.payments import AssistanceComputed, AssistanceRefused
from contracts.payments.refusals import (
    AssistanceAlreadyComputed,
    AssistanceNotComputed,
    SupplementAlreadyRequested,
)
from services.payments.assistance import DECIDED_BASE, Stay
from services.payments.assistance import Base as LumpBase
from services.payments.model import ASSISTANCE, SUPPLEMENT, Assistance
from services.payments.model.lump_sum import ASKING
from tests.builders import A_MONDAY
from tests.matrix import Matrix, held
from tests.payments.exchanges import (
    COUNTED,
    EVERYBODY,
    FIRST,
    LISBON,
    MADRID,
    PORTO,
    RATE_LATER,
    TARIFF,
    VIGO,
    VISITOR,
    computed,
    opened,
    participation,
)


def planned(days=10, country="PT", version=1):
    """An exchange with a validated plan, not computed yet."""
    exchange = opened()
    exchange.plan(version, days, country, COUNTED)
    return exchange


def asked_for_a_base(state="requested"):
    """An exchange with a request for another base in that state."""
    exchange = opened()
    exchange.request_supplement(VISITOR, A_MONDAY)
    exchange.supplement.state = state
    return exchange


@pytest.mark.parametrize(
    ("visitor", "host", "days", "minor"),
    [(MADRID, LISBON, 5, 78000), (MADRID, LISBON, 3, 39000), (VIGO, PORTO, 10, 39000), (VIGO, PORTO, 3, 39000)],
)
def test_the_assistance_is_computed_from_plan_and_places(visitor, host, days, minor):
    """Far or near, long or short: the golden cases between real towns."""
    fact = planned(days).compute_assistance(TARIFF, visitor, host, A_MONDAY)
    assert (fact.type, fact.data["amount"]["minor"], fact.data["commitment_version"]) == ("assistance_computed", minor, 1)
    assert fact.data["factors"][0] == {"name": "base for PT", "value": "780.00 EUR", "source": "test"}


def test_nothing_is_computed_without_a_plan():
    """The commitment comes first."""
    assert opened().compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY) is None


def test_a_version_is_computed_once():
    """So that the amount both sign cannot change under them."""
    exchange = computed()
    assert exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY) is None
    assert len(exchange.assistances) == 1


def test_a_new_version_is_computed_anew():
    """An amendment with fewer days is worth less."""
    exchange = computed()
    exchange.plan(2, 3, "PT", COUNTED)
    fact = exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    assert (fact.data["commitment_version"], fact.data["amount"]["minor"]) == (2, 39000)


def test_an_older_version_that_comes_late_changes_nothing():
    """Events of other services come in any order."""
    exchange = planned(version=2)
    exchange.plan(1, 3, "DK", COUNTED)
    assert (exchange.plan_version, exchange.plan_days, exchange.plan_country) == (2, 10, "PT")


def test_the_outermost_region_is_the_hosts():
    """A host there is worth the special rate, a visitor from there is not."""
    far = participation("PT", 37.74, -25.66, outermost=True)
    fact = planned().compute_assistance(TARIFF, MADRID, far, A_MONDAY)
    assert (fact.data["amount"]["minor"], fact.data["factors"][0]["name"]) == (110000, "base for an outermost region")
    assert planned().compute_assistance(TARIFF, far, MADRID, A_MONDAY).data["amount"]["minor"] == 78000


def test_a_country_without_a_rate_is_refused():
    """Nobody guesses an amount."""
    exchange = planned(country="BR")
    fact = exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    assert fact == exchange.happened(AssistanceRefused, commitment_version=1, code="no_rate_for_country")


def test_a_stay_too_short_is_refused():
    """Under three working days there is no lump sum."""
    fact = planned(days=2).compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    assert fact.data["code"] == "too_few_working_days"


def test_a_refused_sum_is_done_again_when_the_rate_is_there():
    """The way out of a missing rate."""
    exchange = planned(country="BR")
    exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    exchange.recompute_assistance(FIRST)
    assert exchange.compute_assistance(RATE_LATER, MADRID, LISBON, A_MONDAY).data["amount"]["minor"] == 50000
    assert len(exchange.assistances) == 1


def recompute(exchange, move, who):
    """Ask for the sum once more, and do it as the door does."""
    exchange.recompute_assistance(who)
    exchange.compute_assistance(RATE_LATER, MADRID, LISBON, A_MONDAY)


def tried(state, move):
    """An exchange whose sum was computed, or refused because there was no rate."""
    exchange = planned(country="PT" if state == "computed" else "BR")
    exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    return exchange


test_only_paying_officers_and_support_recompute_and_only_what_was_refused = held(
    Matrix(
        ASSISTANCE,
        tried,
        people=lambda exchange: EVERYBODY,
        make=recompute,
        state=lambda exchange: exchange.newest_assistance().state,
        kept=lambda exchange: len(exchange.assistances),
    )
)


def test_what_was_never_tried_is_not_recomputed():
    """Without a plan there is nothing to recompute."""
    with pytest.raises(AssistanceNotComputed):
        opened().recompute_assistance(FIRST)


@pytest.mark.parametrize("exchange", [opened(), computed(days=2)])
def test_nothing_is_agreed_without_an_amount(exchange):
    """A financial agreement needs a computed lump sum."""
    with pytest.raises(AssistanceNotComputed):
        exchange.agree(1, A_MONDAY)


def test_what_is_agreed_is_the_amount_of_the_version_that_was_signed():
    """Not the newest one: that is not signed yet."""
    exchange = computed()
    exchange.plan(2, 3, "PT", COUNTED)
    exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    exchange.agree(1, A_MONDAY)
    assert (exchange.agreed_version, exchange.payment.agreed_minor) == (1, 78000)


def test_a_newer_agreement_takes_the_place_of_an_older_one_and_never_the_other_way_round():
    """The ledger says that the first one was taken back; a late repeat of it changes nothing."""
    exchange = computed()
    exchange.agree(1, A_MONDAY)
    exchange.plan(2, 3, "PT", COUNTED)
    exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    for version in (2, 2, 1):
        exchange.agree(version, A_MONDAY)
    assert (exchange.agreed_version, exchange.payment.agreed_minor) == (2, 39000)
    lines = [(line.kind, line.reverses, line.amount_minor) for line in exchange.payment.ledger]
    assert lines == [("agreed", None, 78000), ("reversed", "agreed", 78000), ("agreed", None, 39000)]


@given(minor=st.integers(1, 300000), agreed=st.integers(3, 31), present=st.integers(0, 31), metres=st.integers(0, 5_000_000))
def test_no_days_pay_more_than_was_agreed(minor, agreed, present, metres):
    """Whatever base, plan, distance and days confirmed; the same days pay the agreed amount itself."""
    assistance = Assistance.of(uuid4(), 1)
    assistance.compute(LumpBase("base for XX", minor, "test"), Stay(agreed, metres, "test", COUNTED, COUNTED), TARIFF.rules(), A_MONDAY)
    assert assistance.amount_for(present) <= assistance.amount_minor
    assert assistance.amount_for(agreed) == assistance.amount_minor


test_a_request_for_another_base_moves_as_its_table_says = held(
    Matrix(
        SUPPLEMENT,
        subject=lambda state, move: asked_for_a_base(state).supplement,
        people=lambda supplement: EVERYBODY,
        make=lambda supplement, move, who: getattr(supplement, move)(who, A_MONDAY),
        kept=lambda supplement: (supplement.decided_by, supplement.decided_at),
    )
)

test_only_the_visitor_asks_for_another_base = held(
    Matrix(
        ASKING,
        subject=lambda state, move: opened(),
        people=lambda exchange: EVERYBODY,
        make=lambda exchange, move, who: exchange.request_supplement(who, A_MONDAY),
        # The exchange itself goes on as it is.
        state=lambda exchange: ASKING.initial,
        kept=lambda exchange: exchange.supplement,
    )
)


def test_another_base_is_asked_for_once_and_before_computing():
    """Later it would change what is signed."""
    with pytest.raises(SupplementAlreadyRequested):
        asked_for_a_base().request_supplement(VISITOR, A_MONDAY)
    with pytest.raises(AssistanceAlreadyComputed):
        computed().request_supplement(VISITOR, A_MONDAY)


def test_the_sum_waits_for_the_paying_officer():
    """While a decision is awaited nothing is computed."""
    exchange = asked_for_a_base()
    exchange.plan(1, 10, "PT", COUNTED)
    assert exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY) is None


@pytest.mark.parametrize(("decision", "minor", "name"), [("grant", 110000, DECIDED_BASE), ("decline", 78000, "base for PT")])
def test_a_decided_base_says_only_that_it_was_decided(decision, minor, name):
    """No fact tells why, and the decision itself is one fact whatever it was."""
    exchange = asked_for_a_base()
    exchange.plan(1, 10, "PT", COUNTED)
    assert getattr(exchange.supplement, decision)(FIRST, A_MONDAY).type == "base_decided"
    fact = exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    assert (fact.data["amount"]["minor"], fact.data["factors"][0]["name"]) == (minor, name)
    assert "disab" not in str(fact) and "supplement" not in str(fact)


def test_halving_applies_to_a_decided_base_too():
    """One rule for every base."""
    exchange = asked_for_a_base("granted")
    exchange.plan(1, 3, "PT", COUNTED)
    assert exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY).data["amount"]["minor"] == 55000


def test_computed_facts_go_to_the_visitors_partnership_alone():
    """The host side sees nothing of money."""
    exchange = computed()
    exchange.plan(2, 10, "PT", COUNTED)
    fact = exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    assert fact.type == AssistanceComputed.slug()
    assert fact.audience == (str(exchange.visitor_partnership_id),)
