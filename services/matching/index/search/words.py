"""Words as a search compares them: without case and accents, and also as people write them whose keyboard lacks the letter."""

from __future__ import annotations

import re
from functools import lru_cache

from services.matching.ranking.tokens import plain

LONGEST = 40
"""No word is longer; what is cut off is not searched."""
KEPT = 200_000

# Letters that Unicode does not take apart, in the way they are usually written without them.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n"})
# Two spellings of one word are in use: Köln and Koeln, Malmö and Malmoe, Århus and Aarhus.
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
# Greek (ELOT 743, ISO 843) and Cyrillic (the Bulgarian and Ukrainian national systems, one letter at a time) in Latin letters.
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        ["a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "t", "y", "f", "ch", "ps", "o"],
        strict=True,
    )
)
CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґђјљњћџ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h",
            "ts",
            "ch",
            "sh",
            "sht",
            "a",
            "y",
            "",
            "e",
            "yu",
            "ya",
            "ye",
            "i",
            "i",
            "g",
            "dj",
            "j",
            "lj",
            "nj",
            "c",
            "dz",
        ],
        strict=True,
    )
)
LATIN = str.maketrans(GREEK | CYRILLIC)
DOUBLED = (("ου", "ou"), ("αυ", "av"), ("ευ", "ev"), ("γγ", "ng"), ("γκ", "gk"), ("μπ", "b"), ("ντ", "nt"))
WORD = re.compile(r"[^\W_]+")


def spelling(text: str) -> str:
    """The text as it is compared: one case, no accents, only letters that every keyboard of the programme's languages has."""
    made = plain(text)
    return made if made.isascii() else made.translate(LETTERS)


def asked_words(text: str) -> tuple[str, ...]:
    """The words that somebody looks for, each once, in their order."""
    return tuple(dict.fromkeys(each[:LONGEST] for each in WORD.findall(spelling(text))))


def words_of(text: str) -> frozenset[str]:
    """The words by which a text is found: each in every spelling in use."""
    return frozenset().union(*(_spellings(each) for each in WORD.findall(text)))


@lru_cache(maxsize=KEPT)
def _spellings(word: str) -> frozenset[str]:
    found = {spelling(word)}
    if not word.isascii():
        found.add(spelling(word.casefold().translate(SPELT_OUT)))
        found |= {_in_latin(each) for each in tuple(found)}
    return frozenset(part[:LONGEST] for each in found for part in WORD.findall(each))


def _in_latin(word: str) -> str:
    for pair, letters in DOUBLED:
        word = word.replace(pair, letters)
    return word.translate(LATIN)
