"""An exchange's lump sum, the request for another base, its bank details and evidence: who may, when, and what follows."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.bare.refusals import MoveNotAllowed, MoveNotYours
from contracts.payments import AssistanceComputed, AssistanceRefused, BankDetailsGiven
from contracts.payments.refusals import (
    AssistanceAlreadyComputed,
    AssistanceNotComputed,
    BankDetailsSettled,
    EvidenceComplete,
    NoEvidence,
    SupplementAlreadyRequested,
    TooManyFiles,
)
from contracts.payments.words import EVIDENCE_STATES, SUPPLEMENT_STATES
from services.payments.assistance import DECIDED_BASE, Figure, Stay
from services.payments.assistance import Base as LumpBase
from services.payments.model import ASSISTANCE, BANK_DETAILS, DOSSIER, EVIDENCE, PAYMENT, SUPPLEMENT, Assistance, Evidence, Tariff
from services.payments.model.evidence import MOST_FILES
from services.payments.vault import Sealed
from tests.builders import A_MONDAY
from tests.payments.exchanges import (
    FILE,
    FIRST,
    LISBON,
    MADRID,
    PORTO,
    STRANGERS,
    TARIFF,
    VIGO,
    VISITOR,
    WHO,
    account,
    complete,
    computed,
    opened,
    participation,
    payment_in,
)

SEALED = Sealed("key", b"sealed")
REFUSED = (MoveNotAllowed, MoveNotYours)


def planned(days=10, country="PT", version=1):
    """An exchange with a validated plan, not computed yet."""
    exchange = opened()
    exchange.plan(version, days, country)
    return exchange


def asked_for_a_base(state="requested"):
    """An exchange with a request for another base in that state."""
    exchange = opened()
    exchange.request_supplement(VISITOR, A_MONDAY)
    exchange.supplement.state = state
    return exchange


def with_file(state="uploaded"):
    """An exchange with one file of evidence in that state."""
    exchange = opened()
    exchange.add_evidence(Evidence.upload("boarding_pass", FILE, VISITOR.person, A_MONDAY), VISITOR)
    exchange.evidence[0].state = state
    return exchange


# the lump sum


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
    exchange.plan(2, 3, "PT")
    fact = exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    assert (fact.data["commitment_version"], fact.data["amount"]["minor"]) == (2, 39000)


def test_an_older_version_that_comes_late_changes_nothing():
    """Events of other services come in any order."""
    exchange = planned(version=2)
    exchange.plan(1, 3, "DK")
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
    later = Tariff({**TARIFF.rates, "BR": Figure(50000, "test")}, TARIFF.figures)
    assert exchange.compute_assistance(later, MADRID, LISBON, A_MONDAY).data["amount"]["minor"] == 50000
    assert len(exchange.assistances) == 1


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("state", ASSISTANCE.states)
def test_only_paying_officers_and_support_recompute_and_only_what_was_refused(state, role):
    """The whole matrix of the assistance."""
    exchange = computed() if state == "computed" else computed(days=2)
    if ASSISTANCE.allows(state, "recompute_assistance", role):
        exchange.recompute_assistance(WHO[role])
    else:
        with pytest.raises(REFUSED):
            exchange.recompute_assistance(WHO[role])


def test_what_was_never_tried_is_not_recomputed():
    """Without a plan there is nothing to recompute."""
    with pytest.raises(AssistanceNotComputed):
        opened().recompute_assistance(FIRST)


@pytest.mark.parametrize("exchange", [opened(), computed(days=2)])
def test_nothing_is_agreed_without_an_amount(exchange):
    """A financial agreement needs a computed lump sum."""
    with pytest.raises(AssistanceNotComputed):
        exchange.agree(A_MONDAY)


@given(minor=st.integers(1, 300000), agreed=st.integers(3, 31), present=st.integers(0, 31), metres=st.integers(0, 5_000_000))
def test_no_days_pay_more_than_was_agreed(minor, agreed, present, metres):
    """Whatever base, plan, distance and days confirmed; the same days pay the agreed amount itself."""
    assistance = Assistance.of(uuid4(), 1)
    assistance.compute(LumpBase("base for XX", minor, "test"), Stay(agreed, metres, "test"), TARIFF.rules(), A_MONDAY)
    assert assistance.amount_for(present) <= assistance.amount_minor
    assert assistance.amount_for(agreed) == assistance.amount_minor


# another base


def test_the_contract_names_every_state_of_a_request_and_of_a_file():
    """What clients are told of and what the tables know is the same."""
    assert set(SUPPLEMENT_STATES) == set(SUPPLEMENT.states)
    assert set(EVIDENCE_STATES) == set(EVIDENCE.states)


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("name", SUPPLEMENT.names())
@pytest.mark.parametrize("state", SUPPLEMENT.states)
def test_a_request_for_another_base_moves_as_its_table_says(state, name, role):
    """The whole matrix of the request."""
    supplement = asked_for_a_base(state).supplement
    if SUPPLEMENT.allows(state, name, role):
        getattr(supplement, name)(WHO[role], A_MONDAY)
        assert supplement.state == SUPPLEMENT.after(state, name, [role])
    else:
        with pytest.raises(REFUSED):
            getattr(supplement, name)(WHO[role], A_MONDAY)
        assert supplement.state == state


@pytest.mark.parametrize("role", [*WHO, *STRANGERS])
def test_only_the_visitor_asks_for_another_base(role):
    """Nobody asks in its place."""
    who = {**WHO, **STRANGERS}[role]
    if role == "visitor":
        assert opened().request_supplement(who, A_MONDAY).type == "base_asked"
    else:
        with pytest.raises(MoveNotYours):
            opened().request_supplement(who, A_MONDAY)


def test_another_base_is_asked_for_once_and_before_computing():
    """Later it would change what is signed."""
    with pytest.raises(SupplementAlreadyRequested):
        asked_for_a_base().request_supplement(VISITOR, A_MONDAY)
    with pytest.raises(AssistanceAlreadyComputed):
        computed().request_supplement(VISITOR, A_MONDAY)


def test_the_sum_waits_for_the_paying_officer():
    """While a decision is awaited nothing is computed."""
    exchange = asked_for_a_base()
    exchange.plan(1, 10, "PT")
    assert exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY) is None


@pytest.mark.parametrize(("decision", "minor", "name"), [("grant", 110000, DECIDED_BASE), ("decline", 78000, "base for PT")])
def test_a_decided_base_says_only_that_it_was_decided(decision, minor, name):
    """No fact tells why, and the decision itself is one fact whatever it was."""
    exchange = asked_for_a_base()
    exchange.plan(1, 10, "PT")
    assert getattr(exchange.supplement, decision)(FIRST, A_MONDAY).type == "base_decided"
    fact = exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    assert (fact.data["amount"]["minor"], fact.data["factors"][0]["name"]) == (minor, name)
    assert "disab" not in str(fact) and "supplement" not in str(fact)


def test_halving_applies_to_a_decided_base_too():
    """One rule for every base."""
    exchange = asked_for_a_base("granted")
    exchange.plan(1, 3, "PT")
    assert exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY).data["amount"]["minor"] == 55000


# bank details


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("name", BANK_DETAILS.names())
@pytest.mark.parametrize("state", BANK_DETAILS.states)
def test_bank_details_are_given_by_the_visitor_and_disclosed_to_paying_officers(state, name, role):
    """The whole matrix of the bank details."""
    exchange = opened()
    if state == "given":
        exchange.give_bank_details(account(), SEALED, VISITOR, A_MONDAY)
    if name == "disclose" and state == "missing":
        assert not BANK_DETAILS.allows(state, name, role)
        return

    def make():
        if name == "disclose":
            return exchange.bank_details.disclose(WHO[role], A_MONDAY)
        return exchange.give_bank_details(account(), SEALED, WHO[role], A_MONDAY)

    if BANK_DETAILS.allows(state, name, role):
        assert make()
    else:
        with pytest.raises(REFUSED):
            make()


@pytest.mark.parametrize("stranger", STRANGERS)
def test_nobody_else_touches_bank_details(stranger):
    """Not even to look."""
    exchange = complete()
    with pytest.raises(MoveNotYours):
        exchange.give_bank_details(account(), SEALED, STRANGERS[stranger], A_MONDAY)
    with pytest.raises(MoveNotYours):
        exchange.bank_details.disclose(STRANGERS[stranger], A_MONDAY)


def test_a_full_account_number_is_seen_on_the_record():
    """Who, when, what for; masked for everybody else."""
    details = complete().bank_details
    details.disclose(FIRST, A_MONDAY)
    assert [(each.person_id, each.at, each.purpose) for each in details.accesses] == [(FIRST.person, A_MONDAY, "check")]
    assert details.masked_account == "PT50 **** 0154"


@pytest.mark.parametrize("state", PAYMENT.states)
def test_bank_details_change_until_the_payment_is_ordered(state):
    """And again when the bank returned it; never in between."""
    exchange = payment_in(state).exchange
    if state in ("awaiting", "payable", "proposed", "nothing_due", "failed"):
        facts = exchange.give_bank_details(account(), SEALED, VISITOR, A_MONDAY)
        assert facts[0] == exchange.happened(BankDetailsGiven, replaced=True)
    else:
        with pytest.raises(BankDetailsSettled):
            exchange.give_bank_details(account(), SEALED, VISITOR, A_MONDAY)


def test_a_changed_account_takes_the_proposal_back():
    """The second person never approves another account than the first one saw."""
    payment = payment_in("proposed")
    facts = payment.exchange.give_bank_details(account(), SEALED, VISITOR, A_MONDAY)
    assert [fact.type for fact in facts] == ["bank_details_given", "proposal_taken_back"]
    assert (payment.state, payment.proposed_by) == ("payable", None)


# evidence


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("name", EVIDENCE.names())
@pytest.mark.parametrize("state", EVIDENCE.states)
def test_a_file_moves_as_its_table_says(state, name, role):
    """The whole matrix of a file of evidence."""
    file = with_file(state).evidence[0]
    reason = {"reason": "unreadable", "comment": None} if name == "send_back" else {}
    if EVIDENCE.allows(state, name, role):
        assert getattr(file, name)(WHO[role], A_MONDAY, **reason).data["evidence_id"] == str(file.id)
        assert file.state == EVIDENCE.after(state, name, [role])
    else:
        with pytest.raises(REFUSED):
            getattr(file, name)(WHO[role], A_MONDAY, **reason)
        assert file.state == state


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("name", DOSSIER.names())
@pytest.mark.parametrize("state", DOSSIER.states)
def test_evidence_as_a_whole_moves_as_its_table_says(state, name, role):
    """The whole matrix of adding and of accepting all."""
    exchange = with_file()
    exchange.evidence_accepted_at = A_MONDAY if state == "accepted" else None

    def make():
        if name == "add_evidence":
            return exchange.add_evidence(Evidence.upload("other", FILE, VISITOR.person, A_MONDAY), WHO[role])
        return exchange.accept_evidence(WHO[role], A_MONDAY)

    if DOSSIER.allows(state, name, role):
        assert make()
        assert exchange.evidence_state == DOSSIER.after(state, name, [role])
    else:
        with pytest.raises(REFUSED):
            make()
        assert exchange.evidence_state == state


def test_accepting_all_accepts_what_was_not_decided_yet():
    """One step for the paying officer; what was returned stays returned."""
    exchange = with_file()
    exchange.add_evidence(Evidence.upload("other", FILE, VISITOR.person, A_MONDAY), VISITOR)
    exchange.evidence[1].state = "returned"
    facts = exchange.accept_evidence(FIRST, A_MONDAY)
    assert [fact.type for fact in facts] == ["evidence_file_accepted", "evidence_accepted"]
    assert [each.state for each in exchange.evidence] == ["accepted", "returned"]


@pytest.mark.parametrize("exchange", [opened(), with_file("returned"), with_file("withdrawn")])
def test_no_evidence_is_not_accepted(exchange):
    """Something must be there that counts."""
    with pytest.raises(NoEvidence):
        exchange.accept_evidence(FIRST, A_MONDAY)
    assert exchange.evidence_accepted_at is None


@pytest.mark.parametrize(("name", "who"), [("withdraw", VISITOR), ("accept", FIRST), ("send_back", FIRST)])
def test_complete_evidence_is_not_changed(name, who):
    """What the payment rests on stays."""
    exchange = with_file()
    exchange.evidence_accepted_at = A_MONDAY
    reason = {"reason": "unreadable", "comment": None} if name == "send_back" else {}
    with pytest.raises(EvidenceComplete):
        getattr(exchange.evidence[0], name)(who, A_MONDAY, **reason)
    assert exchange.evidence[0].open_moves(who) == []


def test_a_returned_file_says_why():
    """The visitor reads reason and comment; the fact carries the reason's code alone."""
    exchange = with_file()
    fact = exchange.evidence[0].send_back(FIRST, A_MONDAY, "wrong_dates", "It is of last year.")
    assert (exchange.evidence[0].reason, exchange.evidence[0].comment) == ("wrong_dates", "It is of last year.")
    assert "last year" not in str(fact)


def test_an_exchange_holds_so_many_files_and_no_more():
    """A quota that withdrawing does not lift."""
    exchange = with_file()
    exchange.evidence += [Evidence.upload("other", FILE, VISITOR.person, A_MONDAY) for _ in range(MOST_FILES - 1)]
    with pytest.raises(TooManyFiles):
        exchange.add_evidence(Evidence.upload("other", FILE, VISITOR.person, A_MONDAY), VISITOR)
    exchange.evidence[0].withdraw(VISITOR, A_MONDAY)
    with pytest.raises(TooManyFiles):
        exchange.add_evidence(Evidence.upload("other", FILE, VISITOR.person, A_MONDAY), VISITOR)


def test_computed_facts_go_to_the_visitors_partnership_alone():
    """The host side sees nothing of money."""
    exchange = computed()
    exchange.plan(2, 10, "PT")
    fact = exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    assert fact.type == AssistanceComputed.slug()
    assert fact.audience == (str(exchange.visitor_partnership_id),)
