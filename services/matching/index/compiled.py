"""How inner loops are compiled: once per machine and state of the sources, and run without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numba import config, njit, types
from numba.extending import intrinsic

HERE = Path(__file__).parent


def _digest() -> str:
    """Of all sources here: what is kept of one file has what it calls of others in it, which numba itself does not look at.

    Those of the ranking are among them, for a snapshot is no good either when words are read in another way. deploy/local/setup.sh
    reckons the same, in the same order.
    """
    found = sha256()
    for source in sorted([*HERE.rglob("*.py"), *HERE.parent.joinpath("ranking").rglob("*.py")], key=Path.as_posix):
        found.update(source.read_bytes())
    return found.hexdigest()[:16]


DIGEST = _digest()
config.CACHE_DIR = str(HERE / "__pycache__" / f"compiled-{DIGEST}")  # type: ignore[attr-defined]

compiled: Callable[[Any], Any] = njit(cache=True, nogil=True, boundscheck=False)
"""For kernels and what they call. Integers wrap silently in them, so each says why its numbers fit."""
inlined: Callable[[Any], Any] = njit(cache=True, nogil=True, boundscheck=False, forceinline=True)
"""For what is called in inner loops: an asker is a hundred values, which would be copied for every call."""


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
