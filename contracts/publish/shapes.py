"""From contracts to JSON Schema 2020-12: what a client may send, and what it is shown.

A published schema is never stricter than the contract itself, but for white space at the ends of texts, which is trimmed before it
is counted. Shapes that several contracts share are written once, under a name, and referred to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from marshmallow import RAISE, fields, missing

from chassis.bare.message import Contract, Page, View
from contracts.publish.rules import constraints

Shape = dict[str, Any]

PLAIN: dict[type[fields.Field], Shape] = {
    fields.UUID: {"type": "string", "format": "uuid"},
    fields.AwareDateTime: {"type": "string", "format": "date-time"},
    fields.Date: {"type": "string", "format": "date"},
    fields.Url: {"type": "string", "format": "uri"},
    fields.Email: {"type": "string", "format": "email"},
    fields.String: {"type": "string"},
    fields.Boolean: {"type": "boolean"},
    fields.Integer: {"type": "integer"},
    fields.Float: {"type": "number"},
    fields.Raw: {},
}


@dataclass
class Shapes:
    """Collects the named shapes that the shapes made here refer to; `address` is where a reader finds them.

    With `whole`, a view shows all of its fields, as an answer does; an event of earlier days lacks what its contract has got since.
    """

    address: str = "#/$defs/"
    whole: bool = False
    named: dict[str, Shape] = field(default_factory=dict)

    def sent(self, contract: type[Contract], names: set[str] | None = None) -> Shape:
        """What a client sends (of these fields only): unknown fields are refused where the contract refuses them."""
        return self._object(contract, sent=True, names=names, strict=contract().unknown == RAISE)

    def shown(self, contract: type[Contract]) -> Shape:
        """What a client is shown; it may grow, so a reader leaves out what it does not know."""
        return self._object(contract, sent=False)

    def reference(self, contract: type[Contract], *, sent: bool = False, strict: bool = False) -> Shape:
        """A reference to a contract's shape, which is written once under its name."""
        name = name_of(contract) + ("In" if sent else "")
        if name not in self.named:
            self.named[name] = {"additionalProperties": False} if strict else {}
            self.named[name] = self._object(contract, sent=sent, strict=strict)
        if strict != ("additionalProperties" in self.named[name]):
            raise ValueError(f"{name} refuses unknown fields in one place and takes them in another")
        return {"$ref": self.address + name}

    def of(self, each: fields.Field, *, sent: bool) -> Shape:
        """A field's shape, with its default where it is sent, its description, and null where that is allowed."""
        shape = self._named_word(each, sent) or self._bare(each, sent)
        return (_or_null(shape) if each.allow_none else shape) | _said_about(each, sent)

    def _object(self, contract: type[Contract], *, sent: bool, strict: bool = False, names: set[str] | None = None) -> Shape:
        used = {name: each for name, each in _fields(contract, sent).items() if names is None or name in names}
        shape: Shape = {"type": "object", "title": contract.__name__, "description": contract.description()}
        shape["properties"] = {each.data_key or name: self.of(each, sent=sent) for name, each in used.items()}
        is_whole = self.whole and not sent and issubclass(contract, View)
        if required := [each.data_key or name for name, each in used.items() if each.required or is_whole]:
            shape["required"] = required
        return shape | ({"additionalProperties": False} if strict else {})

    def _named_word(self, each: fields.Field, sent: bool) -> Shape | None:
        """A reference, if this is a field type of the domain (a country, say) used as it is everywhere."""
        kind = type(each)
        if not kind.__module__.startswith("contracts.") or isinstance(each, (fields.Nested, fields.List)):
            return None
        name = name_of(kind)
        if self._bare(kind(), sent) != (shape := self._bare(each, sent)):
            return None
        self.named[name] = {"title": kind.__name__, "description": " ".join((kind.__doc__ or "").split())} | shape
        return {"$ref": self.address + name}

    def _bare(self, each: fields.Field, sent: bool) -> Shape:
        for kind in type(each).__mro__:
            if make := COMPOSED.get(kind):
                return make(self, each, sent) | constraints(each)
            if kind in PLAIN:
                return PLAIN[kind] | constraints(each)
        raise TypeError(f"a field of type {type(each).__name__} has no published shape yet")

    def _nested(self, each: fields.Nested, sent: bool) -> Shape:
        contract = cast(type[Contract], type(each.schema))
        strict = sent and (each.unknown or each.schema.unknown) == RAISE
        shape = self.reference(contract, sent=sent, strict=strict)
        return {"type": "array", "items": shape} if each.many else shape

    def _list(self, each: fields.List, sent: bool) -> Shape:
        unique = {"uniqueItems": True} if getattr(each, "repeats", True) is False else {}
        return {"type": "array", "items": self.of(each.inner, sent=sent)} | unique

    def _dict(self, each: fields.Dict, sent: bool) -> Shape:
        if inside := each.metadata.get("contract"):
            return self.reference(inside, sent=sent)
        shape: Shape = {"type": "object"}
        if each.key_field:
            shape["propertyNames"] = self.of(each.key_field, sent=sent)
        if each.value_field:
            shape["additionalProperties"] = self.of(each.value_field, sent=sent)
        return shape


COMPOSED: dict[type[fields.Field], Callable[[Shapes, Any, bool], Shape]] = {
    fields.Nested: Shapes._nested,
    fields.List: Shapes._list,
    fields.Dict: Shapes._dict,
}


def name_of(kind: type) -> str:
    """The name under which a contract or a domain's field type is published: `agreements.ExchangeView`."""
    return f"{room_of(kind)}.{kind.__name__}"


def room_of(kind: type) -> str:
    """The room of contracts it belongs to; a page belongs where its items do; what all services share is the chassis'."""
    top, _, rest = kind.__module__.partition(".")
    if issubclass(kind, Page) and kind is not Page:
        return room_of(type(kind._declared_fields["items"].inner.schema))  # type: ignore[attr-defined]
    return rest.partition(".")[0] if top == "contracts" else top


def _fields(contract: type[Contract], sent: bool) -> dict[str, fields.Field]:
    declared = contract._declared_fields.items()
    return {name: each for name, each in declared if not (each.dump_only if sent else each.load_only)}


def _or_null(shape: Shape) -> Shape:
    if "enum" in shape:
        return {**shape, "type": [shape["type"], "null"], "enum": [*shape["enum"], None]}
    if isinstance(shape.get("type"), str):
        return {**shape, "type": [shape["type"], "null"]}
    return {"anyOf": [shape, {"type": "null"}]} if shape else shape


def _said_about(each: fields.Field, sent: bool) -> Shape:
    said: Shape = {"description": each.metadata["description"]} if "description" in each.metadata else {}
    if sent and each.load_default is not missing:
        default = each.load_default() if callable(each.load_default) else each.load_default
        said["default"] = each.serialize("value", {"value": default}) if default is not None else None
    return said
