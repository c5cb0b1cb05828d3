"""Words made comparable: case, accents and small words away."""

from __future__ import annotations

import re
import unicodedata

SHORTEST = 3
SMALL_WORDS = """
about also and any are because been but can could does each for from had has have her his how into its just like more
most not our out over own see shall should some such than that the their them then there these they this those through
too under very want was were what when where which while who will with would you your
"""
NOT_TELLING = frozenset(SMALL_WORDS.split())


def plain(text: str) -> str:
    """The text in one case, without accents, with single blanks."""
    if text.isascii():
        # Nothing to take apart: most texts are, and the long way takes twenty times as long.
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


def tokens(text: str) -> frozenset[str]:
    """The words of a text that say something: three letters or more, no small words."""
    words = re.findall(r"\w+", plain(text))
    return frozenset(word for word in words if len(word) >= SHORTEST and word not in NOT_TELLING)
