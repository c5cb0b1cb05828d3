"""Sets of slots together."""

from __future__ import annotations

import numpy as np

from services.matching.index.search.kernels import keep


def both(first: np.ndarray, *others: np.ndarray) -> np.ndarray:
    """Those in all of these sets."""
    found = first.copy()
    for other in others:
        keep(found, other)
    return found
