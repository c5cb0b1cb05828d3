"""How a column says that it holds personal data: what for, on which legal basis, for how long. A check refuses a column that does not say."""

from __future__ import annotations

from typing import Any


def personal(purpose: str, basis: str, retention: str) -> dict[str, Any]:
    """What a column with personal data carries as its `info`."""
    return {"personal": {"purpose": purpose, "basis": basis, "retention": retention}}
