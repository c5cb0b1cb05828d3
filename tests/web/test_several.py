"""What people chose in the catalogue survives in the page's address, also where their words hold a comma."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from deploy.local.node import find_node

WRITER = Path(__file__).with_name("print_several.mjs")
MODULES = Path(__file__).parents[2] / "web" / "node_modules" / "typescript"

pytestmark = pytest.mark.skipif(not MODULES.exists(), reason="the pages' modules are brought by `make web`")


@pytest.mark.parametrize(
    ("texts", "one"),
    [
        ([], ""),
        (["ES", "PT"], "ES,PT"),
        (["cranes, large", "ports"], "cranes%2C large,ports"),
        (["100 % wool", "%2C", "%25"], "100 %25 wool,%252C,%2525"),
    ],
)
def test_texts_are_read_again_as_they_were(texts: list[str], one: str) -> None:
    """Codes stand as they are, so that addresses stay plain."""
    said = subprocess.run([*find_node().node, str(WRITER)], input=json.dumps(texts).encode(), capture_output=True, check=True, timeout=60)
    assert json.loads(said.stdout) == [one, texts]
