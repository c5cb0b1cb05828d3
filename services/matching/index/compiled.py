"""How inner loops are compiled: once per machine (kept beside the source), and run without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

compiled: Callable[[Any], Any] = njit(cache=True, nogil=True, boundscheck=False)
"""For kernels and what they call. Integers wrap silently in them, so each says why its numbers fit."""


@intrinsic
def ones(typing: Any, word: Any) -> Any:
    """How many bits of an unsigned word are set."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


def zeros(rows: int, columns: int, dtype: Any = np.uint64) -> np.ndarray:
    """Rows of zeros that begin where a line of the processor's cache begins."""
    raw = np.zeros(rows * columns * np.dtype(dtype).itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    aligned: np.ndarray = raw[start : start + raw.nbytes - 64].view(dtype).reshape(rows, columns)
    return aligned
