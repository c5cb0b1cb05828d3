"""The documentation's pages, made once at the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import contracts
from chassis.bare.message import Event
from contracts.publish.asyncapi import envelope_example, topic
from contracts.publish.schemas import path_of, schema

TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)


def page(name: str, **more: Any) -> str:
    """A page as HTML; text is escaped."""
    return TEMPLATES.get_template(name).render(events_by_service=events_by_service, **more)


def events_by_service() -> dict[str, list[dict[str, Any]]]:
    """Every event as the page shows it, under the service that announces it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for event in contracts.events():
        found.setdefault(event.service, []).append(_shown(event))
    return found


def _shown(event: type[Event]) -> dict[str, Any]:
    made = schema(event)
    return {
        "title": event.slug(),
        "description": event.description(),
        "topic": topic(event),
        "subject": f"{event.subject_kind}/<id>",
        "heard_by": event.heard_by,
        "for_partnerships": event.for_partnerships,
        "fields": [{"name": name, "type": _type(each), "text": each.get("description", "")} for name, each in made["properties"].items()],
        "example": envelope_example(event),
        "schema": f"/contracts/schemas/{path_of(event)}",
    }


def _type(shape: dict[str, Any]) -> str:
    """A shape in a word or two."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition(".")[2]
    if "anyOf" in shape:
        return " or ".join(_type(each) for each in shape["anyOf"])
    if shape.get("type") == "array":
        return f"list of {_type(shape['items'])}"
    types = shape.get("type", "anything")
    named = shape.get("format") or " or ".join(each for each in ([types] if isinstance(types, str) else types))
    return named + (f" ({', '.join(str(each) for each in shape['enum'])})" if len(shape.get("enum", [])) in range(1, 9) else "")
