"""Gives a service the blob store."""

from __future__ import annotations

from typing import Any

from nameko.extensions import DependencyProvider

from chassis.bare.blobs import Blobs
from chassis.running.frame import Frame, Provided
from chassis.running.occasions import Occasion


class BlobStore(DependencyProvider, Provided):
    """Gives a service `self.blobs`."""

    def get_dependency(self, worker_ctx: Any) -> Blobs:
        """nameko's way of asking."""
        return self.given(self.container.config["frame"], worker_ctx.args[0])

    def given(self, frame: Frame, occasion: Occasion) -> Blobs:
        """The store of this process."""
        return frame.blobs
