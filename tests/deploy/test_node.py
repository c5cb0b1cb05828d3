"""Node is there for whoever needs it, also on a machine that has none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from deploy.local import node
from deploy.local.unusable import Unusable


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Node."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.slow
@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("program", ["node", "npm"])
def test_the_environment_brings_node_where_the_machine_has_none(program: str) -> None:
    """Both programs run from the wheel."""
    found = node.find_node()
    command = found.node if program == "node" else found.npm
    said = subprocess.run([*command, "--version"], env={"PATH": found.path}, capture_output=True, text=True, check=True)
    assert int(said.stdout.lstrip("v").partition(".")[0]) >= (20 if program == "node" else 9)


@pytest.mark.usefixtures("bare")
def test_where_there_is_no_node_at_all_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, and no test that passes without having run."""
    monkeypatch.setattr(node, "WHEEL", "no_such_wheel")
    with pytest.raises(Unusable, match="make setup"):
        node.find_node()
