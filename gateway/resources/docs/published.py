"""Resources that answer with what was made beforehand, and with nothing else that lies on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from falcon import HTTPMovedPermanently, HTTPNotFound
from falcon.asgi import Request, Response

# Scripts and styles come from here alone; data: are the small pictures in Swagger UI's style sheet.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Stored:
    """A file's bytes with their media type."""

    content: bytes
    media_type: str

    @property
    def tag(self) -> str:
        """Changes when the content does."""
        return sha256(self.content).hexdigest()[:32]


class Published:
    """Serves files of a fixed stock by name."""

    def __init__(self, stock: dict[str, Stored]) -> None:
        self._stock = {path: (each, each.tag) for path, each in stock.items()}

    async def on_get(self, req: Request, resp: Response, name: str, service: str = "") -> None:
        """The file, or 304 if the reader has it; 404 for any other name."""
        found = self._stock.get(f"{service}/{name}" if service else name)
        if found is None:
            raise HTTPNotFound
        stored, tag = found
        resp.etag = tag
        resp.set_header("Cache-Control", "no-cache")
        if any(tag == each for each in req.if_none_match or []):
            resp.status = 304
            return
        resp.content_type, resp.data = stored.media_type, stored.content


class Pages:
    """Serves one HTML page."""

    def __init__(self, html: str) -> None:
        self._html = html

    async def on_get(self, req: Request, resp: Response) -> None:
        """The page."""
        resp.content_type, resp.text = "text/html; charset=utf-8", self._html
        resp.set_header("Content-Security-Policy", POLICY)


class Redirect:
    """Sends on to the address without a slash at its end."""

    def __init__(self, path: str) -> None:
        self._path = path

    async def on_get(self, req: Request, resp: Response) -> None:
        """Always elsewhere."""
        raise HTTPMovedPermanently(self._path)
