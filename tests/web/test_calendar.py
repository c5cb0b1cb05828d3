"""The calendar file that pages make: read back here by the rules of RFC 5545."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy.local.node import find_node

WRITER = Path(__file__).with_name("print_calendar.mjs")
MODULES = Path(__file__).parents[2] / "web" / "node_modules" / "typescript"
AT = "2027-02-01T08:30:05.123Z"
VISIT = {
    "uid": "5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51-visit@clusterxchange",
    "title": "Visit: Blue Harbour Cluster, Vigo; Pôle Textile \\ Tourcoing",
    "about": "First line\r\nSecond line, with Ελληνικά and a very long end " + "é" * 90 + "\u0007.",
    "first": "2027-02-27",
    "last": "2027-02-28",
    "link": "http://localhost:8080/exchanges/5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51",
}

pytestmark = pytest.mark.skipif(not MODULES.exists(), reason="the pages' modules are brought by `make web`")


def written(*entries: dict[str, Any]) -> bytes:
    """The file as a browser would save it."""
    asked = json.dumps({"name": "My exchanges", "entries": entries, "at": AT})
    return subprocess.run([*find_node().node, str(WRITER)], input=asked.encode(), capture_output=True, check=True, timeout=60).stdout


def lines_of(file: bytes) -> list[str]:
    """Its lines, put together again where they were folded."""
    return file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def said(value: str) -> str:
    """A text as it was before it was written."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_calendar_is_lines_of_at_most_75_octets_ended_by_both_characters() -> None:
    """No letter is cut in two: every line is UTF-8 by itself."""
    file = written(VISIT)
    assert file.endswith(b"END:VCALENDAR\r\n") and b"\n" not in file.replace(b"\r\n", b"")
    physical = file.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, physical)) == 75
    assert all(each.decode() for each in physical)


def test_event_has_what_it_must_have_and_ends_the_day_after() -> None:
    """The end of February is followed by the first of March."""
    fields = dict(line.split(":", 1) for line in lines_of(written(VISIT)) if not line.startswith(("BEGIN", "END")))
    assert (fields["VERSION"], fields["UID"], fields["DTSTAMP"]) == ("2.0", VISIT["uid"], "20270201T083005Z")
    assert fields["PRODID"]
    assert (fields["DTSTART;VALUE=DATE"], fields["DTEND;VALUE=DATE"]) == ("20270227", "20270301")
    assert fields["URL"] == VISIT["link"]


def test_words_come_back_as_they_were_without_control_characters() -> None:
    """Commas, semicolons, backslashes and line breaks are escaped; nothing of a text becomes a line of its own."""
    sly = VISIT | {"title": "x\nEND:VCALENDAR\nBEGIN:VALARM"}
    fields = dict(line.split(":", 1) for line in lines_of(written(VISIT)))
    assert said(fields["SUMMARY"]) == VISIT["title"]
    assert said(fields["DESCRIPTION"]) == VISIT["about"].replace("\r\n", "\n").replace("\u0007", "")
    assert [line for line in lines_of(written(sly)) if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


def test_calendar_of_many_has_an_event_for_each() -> None:
    """And none of nothing is a calendar still."""
    many = [VISIT | {"uid": f"{number}@clusterxchange"} for number in range(100)]
    assert lines_of(written(*many)).count("BEGIN:VEVENT") == 100
    assert lines_of(written())[0] == "BEGIN:VCALENDAR"
