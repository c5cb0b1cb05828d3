"""The stay and the closing report."""

from __future__ import annotations

from typing import Any

from deploy.local.people.acts.agreeing import written_already
from deploy.local.people.entrance import Refused
from deploy.local.people.person import Person


def confirm_arrival(person: Person, exchange: str) -> None:
    """The visitor is there."""
    person.post(f"{exchange}/arrival")


def confirm_departure(person: Person, exchange: str, **why: Any) -> None:
    """The visitor has left."""
    person.post(f"{exchange}/departure", **why)


def confirm_days(host: Person, exchange: str, days: int | None = None) -> None:
    """As many days as were planned, or fewer."""
    most = host.get(exchange).body["working_days"]
    host.decide(f"{exchange}/days-present", exchange, days_present=most if days is None else min(days, most))


def rate(host: Person, exchange: str) -> None:
    """The host's own opinion."""
    host.decide(f"{exchange}/rating", exchange, usefulness=4, remarks="Well prepared, curious, and good questions.")


def write_report(visitor: Person, exchange: str) -> None:
    """Write the closing report, an outcome for each objective."""
    objectives = visitor.get(f"{exchange}/commitment").body["plan"]["objectives"]
    outcome = "Done; what we learnt goes into our own work plan of next year."
    content = {
        "as_planned": True, **_days_there(visitor, exchange), "outcomes": [{"objective": each, "outcome": outcome} for each in objectives], "contacts_made": 6,
        "follow_ups": ["project"], "follow_up_details": "An outline of a common project is agreed.", "usefulness": 5, "publish": True,
    }  # fmt: skip
    try:
        visitor.put(f"{exchange}/report", _version_written(visitor, exchange), **content)
    except Refused as refused:
        written_already(refused, visitor.get(f"{exchange}/report"), content, "report")


def _days_there(visitor: Person, exchange: str) -> dict[str, Any]:
    """The days as the visitor kept them: from arrival to departure, as many as planned unless the host counted otherwise."""
    stay = visitor.get(exchange).body
    present = stay["working_days"] if stay["days_present"] is None else stay["days_present"]
    return {"first_day": stay["started_on"], "last_day": stay["ended_on"], "days_present": present}


def _version_written(visitor: Person, exchange: str) -> str | None:
    """What If-Match names when the report is written again; the first time there is nothing yet."""
    try:
        return visitor.get(f"{exchange}/report").version
    except Refused:
        return None


def submit_report(visitor: Person, exchange: str) -> None:
    """Lay the report before the visitor's partnership."""
    visitor.decide(f"{exchange}/report/submission", f"{exchange}/report")


def validate_report(desk: Person, exchange: str) -> None:
    """Read the report and find it good."""
    desk.decide(f"{exchange}/report/validation", f"{exchange}/report")
