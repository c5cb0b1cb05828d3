"""Declares topics, queues, bindings, dead letters and delays, as the administrator, before any service starts."""

import importlib
import os
import pkgutil

import contracts
from chassis.bare.message import Event, kinds_of
from chassis.running import topology
from deploy.local.installation import SERVICES


def all_events() -> list[type[Event]]:
    """Every event that a contract promises."""
    for module in pkgutil.walk_packages(contracts.__path__, "contracts."):
        importlib.import_module(module.name)
    return [event for event in kinds_of(Event) if event.service in SERVICES]


if __name__ == "__main__":
    topology.declare(os.environ["AMQP_URI"], SERVICES, all_events(), os.environ["CALL_QUEUES"])
