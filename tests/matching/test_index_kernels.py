"""Every kernel runs without the interpreter's lock, so that no search holds up the event loop beside which it runs."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

from services.matching import index
from services.matching.index.warming import warm
from tests.matching.profiles import TODAY
from tests.matching.reference import Draw, filled


def kernels() -> dict[str, Any]:
    """All that is compiled in the index, by name."""
    modules = [importlib.import_module(each.name) for each in pkgutil.walk_packages(index.__path__, f"{index.__name__}.")]
    return {
        f"{module.__name__}.{name}": value for module in modules for name, value in vars(module).items() if isinstance(value, Dispatcher)
    }


def test_every_kernel_lets_go_of_the_interpreter() -> None:
    """And is kept for the next process, so that nobody waits for a compiler."""
    found = kernels()
    assert {"best", "scan", "reach", "score", "find", "rules", "unite", "first_ones", "walk"} <= {name.rpartition(".")[2] for name in found}
    for name, kernel in found.items():
        assert kernel.targetoptions["nogil"], name
        assert type(kernel._cache).__name__ != "NullCache", name


@pytest.mark.slow
def test_what_is_warmed_is_all_that_is_asked_later() -> None:
    """Whatever a search, a round or a change calls has been compiled for just these types."""
    warm.__wrapped__()
    before = {name: len(kernel.signatures) for name, kernel in kernels().items()}
    entries = Draw(8).entries(40)
    some, made = filled(entries), filled([])
    made.load({name: array.copy() for name, array in some.save().items()})
    for one in (some, made):
        for asking in [each.candidate for each in entries]:
            for role in ("visitor", "host"):
                for every in (False, True):
                    one.ranked.best(asking, role, TODAY, 20, without=[1, 2], every=every)
                one.ranked.reach(asking, role, TODAY, np.zeros(one.slots.end, np.bool_), [3])
                one.ranked.scores(asking, role, TODAY, [0, 1, 7])
        one.remove(entries[0].candidate.participation_id)
        one.put(entries[0])
    assert {name: len(kernel.signatures) for name, kernel in kernels().items()} == before
