"""Registrations through the doors: from a draft to acceptance and to the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.bare.principal import service
from chassis.bare.refusals import IfMatchRequired, InvalidFields, LogInRequired, MoveNotAllowed, NotFound, StaleVersion
from contracts.registry import (
    AcceptRegistration,
    AcceptRegistrations,
    AddEligibilityRule,
    ApproveChange,
    ApproveHosting,
    BeginRegistration,
    ConfirmInterest,
    DeclineChange,
    DownloadCv,
    HostingNotApproved,
    ListRegistrations,
    NoCv,
    NoPartnershipOpen,
    OrganisationNotFound,
    OrganisationTakesPart,
    PartnershipNotFound,
    PauseParticipation,
    ReadOrganisationDetails,
    ReadRegistrationHistory,
    RecallRegistration,
    RegistrationNotFound,
    RejectRegistration,
    ReopenRegistration,
    RequestMoreInformation,
    ResumeParticipation,
    RevisePartnership,
    ReviseRegistration,
    SubmitRegistration,
    SuggestPartnerships,
    UploadCv,
    WithdrawRegistration,
)
from tests.builders import administrator, auditor, contact_point, person, representative, support_officer
from tests.registry.conftest import Scene
from tests.registry.forms import CV

REJECTION = {"reason": "duplicate", "text": "Your colleague registered last week."}


def window(first_month: int, last_month: int) -> dict[str, date]:
    """From the first of one month to the first of another, in 2027."""
    return {"start": date(2027, first_month, 1), "end": date(2027, last_month, 1)}


def test_beginning_founds_an_organisation_and_names_every_missing_answer(scene: Scene) -> None:
    """A fresh draft has nothing yet; identity is told who its representative is."""
    author = person()
    view = scene.begin(author)
    assert (view["state"], view["version"], view["revision"]) == ("draft", 1, 0)
    assert {"organisation.legal_name", "person.e_mail", "role.roles", "offer.nace", "period.availability"} <= set(view["missing"])
    assert view["moves"] == ["revise", "attach_cv", "submit", "withdraw"]
    founded = scene.room.facts("organisation_founded")[0]
    assert founded.data == {"organisation_id": view["organisation_id"], "person_id": author.id}
    assert founded.subject == f"organisation/{view['organisation_id']}"


def test_a_draft_is_filled_in_step_by_step_and_comes_back_as_it_was_given(scene: Scene) -> None:
    """What was answered is read again, field by field; what was not stays missing."""
    author = person()
    view = scene.begin(author)
    steps: dict[str, dict[str, Any]] = {
        "organisation": {"legal_name": "Blue Harbour", "town": "Vigo", "country": "ES"},
        "person": {"first_name": "Given", "languages": [{"language": "en", "level": "C1"}, {"language": "es", "level": "B2"}]},
        "role": {"roles": ["visitor"]},
        "offer": {"nace": ["62"], "topics": ["ports"]},
        "preferences": {"visitor": {"countries": ["PT"]}},
        "period": {"availability": [window(3, 4)], "min_days": 3},
        "partnership": {"visibility": "hidden"},
    }
    for step, given in steps.items():
        view = scene.revise(author, view, **{step: given})
        if step not in {"preferences", "period"}:
            assert given == {name: value for name, value in view[step].items() if name in given}
    assert view["preferences"]["visitor"]["countries"] == ["PT"]
    assert view["period"]["availability"] == [{"start": "2027-03-01", "end": "2027-04-01"}]
    assert round(view["organisation"]["latitude"]) == 42
    again = scene.read(author, view)
    assert again == view
    assert view["version"] == 8


def test_a_list_given_again_takes_the_place_of_the_old_one(scene: Scene) -> None:
    """Languages and windows are replaced, the same language with another level included."""
    view, author = scene.draft()
    new = {"languages": [{"language": "en", "level": "A1"}, {"language": "pt", "level": "C2"}]}
    windows = [window(9, 10)]
    view = scene.revise(author, view, person=new, period={"availability": windows})
    assert scene.read(author, view)["person"]["languages"] == new["languages"]
    assert scene.read(author, view)["period"]["availability"] == [{"start": "2027-09-01", "end": "2027-10-01"}]


def test_a_field_that_is_the_servers_is_refused(scene: Scene) -> None:
    """Nobody accepts their own registration by naming its state."""
    author = person()
    with pytest.raises(InvalidFields):
        scene.revise(author, scene.begin(author), state="accepted")


def test_an_old_version_cannot_be_changed(scene: Scene) -> None:
    """Who read an older version is told so; also where only the organisation's answers changed meanwhile."""
    author = person()
    view = scene.begin(author)
    scene.revise(author, view, organisation={"town": "Vigo"})
    with pytest.raises(StaleVersion):
        scene.revise(author, view, organisation={"town": "Porto"})


def test_a_chosen_partnership_exists(scene: Scene) -> None:
    """An unknown partnership is not found."""
    author = person()
    with pytest.raises(PartnershipNotFound):
        scene.revise(author, scene.begin(author), partnership={"partnership_id": str(uuid4())})


def test_partnerships_are_suggested_by_sector_and_geography(scene: Scene) -> None:
    """The one that shares ecosystems and covers the country comes first; closed ones are not suggested."""
    scene.another_partnership(acronym="FAR", ecosystems=["health"], countries=["SE"], country="SE")
    scene.another_partnership(acronym="SHUT", open_for_registration=False)
    view, author = scene.draft()
    found = scene.move(SuggestPartnerships, author, view)["items"]
    assert [each["acronym"] for each in found] == ["BLUES", "FAR"]
    assert (found[0]["shared_ecosystems"], found[0]["covers_country"]) == (["mobility"], True)


def test_a_partnership_is_assigned_on_wish(scene: Scene) -> None:
    """Without a choice the most suitable open partnership takes it; where none is open, submitting is refused."""
    view, author = scene.draft(at=None, partnership={"assign": True})
    closed: dict[str, Any] = {"partnership_id": scene.partnership_id, "open_for_registration": False}
    scene.room.ask(RevisePartnership, administrator(), if_match=1, **closed)
    with pytest.raises(NoPartnershipOpen):
        scene.move(SubmitRegistration, author, view)
    scene.room.ask(RevisePartnership, administrator(), if_match=2, **closed | {"open_for_registration": True})
    assert scene.move(SubmitRegistration, author, view)["partnership"]["partnership_id"] == str(scene.partnership_id)


def test_the_queue_is_in_order_and_tells_the_place_and_the_usual_delay(scene: Scene) -> None:
    """Three are submitted; one is accepted after two days; the others see their place."""
    first, _ = scene.submitted()
    scene.room.clock.advance(hours=1)
    second, author = scene.submitted()
    assert second["queue"] == {"position": 2, "usual_days": None}
    scene.room.clock.advance(days=2, hours=-1)
    scene.move(AcceptRegistration, scene.checker, first)
    assert scene.read(author, second)["queue"] == {"position": 1, "usual_days": 2.0}
    queue = scene.room.ask(ListRegistrations, scene.checker, state=["submitted"])["items"]
    assert [each["participation_id"] for each in queue] == [second["participation_id"]]


def test_a_change_declined_months_later_is_no_delay_of_the_queue(scene: Scene) -> None:
    """The usual delay is that from submission to the first decision."""
    view, author = scene.submitted()
    scene.room.clock.advance(days=1)
    scene.move(AcceptRegistration, scene.checker, view)
    scene.room.clock.advance(days=90)
    scene.revise(author, scene.read(author, view), role={"roles": ["host"]})
    scene.move(DeclineChange, scene.checker, view, text="Please keep both.")
    assert scene.submitted()[0]["queue"]["usual_days"] == 1.0


def test_acceptance_is_announced_with_the_public_profile(scene: Scene) -> None:
    """The fact goes to the partnership's audience; the history shows who did what."""
    view, author = scene.accepted()
    fact = scene.room.facts("participation_accepted")[0]
    assert fact.audience == (str(scene.partnership_id),)
    assert fact.data["profile"]["legal_name"] == view["organisation"]["legal_name"]
    assert (view["state"], view["revision"]) == ("accepted", 1)
    history = scene.move(ReadRegistrationHistory, author, view)["items"]
    assert [each["type"] for each in history] == ["registration_begun", "registration_submitted", "participation_accepted"]
    assert history[-1]["actor"] == scene.checker.actor
    assert scene.room.page_by_page(ReadRegistrationHistory, author, participation_id=view["participation_id"]) == history


def test_more_is_asked_for_and_answered(scene: Scene) -> None:
    """The question is shown; the answer brings the registration back into the queue."""
    view, author = scene.submitted()
    scene.move(RequestMoreInformation, scene.checker, view, question="Which cluster?")
    view = scene.read(author, view)
    assert (view["state"], view["question"]) == ("more_info_requested", "Which cluster?")
    scene.revise(author, view, role={"motivation": "We belong to the Blue cluster."})
    view = scene.move(SubmitRegistration, author, view)
    assert (view["state"], view["question"]) == ("submitted", None)


def test_a_rejection_says_why_and_can_be_undone(scene: Scene) -> None:
    """Reason and text are shown; reopened it waits in the queue again and can be accepted."""
    view, author = scene.submitted()
    scene.move(RejectRegistration, scene.checker, view, **REJECTION)
    decision = scene.read(author, view)["decision"]
    assert (decision["reason"], decision["text"]) == tuple(REJECTION.values())
    assert scene.room.facts("registration_rejected")[0].data["reason"] == "duplicate"
    assert "colleague" not in str(scene.room.facts())
    scene.move(ReopenRegistration, scene.checker, view)
    scene.move(AcceptRegistration, scene.checker, view)
    assert scene.read(author, view)["decision"]["reason"] is None


def test_a_rejected_organisation_begins_anew_and_is_then_not_reopened(scene: Scene) -> None:
    """One registration at a time: the old one stays closed while the new one goes on."""
    view, author = scene.submitted()
    again = replace(author, roles=frozenset({("representative", UUID(view["organisation_id"]))}))
    with pytest.raises(OrganisationTakesPart):
        scene.begin(again, organisation_id=view["organisation_id"])
    scene.move(RejectRegistration, scene.checker, view, **REJECTION)
    fresh = scene.begin(again, organisation_id=view["organisation_id"])
    assert fresh["organisation"]["legal_name"] == view["organisation"]["legal_name"]
    with pytest.raises(OrganisationTakesPart):
        scene.move(ReopenRegistration, scene.checker, view)


def test_an_organisation_is_registered_by_its_representatives_only(scene: Scene) -> None:
    """Somebody else's organisation is not found."""
    view, _ = scene.accepted()
    with pytest.raises(OrganisationNotFound):
        scene.begin(person(), organisation_id=view["organisation_id"])


def test_several_are_accepted_at_once_and_the_others_told_why_not(scene: Scene) -> None:
    """What cannot be accepted says why, and does not hold up the rest."""
    good, _ = scene.submitted()
    alone, _ = scene.submitted(role={"roles": ["host"]}, organisation={"organisation_type": "sme", "cluster_member": False})
    draft, _ = scene.draft()
    changed, author = scene.submitted()
    scene.move(RecallRegistration, author, changed)
    scene.move(SubmitRegistration, author, changed)
    views = (draft, good, alone, changed)
    ids = [each["participation_id"] for each in views]
    seen = [{"participation_id": each["participation_id"], "version": each["version"]} for each in views]
    outcomes = scene.room.ask(AcceptRegistrations, scene.checker, registrations=seen)["items"]
    assert [(each["participation_id"], each["accepted"], each["code"]) for each in outcomes] == [
        (ids[0], False, "registration_not_found"),
        (ids[1], True, None),
        (ids[2], False, "hosting_not_approved"),
        (ids[3], False, "stale_version"),
    ]
    assert len(scene.room.facts("participation_accepted")) == 1


def test_hosting_outside_a_cluster_is_approved_case_by_case(scene: Scene) -> None:
    """Refused without, accepted with the approval."""
    view, _ = scene.submitted(role={"roles": ["host"]}, organisation={"organisation_type": "sme", "cluster_member": False})
    with pytest.raises(HostingNotApproved):
        scene.move(AcceptRegistration, scene.checker, view)
    assert scene.move(ApproveHosting, scene.checker, view)["hosting_approved"]
    assert scene.move(AcceptRegistration, scene.checker, view)["state"] == "accepted"


def test_a_desk_lists_whose_hosting_waits_for_an_approval(scene: Scene) -> None:
    """Hosts of such a kind until they are approved; no visitor, no draft, and of another kind nobody."""
    alone = {"organisation_type": "sme", "cluster_member": False}
    host, author = scene.submitted(role={"roles": ["host"]}, organisation=alone)
    scene.draft(role={"roles": ["host"]}, organisation=alone)
    member, _ = scene.submitted(role={"roles": ["host"]})

    def listed(**fields: Any) -> dict[str, bool]:
        items = scene.room.ask(ListRegistrations, scene.checker, **fields)["items"]
        return {each["participation_id"]: each["hosting_waiting"] for each in items}

    assert listed() == {host["participation_id"]: True, member["participation_id"]: False}
    assert (listed(hosting_waiting=True), listed(hosting_waiting=False)) == (
        {host["participation_id"]: True},
        {member["participation_id"]: False},
    )
    assert scene.read(author, host)["hosting_waiting"] and not scene.read(scene.checker, member)["hosting_waiting"]
    assert not scene.move(ApproveHosting, scene.checker, host)["hosting_waiting"]
    assert listed(hosting_waiting=True) == {}


def test_whose_hosting_waits_follows_the_rules_of_the_day(scene: Scene) -> None:
    """Where such firms may host from tomorrow on, nobody waits from then on."""
    scene.submitted(role={"roles": ["host"]}, organisation={"organisation_type": "sme", "cluster_member": False})
    tomorrow = scene.room.clock.now().date() + timedelta(days=1)
    rule = {"organisation_type": "sme", "cluster_member": False, "may_visit": "no", "may_host": "yes"}
    scene.room.ask(AddEligibilityRule, administrator(), **rule, valid_from=tomorrow, source="a decision")
    assert len(scene.room.ask(ListRegistrations, scene.checker, hosting_waiting=True)["items"]) == 1
    scene.room.clock.advance(days=1)
    assert scene.room.ask(ListRegistrations, scene.checker, hosting_waiting=True)["items"] == []


def test_an_edit_that_matters_waits_in_the_contact_points_list(scene: Scene) -> None:
    """Proposed, listed, approved: then the profile is announced with the next revision."""
    view, author = scene.accepted()
    view = scene.revise(author, view, organisation={"size": "medium", "website": "https://new.example/"})
    assert (view["organisation"]["size"], view["proposed_change"]) == ("small", {"organisation": {"size": "medium"}, "role": {}})
    waiting = scene.room.ask(ListRegistrations, scene.checker, change_waiting=True)["items"]
    assert [each["participation_id"] for each in waiting] == [view["participation_id"]]
    scene.move(ApproveChange, scene.checker, view)
    profiles = [fact.data for fact in scene.room.facts("profile_changed")]
    assert [(each["revision"], each["profile"]["size"]) for each in profiles] == [(2, "small"), (3, "medium")]


def test_an_edit_can_be_declined(scene: Scene) -> None:
    """The organisation reads why."""
    view, author = scene.accepted()
    view = scene.revise(author, view, role={"roles": ["host"]})
    scene.move(DeclineChange, scene.checker, view, text="Please keep both.")
    view = scene.read(author, view)
    assert (view["role"]["roles"], view["proposed_change"], view["decision"]["text"]) == (["host", "visitor"], None, "Please keep both.")


def test_a_cv_is_kept_and_sent_to_those_who_may_see_the_registration(scene: Scene) -> None:
    """None at first; then its author and, once submitted, the contact point get it."""
    author = person()
    view = scene.begin(author)
    with pytest.raises(NoCv):
        scene.move(DownloadCv, author, view)
    scene.move(UploadCv, author, view, cv=CV)
    assert scene.move(DownloadCv, author, view) == CV
    with pytest.raises(RegistrationNotFound):
        scene.move(DownloadCv, scene.checker, view)
    submitted, _ = scene.submitted()
    assert scene.move(DownloadCv, scene.checker, submitted) == CV


NOTHING: dict[str, Any] = {}
UNSEEN: list[tuple[Any, dict[str, Any], str]] = [
    (SubmitRegistration, NOTHING, "draft"),
    (UploadCv, {"cv": CV}, "draft"),
    (AcceptRegistration, NOTHING, "submitted"),
    (RejectRegistration, REJECTION, "submitted"),
    (ApproveChange, NOTHING, "changed"),
    (DeclineChange, {"text": "No."}, "changed"),
]


@pytest.mark.parametrize(("contract", "fields", "stage"), UNSEEN, ids=lambda value: getattr(value, "__name__", None))
def test_nobody_decides_on_answers_unseen(scene: Scene, contract: Any, fields: dict[str, Any], stage: str) -> None:
    """Without a version it is refused; with one that somebody changed since, too; with the one that stands it is done."""
    seen, author = {"draft": scene.draft, "submitted": scene.submitted, "changed": scene.accepted}[stage]()
    who = author if stage == "draft" else scene.checker
    if stage == "submitted":
        scene.move(RecallRegistration, author, seen)
        scene.revise(author, scene.read(author, seen), role={"motivation": "We thought again."})
        now = scene.move(SubmitRegistration, author, seen)
    else:
        now = scene.revise(author, scene.read(author, seen), organisation={"size": "medium"})
    ask = lambda **more: scene.room.ask(contract, who, participation_id=seen["participation_id"], **fields, **more)  # noqa: E731
    with pytest.raises(IfMatchRequired):
        ask()
    with pytest.raises(StaleVersion):
        ask(if_match=seen["version"])
    assert scene.read(who, seen)["version"] == now["version"] and ask(if_match=now["version"])["version"] > now["version"]


def test_the_first_cv_needs_no_version(scene: Scene) -> None:
    """There is nothing yet that could be overwritten."""
    author = person()
    view = scene.begin(author)
    assert scene.move(UploadCv, author, view, cv=CV)["cv"] == CV


def test_a_registration_is_accepted_in_one_version(scene: Scene) -> None:
    """Named twice with different versions, the request means nothing."""
    view, _ = scene.submitted()
    twice = [{"participation_id": view["participation_id"], "version": version} for version in (1, view["version"])]
    with pytest.raises(InvalidFields):
        scene.room.ask(AcceptRegistrations, scene.checker, registrations=twice)


def test_a_participation_pauses_goes_on_and_ends(scene: Scene) -> None:
    """Each move is announced; after the withdrawal nothing is open."""
    view, author = scene.accepted()
    assert scene.move(PauseParticipation, author, view)["state"] == "paused"
    assert scene.move(ResumeParticipation, scene.checker, view)["state"] == "accepted"
    assert scene.move(WithdrawRegistration, author, view)["moves"] == []
    types = [fact.type for fact in scene.room.facts() if fact.type.startswith("participation_")]
    assert types == ["participation_accepted", "participation_paused", "participation_resumed", "participation_withdrawn"]
    scene.room.clock.advance(days=400)
    scene.room.run_due()
    assert not scene.room.facts("interest_asked")


def test_a_draft_can_be_withdrawn_and_a_submission_recalled(scene: Scene) -> None:
    """A recalled one is a draft again that the contact point does not see; it can be withdrawn."""
    view, author = scene.submitted()
    scene.move(RecallRegistration, author, view)
    with pytest.raises(RegistrationNotFound):
        scene.read(scene.checker, view)
    assert scene.move(WithdrawRegistration, author, view)["state"] == "withdrawn"
    assert not scene.room.facts("participation_withdrawn")


def test_continued_interest_is_asked_for_and_confirmed(scene: Scene) -> None:
    """Asked after six months; who confirms is asked again six months later, and does not expire."""
    view, author = scene.accepted()
    scene.room.clock.advance(days=182)
    scene.room.run_due()
    assert scene.read(author, view)["interest_due_by"]
    scene.move(ConfirmInterest, author, view)
    scene.room.clock.advance(days=31)
    scene.room.run_due()
    assert scene.read(author, view)["state"] == "accepted"
    scene.room.clock.advance(days=160)
    scene.room.run_due()
    assert len(scene.room.facts("interest_asked")) == 2


def test_silence_ends_a_participation(scene: Scene) -> None:
    """Thirty days after the question it expires; a paused one too."""
    accepted, author = scene.accepted()
    paused, other = scene.accepted()
    scene.move(PauseParticipation, other, paused)
    scene.room.clock.advance(days=182)
    scene.room.run_due()
    scene.room.clock.advance(days=31)
    scene.room.run_due()
    assert [scene.read(author, accepted)["state"], scene.read(other, paused)["state"]] == ["expired", "expired"]
    assert len(scene.room.facts("participation_expired")) == 2
    with pytest.raises(MoveNotAllowed):
        scene.move(ConfirmInterest, author, accepted)


def test_a_draft_is_seen_by_its_organisation_only(scene: Scene) -> None:
    """Neither contact point nor support office nor auditor, and no stranger, sees a draft."""
    view, author = scene.draft()
    colleague = representative(UUID(view["organisation_id"]))
    assert scene.read(colleague, view)["state"] == "draft"
    for who in (scene.checker, support_officer(), auditor(), administrator(), person(), contact_point(uuid4())):
        with pytest.raises(RegistrationNotFound):
            scene.read(who, view)
        assert scene.room.ask(ListRegistrations, who)["items"] == []
    assert len(scene.room.ask(ListRegistrations, author, mine=True)["items"]) == 1


def test_a_submitted_registration_is_seen_by_its_partnership_support_and_auditors(scene: Scene) -> None:
    """Another partnership's contact point, an administrator and other participants do not see it."""
    view, _ = scene.submitted()
    for who in (scene.checker, support_officer(), auditor()):
        assert scene.read(who, view)["participation_id"] == view["participation_id"]
        assert len(scene.room.ask(ListRegistrations, who)["items"]) == 1
        assert scene.room.ask(ListRegistrations, who, mine=True)["items"] == []
    for who in (contact_point(scene.another_partnership()), contact_point(scene.partnership_id, "finance"), administrator(), person()):
        with pytest.raises(RegistrationNotFound):
            scene.read(who, view)


def test_accessibility_needs_are_for_the_organisation_and_its_contact_point(scene: Scene) -> None:
    """Support office and auditors read the rest without them."""
    view, author = scene.submitted(period={"accessibility_needs": "A step-free way"})
    for who, seen in ((author, True), (scene.checker, True), (support_officer(), False), (auditor(), False)):
        period = scene.read(who, view)["period"]
        assert (period["accessibility_needs"] == "A step-free way", period["min_days"]) == (seen, 3)


CHANGES: list[tuple[Any, dict[str, Any]]] = [
    (ReviseRegistration, {"role": {"roles": ["host"]}}),
    (UploadCv, {"cv": CV}),
    (SubmitRegistration, {}),
    (RecallRegistration, {}),
    (PauseParticipation, {}),
    (ResumeParticipation, {}),
    (WithdrawRegistration, {}),
    (ConfirmInterest, {}),
    (SuggestPartnerships, {}),
    (ReadRegistrationHistory, {}),
    (DownloadCv, {}),
]

DECISIONS: list[tuple[Any, dict[str, Any]]] = [
    (AcceptRegistration, {}),
    (RequestMoreInformation, {"question": "Which?"}),
    (RejectRegistration, REJECTION),
    (ReopenRegistration, {}),
    (ApproveHosting, {}),
    (ApproveChange, {}),
    (DeclineChange, {"text": "No."}),
]


def test_a_foreign_registration_is_not_found_by_any_request(scene: Scene) -> None:
    """Strangers and foreign contact points get the same answer everywhere, and nothing changes."""
    view, author = scene.accepted()
    foreign = contact_point(scene.another_partnership())
    for contract, fields in [*CHANGES, *DECISIONS]:
        for who in (foreign, *([person()] if contract in dict(CHANGES) else [])):
            with pytest.raises(RegistrationNotFound):
                scene.room.ask(contract, who, if_match=view["version"], participation_id=view["participation_id"], **fields)
    assert scene.read(author, view)["version"] == view["version"]


def test_nobody_decides_about_an_own_registration_elsewhere(scene: Scene) -> None:
    """A contact point of another partnership, who is its author, cannot accept it."""
    view, author = scene.submitted()
    both = replace(author, roles=frozenset({("registrations", scene.another_partnership())}))
    with pytest.raises(RegistrationNotFound):
        scene.move(AcceptRegistration, both, view)


def test_without_an_account_nothing_is_begun(scene: Scene) -> None:
    """A registration needs an account."""
    with pytest.raises(LogInRequired):
        scene.room.ask(BeginRegistration)


def test_the_same_key_begins_one_registration(scene: Scene) -> None:
    """A repeated command has its effect once and answers the same."""
    author = person()
    first, second = (scene.room.ask(BeginRegistration, author, key="once") for _ in range(2))
    assert first == second
    assert len(scene.room.facts("registration_begun")) == 1


def test_lists_are_filtered_and_paged(scene: Scene) -> None:
    """By state, country, type, partnership; page by page."""
    for country, nuts in (("ES", "ES114"), ("PT", "PT111"), ("PT", "PT1A0")):
        scene.submitted(organisation={"country": country, "nuts": nuts, "town": "Vigo" if country == "ES" else "Porto"})
    ask = lambda **fields: scene.room.ask(ListRegistrations, scene.checker, **fields)  # noqa: E731
    assert len(ask(country=["PT"])["items"]) == 2
    assert len(ask(organisation_type=["sme"])["items"]) == 0
    assert len(ask(partnership_id=scene.partnership_id, state=["submitted"])["items"]) == 3
    assert len(ask(change_waiting=False)["items"]) == len(ask(flagged=False)["items"]) == len(ask(text="cluster ")["items"]) == 3
    assert ask(flagged=True)["items"] == ask(text="cluster_")["items"] == []
    page = ask(limit=2)
    rest = ask(limit=2, after=page["next"])
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


def test_documents_learn_name_and_address_from_the_registry(scene: Scene) -> None:
    """Services are told; people are not even told that one could ask; a draft is not found."""
    view, _ = scene.accepted()
    details = scene.move(ReadOrganisationDetails, service("agreements"), view)
    assert details["legal_name"] == view["organisation"]["legal_name"]
    assert (details["representative_name"], details["town"]) == ("Ms Given Family", "Vigo")
    for who in (scene.checker, administrator()):
        with pytest.raises(NotFound):
            scene.move(ReadOrganisationDetails, who, view)
    with pytest.raises(OrganisationNotFound):
        scene.move(ReadOrganisationDetails, service("agreements"), scene.draft()[0])


def test_everybody_is_offered_the_moves_of_their_own_role(scene: Scene) -> None:
    """The moves that a viewer may make are those of its own role."""
    view, author = scene.submitted()
    assert scene.read(author, view)["moves"] == ["recall", "withdraw"]
    assert scene.read(scene.checker, view)["moves"] == ["request_info", "approve_hosting", "accept", "reject"]
    assert scene.read(support_officer(), view)["moves"] == []
