"""How soon a replica answers: a process is started, reads a snapshot of everybody, and answers a list and a search.

The measuring process writes the snapshot and asks; run as a program this module is the replica. What is left out is the look into the
database whether anything has changed since.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from deploy.local.program import ROOT
from services.matching.index import Index, snapshot
from services.matching.index.catalogued import Catalogued, catalogued
from services.matching.index.live import whole
from services.matching.index.search import Query
from services.matching.ranking import Candidate
from tests.load.figures import Figure, Target, rounded
from tests.matching_load.crowd import DAY
from tests.matching_load.works import BEST, Stand

LINE = "a line"
Asked = tuple[Candidate, Query]


def replica(stand: Stand, query: Query, part: str, *, is_promised: bool) -> Figure:
    """Seconds from the start of a process until it has answered, which must be what the index in this process answers."""
    index, path, questions = _with_catalogue(stand), stand.folder / snapshot.NAME, stand.folder / "asked"
    asked = next(iter(stand.visitors(1))), query
    snapshot.save(1, LINE, index.save(), path)
    questions.write_bytes(pickle.dumps(asked))
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", __name__, path, questions], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    seconds, told = time.perf_counter() - began, json.loads(done.stdout)
    if told.pop("answers") != _answers(index, asked):
        raise ValueError("a replica from a snapshot answers something else")
    values = {"n": len(stand), "seconds": rounded(seconds), "bytes_each": round(_bytes(index) / len(stand))} | told
    print(json.dumps({"work": "replica ready", "engine": "ours"} | values), flush=True)
    promises = (
        Target("a replica of 1,000,000 from a snapshot answers, in seconds, at most 10", values["seconds"], most=10),
        Target("bytes for each of 1,000,000, the catalogue's included, at most 900", values["bytes_each"], most=900),
    )
    return Figure(part, f"replica ready, ours, {len(stand)}", values, targets=promises if is_promised else ())


def _with_catalogue(stand: Stand) -> Index:
    """The index as a process of matching has it: ranking and catalogue."""
    index, part = Index(), Catalogued()
    if stand.search is None:
        raise ValueError("the catalogue is measured first")
    index.slots, index.ranked, part.search = stand.index.slots, stand.index.ranked, stand.search
    index.parts = (index.ranked, part)
    return index


def _bytes(index: Index) -> int:
    return index.bytes + catalogued(index).bytes


def _answers(index: Index, asked: Asked) -> list[Any]:
    one, query = asked
    found = catalogued(index).find(query)
    return [index.ranked.best(one, "visitor", DAY, BEST).rows.tolist(), found.numbers, found.total]


def main() -> None:
    """Be the replica."""
    began = time.perf_counter()
    # All that a process of the service has in memory before it reads its index.
    from services.matching.index.warming import warm

    warm()
    compiled = time.perf_counter()
    index = snapshot.load(Path(sys.argv[1]), LINE, whole)
    loaded = time.perf_counter()
    answers = _answers(index, pickle.loads(Path(sys.argv[2]).read_bytes()))
    first = time.perf_counter() - loaded
    took = {"warm_s": rounded(compiled - began), "load_s": rounded(loaded - compiled), "first_ms": rounded(1000 * first)}
    print(json.dumps(took | {"answers": answers}), flush=True)


if __name__ == "__main__":
    main()
