"""The catalogue's search: pure, in memory, out of nothing but the entries put in."""

from services.matching.index.search.entry import Entry, Stands, read_entry
from services.matching.index.search.query import Found, Query
from services.matching.index.search.search import Search

__all__ = ["Entry", "Found", "Query", "Search", "Stands", "read_entry"]
