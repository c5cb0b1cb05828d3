"""The search in memory finds, counts and sorts exactly what the obvious one does, whatever was put in and taken out before."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from contracts.words import CEFR, ECOSYSTEMS, ORGANISATION_SIZES, ORGANISATION_TYPES
from services.matching.index.search import Entry, Query, Search, Stands, read_entry, terms
from services.matching.index.search.corrections import MOST_CORRECTED
from services.matching.index.search.entry import term
from services.matching.index.search.prints import NotPrinted, Prints
from services.matching.index.search.query import FACETS, SORTS
from services.matching.index.search.typos import Letters
from services.matching.index.search.warming import warm
from services.matching.index.search.words import asked_words, spelling, words_of
from tests.matching.index import search_reference
from tests.matching.profiles import an_id, profile
from tests.matching.test_index_kernels import kernels

# What it looks at is compiled first, which takes longer than all else in `make check`.
pytestmark = pytest.mark.slow

WORDS = [
    "welding",
    "weaving",
    "weather",
    "robot",
    "robots",
    "robotics",
    "port",
    "ports",
    "harbour",
    "énergie",
    "energy",
    "Köln",
    "Łódź",
    "Αθήνα",
    "wool",
    "welfare",
    "wave",
]
TOWNS = [("PT", "Porto", 41.15, -8.61), ("FR", "Besançon", 47.24, 6.02), ("PL", "Łódź", 51.77, 19.46), ("EL", "Αθήνα", 37.98, 23.73)]
BEGIN = datetime(2027, 1, 1, tzinfo=UTC)


def some(chance: random.Random, values: Any, most: int = 3) -> list[Any]:
    """A few of the values, or none."""
    listed = list(values)
    return chance.sample(listed, chance.randint(0, min(most, len(listed))))


def an_entry(chance: random.Random, number: int) -> Entry:
    """A participation made of chance; few different values, so that many are the same."""
    country, town, latitude, longitude = chance.choice(TOWNS)
    made = profile(
        f"{number}", legal_name=chance.choice(["Aé", "ab", "Ab", "B"]), country=country, town=town, latitude=latitude, longitude=longitude,
        organisation_type=chance.choice(list(ORGANISATION_TYPES)[:4]), size=chance.choice(list(ORGANISATION_SIZES)),
        partnership_id=str(an_id(chance.choice(["one", "two"]))), ecosystems=some(chance, list(ECOSYSTEMS)[:5]),
        nace=some(chance, ["01", "62"]), topics=some(chance, ["Énergie", "energie", "Ports"]), technologies=some(chance, ["AI", "ai "]),
        motivation=" ".join(some(chance, WORDS, 6)) or "none", can_teach=some(chance, WORDS), want_to_learn=some(chance, WORDS),
        languages=[{"language": each, "level": chance.choice(list(CEFR))} for each in some(chance, ["en", "fr"])],
        availability=some(chance, [{"start": "2027-03-01", "end": "2027-03-09"}, {"start": "2027-06-01", "end": "2027-07-01"}]),
        min_days=chance.randint(3, 5), max_days=chance.randint(5, 9), group_size=chance.randint(1, 4),
        visibility=chance.choice(["all", "all", "partnerships", "hidden"]), sme=chance.random() < 0.5,
    )  # fmt: skip
    return read_entry(made, BEGIN + timedelta(hours=chance.randint(0, 9)), standing(chance))


def standing(chance: random.Random) -> Stands:
    """How a participation may stand."""
    asked = chance.randint(0, 3)
    return Stands(
        listed=chance.random() < 0.9, free_as_visitor=chance.random() < 0.6, free_as_host=chance.random() < 0.6,
        places_left=chance.randint(0, 3), asked=asked, answered=chance.randint(0, asked), usual_hours=chance.choice([None, 5, 50]),
    )  # fmt: skip


def a_query(chance: random.Random, numbers: int) -> Query:
    """A search made of chance."""
    terms = {
        "countries": [term("countries", each[0]) for each in TOWNS], "ecosystems": [term("ecosystems", each) for each in ECOSYSTEMS],
        "sizes": [term("sizes", each) for each in ORGANISATION_SIZES], "topics": [term("topics", "energie"), term("topics", "ports")],
        "towns": [term("towns", spelling("Łódź"))], "languages": [term("speaks", "en:B1"), term("speaks", "fr:A1")],
    }  # fmt: skip
    asked = [each for word in some(chance, [*WORDS, "we", "weldnig", "robotcis", "zzzz", "energi", "kol"], 2) for each in asked_words(word)]
    return Query(
        partnerships=chance.choice([None, frozenset(), frozenset({str(an_id("one"))})]), words=tuple(asked),
        teaches=tuple(asked_words(chance.choice(["", "", "rob"]))), learns=tuple(asked_words(chance.choice(["", "", "w"]))),
        any_of={facet: tuple(some(chance, terms[facet], 2)) for facet in some(chance, terms, 2)}, role=chance.choice([None, "host", "visitor"]),
        traits=dict(some(chance, [("sme", True), ("cluster_member", False)], 1)),
        ranges=dict(some(chance, [("least_days", (0, 4)), ("group_size", (2, 3)), ("places_left", (1, 255)), ("hours", (0, 20))], 1)),
        period=chance.choice([None, None, (2615, 2625)]), place=chance.choice([(41.0, -8.0), (50.0, 10.0)]),
        within_km=chance.choice([None, None, 900]), sort=chance.choice(list(SORTS)), limit=chance.choice([1, 7, 25]),
        scores=np.array([hash((number, numbers)) % 5 * 250 - (number % 3 == 0) for number in range(numbers + 1)]).take, facets=FACETS,
        without=frozenset(some(chance, range(numbers), 5)), most_values=chance.choice([2, 50]), most_points=chance.choice([0, 2, 50]),
    )  # fmt: skip


def again(search: Search) -> Search:
    """The same one, saved and loaded."""
    made = Search()
    made.load({name: array.copy() for name, array in search.save().items()})
    return made


def printed(search: Search) -> Prints:
    """The prints of all who are in, reckoned in many pieces."""
    prints = search.prints()
    while not prints.go_on(0):
        pass
    return prints


def pages(search: Search, query: Query) -> Iterator[list[int]]:
    """Page after page."""
    while True:
        found = search.find(query)
        yield found.numbers
        if found.after is None:
            return
        query = replace(query, after=found.after)


@pytest.mark.parametrize("seed", range(2))
def test_a_search_finds_counts_and_sorts_as_the_obvious_one(seed: int) -> None:
    """Whatever is asked: the same ones in the same order, the same counts, places and corrections."""
    chance = random.Random(seed)
    entries = {number: an_entry(chance, number) for number in range(150)}
    search = Search(entries.items())
    for _ in range(60):
        query = a_query(chance, 150)
        assert search.find(query) == search_reference.find(entries, query), query


@pytest.mark.parametrize("seed", range(2))
def test_after_random_changes_it_answers_as_a_fresh_one(seed: int) -> None:
    """Put, changed (texts, too), removed and put again: no trace is left of what was before, also when all was arranged anew."""
    chance = random.Random(100 + seed)
    entries = {number: an_entry(chance, number) for number in range(60)}
    search = Search(entries.items())
    for step in range(2_400):
        number = chance.randint(0, 90)
        if chance.random() < 0.15:
            entries.pop(number, None)
            search.remove(number)
        elif number in entries and chance.random() < 0.3:
            entries[number] = replace(entries[number], stands=standing(chance))
            search.put(number, entries[number])
        else:
            entries[number] = an_entry(chance, number)
            search.put(number, entries[number])
        if step % 130 == 0:
            query = a_query(chance, 90)
            search = again(search) if step % 260 == 0 else search
            fresh = Search(entries.items())
            mine, theirs = printed(search), printed(fresh)
            assert [search.content(each, mine) for each in range(92)] == [fresh.content(each, theirs) for each in range(92)]
            assert search.find(query) == search_reference.find(entries, query) == Search(entries.items()).find(query), query


def test_what_is_warmed_is_all_that_a_search_asks_later() -> None:
    """Whatever is put, asked, arranged anew, saved and loaded has been compiled for just these types."""
    warm.__wrapped__()
    before = {name: len(kernel.signatures) for name, kernel in kernels().items()}
    chance = random.Random(9)
    entries = {number: an_entry(chance, number) for number in range(120)}
    search = Search(entries.items())
    for one in (search, again(search)):
        for _ in range(40):
            query = a_query(chance, 120)
            pages_of = list(itertools.islice(pages(one, query), 3))
            assert pages_of and one.fits(3, query) in (True, False)
        one.find(replace(Query(partnerships=None, limit=1), after=one.find(Query(partnerships=None, limit=1)).after))
        one.like(5, None, 3)
        one.put(5, entries[6])
        one.remove(7)
        one._arrange()
        one.content(8, printed(one))
    assert {name: len(kernel.signatures) for name, kernel in kernels().items()} == before


def test_pages_hold_everybody_once_in_every_order() -> None:
    """Page after page, however it is sorted: nobody twice, nobody left out, also among the same names and numbers."""
    chance = random.Random(7)
    entries = {number: an_entry(chance, number) for number in range(120)}
    search = Search(list(entries.items())[:40])
    for number in range(40, 120):
        search.put(number, entries[number])
    for sort in SORTS:
        query = replace(a_query(chance, 120), sort=sort, words=(), teaches=(), learns=(), any_of={}, ranges={}, period=None, within_km=None)
        query = replace(query, traits={}, role=None, partnerships=None, limit=7)
        listed = [number for page in pages(search, query) for number in page]
        assert sorted(listed) == sorted(search.all_that_fit(query)) and len(listed) > 50
        assert listed == search_reference.find(entries, replace(query, limit=1000)).numbers


def test_whoever_comes_between_two_pages_shifts_nothing() -> None:
    """A new one before the cursor is not on the next page, and nobody stands on two pages."""
    chance = random.Random(8)
    entries = {number: replace(an_entry(chance, number), visibility="all", stands=Stands(free_as_host=True)) for number in range(30)}
    search = Search(entries.items())
    first = search.find(Query(limit=10))
    before = replace(entries[0], participation_id=an_id("new"), name="  aa")
    search.put(99, before)
    second = search.find(Query(limit=50, after=first.after))
    assert set(first.numbers).isdisjoint(second.numbers) and 99 not in second.numbers
    assert len(first.numbers) + len(second.numbers) == 30


def test_typos_are_looked_through_only_when_nothing_else_is_found() -> None:
    """A slip finds the word meant and says so; where the word as written is found, nothing else is."""
    stands = Stands(free_as_host=True)
    texts = ["robot welding", "robot weldnig", "wood"]
    made = [read_entry(profile(f"{number}", motivation=text, can_teach=[]), BEGIN, stands) for number, text in enumerate(texts)]
    search = Search(enumerate(made))
    assert (search.find(Query(words=("weldnig",))).numbers, search.find(Query(words=("weldnig",))).corrected) == ([1], {})
    search.remove(1)
    found = search.find(Query(words=("robot", "weldnig")))
    assert (found.numbers, found.corrected) == ([0], {"weldnig": ["welding"]})
    assert search.find(Query(words=("wod",))).total == 0
    assert search.find(Query(words=("xylophone", "welding"))).corrected == {}


def test_slips_are_looked_through_in_a_few_words_only() -> None:
    """Each takes a look at every word there is; a text that is wrong everywhere would keep all others waiting."""
    entry = read_entry(profile("one", motivation="robot welding harbour energy weather", can_teach=[]), BEGIN, Stands(free_as_host=True))
    search, slips = Search([(0, entry)]), ("robto", "weldnig", "harbuor", "enegry", "waether")
    assert search.find(Query(words=slips[:MOST_CORRECTED])).numbers == [0] and len(slips) > MOST_CORRECTED
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(terms.Terms, "near", lambda *asked: pytest.fail("words were looked through"))
        found = search.find(Query(words=slips))
        # Each word is there, and more of them than are looked through, but nobody has all.
        search.put(1, replace(entry, terms=frozenset({term("text", "wool")})))
        of_two = search.find(Query(words=("robot", "welding", "harbour", "energy", "wool")))
    assert (found.total, found.corrected) == (of_two.total, of_two.corrected) == (0, {})


def test_prints_hold_whatever_is_put_in_while_they_are_reckoned() -> None:
    """For those who stay; whoever comes, changes, or is arranged anew meanwhile is not told wrongly, but not at all."""
    chance = random.Random(5)
    entries = {number: an_entry(chance, number) for number in range(40)}
    search, plain = Search(entries.items()), Search(entries.items())
    prints, expected = search.prints(), printed(plain)
    while not prints.go_on(0):
        changed = chance.randint(30, 50)
        search.put(changed, an_entry(chance, changed))
    search.put(45, an_entry(chance, 45))
    assert all(search.content(each, prints) == plain.content(each, expected) for each in range(30))
    with pytest.raises(NotPrinted):
        search.content(45, prints)
    search._arrange()
    with pytest.raises(NotPrinted):
        search.content(0, prints)


def test_what_nobody_may_see_corrects_nothing() -> None:
    """A hidden participation's words are not given away by a correction."""
    hidden = read_entry(profile("hidden", motivation="secretword", visibility="hidden"), BEGIN, Stands(free_as_host=True))
    assert Search([(0, hidden)]).find(Query(partnerships=None, words=("secretwrod",))).corrected == {}


def test_words_are_found_in_every_spelling_in_use() -> None:
    """Without accents, spelt out, and in Latin letters."""
    spellings = {
        "Köln": "koln koeln",
        "Århus": "arhus aarhus",
        "Łódź": "lodz",
        "Αθήνα": "αθηνα athina",
        "София": "sofiya",
        "Straße": "strasse",
    }
    for written, asked in spellings.items():
        for each in asked.split():
            assert any(word.startswith(each[:4]) and each in words_of(written) for word in words_of(written)), (written, each)
    assert asked_words("Énergie  & énergie, d'Łódź!") == ("energie", "d", "lodz")


def test_those_alike_have_most_in_common() -> None:
    """The one that shares topics and ecosystems comes before the one that shares neither; the entry itself is left out."""
    stands = Stands(free_as_host=True)
    same = {"topics": ["port logistics"], "ecosystems": ["mobility"], "technologies": ["digital twins"]}
    other = {"topics": ["dairy"], "ecosystems": ["agri_food"], "technologies": ["drones"], "organisation_type": "sme", "nace": ["01"]}
    made = [read_entry(profile(f"{number}", **change), BEGIN, stands) for number, change in enumerate([same, other, same])]
    search = Search(enumerate(made))
    found = search.like(0, None, 5)
    assert [number for number, _ in found] == [2, 1]
    assert found[0][1] == 1000 and 0 < found[1][1] < 1000


def test_slips_are_found_behind_a_letter_of_another_plane() -> None:
    """Letters beyond the first 65,536 are one letter each, so that no word after one is taken for another."""
    assert Letters(["a\U00020bb7", "logistics", "robot"]).near("robott").tolist() == [99, 99, 1]


def test_the_letters_of_all_words_are_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many words of whichever criterion nobody has: there are hundreds of thousands of them."""
    search = Search([(number, an_entry(random.Random(number), number)) for number in range(20)])
    search.settle()
    laid_out: list[int] = []
    monkeypatch.setattr(terms, "Letters", lambda words: (laid_out.append(len(words)), Letters(words))[1])
    search.find(Query(teaches=("wldding", "robtos", "harbuor")))
    assert len([each for each in laid_out if each]) == 1
