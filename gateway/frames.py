"""AMQP 0-9-1 as far as calls need it: frames out of bytes, and a message into bytes; everything rarer is pamqp's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Any

from pamqp import commands, encode, frame
from pamqp.base import Frame
from pamqp.header import ContentHeader

PROTOCOL = b"AMQP\x00\x00\x09\x01"
METHOD, HEADER, BODY, HEARTBEAT = KINDS = 1, 2, 3, 8
LONGEST = 131_072
"""The longest frame that we agree to, in bytes."""
NO_AMQP = "what the broker says is no AMQP 0-9-1"
END = b"\xce"
AROUND = 8
"""What a frame has around its payload."""
BEAT = b"\x08\x00\x00\x00\x00\x00\x00\xce"
DELIVER = b"\x00\x3c\x00\x3c"
"""How the payload of a delivery begins."""

_HEAD, _CONTENT = Struct(">BHI"), Struct(">HHQH")
_BASIC = 60
_PROPERTIES = (1 << 15) | (1 << 13) | (1 << 12) | (1 << 10) | (1 << 9) | (1 << 8) | (1 << 5)
"""Content type, headers, delivery mode, correlation id, reply-to, expiration and type: each of our messages has all of them."""
_TRANSIENT = b"\x01"


class BrokenFrame(ConnectionError):
    """What came is no AMQP."""


class Incoming:
    """Bytes as they come, until they are whole frames."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Type and payload of each frame that is whole now; raises BrokenFrame."""
        self._bytes += data
        at = 0
        try:
            while len(self._bytes) - at >= AROUND:
                kind, _, size = _HEAD.unpack_from(self._bytes, at)
                end = at + AROUND + size
                if kind not in KINDS or size > LONGEST:
                    raise BrokenFrame(NO_AMQP)
                if len(self._bytes) < end:
                    return
                if self._bytes[end - 1 : end] != END:
                    raise BrokenFrame(NO_AMQP)
                begin, at = at + AROUND - 1, end
                yield kind, bytes(self._bytes[begin : end - 1])
        finally:
            del self._bytes[:at]


def method(value: Frame, channel: int) -> bytes:
    """A method's frame."""
    return frame.marshal(value, channel)


def read_method(payload: bytes) -> Any:
    """The method in a payload."""
    return frame.unmarshal(_framed(METHOD, 0, payload))[2]


def read_header(payload: bytes) -> tuple[int, str]:
    """How long the body will be, and the correlation id."""
    header = ContentHeader()
    header.unmarshal(payload)
    return header.body_size, str(header.properties.correlation_id)


@dataclass(frozen=True)
class Properties:
    """What a call carries beside its body."""

    content_type: str
    headers: dict[str, Any]
    correlation_id: str
    reply_to: str
    expiration: str
    type: str

    def content(self, size: int) -> bytes:
        """The header of a body of that size."""
        texts = (self.correlation_id, self.reply_to, self.expiration, self.type)
        parts = (encode.short_string(self.content_type), encode.field_table(self.headers), _TRANSIENT, *map(encode.short_string, texts))
        return _CONTENT.pack(_BASIC, 0, size, _PROPERTIES) + b"".join(parts)


def publish(topic: str, key: str, channel: int) -> bytes:
    """The frame with which a message begins; the same for all of one destination."""
    return method(commands.Basic.Publish(exchange=topic, routing_key=key), channel)


def message(beginning: bytes, properties: Properties, body: bytes, channel: int, longest: int) -> bytes:
    """All frames of a message, none longer than `longest`."""
    pieces = [body[at : at + longest - AROUND] for at in range(0, len(body), longest - AROUND)]
    frames = [_framed(HEADER, channel, properties.content(len(body))), *(_framed(BODY, channel, piece) for piece in pieces)]
    return b"".join([beginning, *frames])


def _framed(kind: int, channel: int, payload: bytes) -> bytes:
    return _HEAD.pack(kind, channel, len(payload)) + payload + END
