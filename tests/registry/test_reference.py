"""Reference data: public, dated, sourced; and what the tables promise about personal data."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from chassis.bare.refusals import Forbidden, InvalidFields, RowAlreadyThere, RowNotBackdated
from contracts.nace import NACE_DIVISIONS
from contracts.registry import (
    AddEligibilityRule,
    ApproveChange,
    CodesNotValid,
    ConsentOutdated,
    CountryNotEligible,
    DeclineChange,
    NotAnSme,
    ReadConsentNotices,
    ReadEcosystemActivities,
    ReadEligibilityRules,
    ReadReference,
    RoleNotOpen,
    SubmitRegistration,
)
from contracts.registry.reference import KINDS
from contracts.words import ECOSYSTEMS, ORGANISATION_TYPES
from services.registry import reference_data
from services.registry.model import Base, EcosystemActivity, Notice, Term
from tests.builders import A_MONDAY, administrator, support_officer
from tests.registry.conftest import Scene


def test_every_list_is_public_and_says_where_it_comes_from(scene: Scene) -> None:
    """No list is empty, no row without a source and a first day."""
    for kind in KINDS:
        items = scene.room.ask(ReadReference, kind=kind)["items"]
        assert items
        assert all(each["source"] and each["valid_from"] for each in items)


def test_lists_have_as_many_rows_as_the_programme_says(scene: Scene) -> None:
    """27 Member States and 11 pilot countries in the Union's codes; 14 ecosystems; 22 sections and 87 divisions of NACE 2.1."""
    codes = {kind: {each["code"] for each in scene.room.ask(ReadReference, kind=kind)["items"]} for kind in KINDS}
    assert len(codes["eligible-countries"]) == 38
    assert {"EL", "XK", "IS", "UA"} <= codes["eligible-countries"]
    assert not {"GR", "UK", "CH", "NO"} & codes["eligible-countries"]
    assert {"EL", "UK", "XK", "CH"} <= codes["countries"]
    assert [len(codes[kind]) for kind in ("ecosystems", "nace-sections", "nace-divisions", "language-levels")] == [14, 22, 87, 6]


def test_the_asterisk_of_a_country_points_to_its_footnote(scene: Scene) -> None:
    """In both lists of countries the one name with an asterisk comes with its words, and no other has any."""
    for kind in ("countries", "eligible-countries"):
        noted = {each["code"]: each for each in scene.room.ask(ReadReference, kind=kind)["items"] if each["footnote"]}
        assert set(noted) == {each["code"] for each in scene.room.ask(ReadReference, kind=kind)["items"] if "*" in each["name"]} == {"XK"}
        assert noted["XK"]["name"] == "Kosovo*"
        assert noted["XK"]["footnote"] == (
            "* This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 and the ICJ Opinion on "
            "the Kosovo declaration of independence."
        )


def test_the_united_kingdom_is_eligible_by_period(scene: Scene) -> None:
    """On the last day of its period a registration is taken, on the day after it is refused; the row says that it is an assumption."""
    at = {"organisation": {"country": "UK", "nuts": "UKI31", "town": "London"}}
    scene.room.clock.advance(days=(date(2020, 12, 31) - scene.room.clock.now().date()).days)
    [row] = [each for each in scene.room.ask(ReadReference, kind="eligible-countries")["items"] if each["code"] == "UK"]
    assert (row["valid_from"], row["valid_to"], row["source"].split(":")[0]) == ("2020-01-01", "2020-12-31", "assumption")
    inside, author = scene.submitted(**at)
    assert inside["state"] == "submitted"
    scene.room.clock.advance(days=1)
    outside, author = scene.draft(**at)
    with pytest.raises(CountryNotEligible):
        scene.move(SubmitRegistration, author, outside)


CHOSEN = [
    ("ecosystems", "tourism", {"offer": {"ecosystems": ["digital", "tourism"]}}, "offer.ecosystems"),
    ("nace-divisions", "79", {"offer": {"nace": ["62", "79"]}}, "offer.nace"),
    ("organisation-types", "fab_lab", {"preferences": {"visitor": {"organisation_types": ["fab_lab"]}}}, "preferences.visitor.organisation_types"),
    ("activity-types", "market_research", {"preferences": {"host": {"activity_types": ["market_research"]}}}, "preferences.host.activity_types"),
    ("languages", "eo", {"person": {"languages": [{"language": "eo", "level": "B2"}]}}, "person.languages"),
    ("language-levels", "A1", {"person": {"languages": [{"language": "en", "level": "A1"}]}}, "person.languages"),
    ("organisation-sizes", "micro", {"organisation": {"size": "micro"}}, "organisation.size"),
    ("countries", "NO", {"preferences": {"host": {"countries": ["NO", "PT"]}}}, "preferences.host.countries"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "code", "steps", "answer"), CHOSEN, ids=[each[0] for each in CHOSEN])
def test_a_retired_code_is_refused_at_submission_until_a_row_holds_again(
    scene: Scene, kind: str, code: str, steps: dict[str, Any], answer: str
) -> None:
    """The refusal names answer, code and list; a new row has effect from its first day on, and not before."""
    today = A_MONDAY.date()
    view, author = scene.draft(**steps)
    retired = update(Term).where(Term.kind == kind, Term.code == code).values(valid_to=today - timedelta(days=1))
    with scene.room.unit() as unit:
        unit.session.execute(retired)
        again = {"source": "a test", "valid_from": today + timedelta(days=2), "valid_to": None}
        unit.session.add(Term(kind=kind, code=code, name="Again", parent=None, **again))
    for _ in range(2):
        with pytest.raises(CodesNotValid) as refused:
            scene.move(SubmitRegistration, author, view)
        assert refused.value.details["codes"] == f"{answer} '{code}' ({kind})"
        assert f"'{code}'" in refused.value.sentence and "/v1/reference" in refused.value.sentence
        scene.room.clock.advance(days=1)
    assert scene.move(SubmitRegistration, author, view)["state"] == "submitted"


@pytest.mark.parametrize(("kind", "code", "steps", "answer"), CHOSEN, ids=[each[0] for each in CHOSEN])
def test_a_retired_code_is_refused_after_acceptance_too_unless_it_stood_there_before(
    scene: Scene, kind: str, code: str, steps: dict[str, Any], answer: str
) -> None:
    """Who chose it while it held keeps it and may change other answers; who did not may not choose it now, nor propose it."""
    (keeps, keeper), (other, author) = scene.accepted(**steps), scene.accepted()
    with scene.room.unit() as unit:
        yesterday = A_MONDAY.date() - timedelta(days=1)
        unit.session.execute(update(Term).where(Term.kind == kind, Term.code == code).values(valid_to=yesterday))
    changed = scene.revise(keeper, keeps, **steps, period={"capacity": 3})
    assert changed["period"]["capacity"] == 3
    with pytest.raises(CodesNotValid) as refused:
        scene.revise(author, other, **steps)
    assert refused.value.details["codes"] == f"{answer} '{code}' ({kind})"
    assert scene.read(author, other) == other


def test_a_code_that_is_retired_while_its_change_waits_is_refused_at_approval(scene: Scene) -> None:
    """The contact point may decline it; the answers stay as they were."""
    view, author = scene.accepted()
    view = scene.revise(author, view, organisation={"size": "micro"})
    with scene.room.unit() as unit:
        unit.session.execute(
            update(Term).where(Term.kind == "organisation-sizes", Term.code == "micro").values(valid_to=A_MONDAY.date() - timedelta(days=1))
        )
    with pytest.raises(CodesNotValid):
        scene.move(ApproveChange, scene.checker, view)
    scene.move(DeclineChange, scene.checker, view, text="That size is no more.")
    assert scene.read(author, view)["organisation"]["size"] == view["organisation"]["size"] != "micro"


def test_every_ecosystem_and_most_divisions_stand_in_the_mapping_many_to_many(scene: Scene) -> None:
    """All 14 ecosystems; divisions in several of them; only codes that there are, each row an assumption that says so."""
    answer = scene.room.ask(ReadEcosystemActivities)
    pairs = [(each["ecosystem"], each["nace"]) for each in answer["items"]]
    assert len(set(pairs)) == len(pairs)
    assert {ecosystem for ecosystem, _ in pairs} == set(ECOSYSTEMS)
    assert {nace for _, nace in pairs} <= set(NACE_DIVISIONS)
    assert max(Counter(nace for _, nace in pairs).values()) > 1
    assert {each["source"].split(":")[0] for each in answer["items"]} == {"assumption"}
    assert answer["suggested"] == []


def test_divisions_suggest_their_ecosystems_the_one_with_most_first(scene: Scene) -> None:
    """Divisions of one ecosystem alone name that one; what belongs to none suggests nothing."""
    suggested = scene.room.ask(ReadEcosystemActivities, nace=["10", "11", "46"])["suggested"]
    assert suggested == [{"ecosystem": "agri_food", "nace": ["10", "11", "46"]}, {"ecosystem": "retail", "nace": ["46"]}]
    assert scene.room.ask(ReadEcosystemActivities, nace=["99"]) == {"items": [], "suggested": []}
    with pytest.raises(InvalidFields):
        scene.room.ask(ReadEcosystemActivities, nace=["00"])


def test_the_mapping_is_read_as_it_holds_on_a_day(scene: Scene) -> None:
    """A pair that was taken out suggests nothing from then on; on a day before it still does."""
    ended = update(EcosystemActivity).where(EcosystemActivity.nace == "79").values(valid_to=date(2026, 6, 30))
    with scene.room.unit() as unit:
        unit.session.execute(ended)
    assert scene.room.ask(ReadEcosystemActivities, nace=["79"])["suggested"] == []
    before = scene.room.ask(ReadEcosystemActivities, nace=["79"], on=date(2026, 6, 30))
    assert before["suggested"] == [{"ecosystem": "tourism", "nace": ["79"]}]


def test_a_list_is_read_as_it_holds_on_a_day(scene: Scene) -> None:
    """A country that left is there before and not after."""
    left = update(Term).where(Term.kind == "eligible-countries", Term.code == "TR").values(valid_to=date(2026, 6, 30))
    with scene.room.unit() as unit:
        unit.session.execute(left)

    def codes(on: date) -> set[str]:
        return {each["code"] for each in scene.room.ask(ReadReference, kind="eligible-countries", on=on)["items"]}

    assert "TR" in codes(date(2026, 6, 30))
    assert "TR" not in codes(date(2026, 7, 1))
    view, author = scene.draft(organisation={"country": "TR", "nuts": "TR310", "town": "Izmir"})
    with pytest.raises(CountryNotEligible):
        scene.move(SubmitRegistration, author, view)


def test_a_new_version_of_a_notice_asks_for_a_new_consent(scene: Scene) -> None:
    """A consent to the old version is not enough any more."""
    view, author = scene.draft()
    today = A_MONDAY.date()
    with scene.room.unit() as unit:
        unit.session.execute(update(Notice).where(Notice.notice == "privacy_notice").values(valid_to=date(2026, 11, 1)))
        unit.session.add(
            Notice(notice="privacy_notice", version="2026-2", heading="New", text="New.", source="a test", valid_from=today, valid_to=None)
        )
    assert {each["version"] for each in scene.room.ask(ReadConsentNotices)["items"]} == {"2026-1", "2026-2"}
    with pytest.raises(ConsentOutdated):
        scene.move(SubmitRegistration, author, view)
    scene.revise(author, view, consents=[{"notice": "privacy_notice", "version": "2026-2"}])
    assert scene.move(SubmitRegistration, author, view)["state"] == "submitted"


def test_eligibility_rules_are_public(scene: Scene) -> None:
    """The rows of the public pages, for members and others."""
    rules = {(each["organisation_type"], each["cluster_member"]): each for each in scene.room.ask(ReadEligibilityRules)["items"]}
    assert rules["sme", False]["may_host"] == "pre_approval"
    assert rules["public_authority", True]["may_visit"] == "partnership"
    assert {kind for kind, _ in rules} == set(ORGANISATION_TYPES)


RULE: dict[str, Any] = {"organisation_type": "training_provider", "cluster_member": True, "may_visit": "yes", "may_host": "no"}


def test_administrators_add_rules_of_who_may_take_part_that_hold_from_a_day_on(scene: Scene) -> None:
    """Until then the old one holds; both can be read; whoever was accepted stays; the fact says what was added."""
    trains = {
        "organisation_type": "training_provider",
        "cluster_member": True,
        "cluster_name": "Blue",
        "cluster_page": "https://www.clustercollaboration.eu/content/example-cluster",
    }
    accepted, author = scene.accepted(organisation=trains, role={"roles": ["host"]})
    today = scene.room.clock.now().date()
    tomorrow = today + timedelta(days=1)
    added = scene.room.ask(AddEligibilityRule, administrator(), **RULE, valid_from=tomorrow, source="a decision")
    assert (added["may_visit"], added["valid_from"], added["valid_to"]) == ("yes", tomorrow.isoformat(), None)

    def verdicts(**fields: Any) -> list[tuple[str, str]]:
        items = scene.room.ask(ReadEligibilityRules, **fields)["items"]
        return [
            (each["may_visit"], each["may_host"])
            for each in items
            if (each["organisation_type"], each["cluster_member"]) == ("training_provider", True)
        ]

    assert (verdicts(), verdicts(on=tomorrow)) == ([("partnership", "yes")], [("yes", "no")])
    assert verdicts(all=True) == [("yes", "no"), ("partnership", "yes")]
    waiting, other = scene.draft(organisation=trains, role={"roles": ["host"]})
    scene.room.clock.advance(days=1)
    with pytest.raises(RoleNotOpen):
        scene.move(SubmitRegistration, other, waiting)
    assert scene.read(author, accepted)["state"] == "accepted"
    [fact] = scene.room.facts("eligibility_rule_added")
    assert (fact.data["organisation_type"], fact.data["may_host"]) == ("training_provider", "no")


def test_a_rule_is_added_by_administrators_from_today_on_once_a_day_and_only_as_it_can_be_done(scene: Scene) -> None:
    """No approval case by case of visits, no partnership's parameter for hosting."""
    today = {"valid_from": scene.room.clock.now().date(), "source": "a decision"}
    with pytest.raises(Forbidden):
        scene.room.ask(AddEligibilityRule, support_officer(), **RULE, **today)
    with pytest.raises(RowNotBackdated):
        scene.room.ask(AddEligibilityRule, administrator(), **RULE, **today | {"valid_from": today["valid_from"] - timedelta(days=1)})
    for wrong in ({"may_visit": "pre_approval"}, {"may_host": "partnership"}):
        with pytest.raises(InvalidFields):
            scene.room.ask(AddEligibilityRule, administrator(), **RULE | wrong, **today)
    scene.room.ask(AddEligibilityRule, administrator(), **RULE, **today)
    with pytest.raises(RowAlreadyThere):
        scene.room.ask(AddEligibilityRule, administrator(), **RULE | {"may_visit": "no"}, **today)


def test_notices_are_read_in_the_language_asked_for_and_in_english_where_there_is_no_other(scene: Scene) -> None:
    """One version, whatever the language; a new version in English alone is shown in English."""
    english, french = (
        {each["notice"]: each for each in scene.room.ask(ReadConsentNotices, language=language)["items"]} for language in ("en", "fr")
    )
    assert set(english) == set(french)
    for name, notice in french.items():
        assert (notice["language"], notice["version"]) == ("fr", english[name]["version"])
        assert notice["text"] != english[name]["text"]
    new = {"version": "2026-2", "heading": "New", "text": "New.", "source": "a test", "valid_from": A_MONDAY.date(), "valid_to": None}
    with scene.room.unit() as unit:
        unit.session.execute(update(Notice).where(Notice.notice == "privacy_notice").values(valid_to=date(2026, 11, 1)))
        unit.session.add(Notice(notice="privacy_notice", **new))
    items = scene.room.ask(ReadConsentNotices, language="fr")["items"]
    assert [(each["notice"], each["version"], each["language"]) for each in items] == [
        ("privacy_notice", "2026-2", "en"),
        ("scheme_rules", "2026-1", "fr"),
    ]


def test_what_is_a_small_enterprise_follows_the_rows_of_the_day(scene: Scene) -> None:
    """Where the medium-sized ones are taken out of the list, an enterprise of that size is refused."""
    medium = {
        "organisation_type": "sme",
        "cluster_member": True,
        "cluster_name": "Blue",
        "cluster_page": "https://www.clustercollaboration.eu/content/example-cluster",
        "size": "medium",
    }
    view, author = scene.draft(organisation=medium)
    today = A_MONDAY.date()
    with scene.room.unit() as unit:
        unit.session.execute(update(Term).where(Term.kind == "sme-sizes", Term.code == "medium").values(valid_to=today - timedelta(1)))
    with pytest.raises(NotAnSme):
        scene.move(SubmitRegistration, author, view)
    with scene.room.unit() as unit:
        unit.session.execute(update(Term).where(Term.kind == "sme-sizes", Term.code == "medium").values(valid_to=today))
    assert scene.move(SubmitRegistration, author, view)["state"] == "submitted"


def test_an_unknown_list_is_refused(scene: Scene) -> None:
    """Only lists that there are."""
    with pytest.raises(InvalidFields):
        scene.room.ask(ReadReference, kind="secrets")


def test_every_notice_that_a_registration_needs_is_delivered() -> None:
    """What the contract names has a first version."""
    from contracts.registry.reference import NOTICES

    assert set(reference_data.NOTICES) == set(NOTICES)


PERSONAL = [
    "person",
    "first_name",
    "last_name",
    "title",
    "function",
    "e_mail",
    "phone",
    "cv_sha256",
    "cv_name",
    "accessibility",
    "needs",
    "given_by",
    "note",
    "name",
]


def test_columns_with_personal_data_say_why_on_what_ground_and_how_long() -> None:
    """Every column whose name speaks of a person carries purpose, basis and retention."""
    tables = ("participation", "joining", "support_query", "contact_point", "consent", "language_skill")
    for table in tables:
        for column in Base.metadata.tables[table].columns:
            if any(word in column.name for word in PERSONAL):
                assert set(column.info["personal"]) == {"purpose", "basis", "retention"}, f"{table}.{column.name}"
