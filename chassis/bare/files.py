"""Files in requests and answers: what is known of one, and how its bytes come with it or beside it."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Digest, Text, Whole
from chassis.bare.message import View


class StoredFile(View):
    """A file in the blob store: what it is called, its media type by content, its size in bytes."""

    sha256 = Digest(required=True)
    name = Text(200, required=True)
    media_type = Text(100, required=True)
    size = Whole(0, 10**10, required=True)

    example: ClassVar = {"sha256": "0" * 64, "name": "invoice.pdf", "media_type": "application/pdf", "size": 48211}


class Download(StoredFile):
    """A file to be sent to the client as an attachment; the gateway streams its bytes from the blob store."""


class SmallDownload(Download):
    """A small text file whose `content` comes with the answer: for what must lie nowhere in the clear, not even in the blob store."""

    content = fields.String(required=True)

    example: ClassVar = {**StoredFile.example, "name": "list.csv", "media_type": "text/csv", "size": 4, "content": "a,b\n"}


class Upload(fields.Nested):
    """A file that came with the request. The gateway stores its bytes and fills this in; a client sends multipart/form-data.

    `types` are the media types accepted, judged by content; `longest` is the size in bytes.
    """

    def __init__(self, types: tuple[str, ...], longest: int = 10 * 1024 * 1024, **kwargs: Any) -> None:
        self.types, self.longest = types, longest
        super().__init__(StoredFile, **kwargs)
