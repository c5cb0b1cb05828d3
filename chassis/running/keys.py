"""Gives a service its own signer, for the one that mints tokens for persons."""

from __future__ import annotations

from typing import Any

from nameko.extensions import DependencyProvider

from chassis.bare.principal import Signer
from chassis.running.frame import Frame, Provided
from chassis.running.occasions import Occasion


class Keys(DependencyProvider, Provided):
    """Gives a service `self.keys`."""

    def get_dependency(self, worker_ctx: Any) -> Signer:
        """nameko's way of asking."""
        return self.given(self.container.config["frame"], worker_ctx.args[0])

    def given(self, frame: Frame, occasion: Occasion) -> Signer:
        """The signer with this process' key."""
        return frame.signer
