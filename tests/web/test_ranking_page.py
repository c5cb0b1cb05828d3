"""The page on how the ranking works says what the ranking does: each rule, criterion and figure of its words is the code's own."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from contracts.matching import CONTACT_FIGURES
from services.matching.model.answering import Silence
from services.matching.ranking.fairness import DAYS, GENTLE, SETTINGS, STRONG, WAYS
from services.matching.ranking.order import FUSIONS
from services.matching.ranking.rules import RULES
from services.matching.ranking.scores import CRITERIA, FULL, HALF
from tests.web.test_texts import LANGUAGES, SOURCES, catalogue

PAGE = (SOURCES / "pages" / "public" / "HowRankingWorks.svelte").read_text()
RULES_SAID = {
    "role": ("complementary role", "rôle complémentaire"),
    "inactive": ("accepted and active", "acceptées et actives"),
    "same_organisation": ("another organisation", "autre organisation"),
    "same_country": ("another eligible country", "autre pays éligible"),
    "visit_consumed": ("without a visit made", "sans visite faite"),
    "visitor_has_exchange": ("or an exchange under way", "ni échange en cours"),
    "host_paused": ("takes guests at present", "accueille en ce moment"),
    "host_full": ("a free place", "une place libre"),
    "hidden": ("decides who sees its profile", "décide qui voit son profil"),
    "in_contact": ("in contact already, or where one of you has declined the other lately", "déjà en contact, ni dont l’un de vous a récemment décliné"),
    "no_common_language": ("a common language", "une langue commune"),
    "no_common_period": ("periods that overlap for the stay you both want", "périodes qui se recoupent pour le séjour voulu par les deux"),
}  # fmt: skip
CRITERIA_SAID = {
    "learning": ("wants to learn and the other can teach", "veut apprendre et que l’autre peut transmettre"),
    "ecosystems": ("Industrial ecosystems", "écosystèmes industriels"),
    "activity_types": ("can teach, activities,", "les activités, le type"),
    "nace": ("economic activities", "activités économiques"),
    "topics": ("topics", "thèmes"),
    "technologies": ("technologies", "technologies"),
    "organisation_types": ("type and size of organisation", "le type et la taille de l’organisation"),
    "countries": ("countries and languages wished for", "pays et langues souhaités"),
    "languages": ("countries and languages wished for", "pays et langues souhaités"),
    "common_language": ("level of the common language", "niveau de la langue commune"),
    "text": ("words of the profiles", "mots des profils"),
    "group_size": ("size of the group", "taille du groupe"),
    "size": ("type and size of organisation", "le type et la taille de l’organisation"),
    "responsiveness": ("the requests it got the other has answered", "des demandes reçues auxquelles l’autre a répondu"),
}
FIGURES = {
    "sides.words": [FULL],
    "exposure.words": [DAYS, WAYS[GENTLE].within, WAYS[GENTLE].most * 100 // FULL, WAYS[STRONG].within, WAYS[STRONG].most * 100 // FULL],
}
"""All figures that stand in the words, in their order; all others come with the dated rows."""
IN_WORDS = r"three|four|five|seven|ten|hundred|thousand|trois|quatre|cinq|sept|dix|cents?|mille"


def said(language: str) -> dict[str, str]:
    """The page's texts without those made of what the API answers."""
    own = {key.removeprefix("howRanking."): text for key, text in catalogue(language).items() if key.startswith("howRanking.")}
    return {key: text for key, text in own.items() if "{" not in text}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_every_hard_rule_and_every_criterion(language: str) -> None:
    """One more in the code needs its words here."""
    assert RULES_SAID.keys() == RULES.keys() and CRITERIA_SAID.keys() == CRITERIA.keys()
    place = ("en", "fr").index(language)
    missing = [phrases[place] for phrases in RULES_SAID.values() if phrases[place] not in said(language)["who.words"]]
    missing += [phrases[place] for phrases in CRITERIA_SAID.values() if phrases[place] not in said(language)["criteria.words"]]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_in_its_words_are_those_that_lists_go_by(language: str) -> None:
    """And no other stands there, in digits or in words."""
    for key, text in said(language).items():
        assert [int(each) for each in re.findall(r"\d+", text)] == FIGURES.get(key, []), key
        assert re.findall(rf"\b({IN_WORDS})\b", text.lower()) == [], key
    assert f" {DAYS} " in catalogue(language)["howRanking.counted"]
    assert {"en": "counts half", "fr": "compte pour moitié"}[language] in said(language)["sides.words"] and HALF * 2 == FULL


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_and_means_have_their_words(language: str) -> None:
    """Every setting of the order for exposure, and every way to make both sides' scores one."""
    assert {key.removeprefix("settings.") for key in said(language) if key.startswith("settings.")} == set(SETTINGS)
    assert {key.removeprefix("means.") for key in said(language) if key.startswith("means.")} == set(FUSIONS)


def test_figures_beside_its_words_are_read_from_the_dated_rows() -> None:
    """How often a host is shown, when it sinks and how long it is told before: by their names as figures, and none of them fixed in the page."""
    found = re.search(r"FAIR = \[(.*?)\]", PAGE)
    assert found
    shown = set(re.findall(r"'(\w+)'", found[1]))
    assert {"host_shown_per_week", "ask_again_days", *(each.name for each in fields(Silence))} == shown <= CONTACT_FIGURES.keys()
    assert "/v1/reference/matching-figures" in PAGE and "valid.get('geometric_fusion')" in PAGE and "geometric_fusion" in CONTACT_FIGURES
    for language in LANGUAGES:
        assert all(f"codes.rule.{each}" in catalogue(language) for each in CONTACT_FIGURES)
