"""Declares topics, queues, bindings, dead letters and delays, as the administrator, before any service starts."""

import importlib
import os
import pkgutil
from collections.abc import Iterator

import contracts
from chassis.bare.message import Event
from chassis.running import topology
from deploy.local.installation import SERVICES


def all_events() -> list[type[Event]]:
    """Every event that a contract promises."""
    for module in pkgutil.walk_packages(contracts.__path__, "contracts."):
        importlib.import_module(module.name)
    return [event for event in _kinds_of(Event) if event.service in SERVICES]


def _kinds_of(event: type[Event]) -> Iterator[type[Event]]:
    for kind in event.__subclasses__():
        yield kind
        yield from _kinds_of(kind)


if __name__ == "__main__":
    topology.declare(os.environ["AMQP_URI"], SERVICES, all_events(), os.environ["CALL_QUEUES"])
