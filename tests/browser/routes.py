"""The pages there are, read from their own table: a page that is added is looked at without anybody remembering it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "web" / "src"
IMPORTED = re.compile(r"from '(\./pages/[\w/-]+)'")
ROUTE = re.compile(r"\{\s*path: '(?P<path>[^']+)',[^}]*?may: (?P<may>'\w+'|\w+|\[[^\]]*\])")
LIST = re.compile(r"const (\w+)[^=]*= \[([^\]]*)\]")
NAME = re.compile(r"'([\w-]+)'")

ANYONE, SIGNED_IN = ("anyone",), ("signed_in",)


@dataclass(frozen=True)
class Route:
    """One page: its address with `:name` parts, and who may see it (roles, or anyone, or whoever is signed in)."""

    path: str
    may: tuple[str, ...]


@lru_cache
def routes() -> tuple[Route, ...]:
    """Every page, in the order of the table."""
    table = (SOURCES / "routes.ts").read_text()
    return tuple(route for name in IMPORTED.findall(table) for route in _routes_in(SOURCES / f"{name}.ts"))


def _routes_in(file: Path) -> list[Route]:
    text = file.read_text()
    beside = "".join(each.read_text() for each in sorted(file.parent.glob("*.ts")))
    lists = {name: tuple(NAME.findall(words)) for name, words in LIST.findall(beside)}
    found = [Route(each["path"], _may(each["may"], lists)) for each in ROUTE.finditer(text)]
    assert len(found) == len(re.findall(r"\bpath: ", text)), "a line of the table of routes is written in another way than the others"
    return found


def _may(said: str, lists: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if said.startswith("["):
        spread = [name for each in re.findall(r"\.\.\.(\w+)", said) for name in lists[each]]
        return (*NAME.findall(said), *spread)
    return (said.strip("'"),) if said.startswith("'") else lists[said]


@lru_cache
def names_in(file: str, constant: str) -> tuple[str, ...]:
    """The words of a list in a source of the pages: the steps of the form, the parts of an exchange."""
    found = re.search(rf"const {constant}\b[^=]*= \[([^\]]*)\]", (SOURCES / file).read_text())
    assert found, f"{file} has no list {constant} any more"
    return tuple(NAME.findall(found[1]))
