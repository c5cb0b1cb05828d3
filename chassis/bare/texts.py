"""Catalogues: what is said to people, one file of words per language in a folder; dates and amounts in its manner.

A catalogue is read when what speaks by it is imported, and a language that lacks a text, or names other values in it, does not start.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

DEFAULT = "en"
VALUE = re.compile(r"\{(\w+)")
CURRENCY_DIGITS = 2


def languages_in(folder: Path) -> tuple[str, ...]:
    """The languages that a folder of catalogues has, the default one first."""
    return tuple(sorted((file.stem for file in folder.glob("*.toml")), key=lambda code: (code != DEFAULT, code)))


class Uneven(ValueError):
    """The languages of a catalogue differ in what they say."""


class Catalogue:
    """The texts of one folder: it holds a TOML file for each language, `en.toml` the one that the others are held against."""

    def __init__(self, folder: Path) -> None:
        self._texts = {file.stem: dict(_leaves(tomllib.loads(file.read_text(encoding="utf-8")))) for file in sorted(folder.glob("*.toml"))}
        if complaints := [each for language in self._texts for each in self._uneven(language)]:
            raise Uneven("; ".join(complaints))

    @property
    def languages(self) -> list[str]:
        """The languages that there are."""
        return sorted(self._texts)

    @property
    def names(self) -> list[str]:
        """All keys, the same in every language."""
        return sorted(self._texts[DEFAULT])

    def say(self, language: str, key: str, /, **values: Any) -> str:
        """The text under a key with its values; raises KeyError for an unknown one (a bug), and speaks English where a language is gone."""
        text = self._of(language)[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self._texts[DEFAULT]

    def day(self, language: str, day: date) -> str:
        """A day as people write it: 11 April 2027, 11 avril 2027, 1er avril 2027."""
        words = self._of(language)
        number = words["dates.first"] if day.day == 1 else str(day.day)
        return words["dates.day"].format(day=number, month=words[f"dates.months.{day.month}"], year=day.year)

    def moment(self, language: str, at: datetime) -> str:
        """A day with its time, in UTC."""
        return self._of(language)["dates.moment"].format(day=self.day(language, at.date()), time=f"{at:%H:%M:%S}")

    def money(self, language: str, amount: dict[str, Any]) -> str:
        """Whole cents and their currency: EUR 1,780.00, 1 780,00 EUR."""
        words = self._of(language)
        whole, cents = divmod(int(amount["minor"]), 10**CURRENCY_DIGITS)
        grouped = f"{whole:,}".replace(",", words["numbers.group"])
        number = f"{grouped}{words['numbers.decimal']}{cents:0{CURRENCY_DIGITS}d}"
        return words["numbers.money"].format(number=number, currency=amount["currency"])

    def _of(self, language: str) -> dict[str, str]:
        return self._texts.get(language) or self._texts[DEFAULT]

    def _uneven(self, language: str) -> Iterator[str]:
        english, theirs = self._texts[DEFAULT], self._texts[language]
        yield from (f"{language} lacks {key}" for key in sorted(set(english) - set(theirs)))
        yield from (f"{language} alone has {key}" for key in sorted(set(theirs) - set(english)))
        for key in sorted(set(english) & set(theirs)):
            if set(VALUE.findall(english[key])) != set(VALUE.findall(theirs[key])):
                yield f"{language} names other values in {key}"
            if not theirs[key].strip() and not key.startswith("numbers."):
                yield f"{language} says nothing under {key}"


def _leaves(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", str(value)
