"""Finding the service class of a room, and its tables."""

from __future__ import annotations

import importlib

from sqlalchemy import MetaData


def service_class(room: str) -> type:
    """The service class of a room like `services.identity`: the one whose `name` is the room's last word."""
    module = importlib.import_module(f"{room}.service")
    name = room.rpartition(".")[2]
    return next(each for each in vars(module).values() if isinstance(each, type) and vars(each).get("name") == name)


def metadata_of(room: str) -> MetaData:
    """The metadata of a service's model: that of its `Base`."""
    return importlib.import_module(f"{room}.model").Base.metadata  # type: ignore[no-any-return]
