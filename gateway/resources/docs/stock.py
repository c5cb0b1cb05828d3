"""What /docs and /contracts have in stock: the published contracts, Swagger UI out of its wheel, and our few lines round it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from contracts.publish.folder import PUBLISHED
from gateway.resources.docs.published import Stored

OWN = Path(__file__).parent / "pages"
OF_SWAGGER_UI = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".yaml": "application/yaml",
}


def published() -> dict[str, Stored]:
    """The published contracts by their path under /contracts."""
    return {str(each.relative_to(PUBLISHED)): stored(each) for each in PUBLISHED.rglob("*") if each.suffix in MEDIA_TYPES}


def assets() -> dict[str, Stored]:
    """Scripts, styles and the icon by name."""
    own = [each for each in OWN.iterdir() if each.suffix in MEDIA_TYPES]
    return {each.name: stored(each) for each in [*own, *(swagger_ui() / name for name in OF_SWAGGER_UI)]}


def swagger_ui() -> Path:
    """Where the wheel keeps Swagger UI's files; found without importing it."""
    spec = find_spec("swagger_ui")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("swagger-ui-py is not installed; `make setup` brings it")
    return Path(spec.origin).parent / "static"


def stored(file: Path) -> Stored:
    """A file, read."""
    return Stored(file.read_bytes(), MEDIA_TYPES[file.suffix])
