"""The words of the pages: every text is there in every language, with the same values in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.bare.message import Event
from contracts import agreements, payments, registry
from contracts.agreements.indicators import STAGES
from contracts.agreements.rules import WORKING_DAYS_METHODS
from contracts.agreements.words import STATES
from contracts.figures import FigureRowAdded, MethodRowAdded
from contracts.matching import events as matching
from contracts.matching import round_events as rounds
from contracts.payments import DISTANCE_METHODS
from contracts.words import ACTIVITY_TYPES, CEFR, ECOSYSTEMS, ORGANISATION_SIZES, ORGANISATION_TYPES, ROLES
from contracts.words.catalogue import CATALOGUE
from gateway.all_routes import all_routes
from gateway.publish.problems import refusals_of, sentence
from services.matching.ranking.scores import CRITERIA
from services.registry.model.registration import REGISTRATION
from services.registry.nace import NAMES


def _is_event(thing: Any) -> bool:
    """Whether it is something that happens, and no kind of such things; of dated rows pages show the rows."""
    if not isinstance(thing, type) or not issubclass(thing, Event) or issubclass(thing, FigureRowAdded | MethodRowAdded):
        return False
    return "example" in vars(thing) and not thing.slug().endswith("_event")


TEXTS = Path(__file__).parents[2] / "web" / "src" / "texts"
SOURCES = TEXTS.parent
LANGUAGES = sorted(each.stem for each in TEXTS.glob("*.json"))
VALUE = re.compile(r"\{(\w+)")
FACTS = {each.slug() for room in (agreements, matching, rounds, payments, registry) for each in vars(room).values() if _is_event(each)}
FACTORS = [name for name in CATALOGUE.names if name.startswith("factors.") and name != "factors.base_for"]
SHOWN_CODES = {
    "fact": FACTS,
    "ecosystem": set(ECOSYSTEMS),
    "organisation_type": set(ORGANISATION_TYPES),
    "organisation_size": set(ORGANISATION_SIZES),
    "activity_type": set(ACTIVITY_TYPES),
    "cefr": set(CEFR),
    "role": set(ROLES),
    "nace": set(NAMES),
    "registration_state": set(REGISTRATION.states),
    "exchange_state": set(STATES),
    "exchange_meaning": set(STATES),
    "exchange_stage": set(STAGES),
    "factor": {re.sub(r"[^a-z0-9]+", "_", name.removeprefix("factors.")) for name in FACTORS},
}
"""Codes of the programme that pages show, by the kind under which they ask for the words."""

SENTENCES = {each.code(): sentence(each) for route in all_routes() for found in refusals_of(route).values() for each in found}
"""What the API says when it refuses, by the code."""

OF_NO_ROUTE = {"cut_off", "internal_error", "service_missing", "unavailable"}
"""Problems that come of the line, the log-in or the system rather than of what was asked."""


def catalogue(language: str) -> dict[str, str]:
    """Every text by its key."""
    return dict(leaves(json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))))


def pages(language: str) -> dict[str, str]:
    """What stands on pages, refusals apart."""
    return {key: text for key, text in catalogue(language).items() if not key.startswith("refusals.")}


def refusals(language: str) -> dict[str, str]:
    """The sentence for each refusal, by its code."""
    return {key.removeprefix("refusals."): text for key, text in catalogue(language).items() if key.startswith("refusals.")}


def leaves(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a tree by their whole key."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def test_english_and_french_are_there() -> None:
    """A further language is one file more."""
    assert {"en", "fr"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    """A missing one would show its key, and one too many is dead."""
    assert sorted(pages(language)) == sorted(pages("en"))


def test_english_says_refusals_in_the_words_of_the_api() -> None:
    """Two sentences for the same would drift apart."""
    assert refusals("en") == {}


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_a_language_says_every_refusal(language: str) -> None:
    """Else somebody who reads French is refused in English."""
    assert sorted(refusals(language)) == sorted([*SENTENCES, *OF_NO_ROUTE])


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_a_refusal_names_only_what_travels_with_it(language: str) -> None:
    """A value that nobody gives would be an error where a reason should stand."""
    wrong = {
        code: text
        for code, text in refusals(language).items()
        if not set(VALUE.findall(text)) <= set(VALUE.findall(SENTENCES.get(code, "")))
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_says_something_and_names_the_same_values(language: str) -> None:
    """A value that is left out is lost, and one that nobody gives shows as an error."""
    english = catalogue("en")
    wrong = {
        key: text
        for key, text in pages(language).items()
        if not text.strip() or set(VALUE.findall(text)) & outer(english[key]) != outer(english[key])
    }
    assert wrong == {}


def outer(text: str) -> set[str]:
    """The values that a text names, but not the words inside of its choices."""
    found, depth, start = set(), 0, 0
    for at, letter in enumerate(text):
        if letter == "{":
            depth += 1
            start = at if depth == 1 else start
        elif letter == "}":
            depth -= 1
            if depth == 0:
                found |= set(VALUE.findall(text[start : start + 40])[:1])
    return found


@pytest.mark.parametrize("kind", SHOWN_CODES)
def test_every_code_that_pages_show_has_its_words(kind: str) -> None:
    """Else people would read the code."""
    known = {key.removeprefix(f"codes.{kind}.") for key in catalogue("en") if key.startswith(f"codes.{kind}.")}
    assert SHOWN_CODES[kind] <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_criterion_of_the_ranking_has_its_words(language: str) -> None:
    """In the reasons of a list, beside the weights that are moved, and on the page that says how the ranking works."""
    assert {f"reasons.{criterion}" for criterion in CRITERIA} <= catalogue(language).keys()


def test_divisions_are_called_in_english_as_the_api_calls_them() -> None:
    """The catalogue shows them without asking for the list first."""
    assert {key.removeprefix("codes.nace."): text for key, text in catalogue("en").items() if key.startswith("codes.nace.")} == NAMES


def test_no_text_of_a_page_stands_outside_of_the_catalogues() -> None:
    """Between tags stand expressions; the name of the programme, signs and units alone are the same in every language."""
    allowed = re.compile(
        r"^[\s\d%×✓⚠ℹ!‹›·–:;,.()→*\-#⟦⟧]*$|^(ClusterXchange|SHA-256:|\( kB\)|Button|Notice|Field|Tabs, Switch|Steps|Card, Badge, Bars|Table|Empty, Dialog|[A-P])$"
    )
    outside = [
        f"{file.relative_to(SOURCES)}: {words}"
        for file in SOURCES.rglob("*.svelte")
        for words in plain_words(file)
        if not allowed.match(words)
    ]
    assert outside == []


def plain_words(file: Path) -> Iterator[str]:
    """What stands between tags, without expressions."""
    text = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = without_expressions(text)
    text = re.sub(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", "\n", text)
    yield from (line.strip().replace("&nbsp;", "") for line in text.splitlines() if line.strip())


def without_expressions(text: str) -> str:
    """Braces and what is in them taken out."""
    kept, depth = [], 0
    for letter in text:
        if letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
        elif depth == 0:
            kept.append(letter)
    return "".join(kept)


def test_methods_of_the_lump_sum_are_known_by_how_their_sentences_begin() -> None:
    """Payments tells each as the sentence that says what it means; pages say it in the reader's language."""
    known = dict(re.findall(r"\['([^']+)', '(\w+)'\]", (SOURCES / "pages/exchange/factors.ts").read_text(encoding="utf-8")))
    told = WORKING_DAYS_METHODS | DISTANCE_METHODS
    found = {code: [known[beginning] for beginning in known if sentence.startswith(beginning)] for code, sentence in told.items()}
    assert found == {code: [code] for code in told}
