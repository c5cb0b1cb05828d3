"""The words of the pages as a reader of one language sees them, so that tests name texts and not their wording."""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parents[2] / "web" / "src" / "texts"
TOLD = Path(__file__).parents[2] / "contracts" / "words" / "texts"
VALUE = re.compile(r"\{(\w+)\}")


@lru_cache
def _catalogue(language: str) -> dict[str, Any]:
    return dict(json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8")))


@lru_cache
def _told(language: str) -> dict[str, Any]:
    return tomllib.loads((TOLD / f"{language}.toml").read_text(encoding="utf-8"))


class Words:
    """One language's texts by their keys."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its values in it; texts that depend on numbers or choices are asked for by `beginning`."""
        return VALUE.sub(lambda found: str(values[found[1]]), self._raw(key))

    def beginning(self, key: str) -> str:
        """What a text begins with, before its first value."""
        return self._raw(key).partition("{")[0].strip()

    def task(self, kind: str) -> str:
        """What a notice of that kind is called: it is told in the language of the account."""
        return str(_told(self.language)["notices"][kind]["title"])

    def _raw(self, key: str) -> str:
        at: Any = _catalogue(self.language)
        for name in key.split("."):
            at = at[name]
        return str(at)
