"""Whether a PDF does things when it is opened: looked for where such things stand, in its objects and not in its pictures."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|Encrypt)(?![A-Za-z0-9])")
"""Scripts, programs, attachments, media, dynamic forms; and encryption, behind which none of them could be seen."""

STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
MOST_OBJECTS = 8 * 1024 * 1024
"""Bytes of unpacked objects that are looked at; a document with more of them is none that we need."""


OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")


def is_document(content: bytes) -> bool:
    """Whether there is anything of a PDF between its first and last line; a page of HTML in their place is none."""
    return OBJECT.search(content) is not None


def is_active(content: bytes) -> bool:
    """Whether the PDF holds scripts, attachments, forms or encryption, or packs its objects so that they cannot be looked at."""
    return any(ACTIVE.search(_plain_names(part)) for part in _objects(content))


def _objects(content: bytes) -> Iterator[bytes]:
    """What is written as objects: everything but the streams, and the streams that hold packed objects."""
    end = 0
    for found in STREAM.finditer(content):
        outside, end = content[end : found.start()], found.end()
        yield outside
        if b"/ObjStm" in _plain_names(outside[-2048:]):
            yield _unpacked(found[1])
    yield content[end:]


def _unpacked(packed: bytes) -> bytes:
    try:
        unpacking = zlib.decompressobj()
        objects = unpacking.decompress(packed, MOST_OBJECTS)
    except zlib.error:
        return packed
    return b"/Encrypt" if unpacking.unconsumed_tail else objects


def _plain_names(part: bytes) -> bytes:
    """Names may be written with hexadecimal letters: `/J#53` is `/JS`."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
