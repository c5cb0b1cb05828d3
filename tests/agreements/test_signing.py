"""Signatures: what they bind, who gives them, and the gates before and behind them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chassis.bare.refusals import MoveNotAllowed
from contracts.agreements import (
    COMMITMENT,
    FINANCIAL,
    AgreementNotFound,
    AgreementSigned,
    AlreadySigned,
    AmountNotComputed,
    DocumentRendered,
    NotValidatedYet,
    SignatureGiven,
    StaleText,
)
from services.agreements.document import NothingFetched, OutsideAddress, page_of
from services.agreements.model.signing import ITSELF
from services.agreements.model.text import digest
from tests.agreements.exchanges import ASSISTANCE, NOW, PLAN, VISITOR_DETAILS, Cast, submit, validate
from tests.builders import person

FOUR = ("visitor", "host", "visitor_partnership", "host_partnership")


@pytest.fixture
def cast() -> Cast:
    """The people around an exchange."""
    return Cast()


@settings(deadline=None, max_examples=25)
@given(some.permutations(FOUR))
def test_agreement_is_signed_when_the_fourth_party_signs(order: list[str]) -> None:
    """In whatever order, not before."""
    cast = Cast()
    exchange = cast.exchange("validated")
    facts = cast.sign(exchange, COMMITMENT, *order[:3])
    assert exchange.state == "signing"
    assert {fact.type for fact in facts} == {"signature_given"}
    facts = cast.sign(exchange, COMMITMENT, order[3])
    assert exchange.commitment
    text = exchange.commitment.text_digest
    assert facts[:2] == [
        exchange.fact(SignatureGiven, kind=COMMITMENT, version=1, party=order[3], text_digest=text),
        exchange.fact(AgreementSigned, kind=COMMITMENT, version=1, commitment_version=1, text_digest=text, signed_at=NOW),
    ]
    assert exchange.state == "signed"


@settings(deadline=None, max_examples=25)
@given(some.permutations([(COMMITMENT, each) for each in FOUR] + [(FINANCIAL, each) for each in ("visitor", "visitor_partnership")]))
def test_both_tracks_open_the_door_in_any_order(order: list[tuple[str, str]]) -> None:
    """Six signatures make it ready, five never."""
    cast = Cast()
    exchange = cast.exchange("validated")
    for kind, role in order:
        assert exchange.state != "ready"
        facts = cast.sign(exchange, kind, role)
    assert exchange.state == "ready"
    assert facts[-1].type == "exchange_ready"


@pytest.mark.parametrize("state", ["planning", "submitted", "changes_requested"])
def test_no_signature_before_both_validations(cast: Cast, state: str) -> None:
    """The text of a submitted version may be read, not signed."""
    exchange = cast.exchange(state)
    text = exchange.commitment.text_digest if exchange.commitment else "0" * 64
    with pytest.raises(NotValidatedYet):
        exchange.sign(COMMITMENT, cast["visitor"], text, NOW)


@pytest.mark.parametrize("kind", [COMMITMENT, FINANCIAL])
@pytest.mark.parametrize("state", ["ready", "running", "cancelled"])
def test_after_the_signatures_nobody_is_told_to_wait_for_the_text(cast: Cast, state: str, kind: str) -> None:
    """What is refused there is the move, not a text that is still to come."""
    with pytest.raises(MoveNotAllowed) as refused:
        cast.exchange(state).sign(kind, cast["visitor"], "0" * 64, NOW)
    assert refused.value.code() == "move_not_allowed"


def test_stale_text_is_not_signed_and_says_what_stands(cast: Cast) -> None:
    """The digest of version 1 does not sign version 2."""
    exchange = cast.exchange("validated")
    assert exchange.commitment
    old = exchange.commitment.text_digest
    exchange.amend_commitment(cast["visitor"], "no_time", "", NOW)
    submit(cast, exchange)
    validate(cast, exchange)
    with pytest.raises(StaleText) as refused:
        exchange.sign(COMMITMENT, cast["host"], old, NOW)
    assert exchange.commitment
    assert refused.value.details["standing_digest"] == exchange.commitment.text_digest
    assert refused.value.details["text_digest"] == old
    assert exchange.commitment.signatures == []


def test_each_party_signs_once(cast: Cast) -> None:
    """A second signature of the same side is refused."""
    with pytest.raises(AlreadySigned):
        cast.sign(cast.exchange("signing"), COMMITMENT, "visitor")


def test_one_partnership_signs_once_in_both_capacities() -> None:
    """Two signatures, one person, one moment."""
    cast = Cast(one_partnership=True)
    exchange = cast.exchange("validated")
    facts = cast.sign(exchange, COMMITMENT, "visitor_partnership")
    assert [fact.data["party"] for fact in facts] == ["visitor_partnership", "host_partnership"]


def test_person_of_two_organisations_signs_for_each_by_itself(cast: Cast) -> None:
    """One click never binds two organisations."""
    exchange = cast.exchange("validated")
    both = person(("representative", cast.visitor["organisation_id"]), ("representative", cast.host["organisation_id"]))
    assert exchange.commitment
    facts = exchange.sign(COMMITMENT, both, exchange.commitment.text_digest, NOW)
    assert [fact.data["party"] for fact in facts] == ["visitor"]
    facts = exchange.sign(COMMITMENT, both, exchange.commitment.text_digest, NOW)
    assert [fact.data["party"] for fact in facts] == ["host"]


def test_amount_is_signed_only_once_computed(cast: Cast) -> None:
    """Between validation and computation there is nothing to sign."""
    exchange = cast.exchange("submitted")
    validate(cast, exchange)
    with pytest.raises(AmountNotComputed):
        exchange.sign(FINANCIAL, cast["visitor"], "0" * 64, NOW)


def test_financial_agreement_says_amount_factors_and_declarations(cast: Cast) -> None:
    """What the visitor signs names every figure with its source."""
    agreement = cast.exchange("validated").financial_agreement
    assert agreement is not None
    assert agreement.text_digest == digest(agreement.text)
    for words in ("EUR 390.00", "assumption: sister programme", "No double funding", "No conflict of interest", "Boarding passes"):
        assert words in agreement.text


def test_recomputed_amount_makes_a_new_text(cast: Cast) -> None:
    """The old one's signature does not pass to it; the same amount again changes nothing."""
    exchange = cast.exchange("validated")
    cast.sign(exchange, FINANCIAL, "visitor")
    assert exchange.draft_financial_agreement(ITSELF, 1, ASSISTANCE, VISITOR_DETAILS, NOW) == []
    more = ASSISTANCE | {"amount": {"minor": 110000, "currency": "EUR"}}
    facts = exchange.draft_financial_agreement(ITSELF, 1, more, VISITOR_DETAILS, NOW)
    assert [fact.data["amount"]["minor"] for fact in facts] == [110000]
    assert exchange.financial_agreement
    assert (exchange.financial_agreement.number, exchange.financial_agreement.missing) == (2, ["visitor", "visitor_partnership"])
    signed = next(fact for fact in cast.sign(exchange, FINANCIAL, "visitor", "visitor_partnership") if fact.type == "agreement_signed")
    assert (signed.data["version"], signed.data["commitment_version"]) == (2, 1)


def test_amount_is_announced_to_the_partnership_that_pays(cast: Cast) -> None:
    """The host's partnership has no business with it; everything else goes to both."""
    exchange = cast.exchange("submitted")
    validate(cast, exchange)
    fact = exchange.draft_financial_agreement(ITSELF, 1, ASSISTANCE, VISITOR_DETAILS, NOW)[0]
    assert fact.audience == (str(cast.visitor_partnership_id),)
    assert set(exchange.opened().audience) == {str(cast.visitor_partnership_id), str(cast.host_partnership_id)}


def test_signed_amount_is_not_replaced(cast: Cast) -> None:
    """Only a new version of the commitment makes another one."""
    exchange = cast.exchange("validated")
    cast.sign(exchange, FINANCIAL, "visitor", "visitor_partnership")
    more = ASSISTANCE | {"amount": {"minor": 110000, "currency": "EUR"}}
    assert exchange.draft_financial_agreement(ITSELF, 1, more, VISITOR_DETAILS, NOW) == []


def test_amount_for_an_overtaken_version_is_dropped(cast: Cast) -> None:
    """The newer version is computed too; an amount for the version that may stand again is kept."""
    exchange = cast.exchange("signed")
    exchange.amend_commitment(cast["visitor"], "no_time", "", NOW)
    submit(cast, exchange)
    more = ASSISTANCE | {"amount": {"minor": 110000, "currency": "EUR"}}
    assert len(exchange.draft_financial_agreement(ITSELF, 1, more, VISITOR_DETAILS, NOW)) == 1
    validate(cast, exchange)
    exchange.amend_commitment(cast["visitor"], "no_time", "", NOW)
    submit(cast, exchange)
    assert exchange.draft_financial_agreement(ITSELF, 2, ASSISTANCE, VISITOR_DETAILS, NOW) == []


def test_document_is_kept_once(cast: Cast) -> None:
    """A second rendering changes nothing; a text that is not there has none."""
    exchange = cast.exchange("ready")
    sha256 = "ab" * 32
    expected = exchange.fact(DocumentRendered, kind=COMMITMENT, version=1, sha256=sha256)
    assert exchange.document_rendered(COMMITMENT, 1, sha256, 9) == [expected]
    assert exchange.document_rendered(COMMITMENT, 1, "cd" * 32, 9) == []
    with pytest.raises(AgreementNotFound):
        exchange.document_rendered(COMMITMENT, 2, sha256, 9)


def test_document_prints_text_as_text(cast: Cast) -> None:
    """What somebody typed cannot become markup, and nothing is fetched."""
    exchange = cast.exchange("validated", plan=PLAN | {"place": '<img src="http://evil.example/">'})
    assert exchange.commitment
    page = page_of(exchange.commitment)
    assert "<img" not in page
    assert "&lt;img" in page
    with pytest.raises(OutsideAddress):
        NothingFetched().fetch("http://evil.example/")


KOSOVO = (
    "* This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 and the ICJ Opinion on the Kosovo"
)


def test_both_texts_and_the_document_carry_the_footnote_of_the_country_where_it_is_named(cast: Cast) -> None:
    """Once, with the asterisk that points to it; and nowhere else."""
    exchange = cast.exchange()
    exchange.hosting.country = "XK"
    submit(cast, exchange)
    validate(cast, exchange)
    exchange.draft_financial_agreement(ITSELF, 1, ASSISTANCE, VISITOR_DETAILS | {"country": "XK"}, NOW)
    assert exchange.commitment and exchange.financial_agreement
    for text in (exchange.commitment.text, exchange.financial_agreement.text):
        assert text.count(KOSOVO) == 1
    assert "Host organisation: Host Cluster (XK*), partnership BLUES" in exchange.commitment.text
    assert "Country: XK*" in exchange.financial_agreement.text
    assert KOSOVO in page_of(exchange.commitment)


def test_no_other_country_has_a_footnote(cast: Cast) -> None:
    """Nor an asterisk."""
    exchange = cast.exchange("validated")
    assert exchange.commitment and exchange.financial_agreement
    assert "*" not in exchange.commitment.text + exchange.financial_agreement.text


FRENCH = PLAN | {"language": "fr"}


def test_both_texts_and_their_documents_are_in_the_language_of_the_plan(cast: Cast) -> None:
    """From the title to the last line, with days and amounts as French writes them; what people typed stays as they typed it."""
    exchange = cast.exchange("signed", plan=FRENCH)
    commitment, financial = exchange.commitment, exchange.financial_agreement
    assert commitment and financial and (commitment.language, financial.language) == ("fr", "fr")
    for words in ("ENGAGEMENT DE QUALITÉ", "Premier jour : 1er mars 2027", "2 mars 2027 : Visit", "Jours ouvrés pleins : 4", "ni stages"):
        assert words in commitment.text
    assert financial.text.count("780.00") == 0
    for words in (
        "CONVENTION FINANCIÈRE",
        "390,00 EUR, à titre forfaitaire",
        "base pour PT : 780,00 EUR (source : assumption: sister programme)",
        "Dénomination légale : ",
        "Pas de double financement",
    ):
        assert words in financial.text
    page = page_of(commitment)
    assert '<html lang="fr">' in page and "<title>Engagement de qualité, version 1</title>" in page and "partenariat de l’hôte" in page
    assert [word for word in ("Signed", "Validated", "partnership", "Full working", "internships") if word in page] == []


def test_another_language_is_another_text_with_signatures_of_its_own(cast: Cast) -> None:
    """Who signed the English one has not signed the French one; what stands signed is not written anew."""
    english, french = cast.exchange("validated"), cast.exchange("validated", plan=FRENCH)
    assert english.commitment and french.commitment
    assert english.commitment.text_digest != french.commitment.text_digest
    with pytest.raises(StaleText):
        french.sign_commitment(cast["visitor"], english.commitment.text_digest, NOW)


def test_names_taken_out_of_a_french_text_are_said_to_be_erased_in_french(cast: Cast) -> None:
    """In a text that nobody signed."""
    exchange = cast.exchange("submitted", plan=FRENCH)
    assert exchange.commitment
    exchange.commitment.forget_travellers()
    assert "(effacé)" in exchange.commitment.text and "(erased)" not in exchange.commitment.text
