"""docs/benchmarks.md: the tables between markers are made of the figures, the prose around them is a person's and stays."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.load.figures import Figure, Target

PROCESSES = {"load", "echo asking"}
"""Who make the load; their processor time is not the system's."""


def update(page: Path, figures: list[Figure], about: dict[str, Any]) -> None:
    """Put new tables in the place of those of the parts that were measured; raises ValueError where a part has no place."""
    text = page.read_text()
    for part in dict.fromkeys(figure.part for figure in figures):
        own = [figure for figure in figures if figure.part == part]
        text = _between(text, part, f"{_when(about)}\n\n{_table(own)}{_processors(own)}{_targets(own)}")
    page.write_text(text)


def _between(text: str, part: str, table: str) -> str:
    pattern = re.compile(rf"(<!-- figures: {part} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"the page has no place for the figures of {part}")
    return pattern.sub(lambda found: f"{found[1]}{table}{found[2]}", text)


def _when(about: dict[str, Any]) -> str:
    machine, versions = about["machine"], ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    return (
        f"*{about['date']}, commit {about['commit']}; {machine['cores']} cores {machine['model']}, {machine['memory_gib']} GiB, "
        f"load before {machine['load_before']}; {versions}*"
    )


def _table(figures: list[Figure]) -> str:
    """One line per figure; the columns are all values and ratios that any of them has."""
    rows = [{**figure.values, **figure.ratios} for figure in figures]
    columns = [name for name in dict.fromkeys(name for row in rows for name in row) if name != "cpu_ms_by_process"]
    return _lines(
        ["", *map(_spoken, columns)],
        [[figure.name, *(row.get(name, "") for name in columns)] for figure, row in zip(figures, rows, strict=True)],
    )


def _processors(figures: list[Figure]) -> str:
    """Who spends the processor time of a request, where that was measured."""
    rows = [(figure.name, figure.values["cpu_ms_by_process"]) for figure in figures if "cpu_ms_by_process" in figure.values]
    if not rows:
        return ""
    columns = sorted({name for _, row in rows for name in row}, key=lambda name: (name in PROCESSES, name))
    lines = _lines(["processor time per request, ms", *columns], [[name, *(row.get(each, "") for each in columns)] for name, row in rows])
    return f"\n{lines}"


def _targets(figures: list[Figure]) -> str:
    targets = [target for figure in figures for target in figure.targets]
    return "".join(["\n", *map(_promise, targets)]) if targets else ""


def _promise(target: Target) -> str:
    return f"- {target.promise}: {target.value:g}, **{'met' if target.is_met else 'missed'}**\n"


def _lines(heads: list[str], rows: list[list[Any]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(_cell(each) for each in line)} |\n" for line in lines)


def _cell(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) and abs(value) < 10_000 else str(value)


def _spoken(name: str) -> str:
    """`requests_per_s` as a person reads it."""
    return re.sub(r"_(ms|s)$", r", \1", name.replace("_per_s", "/s")).replace("_", " ")
