"""The index: all participants in this process's memory, so that a ranked list is found among a million in milliseconds.

A participant has a slot, a small number that is used again when it is free. Each part of the index keeps under that number what it
needs; the ranking's part is here, others follow the same interface. All inner loops are compiled (numba), run without the
interpreter's lock and reckon in integers alone, so that every replica finds the same, to the byte. What a score is, `ranking` says in
plain Python; the index only finds faster what that would find.
"""

from services.matching.index.entry import Entry, Part
from services.matching.index.index import Index
from services.matching.index.words import Dictionary

__all__ = ["Dictionary", "Entry", "Index", "Part"]
