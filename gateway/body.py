"""Reading bodies: strict JSON (size, depth, no duplicate keys, no NaN, no lone surrogates, no NUL) and multipart with files."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from falcon import MediaMalformedError, MediaNotFoundError, MultipartParseError, uri
from falcon.asgi import Request
from marshmallow import fields

from chassis.bare.fields import Text
from chassis.bare.refusals import InvalidFields
from gateway.files import Files
from gateway.problems import BodyTooLarge, MalformedBody, MediaTypeNotSupported
from gateway.routes import Route

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 32
MOST_PARTS = 40


async def read_json(req: Request) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object. Raises MalformedBody, BodyTooLarge, MediaTypeNotSupported."""
    raw = await _bytes(req)
    if not raw.strip():
        return {}
    if req.content_type and _media_type(req) != "application/json":
        raise MediaTypeNotSupported(wanted="application/json")
    return parse(raw)


def parse(raw: bytes) -> dict[str, Any]:
    """Strict JSON to an object; raises MalformedBody."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise MalformedBody(reason="it is not UTF-8.") from error
    except RecursionError as error:
        raise MalformedBody(reason=f"it is nested deeper than {MOST_DEPTH} levels.") from error
    except ValueError as error:
        raise MalformedBody(reason=f"it is not JSON ({str(error)[:120]}).") from error
    if not isinstance(value, dict):
        raise MalformedBody(reason="a JSON object is expected.")
    _check(value)
    return value


def query_content(req: Request, route: Route) -> dict[str, Any]:
    """The query's parameters in the types their fields expect; lists come comma separated or repeated. Raises InvalidFields."""
    if wrong := [name for name, value in req.params.items() if any("\x00" in each for each in (name, *value))]:
        raise InvalidFields(fields={name: ["Leave the NUL character out."] for name in wrong})
    split = uri.parse_query_string(req.query_string, keep_blank=True, csv=True)
    wanted = {name: (route.other_fields.get(name), value) for name, value in req.params.items()}
    return {
        name: _own_words(split[name]) if _holds_own_words(field) else from_text(field, value) for name, (field, value) in wanted.items()
    }


def _holds_own_words(field: fields.Field | None) -> bool:
    return isinstance(field, fields.List) and type(field.inner) is Text


def _own_words(given: str | list[str]) -> list[str]:
    """What people wrote may hold commas: only those that were not encoded stand between two texts, as the documentation's `style: form` has it."""
    return [each for each in (given if isinstance(given, list) else [given]) if each != ""]


def from_text(field: fields.Field | None, value: Any) -> Any:
    """A text as its field wants to see it: a list split, a number made; what does not fit is left for the contract to refuse."""
    if isinstance(field, fields.List):
        parts = [part for each in (value if isinstance(value, list) else [value]) for part in each.split(",")]
        return [from_text(field.inner, part) for part in parts if part != ""]
    if isinstance(value, list):
        raise InvalidFields(fields={field.name if field else "query": ["Give this parameter once."]})
    if isinstance(field, fields.Integer):
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else value
    if "\x00" in value:
        raise MalformedBody(reason="it contains a NUL character.")
    return value


async def read_multipart(req: Request, route: Route, files: Files) -> dict[str, Any]:
    """The parts of a form: files go to the blob store, the others are texts. Raises MalformedBody, FileRefused, BodyTooLarge."""
    if _media_type(req) != "multipart/form-data":
        raise MediaTypeNotSupported(wanted="multipart/form-data")
    content: dict[str, Any] = {}
    try:
        async for part in await req.get_media():
            if len(content) >= MOST_PARTS or part.name in content:
                raise MalformedBody(reason="it has too many parts, or one twice.")
            content[part.name or ""] = await _part(part, route, files)
    except (MultipartParseError, MediaMalformedError, MediaNotFoundError) as error:
        raise MalformedBody(reason="the form's parts cannot be told apart.") from error
    return content


async def _part(part: Any, route: Route, files: Files) -> Any:
    upload = route.uploads.get(part.name or "")
    if upload is not None:
        return await files.receive(part, upload, route.contract.service)
    text = await part.stream.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise BodyTooLarge(most=MOST_BYTES)
    try:
        return from_text(route.other_fields.get(part.name or ""), text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise MalformedBody(reason="a field is not UTF-8.") from error


def _media_type(req: Request) -> str:
    return (req.content_type or "").partition(";")[0].strip().lower()


async def _bytes(req: Request) -> bytes:
    if (req.content_length or 0) > MOST_BYTES:
        raise BodyTooLarge(most=MOST_BYTES)
    raw = b""
    async for chunk in req.stream:
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise BodyTooLarge(most=MOST_BYTES)
    return raw


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _check(value: Any) -> None:
    level = [value]
    for _ in range(MOST_DEPTH):
        below: list[Any] = []
        for each in level:
            _check_one(each)
            below += [*each.keys(), *each.values()] if isinstance(each, dict) else each if isinstance(each, list) else []
        if not below:
            return
        level = below
    raise MalformedBody(reason=f"it is nested deeper than {MOST_DEPTH} levels.")


def _check_one(value: Any) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise MalformedBody(reason="a number is out of range.")
    if isinstance(value, str):
        if "\x00" in value:
            raise MalformedBody(reason="it contains a NUL character.")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise MalformedBody(reason="it contains half a surrogate pair.")
