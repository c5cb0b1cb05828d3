"""The agreements service on a real database: one exchange through all its phases, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pypdf
import pytest

from chassis.bare.message import Query
from chassis.bare.refusals import LogInAgain, RefusedElsewhere, StaleVersion, Unavailable
from chassis.running.doors import RoleRequired
from contracts import agreements as asks
from contracts.agreements import COMMITMENT, FINANCIAL, NOTICE
from contracts.matching import ExchangeConversation, ReadExchangeConversation
from contracts.matching.refusals import ConversationNotFound
from contracts.payments import AssistanceRefused, ExchangeMoney, ReadExchangeMoney
from tests.agreements.exchanges import ARRIVED, NO_REASON, WHY, Cast
from tests.agreements.rooms import FOUR, Stage, accepted
from tests.builders import representative
from tests.room import Room

Rooms = Callable[[str], Room]


@pytest.fixture
def stage(rooms: Rooms) -> Stage:
    """An opened exchange in a room."""
    return Stage(rooms("agreements")).open()


def test_exchange_goes_from_match_to_validated_report(stage: Stage) -> None:
    """The whole life, and every fact of it in order."""
    stage.ready().ended().reported()
    assert stage.read()["state"] == "report_validated"
    assert stage.types() == [
        "exchange_opened", "commitment_edited", "commitment_submitted", "validation_given", "validation_given",
        "commitment_validated", "financial_agreement_drafted", *["signature_given"] * 4, "agreement_signed", "document_wanted",
        *["signature_given"] * 2, "agreement_signed", "document_wanted", "exchange_ready", "exchange_started", "exchange_ended",
        "days_confirmed", "report_written", "report_submitted", "report_validated",
    ]  # fmt: skip


def test_validated_commitment_carries_what_payments_needs(stage: Stage) -> None:
    """Dates, working days, travel days, travellers and the host's country."""
    stage.submit()
    stage.validate()
    data = stage.room.facts("commitment_validated")[0].data
    assert (data["version"], data["working_days"], data["travellers"], data["host_country"]) == (1, 4, 1, "PT")
    assert data["travel_days"] == ["2027-03-01", "2027-03-07"]


def test_match_waits_for_its_parties(rooms: Rooms) -> None:
    """A match that arrives before the participations is kept and applied when they are there."""
    stage = Stage(rooms("agreements"))
    stage.match()
    assert len(stage.room.waiting()) == 1
    stage.introduce()
    assert stage.room.try_waiting() == 1
    assert stage.read()["state"] == "planning"


def test_match_heard_twice_opens_one_exchange(stage: Stage) -> None:
    """The repeat is known by its id."""
    event = uuid4()
    other = Stage(stage.room, Cast())
    other.introduce()
    other.match(event_id=event)
    other.match(event_id=event)
    assert stage.types() == ["exchange_opened", "exchange_opened"]


def test_second_open_exchange_of_a_visitor_is_refused(stage: Stage) -> None:
    """Matching hears why, and reopens both."""
    stage.match(uuid4())
    assert stage.room.facts("exchange_refused")[0].data["reason"] == "exchange_open"


def test_second_visit_in_the_scheme_is_refused(stage: Stage) -> None:
    """What started is consumed, also when all is over."""
    stage.ready().ended().reported()
    stage.match(uuid4())
    assert stage.room.facts("exchange_refused")[0].data["reason"] == "visit_consumed"


def test_cancelled_exchange_releases_the_visit(stage: Stage) -> None:
    """The organisation may be matched again."""
    stage.ask(asks.CancelExchange, "host", **WHY)
    stage.match(uuid4())
    assert stage.read()["state"] == "planning"


def test_match_within_one_country_is_refused(rooms: Rooms) -> None:
    """An exchange leads into another country."""
    stage = Stage(rooms("agreements"))
    stage.introduce_partnerships()
    for side in (stage.cast.visitor, stage.cast.host):
        stage.room.hear(accepted(side, "PT"))
    stage.match()
    assert stage.room.facts("exchange_refused")[0].data["reason"] == "same_country"


def test_plan_shows_the_notice_and_its_working_days(stage: Stage) -> None:
    """The notice stands where the plan is written."""
    view = stage.edit("host")
    assert view["notice"] == NOTICE
    assert (view["working_days"], view["missing"], view["state"]) == (4, [], "planning")


def test_plan_written_over_an_unseen_one_is_refused(stage: Stage) -> None:
    """Two people edit: the second one reads first."""
    version = stage.ask(asks.ReadCommitment, "host")["version"]
    stage.edit("visitor")
    with pytest.raises(StaleVersion):
        stage.ask(asks.EditCommitment, "host", if_match=version, **asks.Plan.read({}))


def test_versions_show_what_changed(stage: Stage) -> None:
    """A returned version keeps its comments; the next one says which lines differ."""
    stage.submit()
    stage.ask(asks.ReturnCommitment, "host_partnership", number=1, comments="Stay longer.")
    assert stage.ask(asks.ReadCommitment, "visitor")["comments"] == "Stay longer."
    stage.submit(end="2027-03-10", travel_days=["2027-03-01", "2027-03-10"])
    items = stage.ask(asks.ListCommitmentVersions, "auditor")["items"]
    assert [(each["number"], each["comments"]) for each in items] == [(1, "Stay longer."), (2, "")]
    assert stage.room.page_by_page(asks.ListCommitmentVersions, stage.cast["host"], exchange_id=stage.exchange_id) == items
    changes = stage.ask(asks.ReadCommitmentVersion, "visitor", number=2)["changes"]
    assert any("Last day: 7 March 2027" in each["was"] and "Last day: 10 March 2027" in each["now"] for each in changes)


def test_unknown_version_is_not_found(stage: Stage) -> None:
    """There is no version before the first submission."""
    with pytest.raises(asks.VersionNotFound):
        stage.ask(asks.ReadCommitmentVersion, "visitor", number=1)


def test_documents_are_rendered_once_after_the_last_signature(stage: Stage) -> None:
    """Both PDFs carry the text and the trail; before that there is nothing to download."""
    stage.ready()
    with pytest.raises(asks.DocumentNotFound):
        stage.ask(asks.DownloadAgreement, "visitor", kind=COMMITMENT)
    assert stage.room.run_jobs() == 2
    for kind in (COMMITMENT, FINANCIAL):
        download = stage.ask(asks.DownloadAgreement, "visitor_partnership", kind=kind)
        text = pdf_text(stage.room.frame.blobs.read(download["sha256"]))
        assert download["size"] > 1000
        assert "internships" in text
        assert "Visitor's representative" in text
    assert stage.types().count("document_rendered") == 2


def pdf_text(content: bytes) -> str:
    """The words of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages).split())


def test_host_sees_nothing_of_the_money(stage: Stage) -> None:
    """Neither the financial agreement nor its amount in the history, nor the payment."""
    stage.submit()
    stage.validate()
    for role in ("host", "host_partnership"):
        with pytest.raises(asks.AgreementNotFound):
            stage.ask(asks.ReadAgreement, role, kind=FINANCIAL)
        assert stage.read(role)["payment"] is None
        types = [each["type"] for each in stage.ask(asks.ListHistory, role)["items"]]
        assert "commitment_validated" in types
        assert "financial_agreement_drafted" not in types
    assert "EUR 390.00" in stage.ask(asks.ReadAgreement, "paying_officer", kind="financial-agreement")["text"]


def test_history_is_read_in_pages_without_gaps(stage: Stage) -> None:
    """Two viewers read on page by page; what one may not see leaves no hole in the other's count."""
    stage.ready()
    for role, hidden in (("visitor", set()), ("host", {"financial_agreement_drafted"})):
        found: list[str] = []
        after = None
        while not found or after:
            page = stage.ask(asks.ListHistory, role, limit=3, after=after)
            found, after = found + [each["type"] for each in page["items"]], page["next"]
            assert len(page["items"]) == 3 or after is None
        assert found == [each for each in stage.types() if each not in hidden]


def test_strangers_find_nothing(stage: Stage) -> None:
    """A foreign exchange does not exist, in whatever way it is asked for."""
    stage.submit()
    reads = (asks.ReadExchange, asks.ReadCommitment, asks.ListCommitmentVersions, asks.ListHistory, asks.ReadReport)
    for contract in reads:
        with pytest.raises(asks.ExchangeNotFound):
            stage.ask(contract, "stranger")
    with pytest.raises(asks.ExchangeNotFound):
        stage.ask(asks.CancelExchange, "stranger", **WHY)
    assert stage.room.ask(asks.ListExchanges, stage.cast["stranger"])["items"] == []


def others(stage: Stage, money: Exception | None = None, conversation: Exception | None = None) -> None:
    """Lay down what payments and matching add to the dossier; or that they do not."""

    def gives(contract: type[Query], failure: Exception | None) -> Any:
        def answer(who: Any, request: Any) -> Any:
            if failure:
                raise failure
            return contract.answers.read(contract.answers.example)

        return {contract: answer}

    stage.room.answers_from(gives(ReadExchangeMoney, money) | gives(ReadExchangeConversation, conversation))


def test_dossier_holds_the_money_and_the_conversation(stage: Stage) -> None:
    """Payments is told who reads it, as whom; the account stays masked. What was hidden is asked for the support office alone."""
    others(stage)
    for role in ("auditor", "support_officer"):
        dossier = stage.ask(asks.ReadDossier, role)
        assert (dossier["money"], dossier["conversation"], dossier["missing"]) == (ExchangeMoney.example, ExchangeConversation.example, [])
        asked = [content for contract, content in stage.room.asker.asked if contract is ReadExchangeMoney]
        about = {"exchange_id": str(stage.exchange_id), "person_id": str(stage.cast[role].person), "role": role}
        assert {name: str(value) for name, value in asked[-1].items()} == about
        hidden = [content["reads_hidden"] for contract, content in stage.room.asker.asked if contract is ReadExchangeConversation]
        assert hidden[-1] is (role == "support_officer")


def test_dossier_says_which_part_is_missing(stage: Stage) -> None:
    """A service that is away, or has not heard of the exchange yet, leaves the rest to be read."""
    refused = RefusedElsewhere(ConversationNotFound().as_message())
    others(stage, Unavailable("The payments service is not running just now."), refused)
    dossier = stage.ask(asks.ReadDossier, "auditor")
    assert [(each["part"], each["code"]) for each in dossier["missing"]] == [
        ("money", "unavailable"),
        ("conversation", "conversation_not_found"),
    ]
    assert (dossier["money"], dossier["conversation"]) == (None, None) and dossier["exchange"]["state"] == "planning"


def test_nobody_else_is_asked_about_an_exchange_that_is_not_there(stage: Stage) -> None:
    """Nor for somebody who may not read the dossier: nothing is recorded as read then."""
    with pytest.raises(asks.ExchangeNotFound):
        stage.room.ask(asks.ReadDossier, stage.cast["auditor"], exchange_id=uuid4())
    with pytest.raises(RoleRequired):
        stage.ask(asks.ReadDossier, "visitor")
    assert not [contract for contract, _ in stage.room.asker.asked if contract is ReadExchangeMoney]


def test_dossier_is_for_auditor_and_support_office(stage: Stage) -> None:
    """It has everything in one view."""
    stage.ready().ended().reported()
    others(stage)
    dossier = stage.ask(asks.ReadDossier, "auditor")
    assert dossier["exchange"]["moves"] == []
    assert [each["number"] for each in dossier["commitment_versions"]] == [1]
    assert len(dossier["financial_agreements"][0]["signatures"]) == 2
    assert dossier["report"]["report"]["usefulness"] == 5
    assert dossier["history"][0]["type"] == "exchange_opened"
    hashes = [each["hash"] for each in dossier["history"]]
    assert [each["previous_hash"] for each in dossier["history"]] == ["", *hashes[:-1]] and len(set(hashes)) == len(hashes) > 5
    with pytest.raises(RoleRequired):
        stage.ask(asks.ReadDossier, "visitor")


def test_signature_needs_a_fresh_log_in(stage: Stage) -> None:
    """Whoever logged in long ago confirms the password first."""
    stage.submit()
    stage.validate()
    tired = representative(stage.cast.visitor["organisation_id"], fresh=False)
    with pytest.raises(LogInAgain):
        stage.room.ask(asks.SignAgreement, tired, exchange_id=stage.exchange_id, kind=COMMITMENT, text_digest="0" * 64)


def test_deputy_signs_for_the_organisation(stage: Stage) -> None:
    """Any representative of the organisation may sign; the trail says who did."""
    stage.submit()
    stage.validate()
    deputy = representative(stage.cast.visitor["organisation_id"], name="The deputy")
    digest = stage.ask(asks.ReadAgreement, "visitor", kind=COMMITMENT)["text_digest"]
    view = stage.room.ask(asks.SignAgreement, deputy, exchange_id=stage.exchange_id, kind=COMMITMENT, text_digest=digest)
    assert [(each["party"], each["name"]) for each in view["signatures"]] == [("visitor", "The deputy")]
    with pytest.raises(asks.AlreadySigned):
        stage.sign(COMMITMENT, "visitor")


def test_list_is_paged_and_filtered(stage: Stage) -> None:
    """The support office sees all, the latest opened first; filters narrow."""
    second = Stage(stage.room, Cast())
    stage.room.clock.advance(hours=1)
    second.open().submit()
    support = stage.cast["support_officer"]
    page = stage.room.ask(asks.ListExchanges, support, limit=1)
    assert [each["exchange_id"] for each in page["items"]] == [str(second.exchange_id)]
    rest = stage.room.ask(asks.ListExchanges, support, limit=1, after=page["next"])
    assert [each["exchange_id"] for each in rest["items"]] == [str(stage.exchange_id)]
    for filters, found in (
        ({"state": ["submitted"]}, 1), ({"country": "PT"}, 2), ({"country": "FR"}, 0), ({"starts_from": "2027-03-02"}, 0),
        ({"starts_to": "2027-03-01"}, 1), ({"partnership_id": stage.cast.host_partnership_id}, 1),
        ({"organisation_id": second.cast.visitor["organisation_id"]}, 1), ({"text": "harbour clu"}, 2), ({"text": "harbour_clu"}, 0),
        ({"text": "harbour", "country": "FR"}, 0), ({"assistance_refused": "true"}, 0), ({"assistance_refused": "false"}, 2),
    ):  # fmt: skip
        loaded = asks.ListExchanges.read({name: value if isinstance(value, list) else str(value) for name, value in filters.items()})
        assert len(stage.room.ask(asks.ListExchanges, support, **loaded)["items"]) == found, filters


def test_exchanges_whose_assistance_cannot_be_computed_are_found(stage: Stage) -> None:
    """The support office looks for them; once it is computed, it finds them no more."""
    Stage(stage.room, Cast()).open()
    stage.submit()
    for role in ("visitor_partnership", "host_partnership"):
        stage.ask(asks.ValidateCommitment, role, number=1)
    about = {name: getattr(stage.cast, name) for name in ("visitor", "host")}
    refused = AssistanceRefused.of(
        stage.exchange_id, exchange_id=stage.exchange_id, commitment_version=1, code="no_rate_for_country", **about
    )
    stage.room.hear(refused)

    def found() -> list[str]:
        return [
            each["exchange_id"]
            for each in stage.room.ask(asks.ListExchanges, stage.cast["support_officer"], assistance_refused=True)["items"]
        ]

    assert found() == [str(stage.exchange_id)]
    stage.compute(1)
    assert found() == []


def test_indicators_count_for_the_partnership_that_pays(stage: Stage) -> None:
    """An exchange counts once; contact points see their own partnerships."""
    stage.ready().ended().reported()
    mine = stage.room.ask(asks.ReadIndicators, stage.cast["visitor_partnership"])["items"]
    assert [(each["total"], each["completed"], each["started"], each["working_days"]) for each in mine] == [(1, 1, 1, 4)]
    theirs = stage.room.ask(asks.ReadIndicators, stage.cast["host_partnership"])["items"]
    assert [each["total"] for each in theirs] == [0]
    assert len(stage.room.ask(asks.ReadIndicators, stage.cast["auditor"])["items"]) == 2


def test_one_partnership_on_both_sides_acts_once(rooms: Rooms) -> None:
    """Its contact point validates and signs once, in both capacities."""
    stage = Stage(rooms("agreements"), Cast(one_partnership=True)).open()
    stage.submit()
    stage.validate()
    assert stage.read()["state"] == "validated"
    stage.sign(COMMITMENT, "visitor", "host", "visitor_partnership")
    assert stage.read()["state"] == "signed"
    assert {each["party"] for each in stage.ask(asks.ReadAgreement, "host", kind=COMMITMENT)["signatures"]} == set(FOUR)


def test_no_start_before_all_have_signed(stage: Stage) -> None:
    """The refusal names whose signature is missing."""
    stage.submit()
    stage.validate()
    stage.sign(COMMITMENT, *FOUR)
    stage.at(ARRIVED)
    with pytest.raises(asks.NotAllSigned) as refused:
        stage.ask(asks.ConfirmArrival, "host", **NO_REASON)
    assert refused.value.details["missing"] == "visitor (financial_agreement), visitor_partnership (financial_agreement)"
