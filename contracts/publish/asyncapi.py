"""All events in AsyncAPI 3.0: one channel per topic and event, each with its receivers; and one for the queues of partnerships."""

from __future__ import annotations

from typing import Any

import contracts
from chassis.bare.envelope import Envelope
from chassis.bare.message import Event
from contracts.partners.envelope import PartnerEnvelope
from contracts.partners.events import partner_events
from contracts.partners.parts import PartnerEvent
from contracts.publish.shapes import Shapes, name_of

Document = dict[str, Any]

ABOUT = """What happened, as CloudEvents 1.0 in JSON. Facts carry ids, times, amounts and codes, nothing personal.

Every event comes at least once (`id` is the same when it is repeated), in order per `subject` and service; `subjectversion` counts
the events of a subject, of which a receiver gets some types only. Readers leave out fields they do not know: events grow.
Partnership systems receive those with `x-for-partnerships` whose `audience` names their partnership, in a queue of their own and with
data of their own: the channel `partners` says which.
"""


def document(version: str = "1.0.0") -> Document:
    """The AsyncAPI document; deterministic, so that it can be compared."""
    shapes, events = Shapes(address="#/components/schemas/"), contracts.events()
    messages = {name_of(each): _message(each, shapes) for each in events}
    messages |= {name_of(each): _partner_message(each, shapes) for each in partner_events()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "ClusterXchange events", "version": version, "description": ABOUT},
        "defaultContentType": "application/cloudevents+json",
        "servers": {
            "services": _server("services", "Between the services, and to nobody else."),
            "partners": _server("partners", "For partnership systems: one queue per partnership, readable by its login alone."),
        },
        "channels": {name_of(each): _channel(each) for each in events} | {"partners": _partner_channel()},
        "operations": {f"announce.{name_of(each)}": _operation(each) for each in events} | {"announce.partners": _partner_operation()},
        "components": {"messages": messages, "schemas": dict(sorted(shapes.named.items()))},
    }


def topic(event: type[Event]) -> str:
    """The topic (a RabbitMQ exchange) on which an event appears; its routing key is the event's type."""
    return f"{event.service}.events"


def _server(virtual_host: str, description: str) -> Document:
    # Which host it is, each installation says to its partners; 5671 is AMQP over TLS.
    host = {"default": "localhost:5671", "description": "Given by the operator together with the login."}
    return {
        "host": "{host}",
        "pathname": f"/{virtual_host}",
        "protocol": "amqps",
        "protocolVersion": "0.9.1",
        "description": description,
        "variables": {"host": host},
        "security": [{"type": "userPassword"}],
    }


def _partner_channel() -> Document:
    return {
        "address": "{queue}",
        "title": "The queue of one partnership",
        "servers": [{"$ref": "#/servers/partners"}],
        "parameters": {"queue": {"description": "Given with the login, and told to nobody else."}},
        "messages": {each.slug(): {"$ref": f"#/components/messages/{name_of(each)}"} for each in partner_events()},
        "bindings": {"amqp": {"is": "queue", "queue": {"name": "{queue}", "durable": True, "exclusive": False, "autoDelete": False}}},
    }


def _partner_operation() -> Document:
    messages = [{"$ref": f"#/channels/partners/messages/{each.slug()}"} for each in partner_events()]
    channel = {"$ref": "#/channels/partners"}
    return {
        "action": "send",
        "channel": channel,
        "title": "What a partnership receives",
        "tags": [{"name": "partners"}],
        "messages": messages,
    }


def _partner_message(event: type[PartnerEvent], shapes: Shapes) -> Document:
    first, _, _ = event.description().partition("\n")
    return {
        "name": event.slug(),
        "title": event.__name__,
        "summary": first,
        "description": event.description(),
        "contentType": "application/cloudevents+json",
        "tags": [{"name": "partners"}],
        "payload": _partner_payload(event, shapes),
        "examples": [{"name": event.slug(), "payload": partner_example(event)}],
    }


def _partner_payload(event: type[PartnerEvent], shapes: Shapes) -> Document:
    own = {"type": {"const": event.slug()}, "data": shapes.reference(event)}
    return {"allOf": [shapes.reference(PartnerEnvelope), {"type": "object", "properties": own}]}


def partner_example(event: type[PartnerEvent]) -> Document:
    """An event as a partnership receives it: the envelope round the contract's own example."""
    kind = event.told_of.subject_kind
    schema = f"https://tool.example.org/contracts/schemas/partners/{event.__name__}.json"
    about = {"source": f"/{event.told_of.service}", "type": event.slug(), "subject": f"{kind}/{event.example[f'{kind}_id']}"}
    return {**PartnerEnvelope.example, **about, "dataschema": schema, "data": event.example}


def _channel(event: type[Event]) -> Document:
    return {
        "address": event.slug(),
        "title": event.slug(),
        "servers": [{"$ref": "#/servers/services"}],
        "messages": {event.slug(): {"$ref": f"#/components/messages/{name_of(event)}"}},
        "bindings": {
            "amqp": {"is": "routingKey", "exchange": {"name": topic(event), "type": "topic", "durable": True, "autoDelete": False}}
        },
        "x-topic": topic(event),
        "x-heard-by": list(event.heard_by),
        "x-for-partnerships": event.for_partnerships,
    }


def _operation(event: type[Event]) -> Document:
    channel = name_of(event)
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "title": event.slug(),
        "tags": [{"name": event.service}],
        "messages": [{"$ref": f"#/channels/{channel}/messages/{event.slug()}"}],
    }


def _message(event: type[Event], shapes: Shapes) -> Document:
    first, _, _ = event.description().partition("\n")
    return {
        "name": event.slug(),
        "title": event.__name__,
        "summary": first,
        "description": event.description(),
        "contentType": "application/cloudevents+json",
        "tags": [{"name": event.service}],
        "payload": _payload(event, shapes),
        "examples": [{"name": event.slug(), "payload": envelope_example(event)}],
    }


def _payload(event: type[Event], shapes: Shapes) -> Document:
    """The envelope with this event's type, subject and data in it."""
    own = {
        "type": {"const": event.slug()},
        "source": {"const": f"/{event.service}"},
        "subject": {"type": "string", "pattern": f"^{event.subject_kind}/[0-9a-f-]{{36}}$"},
        "data": shapes.reference(event),
    }
    return {"allOf": [shapes.reference(Envelope), {"type": "object", "properties": own}]}


def envelope_example(event: type[Event]) -> Document:
    """An event as it travels: the envelope round the contract's own example."""
    return {**Envelope.example, "source": f"/{event.service}", "type": event.slug(), "subject": _subject(event), "data": event.example}


def _subject(event: type[Event]) -> str:
    own = event.example.get(f"{event.subject_kind}_id", Envelope.example["id"])
    return f"{event.subject_kind}/{own}"
