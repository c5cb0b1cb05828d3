"""Every line of the exchange's lifecycle through the service's doors: from each state, each move, by each role that may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from contracts import agreements as asks
from contracts.agreements import COMMITMENT, FINANCIAL
from services.agreements.model import EXCHANGE
from tests.agreements.exchanges import ARRIVED, END, LEFT, NO_REASON, NOW, REPORT, WHY, Cast
from tests.agreements.rooms import FOUR, Stage, moment
from tests.every_move import Step, steps
from tests.room import Room

AMENDED = ("planning", "submitted", "changes_requested")
"""States that an exchange comes to once more when a signed commitment is amended."""


def of_report(contract: type, **fields: object) -> Callable[[Stage, str], object]:
    """Ask it of the report that was read."""
    return lambda stage, role: stage.ask(contract, role, if_match=stage.ask(asks.ReadReport, role)["version"], **fields)


def signed(stage: Stage) -> None:
    """All four sign the commitment, before the amount is known."""
    stage.submit()
    for role in ("visitor_partnership", "host_partnership"):
        stage.ask(asks.ValidateCommitment, role, number=1)
    stage.sign(COMMITMENT, *FOUR)


def amended(stage: Stage, state: str) -> None:
    """What was signed is amended, and the new version brought to that state."""
    signed(stage)
    stage.ask(asks.AmendCommitment, "visitor", **WHY)
    if state != "planning":
        stage.submit()
    if state == "changes_requested":
        stage.ask(asks.ReturnCommitment, "host_partnership", number=2, comments="Stay longer.")


def submitted(stage: Stage) -> None:
    """The visitor submits."""
    stage.submit()


def returned(stage: Stage) -> None:
    """The host's partnership sends it back."""
    stage.submit()
    stage.ask(asks.ReturnCommitment, "host_partnership", number=1, comments="Stay longer.")


def validated(stage: Stage) -> None:
    """Both partnerships validate, and the amount is there."""
    stage.submit()
    stage.validate()


def running(stage: Stage) -> None:
    """The visitor has arrived."""
    stage.ready().at(ARRIVED)
    stage.ask(asks.ConfirmArrival, "host", **NO_REASON)


def ended(stage: Stage) -> None:
    """The stay is over, and the report written."""
    stage.ready().ended()
    stage.ask(asks.WriteReport, "visitor", **asks.Report.read(REPORT))


def reported(stage: Stage) -> None:
    """The report is submitted; the days are still to be confirmed."""
    ended(stage)
    of_report(asks.SubmitReport)(stage, "visitor")


def sent_back(stage: Stage) -> None:
    """The report is returned."""
    reported(stage)
    of_report(asks.ReturnReport, comments="Say more.")(stage, "visitor_partnership")


def accepted(stage: Stage) -> None:
    """The report is validated."""
    reported(stage)
    of_report(asks.ValidateReport)(stage, "visitor_partnership")


WAYS: dict[str, Callable[[Stage], object]] = {
    "planning": Stage.edit, "submitted": submitted, "changes_requested": returned, "validated": validated,
    "signing": lambda stage: (validated(stage), stage.sign(COMMITMENT, "visitor")),
    "signed": lambda stage: (validated(stage), stage.sign(COMMITMENT, *FOUR)), "ready": Stage.ready, "running": running, "ended": ended,
    "report_submitted": reported, "report_returned": sent_back, "report_validated": accepted,
}  # fmt: skip


def bring(stage: Stage, step: Step) -> None:
    """To the state in which the step is made, with what it needs."""
    if step.move == "abandon_amendment" or (step.move == "draft_financial_agreement" and step.state in AMENDED):
        amended(stage, step.state)
    elif step.move == "draft_financial_agreement" and step.state == "signed":
        signed(stage)
    elif (step.move, step.state, step.role) == ("sign_commitment", "signing", "visitor"):
        validated(stage)
        stage.sign(COMMITMENT, "host")
    else:
        WAYS[step.state](stage)


def submit(stage: Stage, role: str) -> None:
    """Lay the plan, as it stands now, before the partnerships."""
    stage.ask(asks.SubmitCommitment, role, if_match=stage.ask(asks.ReadCommitment, role)["version"])


def answer(contract: type, **fields: object) -> Callable[[Stage, str], object]:
    """Answer the version that stands."""
    return lambda stage, role: stage.ask(contract, role, number=stage.read()["commitment_number"], **fields)


def asked(contract: type, **fields: object) -> Callable[[Stage, str], object]:
    """Ask it with these fields."""
    return lambda stage, role: stage.ask(contract, role, **fields)


def of_what_was_read(contract: type, **fields: object) -> Callable[[Stage, str], object]:
    """Ask it of the exchange as it was read."""
    return lambda stage, role: stage.ask(contract, role, if_match=stage.read(role)["version"], **fields)


def leave(stage: Stage, role: str) -> None:
    """Confirm the departure, or wait until the exchange ends by itself."""
    stage.at(LEFT if role != "system" else LEFT + timedelta(days=4))
    if role == "system":
        stage.room.run_due()
    else:
        stage.ask(asks.ConfirmDeparture, role, **WHY)


def write_report(stage: Stage, role: str) -> None:
    """Write it, over what was written if there is something."""
    version = None if stage.read()["state"] == "running" else stage.ask(asks.ReadReport, role)["version"]
    stage.ask(asks.WriteReport, role, if_match=version, **asks.Report.read(REPORT))


def on(when: str, contract: type) -> Callable[[Stage, str], object]:
    """Ask it at a time, with a reason."""

    def ask(stage: Stage, role: str) -> None:
        stage.at(moment(when))
        stage.ask(contract, role, **WHY)

    return ask


MAKE: dict[str, Callable[[Stage, str], object]] = {
    "edit_commitment": Stage.edit,
    "submit_commitment": submit,
    "recall_commitment": asked(asks.RecallCommitment),
    "validate_commitment": answer(asks.ValidateCommitment),
    "return_commitment": answer(asks.ReturnCommitment, comments="Stay longer."),
    "sign_commitment": lambda stage, role: stage.sign(COMMITMENT, role),
    "conclude_commitment": lambda stage, role: stage.sign(COMMITMENT, *FOUR[1:]),
    "draft_financial_agreement": lambda stage, role: stage.compute(1, minor=40000),
    "sign_financial_agreement": lambda stage, role: stage.sign(FINANCIAL, role),
    "become_ready": lambda stage, role: stage.sign(FINANCIAL, "visitor", "visitor_partnership"),
    "amend_commitment": asked(asks.AmendCommitment, **WHY),
    "abandon_amendment": asked(asks.AbandonAmendment),
    "confirm_arrival": on("2027-03-01 12:00", asks.ConfirmArrival),
    "confirm_departure": leave,
    "confirm_days": of_what_was_read(asks.ConfirmDays, days_present=3),
    "rate_exchange": of_what_was_read(asks.RateExchange, usefulness=4, remarks=""),
    "write_report": write_report,
    "submit_report": of_report(asks.SubmitReport),
    "validate_report": of_report(asks.ValidateReport),
    "return_report": of_report(asks.ReturnReport, comments="Say more."),
    "move_deadline": asked(asks.MoveDeadline, deadline="report", on=END + timedelta(days=60), **WHY),
    "cancel_exchange": asked(asks.CancelExchange, **WHY),
    "terminate_exchange": asked(asks.TerminateExchange, **WHY),
    "record_no_show": on("2027-03-02 12:00", asks.RecordNoShow),
}
STEPS = sorted(steps("agreements", EXCHANGE))


@pytest.mark.parametrize("state", sorted({step.state for step in STEPS}))
def test_every_step_from_a_state_is_made_through_a_door(rooms: Callable[[str], Room], state: str) -> None:
    """Each on an exchange of its own, which came to that state through doors as well."""
    room = rooms("agreements")
    for step in STEPS:
        if step.state == state:
            make(Stage(room, Cast()), step)


def make(stage: Stage, step: Step) -> None:
    """Bring an exchange there and make the step: it leads where the table says, and something is told of it."""
    stage.at(NOW)
    bring(stage.open(), step)
    assert stage.read()["state"] == step.state, step
    told = len(stage.types())
    MAKE[step.move](stage, step.role)
    leads = {EXCHANGE.after(step.state, step.move, [step.role])} | ({"submitted"} if step.move == "validate_commitment" else set())
    assert stage.read()["state"] in leads, step
    assert len(stage.types()) > told, step
