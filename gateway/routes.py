"""What a route is: an HTTP method and path, and the contract it asks. Everything else follows from the contract."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import fields

from chassis.bare.files import Download, Upload
from chassis.bare.message import Command, Nothing, Query, Request, Stream

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """`status` is the status of success: 200, or 201 for what is made; what answers nothing is 204.

    `seen_at` is the path whose ETag If-Match names, where it is another than the route's own.
    `finish` may work on request, response and answer once more before it is sent; used where a session begins or ends.
    """

    method: str
    path: str
    contract: type[Request]
    status: int = 200
    seen_at: str | None = None
    finish: Callable[[Any, Any, dict[str, Any]], dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS or (self.method == "GET") != issubclass(self.contract, Query):
            raise ValueError(f"{self.method} {self.path}: a GET asks a Query, everything else a Command")
        if unknown := set(self.path_fields) - set(self.contract._declared_fields):
            raise ValueError(f"{self.path}: {self.contract.__name__} has no field {', '.join(unknown)}")

    @property
    def path_fields(self) -> tuple[str, ...]:
        """The request's fields that stand in the path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    @property
    def other_fields(self) -> dict[str, fields.Field]:
        """The request's fields that come in the query (GET) or the body."""
        return {name: field for name, field in self.contract._declared_fields.items() if name not in self.path_fields}

    @property
    def uploads(self) -> dict[str, Upload]:
        """The fields that are files; with any, the body is multipart/form-data."""
        return {name: field for name, field in self.other_fields.items() if isinstance(field, Upload)}

    @property
    def is_command(self) -> bool:
        """Whether it changes something."""
        return issubclass(self.contract, Command)

    @property
    def needs_key(self) -> bool:
        """Whether an Idempotency-Key must come along: on POSTs that make or move things."""
        return self.method == "POST" and issubclass(self.contract, Command) and self.contract.keyed

    @property
    def needs_if_match(self) -> bool:
        """Whether the version read must be named in If-Match."""
        return issubclass(self.contract, Command) and self.contract.if_match

    @property
    def takes_if_match(self) -> bool:
        """Whether If-Match has a meaning here; where it is not needed always, the door asks for it once something was written."""
        return issubclass(self.contract, Command) and (self.contract.if_match or self.contract.if_match_again)

    @property
    def version_at(self) -> str:
        """The path whose GET shows the version that If-Match names."""
        return self.seen_at or self.path

    @property
    def is_download(self) -> bool:
        """Whether a file is sent."""
        return issubclass(self.contract.answers, Download)

    @property
    def is_stream(self) -> bool:
        """Whether words are sent for as long as the connection is open."""
        return issubclass(self.contract.answers, Stream)

    @property
    def success(self) -> int:
        """The status of success."""
        return 204 if self.contract.answers is Nothing else self.status
