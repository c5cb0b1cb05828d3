"""Files on their way in and out: streamed, typed by content, stored under their hash, sent as attachments."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import puremagic
import structlog
from falcon.asgi import Response

from chassis.bare.blobs import Blobs, Incoming
from chassis.bare.files import Upload
from chassis.bare.refusals import Unavailable
from gateway.pdf import is_active, is_document
from gateway.problems import FileRefused

CHUNK = 64 * 1024
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
WAIT_S = 30

log = structlog.get_logger()

SIGNATURES = {
    "application/pdf": (b"%PDF-", b"%%EOF"),
    "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
}
"""How each accepted type begins and ends; behind its end nothing but blanks may stand, for a second file could begin there."""

BLANKS = b"\x00\t\n\r "
END_OF_ZIP, ZIPS_COMMENT = b"PK\x05\x06", 66_000
"""An archive is read from its end: one that stands in a picture or a PDF shows by this mark, a comment's length before it."""


class Files:
    """Receives and sends files."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def receive(self, part: Any, upload: Upload, owner: str) -> dict[str, Any]:
        """Store one part of a form for a service and describe it; raises FileRefused for size, type or content, Unavailable on a full disk."""
        try:
            return await self._store(part, upload, self._blobs.of(owner))
        except FileRefused as refused:
            raise FileRefused(**refused.details, fields={part.name: [refused.sentence]}) from refused
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            log.error("a file could not be stored", error=str(error))
            raise Unavailable("There is no room for files just now. Nothing was kept of this one; send it again later.", WAIT_S) from error

    async def _store(self, part: Any, upload: Upload, blobs: Blobs) -> dict[str, Any]:
        with blobs.incoming() as blob:
            content = await self._take(part, upload, blob)
            media_type = await asyncio.to_thread(self._judge, content, upload)
            digest = await asyncio.to_thread(blob.keep)
            return {"sha256": digest, "name": _plain_name(part.filename), "media_type": media_type, "size": blob.size}

    def send(self, resp: Response, file: dict[str, Any], owner: str) -> None:
        """Answer with a file that a service stored as an attachment, or with one whose content came along."""
        blobs = self._blobs.of(owner)
        if "content" in file:
            resp.data = file["content"].encode()
        elif blobs.has(file["sha256"]):
            resp.stream = self._chunks(blobs.path(file["sha256"]))
        else:
            raise FileNotFoundError(file["sha256"])
        resp.content_type, resp.content_length = file["media_type"], file["size"]
        resp.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(file['name'])}")
        resp.set_header("ETag", f'"{file["sha256"]}"')

    async def _take(self, part: Any, upload: Upload, blob: Incoming) -> bytes:
        content = b""
        async for chunk in part.stream:
            blob.write(chunk)
            content += chunk
            if blob.size > upload.longest:
                raise FileRefused(reason=f"it is larger than {upload.longest // 1024 // 1024} MB.")
        if not content:
            raise FileRefused(reason="it is empty.")
        return content

    def _judge(self, content: bytes, upload: Upload) -> str:
        """The media type by content: how it begins and ends, and what a second opinion says."""
        for media_type in upload.types:
            begin, end = SIGNATURES[media_type]
            if content.startswith(begin) and content.rstrip(BLANKS).endswith(end):
                self._check_opinion(content, media_type)
                return media_type
        names = ", ".join(sorted(each.rpartition("/")[2].upper() for each in upload.types))
        raise FileRefused(reason=f"only {names} is accepted, judged by its content.")

    def _check_opinion(self, content: bytes, media_type: str) -> None:
        try:
            opinions = {match.mime_type for match in puremagic.magic_string(content)}
        except (puremagic.PureError, ValueError):
            opinions = set()
        is_pdf = media_type == "application/pdf"
        if media_type not in opinions or END_OF_ZIP in content[-ZIPS_COMMENT:] or (is_pdf and not is_document(content)):
            raise FileRefused(reason="its content is not what it claims to be.")
        if is_pdf and is_active(content):
            raise FileRefused(
                reason="the PDF contains scripts, attachments or forms, or is encrypted; print it to a plain PDF and send that."
            )

    async def _chunks(self, place: Path) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(place.open, "rb")
        with file:
            while chunk := await asyncio.to_thread(file.read, CHUNK):
                yield chunk


def _plain_name(name: str | None) -> str:
    last = (name or "file").replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:200].strip() or "file"
