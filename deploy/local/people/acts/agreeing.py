"""From the plan of a stay to the last signature."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from deploy.local.people.entrance import Answer, Refused, wait_for
from deploy.local.people.person import Person

COMMITMENT, FINANCIAL = "commitment-to-quality", "financial-agreement"


def plan(first_day: date, last_day: date, traveller: tuple[str, str], topics: list[str]) -> dict[str, Any]:
    """A plan for working days from first to last; the days before and after are for travel."""
    out, back = first_day - timedelta(days=1), last_day + timedelta(days=1)
    subject = topics[0] if topics else "the work of both organisations"
    return {
        "start": out.isoformat(), "end": back.isoformat(), "travel_days": [out.isoformat(), back.isoformat()],
        "travellers": [{"name": traveller[0], "function": traveller[1]}],
        "objectives": [f"Learn how the host works on {subject}", "Find a subject for a common project"],
        "action_plan": [
            {"day": first_day.isoformat(), "activity": "Welcome, visit of the host's premises, talks with its team"},
            {"day": None, "activity": f"Working sessions with the host's members on {subject}"},
            {"day": last_day.isoformat(), "activity": "Conclusions and an outline of what follows"},
        ],
        "expected_outcomes": f"A written outline of a common project on {subject}, and contacts to at least five members of the host.",
        "responsibilities": {
            "visitor": "Prepares the sessions, carries its own costs and reports afterwards.",
            "host": "Plans the programme, brings its members together and confirms the days.",
        },
    }  # fmt: skip


def write_plan(person: Person, exchange: str, content: dict[str, Any]) -> Answer:
    """Write the commitment to quality."""
    commitment = person.follow(f"{exchange}/commitment")
    try:
        return person.put(f"{exchange}/commitment", str(commitment.version), **content)
    except Refused as refused:
        return written_already(refused, person.get(f"{exchange}/commitment"), content, "plan")


def written_already(refused: Refused, there: Answer, content: dict[str, Any], part: str | None = None) -> Answer:
    """What is there, if it is what was sent: its answer was lost on the way, and writing again came too late. Else raises `refused`."""
    text = there.body[part] if part else there.body
    if refused.status not in (412, 428) or any(text.get(name) != value for name, value in content.items()):
        raise refused
    return there


def submit_plan(person: Person, exchange: str) -> None:
    """Lay the plan before both partnerships."""
    person.decide(f"{exchange}/commitment/submission", f"{exchange}/commitment")


def validate(desk: Person, exchange: str) -> None:
    """Validate the version that stands, for the own partnership, after reading it."""
    number = desk.follow(exchange).body["commitment_number"]
    desk.get(f"{exchange}/commitment/versions/{number}")
    desk.post(f"{exchange}/commitment/validations", number=number)


def send_back(desk: Person, exchange: str, comments: str) -> None:
    """Send the version that stands back."""
    desk.post(f"{exchange}/commitment/returns", number=desk.follow(exchange).body["commitment_number"], comments=comments)


def sign(person: Person, exchange: str, kind: str) -> None:
    """Read the text that stands and sign the very same."""
    text = person.follow(f"{exchange}/agreements/{kind}").body
    person.post(f"{exchange}/agreements/{kind}/signatures", text_digest=text["text_digest"])


def document(person: Person, exchange: str, kind: str) -> Answer:
    """The PDF with all signatures, as soon as it is made."""
    return person.follow(f"{exchange}/agreements/{kind}/document")


def wait_for_state(person: Person, exchange: str, *states: str) -> dict[str, Any]:
    """The exchange, once it is in one of these states."""

    def look() -> dict[str, Any] | None:
        found = person.follow(exchange).body
        return found if found["state"] in states else None

    return wait_for(look, f"{exchange} to be {' or '.join(states)}")
