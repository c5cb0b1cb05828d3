"""The guide for partners is true: each consumer runs exactly as it stands there, and handles an agreement that was signed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.partners.events import partner_events
from deploy.local.node import find_node
from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.offices import Offices
from deploy.local.program import ROOT
from tests.journeys.partner_systems import PartnerSystem, give_access
from tests.journeys.played import Played

pytestmark = pytest.mark.slow

GUIDE = ROOT / "docs" / "partners.md"
LOCKED = ROOT / "tests" / "partners" / "node"
WANTED = "agreement_signed: commitment_to_quality of exchange {}"


def block(language: str) -> str:
    """The guide's one block of code in that language, exactly as it stands."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    return str(found)


@pytest.fixture(scope="module")
def signed(entrance: Entrance, offices: Offices) -> Iterator[tuple[str, PartnerSystem, PartnerSystem]]:
    """An exchange whose commitment is signed, and the systems of both partnerships with it in their queues."""
    played = Played(entrance, offices)
    places = [played.visitor_office.partnership_id, played.host_office.partnership_id]
    visitors, hosts = (give_access(desk, place) for desk, place in zip((played.visitor_desk, played.host_desk), places, strict=True))
    played.signed()
    yield played.link.rpartition("/")[2], visitors, hosts
    for place in places:
        played.support._ask("DELETE", f"/v1/partnerships/{place}/access")


@contextmanager
def running_as_it_stands(command: list[str], partner: PartnerSystem, folder: Path) -> Iterator[Path]:
    """Run a consumer with the guide's settings for the length of the block; yields the file of what it prints."""
    said = folder / "said.txt"
    told = {"PATH": os.environ["PATH"], "HOME": str(folder), **partner.settings}
    with said.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=told, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        yield said
        assert process.poll() is None, f"it ended by itself: {said.read_text()}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def says(said: Path, sentence: str) -> bool | None:
    """Whether a consumer has printed that."""
    return sentence in said.read_text() or None


def test_python_consumer_handles_an_agreement_signed(signed: tuple[str, PartnerSystem, PartnerSystem], tmp_path: Path) -> None:
    """And, killed and started again, handles none twice."""
    exchange, visitors, _ = signed
    (tmp_path / "consumer.py").write_text(block("python"))
    command = [sys.executable, "-W", "ignore", "consumer.py"]
    with running_as_it_stands(command, visitors, tmp_path) as said:
        wait_for(lambda: says(said, WANTED.format(exchange)), "the Python consumer")
    with running_as_it_stands(command, visitors, tmp_path) as said:
        wait_for(lambda: not visitors.taken() or None, "an empty queue")
        assert not says(said, "agreement_signed")


def test_node_consumer_handles_an_agreement_signed(signed: tuple[str, PartnerSystem, PartnerSystem], tmp_path: Path) -> None:
    """With the library that the lock beside the tests pins."""
    exchange, _, hosts = signed
    found = find_node()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCKED / name, tmp_path)
    install = [*found.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(install, cwd=tmp_path, env={**os.environ, "PATH": found.path}, check=True, capture_output=True)
    (tmp_path / "consumer.mjs").write_text(block("javascript"))
    with running_as_it_stands([*found.node, "consumer.mjs"], hosts, tmp_path) as said:
        wait_for(lambda: says(said, WANTED.format(exchange)), "the Node consumer")


def test_shell_consumer_handles_an_agreement_signed(signed: tuple[str, PartnerSystem, PartnerSystem], tmp_path: Path) -> None:
    """Over HTTP, from the first event on; it remembers where it was, and goes on behind that."""
    exchange, visitors, _ = signed
    (tmp_path / "consumer.sh").write_text(block("sh"))
    with running_as_it_stands(["sh", "consumer.sh"], visitors, tmp_path) as said:
        wait_for(lambda: says(said, WANTED.format(exchange)), "the shell consumer")
        wait_for(lambda: (tmp_path / "events.cursor").exists() or None, "its cursor")
        wait_for(lambda: not visitors.feed(after=(tmp_path / "events.cursor").read_text()) or None, "its cursor behind the last event")


def test_guide_lists_every_type_and_no_other() -> None:
    """A partner reads there what will come."""
    table = GUIDE.read_text().partition("| type | when | goes to |")[2].partition("\n\n")[0]
    listed = {word for line in table.splitlines()[2:] for word in re.findall(r"`([a-z_]+)`", line.split("|")[1])}
    assert listed == {each.slug() for each in partner_events()}
