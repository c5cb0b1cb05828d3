"""One route as an OpenAPI operation: parameters, body, answers, who may."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.bare.message import ANYONE, SERVICES, SIGNED_IN
from contracts.publish.shapes import Shape, Shapes, name_of
from contracts.registry.partner_access import PARTNER_SYSTEM
from gateway.publish.answers import responses
from gateway.routes import Route

WHO = {ANYONE: "anyone, without an account too", SIGNED_IN: "everybody who is logged in", SERVICES: "services"}

# What the documentation's page replaces by a fresh one, so that trying twice makes two.
KEY_EXAMPLE = "00000000-0000-4000-8000-000000000000"


def operation(route: Route, shapes: Shapes) -> dict[str, Any]:
    """What is documented of a route; the shapes it needs are added to `shapes`."""
    contract = route.contract
    first, _, _ = contract.description().partition("\n")
    made: dict[str, Any] = {
        "operationId": contract.slug(),
        "tags": [contract.service],
        "summary": first,
        "description": _description(route),
        "x-allowed": list(contract.allowed),
        **({"x-rule": contract.rule} if contract.rule else {}),
        "security": _ways_in(contract.allowed),
        "parameters": _parameters(route, shapes),
    }
    if body := _body(route, shapes):
        made["requestBody"] = body
    return made | {"responses": responses(route, shapes)}


def _ways_in(allowed: tuple[str, ...]) -> list[dict[str, Any]]:
    systems, anyone = PARTNER_SYSTEM in allowed, ANYONE in allowed
    return [{"bearer": []}, {"cookie": []}, *([{"system": []}] if systems else []), *([{}] if anyone else [])]


def _description(route: Route) -> str:
    contract = route.contract
    who = "; ".join(WHO.get(each, f"`{each}`") for each in contract.allowed)
    lines = [contract.description(), f"**May ask:** {who}.", f"**Rule:** {contract.rule}" if contract.rule else ""]
    if contract.fresh:
        lines.append("Needs a password given within the last five minutes.")
    return "\n\n".join(each for each in lines if each)


def _parameters(route: Route, shapes: Shapes) -> list[dict[str, Any]]:
    declared = route.contract._declared_fields
    in_path = [_parameter(name, declared[name], "path", route, shapes) for name in route.path_fields]
    in_query = [_parameter(name, each, "query", route, shapes) for name, each in route.other_fields.items() if not route.is_command]
    return [*in_path, *in_query, *_headers(route)]


def _parameter(name: str, each: fields.Field, where: str, route: Route, shapes: Shapes) -> dict[str, Any]:
    shape, key = shapes.of(each, sent=True), name if where == "path" else each.data_key or name
    description = {"description": shape.pop("description")} if "description" in shape else {}
    made: dict[str, Any] = {"name": key, "in": where, "required": where == "path" or each.required, **description, "schema": shape}
    if isinstance(each, fields.List):
        made |= {"style": "form", "explode": False}
    example = route.contract.example.get(each.data_key or name)
    return made if example is None else made | {"example": example}


def _headers(route: Route) -> list[dict[str, Any]]:
    made = []
    if route.needs_key:
        text = "Made by the client, fresh for each thing it wants to be done; the same when it repeats a request."
        made.append(_header("Idempotency-Key", text, {"type": "string", "minLength": 1, "maxLength": 200}, KEY_EXAMPLE))
    if route.takes_if_match:
        made.append(_header("If-Match", _matching(route), {"type": "string"}, '"1"') | {"required": route.needs_if_match})
    return made


def _matching(route: Route) -> str:
    sentence = f"The ETag of `GET {route.version_at}`, as what is changed or decided was read."
    return sentence if route.needs_if_match else f"{sentence} The first time there is none."


def _header(name: str, description: str, shape: Shape, example: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": description, "schema": shape, "example": example}


def _body(route: Route, shapes: Shapes) -> dict[str, Any] | None:
    if not route.is_command or not route.other_fields:
        return None
    shape = shapes.sent(route.contract, set(route.other_fields))
    if route.uploads:
        return {"required": True, "content": {"multipart/form-data": _form(route, shape)}}
    keys = {each.data_key or name for name, each in route.other_fields.items()}
    example = {key: value for key, value in route.contract.example.items() if key in keys}
    shapes.named[name_of(route.contract)] = shape
    content = {"schema": {"$ref": shapes.address + name_of(route.contract)}, "example": example}
    return {"required": bool(shape.get("required")), "content": {"application/json": content}}


def _form(route: Route, shape: Shape) -> dict[str, Any]:
    """A form with files: their bytes, of the types accepted."""
    for name, each in route.uploads.items():
        size = f"At most {each.longest // 2**20} MB: {', '.join(each.types)}."
        shape["properties"][each.data_key or name] = {"type": "string", "format": "binary", "description": size}
    types = {each.data_key or name: {"contentType": ", ".join(each.types)} for name, each in route.uploads.items()}
    return {"schema": shape, "encoding": types}
