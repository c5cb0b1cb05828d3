"""Faceted search of the catalogue, ours beside other engines: 3 filters, 1 or 2 words, 5 facets with counts, the first 25 by name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import duckdb
import numpy as np
import polars
import psycopg2

from contracts.words import CEFR
from deploy.local.database import private_database
from services.matching.index.search import Entry, Query, Search, Stands
from services.matching.index.search.entry import LEARNS, MARK, TEACHES, TEXT, term
from services.matching.index.search.names import Names
from services.matching.index.search.slots import AS_HOST, AS_VISITOR, LISTED, TO_ALL, TO_SAME
from services.matching.index.search.terms import arranged
from services.matching.index.search.warming import warm
from tests.load.figures import rounded
from tests.matching_load.crowd import COUNTRIES, ECOSYSTEM_CODES, LANGUAGES, NACE, SIZES, TYPES, Crowd
from tests.matching_load.works import Measured, Stand, _times

FACETS = {"countries": "country", "organisation_types": "type", "sizes": "size", "ecosystems": "ecosystems", "languages": "languages"}
MANY = ("ecosystems", "languages")
PAGE = 25
LEVELS = tuple(CEFR)


class Wanted(NamedTuple):
    """What is searched for, in the crowd's numbers."""

    countries: tuple[int, ...]
    ecosystems: tuple[int, ...]
    words: tuple[int, ...]


def searches(stand: Stand) -> Iterator[Measured]:
    """Ours and the others on the same searches; the share is that of the true page and counts, as the plainest engine has them."""
    crowd = stand.crowd
    stand.search = search = filled(crowd)
    warm()
    weight = {"work": "fill_search", "engine": "ours", "n": len(stand), "bytes_each": round(search.bytes / len(stand))}
    print(json.dumps(weight), flush=True)
    wanted = list(_wanted(crowd, stand.extent.matches))
    answers: dict[Wanted, Any] = {}
    taken = _times(wanted, lambda each: answers.__setitem__(each, search.find(_query(each))))
    some = wanted[: stand.extent.others]
    truth = {each: (answers[each].numbers, answers[each].total) for each in some}
    plain = {each: _plainly(crowd, each) for each in some}
    yield Measured("search", "ours", len(stand), *taken, rounded(float(np.mean([truth[each] == plain[each] for each in some]))))
    with _engines(crowd, stand) as others:
        for name, ask in others:
            found: dict[Wanted, Any] = {}
            taken = _times(some, lambda each, ask=ask, found=found: found.__setitem__(each, ask(each)))
            yield Measured("search", name, len(stand), *taken, rounded(float(np.mean([found[each] == plain[each] for each in some]))))
    changed = [_entry(crowd, row) for row in np.random.default_rng(8).integers(0, len(stand), stand.extent.updates).tolist()]
    numbers = iter(np.random.default_rng(9).integers(0, len(stand), len(changed) + 5).tolist())
    yield Measured("update_search", "ours", len(stand), *_times(changed, lambda entry: search.put(next(numbers), entry)))


def a_search(crowd: Crowd) -> Query:
    """One of them."""
    return _query(next(_wanted(crowd, 1)))


def filled(crowd: Crowd) -> Search:
    """The search of everybody, filled by columns: what one entry after the other would make, in seconds instead of many minutes."""
    search, count = Search(), len(crowd)
    search._room = (count + count // 8 + 1024 + 63) // 64 * 64
    slots = search._slots.moved(np.arange(0), search._room)
    columns = {
        "number": np.arange(count), "place": crowd.country, "least_days": crowd.least_days, "most_days": crowd.most_days,
        "group_size": crowd.group, "places_left": np.maximum(crowd.capacity - crowd.hosted, 0),
        "share": 1000 * (crowd.answered + 1) // (crowd.asked + 2), "listed": np.arange(count),
    }  # fmt: skip
    for name, column in columns.items():
        slots.columns[name][:count] = column
    slots.places = [(country, country, 50.0, 10.0) for country in COUNTRIES]
    free_host = crowd.hosts & (crowd.hosted < crowd.capacity)
    flags = {
        LISTED: crowd.active, AS_VISITOR: crowd.visits & ~crowd.consumed, AS_HOST: free_host, TO_ALL: crowd.visibility == 0,
        TO_SAME: crowd.visibility == 1,
    }  # fmt: skip
    for which, flag in flags.items():
        bits = np.zeros(search._room, np.uint8)
        bits[:count] = flag
        slots.sets[which] = np.packbits(bits, bitorder="little").view(np.uint64)
    names, offsets, terms = _terms(crowd)
    search._slots, search._terms = slots, arranged(*_ordered(names), offsets, terms, search._room)
    search._names = Names((_name(crowd, row) for row in range(count)), search._room)
    search._used, search._is_gathering = count, False
    search._where = np.arange(count + 1024, dtype=np.int32)
    search._where[count:] = -1
    return search


def _ordered(names: list[str]) -> tuple[list[str], list[int]]:
    order = sorted(range(len(names)), key=names.__getitem__)
    return [names[each] for each in order], order


def _terms(crowd: Crowd) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Every term by name, and each row's terms."""
    names: list[str] = []
    parts: list[np.ndarray] = []

    def add(values: np.ndarray, named: list[str]) -> None:
        shaped = values.reshape(len(crowd), -1)
        parts.append(np.where(shaped >= 0, shaped + len(names), -1))
        names.extend(named)

    for criterion, values, codes in _coded(crowd):
        add(values, [term(criterion, each) for each in codes])
    for criterion, values, kind in (("topics", crowd.topics, "topic"), ("technologies", crowd.technologies, "technology")):
        add(values, [term(criterion, f"{kind}{each}{MARK}{kind}{each}") for each in range(int(values.max()) + 1)])
    words = _words(crowd)
    most = int(words.max()) + 1
    add(words, [term(TEXT, _word(each)) for each in range(most)])
    add(_each_once(crowd.teaches.reshape(len(crowd), -1)), [term(TEACHES, _word(each)) for each in range(most)])
    add(_each_once(crowd.wants.reshape(len(crowd), -1)), [term(LEARNS, _word(each)) for each in range(most)])
    spoken = np.where(crowd.languages >= 0, crowd.languages * len(LEVELS), -1)
    for level in range(len(LEVELS)):
        at_least = np.where((spoken >= 0) & (crowd.levels > level), spoken + level, -1)
        parts.append(np.where(at_least >= 0, at_least + len(names), -1))
    names.extend(term("speaks", f"{code}:{level}") for code in LANGUAGES for level in LEVELS)
    whole = np.concatenate(parts, axis=1)
    there = whole >= 0
    return names, np.append(0, np.cumsum(there.sum(axis=1))), whole[there].astype(np.int32)


def _coded(crowd: Crowd) -> list[tuple[str, np.ndarray, tuple[str, ...]]]:
    partnerships = tuple(str(UUID(int=(9 << 100) | number)) for number in range(int(crowd.partnership.max()) + 1))
    return [
        ("countries", crowd.country, COUNTRIES), ("organisation_types", crowd.type, TYPES), ("sizes", crowd.size, SIZES),
        ("partnerships", crowd.partnership, partnerships), ("ecosystems", crowd.ecosystems, ECOSYSTEM_CODES), ("nace", crowd.nace, NACE),
        ("languages", crowd.languages, LANGUAGES), ("wished_countries", crowd.wished_countries, COUNTRIES),
        ("wished_organisation_types", crowd.wished_types, TYPES), ("wished_languages", crowd.wished_languages, LANGUAGES),
    ]  # fmt: skip


def _words(crowd: Crowd) -> np.ndarray:
    """Every word of a profile, each once."""
    return _each_once(np.concatenate([each.reshape(len(crowd), -1) for each in (crowd.said, crowd.teaches, crowd.wants)], axis=1))


def _each_once(values: np.ndarray) -> np.ndarray:
    ordered = np.sort(values, axis=1)
    ordered[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = -1
    return ordered


def _word(number: int) -> str:
    """A word that no other word begins with: the others look for whole words."""
    letters = ""
    for _ in range(4):
        number, letter = divmod(number, 26)
        letters += chr(97 + letter)
    return f"{letters}x"


def _name(crowd: Crowd, row: int) -> bytes:
    return b"%s\0%s" % (_title(row), crowd.id(row).bytes)


def _title(row: int) -> bytes:
    return b"cluster %08d" % (row * 7_919 % 99_999_989)


def _entry(crowd: Crowd, row: int) -> Entry:
    """One as it would be put in: with the terms of that row."""
    words = [_word(each) for each in _words_of(crowd, row)]
    terms = (
        {term(TEXT, each) for each in words} | {term(TEACHES, each) for each in words[:6]} | {term(LEARNS, each) for each in words[6:12]}
    )
    for criterion, values, codes in _coded(crowd):
        terms |= {term(criterion, codes[each]) for each in np.atleast_1d(values[row]).tolist() if each >= 0}
    country = COUNTRIES[crowd.country[row]]
    return Entry(
        crowd.id(row), UUID(int=9 << 100), "all", frozenset(terms), f"changed {row}", (country, country, 50.0, 10.0), 1, 3, 9, 2,
        ((2600, 2700),), Stands(True, True, True, 1),
    )  # fmt: skip


def _words_of(crowd: Crowd, row: int) -> list[int]:
    found = np.concatenate([each[row].reshape(-1) for each in (crowd.said, crowd.teaches, crowd.wants)])
    return np.unique(found[found >= 0]).tolist()  # type: ignore[no-any-return]


def _wanted(crowd: Crowd, count: int) -> Iterator[Wanted]:
    """Searches that find somebody: the words are those of one who is there, the more frequent ones."""
    draw = np.random.default_rng(7)
    there = np.flatnonzero(crowd.active & crowd.hosts & (crowd.hosted < crowd.capacity) & (crowd.visibility < 2))
    for row in draw.choice(there, count).tolist():
        words = sorted(_words_of(crowd, row))[:6]
        chosen = tuple(draw.permutation(words)[: draw.integers(1, 3)].tolist())
        countries = {int(crowd.country[row]), *draw.integers(0, len(COUNTRIES), 3).tolist()}
        ecosystems = {int(max(crowd.ecosystems[row])), int(draw.integers(0, len(ECOSYSTEM_CODES)))}
        yield Wanted(tuple(sorted(countries)), tuple(sorted(ecosystems)), chosen)


def _query(wanted: Wanted) -> Query:
    return Query(
        partnerships=None,
        words=tuple(map(_word, wanted.words)),
        any_of={
            "countries": tuple(term("countries", COUNTRIES[each]) for each in wanted.countries),
            "ecosystems": tuple(term("ecosystems", ECOSYSTEM_CODES[each]) for each in wanted.ecosystems),
        },
        role="host",
        facets=tuple(FACETS),
        limit=PAGE,
    )


def _plainly(crowd: Crowd, wanted: Wanted) -> tuple[list[int], int]:
    """The page and the total out of the columns, without any index."""
    fits = crowd.active & crowd.hosts & (crowd.hosted < crowd.capacity) & (crowd.visibility < 2) & np.isin(crowd.country, wanted.countries)
    fits &= np.isin(crowd.ecosystems, wanted.ecosystems).any(axis=1)
    rows = np.flatnonzero(fits)
    for word in wanted.words:
        parts = [(each.reshape(len(crowd), -1)[rows] == word).any(axis=1) for each in (crowd.said, crowd.teaches, crowd.wants)]
        rows = rows[np.logical_or.reduce(parts)]
    return sorted(rows.tolist(), key=_title)[:PAGE], len(rows)


Ask = Callable[[Wanted], tuple[list[int], int]]


@contextmanager
def _engines(crowd: Crowd, stand: Stand) -> Iterator[list[tuple[str, Ask]]]:
    """The others, filled with those who may be found at all: what is hidden or not active is left out for them."""
    shown = np.flatnonzero(crowd.active & (crowd.visibility < 2))
    frame = polars.DataFrame(
        {
            "id": shown, "title": [_title(row).decode() for row in shown.tolist()], "country": crowd.country[shown],
            "type": crowd.type[shown], "size": crowd.size[shown],
            "is_free": (crowd.hosts & (crowd.hosted < crowd.capacity))[shown],
            "ecosystems": _lists(crowd.ecosystems[shown]), "languages": _lists(crowd.languages[shown]), "words": _lists(_words(crowd)[shown]),
        }
    )  # fmt: skip
    with private_database(stand.folder / "search") as database:
        connection = psycopg2.connect(database.plain_url())
        try:
            yield [("polars", _polars(frame)), ("duckdb", _duckdb(frame, stand.folder)), ("postgresql", _postgresql(connection, frame))]
        finally:
            connection.close()


def _lists(values: np.ndarray) -> list[list[int]]:
    return [[each for each in row if each >= 0] for row in values.tolist()]


def _polars(frame: polars.DataFrame) -> Ask:
    column = polars.col

    def ask(wanted: Wanted) -> tuple[list[int], int]:
        rest = frame.lazy().filter(column("is_free"))
        for word in wanted.words:
            rest = rest.filter(column("words").list.contains(word))
        base = rest.collect()
        in_country = column("country").is_in(wanted.countries)
        in_ecosystem = polars.any_horizontal([column("ecosystems").list.contains(each) for each in wanted.ecosystems])
        whole = base.filter(in_country & in_ecosystem)
        for name in FACETS.values():
            inside = base.filter(in_ecosystem) if name == "country" else base.filter(in_country) if name == "ecosystems" else whole
            (inside.explode(name) if name in MANY else inside)[name].value_counts()
        return whole.sort("title").head(PAGE)["id"].to_list(), len(whole)

    return ask


def _duckdb(frame: polars.DataFrame, folder: Path) -> Ask:
    connection = duckdb.connect(config={"threads": 1})
    frame.write_parquet(folder / "entries.parquet")
    connection.execute(f"CREATE TABLE entry AS SELECT * FROM read_parquet('{folder / 'entries.parquet'}')")

    def ask(wanted: Wanted) -> tuple[list[int], int]:
        words = " AND ".join(["is_free", *(f"list_contains(words, {word})" for word in wanted.words)])
        connection.execute(f"CREATE OR REPLACE TEMP TABLE base AS SELECT * EXCLUDE (words) FROM entry WHERE {words}")
        country = f"country IN ({_numbers(wanted.countries)})"
        ecosystem = f"list_has_any(ecosystems, [{_numbers(wanted.ecosystems)}])"
        for name in FACETS.values():
            where = ecosystem if name == "country" else country if name == "ecosystems" else f"{country} AND {ecosystem}"
            value = f"unnest({name})" if name in MANY else name
            connection.execute(f"SELECT value, count(*) FROM (SELECT {value} AS value FROM base WHERE {where}) GROUP BY value").fetchall()
        where = f"{country} AND {ecosystem}"
        page = connection.execute(f"SELECT id FROM base WHERE {where} ORDER BY title LIMIT {PAGE}").fetchall()
        total = connection.execute(f"SELECT count(*) FROM base WHERE {where}").fetchone()
        return [row for (row,) in page], int(total[0]) if total else 0

    return ask


def _postgresql(connection: Any, frame: polars.DataFrame) -> Ask:
    cursor = connection.cursor()
    cursor.execute("SET max_parallel_workers_per_gather = 0; SET work_mem = '256MB'; SET jit = off")
    cursor.execute(
        "CREATE UNLOGGED TABLE entry (id int, title text, country int, type int, size int, is_free bool, ecosystems int[], "
        "languages int[], words tsvector)"
    )
    for start in range(0, len(frame), 20_000):
        told = io.StringIO()
        csv.writer(told).writerows(
            [*row[:6], _array(row[6]), _array(row[7]), " ".join(map(_word, row[8]))] for row in frame[start : start + 20_000].iter_rows()
        )
        told.seek(0)
        cursor.copy_expert("COPY entry FROM STDIN WITH (FORMAT csv)", told)
    for index in ("USING gin (words)", "USING gin (ecosystems)", "(country)", "(title)"):
        cursor.execute(f"CREATE INDEX ON entry {index}")
    connection.commit()
    connection.autocommit = True
    cursor.execute("VACUUM ANALYZE entry")

    def ask(wanted: Wanted) -> tuple[list[int], int]:
        words = " & ".join(map(_word, wanted.words))
        country = f"country IN ({_numbers(wanted.countries)})"
        ecosystem = f"ecosystems && ARRAY[{_numbers(wanted.ecosystems)}]"
        parts = []
        for name in FACETS.values():
            where = ecosystem if name == "country" else country if name == "ecosystems" else f"{country} AND {ecosystem}"
            value = f"unnest({name})" if name in MANY else name
            parts.append(f"SELECT '{name}', value, count(*) FROM (SELECT {value} AS value FROM base WHERE {where}) one GROUP BY value")
        base = f"WITH base AS MATERIALIZED (SELECT * FROM entry WHERE is_free AND words @@ '{words}'::tsquery)"
        where = f"{country} AND {ecosystem}"
        page = f"SELECT 'page', id, count(*) OVER () FROM (SELECT id, title FROM base WHERE {where}) fits ORDER BY title LIMIT {PAGE}"
        cursor.execute(f"{base} {' UNION ALL '.join(parts)} UNION ALL ({page})")
        rows = [row for row in cursor.fetchall() if row[0] == "page"]
        return [row[1] for row in rows], rows[0][2] if rows else 0

    return ask


def _array(values: list[int]) -> str:
    return "{" + _numbers(values) + "}"


def _numbers(values: Any) -> str:
    return ", ".join(map(str, values))
