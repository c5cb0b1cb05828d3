"""Gives doors the index of their process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nameko.extensions import DependencyProvider

from chassis.running.frame import Frame, Provided
from chassis.running.occasions import Occasion
from services.matching.index.live import Live
from services.matching.queries.following import loaded


class Indexed(DependencyProvider, Provided):
    """Gives a service `self.index()`: the index that belongs to its database, one for the whole process."""

    if TYPE_CHECKING:

        def __call__(self) -> Live:
            """What a door sees is not this provider but what it provides."""

    def get_dependency(self, worker_ctx: Any) -> Callable[[], Live]:
        """nameko's way of asking."""
        return self.given(self.container.config["frame"], worker_ctx.args[0])

    def given(self, frame: Frame, occasion: Occasion) -> Callable[[], Live]:
        """A function that gives the index; ask for it outside of any unit, for it may have to be loaded first."""
        return lambda: loaded(frame)
