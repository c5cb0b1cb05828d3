"""How calls and events look on the wire: topics, header names, content types."""

from __future__ import annotations

import json
from typing import Any

RPC_TOPIC = "rpc"
REPLY_QUEUE = "amq.rabbitmq.reply-to"
JSON_TYPE = "application/json"
EVENT_TYPE = "application/cloudevents+json"

MOST_BYTES = 4 * 1024 * 1024
"""The largest message anybody takes in: a body of 1 MB over HTTP grows at most threefold when its letters are escaped."""


def encode(value: Any) -> bytes:
    """JSON bytes without spaces; raises ValueError for NaN."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def call_headers(token: str, deadline: float, correlation_id: str, key: str | None = None, if_match: int | None = None) -> dict[str, Any]:
    """The headers of a call: who asks, until when (Unix seconds), under which correlation id, key and expected version."""
    headers = {"token": token, "deadline": f"{deadline:.3f}", "correlation-id": correlation_id, "key": key, "if-match": if_match}
    return {name: value for name, value in headers.items() if value is not None}
