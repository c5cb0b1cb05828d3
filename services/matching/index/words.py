"""Dictionaries: texts and codes as small numbers, in the order in which they first came; a number is never used for anything else."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import numpy as np

UNKNOWN = 0
"""The number of what never came."""
SEPARATOR = "\x1e"


class Dictionary:
    """Texts by number and numbers by text; 0 is nobody's."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        """How many numbers there are, the 0 among them."""
        return len(self._numbers) + 1

    def number(self, text: str) -> int:
        """The text's number; a new one if it never came."""
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def numbers(self, texts: Iterable[str]) -> list[int]:
        """The same for several."""
        numbers = self._numbers
        return [numbers.setdefault(text, len(numbers) + 1) for text in texts]

    def find(self, text: str) -> int:
        """The text's number, or UNKNOWN."""
        return self._numbers.get(text, UNKNOWN)

    def texts(self) -> list[str]:
        """All texts in the order of their numbers, which begin with 1."""
        return list(self._numbers)

    @property
    def bytes(self) -> int:
        """About how much memory it takes: each text and its number are objects of their own."""
        return sys.getsizeof(self._numbers) + sum(map(sys.getsizeof, self._numbers)) + 32 * len(self._numbers)

    def save(self) -> np.ndarray:
        """As bytes."""
        return np.frombuffer(SEPARATOR.join(self._numbers).encode("utf-8", "surrogatepass"), np.uint8)

    def load(self, saved: np.ndarray) -> None:
        """Become what was saved."""
        told = saved.tobytes().decode("utf-8", "surrogatepass")
        self._numbers = {text: number for number, text in enumerate(told.split(SEPARATOR), 1)} if told else {}
