"""The sign-ins a person tries the demonstration with, for every role."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.local.demonstration.exchanges import Story
from deploy.local.demonstration.world import representative
from deploy.local.people.offices import PASSWORD, Offices

WORTH_A_LOOK = ("planning", "submitted", "validated", "ready", "running", "ended", "payable", "paid")


def sign_ins(offices: Offices, stories: list[Story]) -> str:
    """One line per role, and two for some exchanges: visitor and host."""
    return "\n".join(_lines(offices, stories)) + "\n"


def _lines(offices: Offices, stories: list[Story]) -> Iterator[str]:
    yield f"Demonstration sign-ins (development only); everybody's password: {PASSWORD}"
    yield _line("administrator", offices.administrator.username)
    yield _line("support officer", ", ".join(each.username for each in offices.support))
    if offices.auditor:
        yield _line("auditor", offices.auditor.username)
    for office in offices.partnerships[4:6]:
        yield _line(f"contact point of {office.acronym}", office.desk.username)
        yield _line(f"paying officer of {office.acronym}", office.paying_officers[0].username)
    for outcome in WORTH_A_LOOK:
        story = next((each for each in stories if each.outcome == outcome), None)
        if story:
            visitor, host = representative(story.pair.visitor).username, representative(story.pair.host).username
            yield _line(f"an exchange {outcome}", f"visitor {visitor}, host {host}, contact point {_desk(offices, story)}")


def _desk(offices: Offices, story: Story) -> str:
    return next(each.desk.username for each in offices.partnerships if each.acronym == story.pair.visitor.acronym)


def _line(role: str, names: str) -> str:
    return f"  {role + ':':32} {names}"
