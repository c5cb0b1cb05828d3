"""Every line of a registration's lifecycle through the service's doors: from each state, each move, by each role that may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from chassis.bare.principal import Principal
from contracts import registry as asks
from contracts.identity.events import PersonErased
from services.registry.model import JOINING, QUERY, REGISTRATION
from services.registry.model.partner_access import ACCESS
from tests.builders import contact_point, person, representative, support_officer
from tests.every_move import Step, steps
from tests.registry.conftest import Scene
from tests.registry.forms import CV

Came = tuple[dict[str, Any], Principal]
"""A registration as it was shown, and whose it is."""


def moved(before: Callable[[Scene], Came], contract: type, by_author: bool = False, **fields: Any) -> Callable[[Scene], Came]:
    """A way to a state: one before it, and the move by the author or the contact point."""

    def go(scene: Scene) -> Came:
        view, author = before(scene)
        scene.move(contract, author if by_author else scene.checker, view, **fields)
        return scene.read(author, view), author

    return go


WAYS: dict[str, Callable[[Scene], Came]] = {
    "draft": Scene.draft,
    "submitted": Scene.submitted,
    "more_info_requested": moved(Scene.submitted, asks.RequestMoreInformation, question="Which cluster?"),
    "accepted": Scene.accepted,
    "paused": moved(Scene.accepted, asks.PauseParticipation, by_author=True),
    "rejected": moved(Scene.submitted, asks.RejectRegistration, reason="other", text="No."),
}
MAKE: dict[str, tuple[type, dict[str, Any]]] = {
    "submit": (asks.SubmitRegistration, {}),
    "recall": (asks.RecallRegistration, {}),
    "request_info": (asks.RequestMoreInformation, {"question": "Which cluster?"}),
    "approve_hosting": (asks.ApproveHosting, {}),
    "accept": (asks.AcceptRegistration, {}),
    "reject": (asks.RejectRegistration, {"reason": "other", "text": "No."}),
    "reopen": (asks.ReopenRegistration, {}),
    "approve_change": (asks.ApproveChange, {}),
    "decline_change": (asks.DeclineChange, {"text": "Please keep both."}),
    "pause": (asks.PauseParticipation, {}),
    "resume": (asks.ResumeParticipation, {}),
    "confirm_interest": (asks.ConfirmInterest, {}),
    "withdraw": (asks.WithdrawRegistration, {}),
}
# What falls due moves the clock of the whole room, so it comes last.
STEPS = sorted(steps("registry", REGISTRATION), key=lambda step: (step.role == "platform", step))


@pytest.mark.parametrize("state", sorted({step.state for step in STEPS}))
def test_every_step_from_a_state_is_made_through_a_door(scene: Scene, state: str) -> None:
    """Each on a registration of its own, which came to that state through doors as well."""
    for step in STEPS:
        if step.state == state:
            make(scene, step, *WAYS[state](scene))


def make(scene: Scene, step: Step, view: dict[str, Any], author: Principal) -> None:
    """Make the step: it leads where the table says."""
    assert view["state"] == step.state, step
    if (step.move, step.role) == ("withdraw", "platform"):
        scene.room.hear(PersonErased.of(author.person, person_id=author.person))
    elif step.role == "platform":
        wait(scene, step.move, view, author)
    elif step.move == "attach_cv":
        scene.move(asks.UploadCv, author, view, cv=CV, if_match=scene.read(author, view)["version"])
    elif step.move == "revise":
        scene.revise(author, view, role={"motivation": "We go on."})
    else:
        if step.move in ("approve_change", "decline_change"):
            scene.revise(author, view, role={"roles": ["host"]})
        contract, fields = MAKE[step.move]
        scene.move(contract, author if step.role == "representative" else scene.checker, view, **fields)
    colleague = representative(UUID(view["organisation_id"]))
    assert scene.read(colleague, view)["state"] == REGISTRATION.after(step.state, step.move, [step.role]), step


def wait(scene: Scene, move: str, view: dict[str, Any], author: Principal) -> None:
    """Six months without a sign; and a month more without an answer."""
    scene.room.clock.advance(days=190)
    scene.room.run_due()
    assert scene.read(author, view)["interest_due_by"]
    if move == "expire":
        scene.room.clock.advance(days=31)
        scene.room.run_due()


@pytest.mark.parametrize("step", sorted(steps("registry", JOINING)), ids=str)
def test_every_step_of_a_request_to_join_is_made_through_a_door(scene: Scene, step: Step) -> None:
    """Let in, declined or taken back."""
    view, _ = scene.accepted()
    asker = person()
    joining = scene.room.ask(asks.JoinOrganisation, asker, organisation_id=view["organisation_id"], note="Same office.")
    who = {"asker": asker, "contact_point": scene.checker, "representative": representative(UUID(view["organisation_id"]))}[step.role]
    contract = {"accept": asks.AcceptJoining, "decline": asks.DeclineJoining, "withdraw": asks.WithdrawJoining}[step.move]
    made = scene.room.ask(contract, who, joining_id=joining["joining_id"])
    assert made["state"] == JOINING.after(step.state, step.move, [step.role])


@pytest.mark.parametrize("step", sorted(steps("registry", QUERY)), ids=str)
def test_every_step_of_a_query_is_made_through_a_door(scene: Scene, step: Step) -> None:
    """Answered, answered better, closed with or without an answer."""
    sent = scene.room.ask(asks.SendQuery, person(), subject="May a university host?", question="May we?")
    query, officer = {"query_id": sent["query_id"]}, support_officer()

    def answer(words: str) -> dict[str, Any]:
        version = scene.room.ask(asks.ReadQuery, officer, **query)["version"]
        return scene.room.ask(asks.AnswerQuery, officer, if_match=version, **query, answer=words)

    if step.state == "answered":
        answer("Perhaps.")
    made = answer("Yes.") if step.move == "answer_with" else scene.room.ask(asks.CloseQuery, officer, **query)
    assert made["state"] == QUERY.after(step.state, step.move, [step.role])


BY_PEOPLE = [step for step in sorted(steps("registry", ACCESS)) if step.role != "platform"]


@pytest.mark.parametrize("step", BY_PEOPLE, ids=str)
def test_every_step_of_an_access_that_people_make_is_made_through_a_door(scene: Scene, step: Step) -> None:
    """Rotated, revoked, opened again; the command for operators comes by no door."""
    place, own = {"partnership_id": scene.partnership_id}, contact_point(scene.partnership_id)
    scene.room.ask(asks.OpenPartnerAccess, own, **place)
    if step.state == "revoked":
        scene.room.ask(asks.RevokePartnerAccess, own, **place)
    contract = {"reopen": asks.OpenPartnerAccess, "rotate": asks.RotatePartnerAccess, "revoke": asks.RevokePartnerAccess}[step.move]
    made = scene.room.ask(contract, own if step.role == "contact_point" else support_officer(), **place)
    assert made["state"] == ACCESS.after(step.state, step.move, [step.role])
