"""The pages people see: static files made of web/, every other address than the API's shows their one HTML page."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import falcon.asgi
from falcon import HTTPMethodNotAllowed, HTTPNotFound
from falcon.asgi import Request, Response

from gateway.resources.docs.published import Stored

BUILT = Path(__file__).parents[2] / "web" / "dist"

OURS = re.compile(r"/(?!(?:v\d+|docs|contracts|health|dev)(?:/|\Z))")
"""Every address that is not the API's own."""

# No script and no style but from here; data: and blob: are pictures and tables that a page makes itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
SHRINKS = {".css", ".html", ".js", ".json", ".svg", ".txt"}
NOT_BUILT = (
    b"<!doctype html><title>ClusterXchange</title><p>The pages are not built yet; <code>make web</code> builds them. The API is at /docs."
)


@dataclass(frozen=True)
class Page:
    """A file as it is sent: its bytes, packed as well where that makes it smaller."""

    file: Stored
    packed: bytes | None
    name: str

    @property
    def caching(self) -> str:
        """What stands under assets/ carries its content's hash in its name, and never changes."""
        return "public, max-age=31536000, immutable" if self.name.startswith("assets/") else "no-cache"


def add_routes(app: falcon.asgi.App, folder: Path = BUILT) -> None:
    """Serve the pages wherever nothing else is."""
    app.add_sink(Pages(pages_in(folder)).answer, OURS)  # type: ignore[arg-type]


def pages_in(folder: Path) -> dict[str, Page]:
    """What was built, by its path; without anything built, a page that says so."""
    found = {
        str(each.relative_to(folder)): _page(each, str(each.relative_to(folder)))
        for each in folder.rglob("*")
        if each.suffix in MEDIA_TYPES
    }
    return found or {"index.html": Page(Stored(NOT_BUILT, MEDIA_TYPES[".html"]), None, "index.html")}


def _page(file: Path, name: str) -> Page:
    content = file.read_bytes()
    packed = gzip.compress(content, mtime=0) if file.suffix in SHRINKS else None
    return Page(Stored(content, MEDIA_TYPES[file.suffix]), packed, name)


class Pages:
    """Answers with a file of that path, or with the one HTML page, whose script knows what the address means."""

    def __init__(self, pages: dict[str, Page]) -> None:
        self._pages = pages

    async def answer(self, req: Request, resp: Response, **_: str) -> None:
        """The file, 304 if the reader has it, 404 for a file that is not there."""
        if req.method not in ("GET", "HEAD"):
            raise HTTPMethodNotAllowed(["GET", "HEAD"])
        page = self._page_at(req.path[1:])
        resp.set_header("Content-Security-Policy", POLICY)
        resp.set_header("Cache-Control", page.caching)
        resp.set_header("Vary", "Accept-Encoding")
        packed = page.packed if "gzip" in (req.get_header("Accept-Encoding") or "") else None
        # The bytes differ, and with them the tag.
        resp.etag = tag = page.file.tag if packed is None else f"{page.file.tag}-gzip"
        if any(tag == each for each in req.if_none_match or []):
            resp.status = 304
            return
        resp.content_type, resp.data = page.file.media_type, packed or page.file.content
        if packed is not None:
            resp.set_header("Content-Encoding", "gzip")

    def _page_at(self, path: str) -> Page:
        if path in self._pages:
            return self._pages[path]
        if path.startswith("assets/") or "." in path.rpartition("/")[2] or "//" in f"/{path}":
            raise HTTPNotFound
        return self._pages["index.html"]
