"""Whether the published files still keep what was promised before: `contracts/promised.json`, which only grows.

What is to be taken back is named in `contracts/retired.yaml`, with a reason and the date on which partners and clients were told; the
sentence is the one with which the check complains. Before the first release that is all it takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from contracts.publish.promises import LEAST, Promises

HERE = Path(__file__).parent.parent
PROMISED, RETIRED = HERE / "promised.json", HERE / "retired.yaml"


def shrunk(before: Promises, now: Promises) -> list[str]:
    """Every promise that is not kept any more, one sentence each."""
    gone = [f"given no more: {line}" for line in sorted(before.given - now.given)]
    return [*gone, *sorted(_newly_demanded(before, now)), *sorted(_narrowed(before, now))]


def grown(before: Promises, now: Promises) -> Promises:
    """The promises from now on, where nothing shrank: what was given stays promised, of what is demanded the least."""
    return Promises(before.given | now.given, now.demands, now.bounds)


def without(promises: Promises, retired: list[str]) -> Promises:
    """The promises without those whose end was announced."""
    kept = {line for line in promises.given if not is_retired(f"given no more: {line}", retired)}
    return Promises(kept, promises.demands, promises.bounds)


def is_retired(sentence: str, retired: list[str]) -> bool:
    """Whether a complaint was answered beforehand; an announcement may end in * for all that hangs on something."""
    return any(sentence == each or (each.endswith("*") and fnmatchcase(sentence, _literally(each[:-1]) + "*")) for each in retired)


def read_promised(file: Path = PROMISED) -> Promises:
    """What was promised so far; nothing where nothing was."""
    return Promises.from_text(file.read_text(encoding="utf-8")) if file.exists() else Promises()


def read_retired(file: Path = RETIRED) -> list[str]:
    """The sentences that were announced; raises ValueError for an entry without its reason or date."""
    listed = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("retired") or [] if file.exists() else []
    if wrong := [each for each in listed if not {"sentence", "why", "announced"} <= set(each)]:
        raise ValueError(f"{file.name}: each entry has a sentence, a why and the date announced: {wrong[0]}")
    return [str(each["sentence"]) for each in listed]


def complaints(now: Promises, before: Promises, retired: list[str]) -> list[str]:
    """What shrank without having been announced."""
    return [each for each in shrunk(before, now) if not is_retired(each, retired)]


def _newly_demanded(before: Promises, now: Promises) -> Iterator[str]:
    for where, demands in now.demands.items():
        if where in before.demands:
            yield from (f"newly demanded: {where} wants {each}" for each in demands - before.demands[where])


def _narrowed(before: Promises, now: Promises) -> Iterator[str]:
    for where, bounds in now.bounds.items():
        for word, bound in bounds.items() if where in before.bounds else ():
            known = before.bounds[where].get(word)
            if known is None or (bound > known if word in LEAST else bound < known):
                yield f"narrowed: {where} had {word} {known}, now {bound}"


def _literally(text: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)
