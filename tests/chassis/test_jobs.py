"""Jobs: long work, claimed by one worker at a time, visible, and not lost with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from chassis.bare.message import real_now
from chassis.bare.tables import JobRow
from chassis.running import jobs
from tests.builders import person
from tests.chassis.conftest import at_once
from tests.chassis.tiny.contracts import OrderWork
from tests.chassis.tiny.model import Poke
from tests.room import Room

Look = Callable[..., list[Any]]


def job(look: Look) -> JobRow:
    """The only job."""
    (row,) = look(select(JobRow))
    return row


def come_again(tiny: Room) -> None:
    """Let the next try's time come."""
    with tiny.engine.begin() as connection:
        connection.execute(update(JobRow).values(next_try_at=real_now() - timedelta(seconds=1)))


def test_job_is_ordered_by_its_fact_and_done_once(tiny: Room, look: Look) -> None:
    """In the unit that announced it."""
    tiny.ask(OrderWork, person(), name="letter")
    assert job(look).state == "queued"
    assert tiny.run_jobs() == 1 and tiny.run_jobs() == 0
    assert job(look).state == "done" and [poke.what for poke in look(select(Poke))] == ["worked letter"]


def test_job_that_changes_nothing_is_done_too(tiny: Room, look: Look) -> None:
    """A door that found nothing to do opens no unit."""
    tiny.ask(OrderWork, person(), name="idle")
    assert tiny.run_jobs() == 1
    assert (job(look).state, job(look).finished_at is not None) == ("done", True)


def test_jobs_of_workers_at_once_are_each_done_once(tiny: Room, look: Look) -> None:
    """Each claims another."""
    for number in range(12):
        tiny.ask(OrderWork, person(), name=f"{number:02}")
    assert sum(at_once(*[tiny.run_jobs] * 3)) == 12
    assert sorted(poke.what for poke in look(select(Poke))) == [f"worked {number:02}" for number in range(12)]


def test_progress_is_seen_while_the_job_runs_and_renews_its_claim(tiny: Room, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a transaction of its own."""
    from chassis.running.occasions import Job

    seen: list[tuple[int, int, str, bool]] = []
    progress = Job.progress

    def watched(self: Job, done: int, total: int) -> None:
        progress(self, done, total)
        row = job(look)
        seen.append((row.done, row.total, row.state, row.next_try_at > real_now() + timedelta(seconds=60)))

    monkeypatch.setattr(Job, "progress", watched)
    tiny.ask(OrderWork, person(), name="letter", steps=3)
    tiny.run_jobs()
    assert seen == [(step, 3, "running", True) for step in (1, 2, 3)]
    assert (job(look).done, job(look).total) == (3, 3)


def test_failed_job_says_why_and_is_tried_again_later(tiny: Room, look: Look) -> None:
    """Ever later, and at last it is given up for a person to look at."""
    tiny.ask(OrderWork, person(), name="fail")
    assert tiny.run_jobs() == 1
    assert (job(look).state, job(look).tries, job(look).error) == ("queued", 1, "RuntimeError: does not work")
    assert job(look).next_try_at > real_now()
    for _ in range(jobs.MOST_TRIES - 1):
        come_again(tiny)
        assert tiny.run_jobs() == 1
    assert (job(look).state, job(look).finished_at is not None) == ("failed", True)
    come_again(tiny)
    assert tiny.run_jobs() == 0


def test_job_that_needs_what_is_away_is_never_given_up(tiny: Room, look: Look) -> None:
    """An outage of a day loses no mail."""
    tiny.ask(OrderWork, person(), name="away")
    for _ in range(jobs.MOST_TRIES + 5):
        assert tiny.run_jobs() == 1
        come_again(tiny)
    assert (job(look).state, job(look).tries) == ("queued", 0)


def test_job_of_a_dead_worker_is_taken_at_once(tiny: Room, look: Look) -> None:
    """While the worker lives nobody else takes the job; PostgreSQL knows when it is dead, and then anybody may."""
    tiny.ask(OrderWork, person(), name="letter")
    with ExitStack() as worker:
        assert jobs._claim(tiny.frame, worker) is not None
        assert job(look).state == "running" and tiny.run_jobs() == 0
    assert tiny.run_jobs() == 1 and (job(look).state, job(look).tries) == ("done", 2)


def test_claim_of_a_worker_that_lives_and_does_nothing_runs_out(tiny: Room, look: Look) -> None:
    """It is not dead, and nobody knows what it waits for."""
    tiny.ask(OrderWork, person(), name="letter")
    with ExitStack() as worker:
        assert jobs._claim(tiny.frame, worker) is not None
        come_again(tiny)
        assert tiny.run_jobs() == 1 and job(look).state == "done"


def test_worker_whose_database_went_away_leaves_its_job_to_the_next(tiny: Room, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could not even note that it failed; the job is not lost for the time of its claim."""

    def away(*_: Any) -> None:
        raise ConnectionError("the database is away")

    tiny.ask(OrderWork, person(), name="letter")
    with monkeypatch.context() as broken:
        for name in ("_finish", "_fail"):
            broken.setattr(jobs, name, away)
        with pytest.raises(ConnectionError):
            tiny.run_jobs()
    assert tiny.run_jobs() <= 1 and job(look).state == "done"


def test_job_that_kills_its_workers_is_given_up(tiny: Room, look: Look) -> None:
    """It would take one after the other down with it."""
    tiny.ask(OrderWork, person(), name="letter")
    for _ in range(jobs.MOST_TRIES):
        with ExitStack() as worker:
            assert jobs._claim(tiny.frame, worker) is not None
    tiny.run_jobs()
    assert job(look).state == "failed" and look(select(Poke)) == []


def test_worker_that_was_thought_dead_does_not_do_the_job_twice(tiny: Room, look: Look) -> None:
    """Its unit finds the job finished and is undone."""
    from chassis.running.doors import Works, heard_from_row
    from chassis.running.occasions import Job

    tiny.ask(OrderWork, person(), name="letter")
    with ExitStack() as worker:
        slow = jobs._claim(tiny.frame, worker)
    assert slow is not None
    come_again(tiny)
    tiny.run_jobs()
    door = tiny.frame.doors(Works)["work_ordered"]
    tiny.frame.carry_out(door, Job(tiny.frame.itself, "test", tiny.frame, slow.id, heard_from_row(slow, door.contract)))
    assert len(look(select(Poke))) == 1


def test_job_of_a_kind_without_a_door_fails_like_any_other(tiny: Room, look: Look) -> None:
    """And does not stop the worker."""
    tiny.ask(OrderWork, person(), name="letter")
    with tiny.engine.begin() as connection:
        connection.execute(update(JobRow).values(kind="nothing_we_know"))
    assert tiny.run_jobs() == 1
    assert job(look).state == "queued" and "nothing_we_know" in (job(look).error or "")
