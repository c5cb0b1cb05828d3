"""Nothing is parked, nothing lies in a queue while nothing is going on, and every queue that a listener needs is there."""

from __future__ import annotations

from collections.abc import Iterator

from chassis.running.topology import MOST_RETRIES, call_queue, event_queue, parked_queue, retry_topic
from deploy.local.audit.inspection import Inspection
from deploy.local.audit.reading import length_of, read_broker, read_management
from deploy.local.audit.verdict import Verdict
from deploy.local.broker_rights import SERVICES_HOST, Broker
from deploy.local.installation import SERVICES
from deploy.local.topology import all_events


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """Ask for each queue by its name; where the management answers, also for queues nobody knows of."""
    lengths = lengths_of(inspection.place.broker)
    for name, length in lengths.items():
        verdict.count("queues")
        if length is None:
            verdict.find(f"queue {name} is missing: what is announced is not kept for its listener")
        elif length and name in map(parked_queue, SERVICES):
            verdict.find(f"{length} messages are parked in {name}")
        elif length and not inspection.busy:
            verdict.find(f"{length} messages lie in queue {name}")
    for name, length in _strangers(inspection.place.broker, set(lengths)):
        verdict.find(f"{length} messages lie in queue {name}, which nobody reads any more")


def lengths_of(broker: Broker) -> dict[str, int | None]:
    """How many messages each of our queues holds ready; None where there is no such queue. Raises Unusable."""
    uri = broker.administrator_uri(SERVICES_HOST)
    return read_broker(uri, lambda connection: {name: length_of(connection, name) for name in known_queues()})


def known_queues() -> Iterator[str]:
    """The names of all queues on the host of the services."""
    yield from (retry_topic(number) for number in range(1, MOST_RETRIES + 1))
    for service in SERVICES:
        yield from (call_queue(service), parked_queue(service))
    for event in all_events():
        yield from (event_queue(listener, event.slug()) for listener in event.heard_by)


def _strangers(broker: Broker, known: set[str]) -> Iterator[tuple[str, int]]:
    if broker.management_uri is None:
        return
    address = f"{broker.management_uri.rstrip('/')}/api/queues/{SERVICES_HOST}"
    queues = read_management(address, columns="name,messages,exclusive")
    for each in queues:
        if each["name"] not in known and each.get("messages") and not each.get("exclusive"):
            yield each["name"], each["messages"]
