"""Every kernel runs without the interpreter's lock, so that no search holds up the event loop beside which it runs."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from numba.core.dispatcher import Dispatcher

from services.matching import index


def kernels() -> dict[str, Any]:
    """All that is compiled in the index, by name."""
    modules = [importlib.import_module(f"{index.__name__}.{each.name}") for each in pkgutil.iter_modules(index.__path__)]
    return {
        f"{module.__name__}.{name}": value for module in modules for name, value in vars(module).items() if isinstance(value, Dispatcher)
    }


def test_every_kernel_lets_go_of_the_interpreter() -> None:
    """And is kept for the next process, so that nobody waits for a compiler."""
    found = kernels()
    assert {"best", "scan", "reach", "score", "find", "rules"} <= {name.rpartition(".")[2] for name in found}
    for name, kernel in found.items():
        assert kernel.targetoptions["nogil"], name
        assert type(kernel._cache).__name__ != "NullCache", name
