"""Another language of mails, notices, agreements and their documents is one file: a pseudo-language that nobody's code knows proves it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PSEUDO = "qps"
WIDE = str.maketrans({chr(letter): chr(letter + 0xFEE0) for letter in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))})
"""Every letter by its wide sister: what is plain has not come out of the file."""
VALUE = re.compile(r"(\{[^}]*\})")
PLAIN = re.compile(r"[A-Za-z]{2,}")
NAMES = {"SHA", "EUR", "XK", "PT", "km"}
"""What is called so in every language: a digest, a currency, two countries, a length."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a clone with that one file more writes, and what it offers."""
    clone = tmp_path_factory.mktemp("clone")
    for each in ROOT.iterdir():
        if each.is_dir() and not each.name.startswith(".") and each.name != "contracts":
            (clone / each.name).symlink_to(each)
    shutil.copytree(ROOT / "contracts", clone / "contracts", ignore=shutil.ignore_patterns("__pycache__", "published"))
    (clone / "contracts/words/texts" / f"{PSEUDO}.toml").write_text("\n".join(_lines()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.contracts.written", PSEUDO], cwd=clone, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _lines() -> Iterator[str]:
    english = tomllib.loads((ROOT / "contracts/words/texts/en.toml").read_text(encoding="utf-8"))
    for path, text in _leaves(english, ()):
        yield f"{'.'.join(map(json.dumps, path))} = {json.dumps(_wide(text), ensure_ascii=False)}"


def _leaves(tree: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), str(value)


def _wide(text: str) -> str:
    return "".join(each if VALUE.fullmatch(each) else each.translate(WIDE) for each in VALUE.split(text))


def test_language_is_offered_and_taken_by_its_file_alone(written: dict[str, Any]) -> None:
    """An account can have it."""
    assert (written["offered"], written["taken"]) == (["en", "fr", PSEUDO], PSEUDO)


@pytest.mark.parametrize(("kind", "least"), [("mails", 6), ("notices", 70), ("documents", 2)])
def test_every_word_that_is_written_comes_out_of_the_file(written: dict[str, Any], kind: str, least: int) -> None:
    """Nothing in it is plain but values and what is called the same everywhere."""
    texts = written[kind]
    assert len(texts) >= least
    assert {name: plain for name, said in texts.items() if (plain := set(PLAIN.findall(str(said))) - NAMES)} == {}
