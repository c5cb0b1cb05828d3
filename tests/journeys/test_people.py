"""What people at the door carry with them: keys that repeat, papers that can be read, a memory of what is done."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pypdf import PdfReader

from chassis.bare.clock import duration
from deploy.local.demonstration.progress import Progress
from deploy.local.demonstration.turns import alone
from deploy.local.exchange.dates import a_week_for, until
from deploy.local.exchange.telling import percentile
from deploy.local.people import entrance
from deploy.local.people.papers import pdf
from deploy.local.unusable import Unusable
from tests.journeys.remembering import Remembering

A_SUNDAY = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


def keys(name: str, *tries: bool) -> list[str]:
    """The keys of the same command sent in a part of that name as often as listed, with success or without."""
    with entrance.repeatable(name):
        return [_sent(succeeds) for succeeds in tries]


def _sent(succeeds: bool) -> str:
    key = entrance.key_for("POST /v1/contacts")
    if succeeds:
        entrance._succeeded("POST /v1/contacts")
    return key


def test_a_part_that_is_done_once_more_sends_the_same_keys_however_often_it_was_refused_on_the_way() -> None:
    """The same command twice is two; another part sends other keys; outside of parts every key is new."""
    first, second = keys("account/1", True, True)
    assert first != second
    assert keys("account/1", False, False, True, True) == [first, first, first, second]
    assert keys("account/2", True) != [first]
    assert entrance.key_for("a") != entrance.key_for("a")


def test_a_paper_is_a_pdf_that_can_be_read() -> None:
    """With brackets and letters beyond ASCII."""
    page = PdfReader(io.BytesIO(pdf(["Invoice (return)", "Guimarães"]))).pages[0].extract_text()
    assert "Invoice (return)" in page
    assert "Guimarães" in page


def test_percentiles_are_values_that_were_measured() -> None:
    """Nearest rank; nothing measured is zero."""
    assert [percentile([4.0, 1.0, 3.0, 2.0], at) for at in (50, 95, 100)] == [2.0, 4.0, 4.0]
    assert percentile([], 95) == 0


def test_the_common_week_is_free_of_holidays_and_weeks_ahead() -> None:
    """Not the one with Christmas in it, for whoever keeps Christmas."""
    week = a_week_for({"DE", "PT", "TR"}, A_SUNDAY)
    assert week.monday.weekday() == 0
    assert 21 <= (week.monday - A_SUNDAY.date()).days <= 27
    assert a_week_for({"DE"}, datetime(2026, 11, 30, tzinfo=UTC)).monday not in (date(2026, 12, 21), date(2026, 12, 28))


def test_the_clock_is_moved_to_the_morning_of_a_day_and_never_back() -> None:
    """By days and minutes, one minute more than enough, and however far away it is."""
    assert until(date(2026, 11, 23), A_SUNDAY) == f"0d{13 * 60 + 1}m"
    assert until(date(2026, 11, 1), A_SUNDAY) == "0d1m"
    assert duration(until(date(2027, 8, 1), A_SUNDAY)) > timedelta(days=240)


def test_a_load_that_was_stopped_goes_on_after_its_last_finished_part(tmp_path: Path) -> None:
    """Also where the last line was cut in two."""
    done: list[str] = []

    def play(name: str) -> dict[str, str]:
        done.append(name)
        return {"made": name}

    Progress(tmp_path).together([(name, lambda name=name: play(name)) for name in ("first", "second")])  # type: ignore[misc]
    with (tmp_path / "demonstration-parts.jsonl").open("a") as file:
        file.write('["third", {"ma')
    again = Progress(tmp_path)
    again.together([(name, lambda name=name: play(name)) for name in ("first", "second", "third")])  # type: ignore[misc]
    assert sorted(done) == ["first", "second", "third"]
    assert Progress(tmp_path).of("third") == {"made": "third"}


def test_a_part_that_fails_is_noted_and_the_others_go_on(tmp_path: Path) -> None:
    """It is not finished, and comes again with the next load."""

    def fail() -> None:
        raise LookupError("nobody there")

    progress = Progress(tmp_path)
    progress.together([("bad", fail), ("good", dict)])
    assert progress.setbacks == ["bad: nobody there"]
    assert (progress.of("bad"), progress.of("good")) == (None, {})


def test_an_id_that_a_person_was_never_told_is_noted() -> None:
    """One that stood in an answer may be named afterwards, also one in a mail; nobody may name what only somebody else has read."""
    told, mailed, foreign = (f"{number:08}-0000-4000-8000-000000000000" for number in range(3))
    answers = {"/v1/exchanges": {"items": [{"id": told}]}, "/dev/mail": {"items": [{"subject": "News", "text": f"See /v1/x/{mailed}"}]}}
    door = entrance.Entrance("http://system")
    door._client = httpx.Client(
        transport=httpx.MockTransport(lambda request: httpx.Response(200, json=answers.get(request.url.path, {}))), base_url=door.url
    )
    reader, other = (Remembering(door, name, f"{name}@people.example", "", acts_as=name, _token="t") for name in ("reader", "other"))
    Remembering.forget()
    reader.get("/v1/exchanges")
    reader.mail("News")
    reader.post(f"/v1/exchanges/{told}/arrival", about=mailed)
    assert Remembering.passed_on == []
    other.get(f"/v1/exchanges/{told}")
    reader.post("/v1/contacts", partner=foreign)
    assert [(each.partition(" in ")[0], each.rpartition(" ")[2]) for each in Remembering.passed_on] == [
        ("other", told),
        ("reader", foreign),
    ]


def test_there_is_one_load_at_a_time(tmp_path: Path) -> None:
    """The second is told where the first one stands."""
    with alone(tmp_path), pytest.raises(Unusable, match="being loaded already"), alone(tmp_path):
        pass
