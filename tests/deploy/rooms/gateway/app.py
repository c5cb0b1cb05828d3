"""An entrance that only says that it is healthy."""

from collections.abc import Iterable
from typing import Any


def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Healthy, whatever the path."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"healthy"]
