"""One JSON Schema per contract: requests as they are sent, views and events as they are shown, each complete in itself."""

from __future__ import annotations

from typing import Any

import contracts
from chassis.bare.envelope import Envelope
from chassis.bare.message import Contract, Event, Request, View
from contracts.partners.envelope import PartnerEnvelope
from contracts.partners.events import partner_events
from contracts.publish.shapes import Shapes, room_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WHERE = "/contracts/schemas"


def all_contracts() -> list[type[Contract]]:
    """Everything that is published: each request with its answer, each event, both as partners get them too, and the envelopes."""
    requests = contracts.requests()
    answers = {path_of(each.answers): each.answers for each in requests}
    return [*requests, *answers.values(), *contracts.events(), Envelope, *partner_events(), PartnerEnvelope]


def path_of(contract: type[Contract]) -> str:
    """Where a contract's schema lies under /contracts/schemas: `agreements/SignAgreement.json`."""
    return f"{room_of(contract)}/{contract.__name__}.json"


def schema(contract: type[Contract]) -> dict[str, Any]:
    """A contract's JSON Schema with its example and everything it refers to."""
    shapes = Shapes()
    shape = shapes.sent(contract) if issubclass(contract, Request) else shapes.shown(contract)
    examples = {"examples": [contract.example]} if contract.example or not shape["properties"] else {}
    named = {"$defs": dict(sorted(shapes.named.items()))} if shapes.named else {}
    return {"$schema": DIALECT, "$id": f"{WHERE}/{path_of(contract)}"} | shape | examples | _about(contract) | named


def _about(contract: type[Contract]) -> dict[str, Any]:
    """What a schema alone does not say: who may ask, what is answered, who hears it."""
    if issubclass(contract, Request):
        return {"x-service": contract.service, "x-allowed": list(contract.allowed), "x-answers": path_of(contract.answers)}
    if issubclass(contract, Event):
        return {"x-service": contract.service, "x-heard-by": list(contract.heard_by), "x-for-partnerships": contract.for_partnerships}
    return {} if issubclass(contract, View) else {"x-media-type": "application/cloudevents+json"}
