"""The rules of a registration, without a database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.bare.principal import Principal
from chassis.bare.refusals import InvalidFields, MoveNotYours, Refusal
from contracts.registry import (
    ClusterPageElsewhere,
    ConsentOutdated,
    CountryNotEligible,
    HostingNotApproved,
    NoChangeProposed,
    NotAnSme,
    NumberNotValid,
    ParticipationAccepted,
    PartnershipClosed,
    PartnershipFixed,
    ProfileChanged,
    RegionElsewhere,
    RegistrationIncomplete,
    RegistrationSubmitted,
    RoleNotOpen,
    TownNotPlaced,
)
from services.registry.model import Joining, Participation, Partnership
from tests.builders import A_MONDAY, contact_point
from tests.registry.forms import VALID, filled, loaded, partnership, places, scheme

SME_OUTSIDE = {"organisation_type": "sme", "cluster_member": False, "size": "small"}


def test_who_asked_to_join_does_not_let_themselves_in() -> None:
    """A contact point who asks to join an organisation of its own partnership does not decide about it."""
    at = partnership()
    asker = contact_point(at.id)
    joining, _ = Joining.ask(asker, partnership().id, at.id, "Same office.", A_MONDAY)
    with pytest.raises(MoveNotYours):
        joining.accept(asker, A_MONDAY)


def test_submitting_an_empty_draft_names_what_is_missing() -> None:
    """Every step's missing answers are named."""
    at = partnership()
    draft, author = filled(at, cv=False, person={"phone": None}, offer={"nace": []}, period={"capacity": None})
    with pytest.raises(RegistrationIncomplete) as refused:
        draft.submit(author, A_MONDAY, scheme(), at)
    assert refused.value.details["missing"] == "person.phone, person.cv, offer.nace, period.capacity"


def test_a_host_needs_no_cv_and_a_visitor_no_capacity() -> None:
    """What is asked for follows the role."""
    at = partnership()
    host, author = filled(at, cv=False, role={"roles": ["host"]}, offer={"want_to_learn": []})
    host.submit(author, A_MONDAY, scheme(), at)
    visitor, author = filled(at, role={"roles": ["visitor"]}, offer={"can_teach": []}, period={"capacity": None})
    visitor.submit(author, A_MONDAY, scheme(), at)
    assert (host.state, visitor.state) == ("submitted", "submitted")


def test_a_cluster_member_names_its_cluster() -> None:
    """Membership without the cluster is incomplete."""
    at = partnership()
    draft, _ = filled(at, organisation={"cluster_member": True})
    assert draft.missing_answers() == ["organisation.cluster_name", "organisation.cluster_page"]


@pytest.mark.parametrize(
    ("steps", "refusal"),
    [
        ({"organisation": {"country": "CH", "nuts": "CH011"}}, CountryNotEligible),
        ({"organisation": {"organisation_type": "sme", "size": "large"}}, NotAnSme),
        ({"organisation": SME_OUTSIDE}, RoleNotOpen),
        ({"organisation": {"organisation_type": "fab_lab"}}, RoleNotOpen),
        ({"organisation": {"town": "Nowhere", "latitude": None, "longitude": None}}, TownNotPlaced),
        ({"consents": [{"notice": "privacy_notice", "version": "2026-1"}]}, ConsentOutdated),
        (
            {"consents": [{"notice": "privacy_notice", "version": "2019-1"}, {"notice": "scheme_rules", "version": "2026-1"}]},
            ConsentOutdated,
        ),
    ],
)
def test_submission_is_refused(steps: dict[str, Any], refusal: type[Refusal]) -> None:
    """Each rule of eligibility refuses, and leaves the draft a draft."""
    at = partnership()
    draft, author = filled(at, **steps)
    with pytest.raises(refusal):
        draft.submit(author, A_MONDAY, scheme(), at)
    assert draft.state == "draft"


def test_a_closed_partnership_takes_no_new_registration_but_an_answer() -> None:
    """Who was asked for more may answer after the partnership closed."""
    closed = partnership(open_for_registration=False)
    draft, author = filled(closed)
    with pytest.raises(PartnershipClosed):
        draft.submit(author, A_MONDAY, scheme(), closed)
    draft.state = "more_info_requested"
    draft.submit(author, A_MONDAY, scheme(), closed)
    assert draft.state == "submitted"


@pytest.mark.parametrize("others_may_visit", [True, False])
def test_whether_a_large_company_visits_is_its_partnerships_parameter(others_may_visit: bool) -> None:
    """Where public sources conflict, the partnership's parameter decides."""
    at = partnership(others_may_visit=others_may_visit)
    member = {
        "organisation_type": "large_company",
        "size": "large",
        "cluster_member": True,
        "cluster_name": "A cluster",
        "cluster_page": "https://www.clustercollaboration.eu/content/example-cluster",
    }
    draft, author = filled(at, organisation=member)
    if others_may_visit:
        draft.submit(author, A_MONDAY, scheme(), at)
    else:
        with pytest.raises(RoleNotOpen):
            draft.submit(author, A_MONDAY, scheme(), at)


def test_an_sme_outside_any_cluster_hosts_after_pre_approval() -> None:
    """It may submit; it is accepted only once its hosting was approved, and then may not visit."""
    at = partnership()
    draft, author = filled(at, organisation=SME_OUTSIDE, role={"roles": ["host"]})
    checker = contact_point(at.id)
    draft.submit(author, A_MONDAY, scheme(), at)
    with pytest.raises(HostingNotApproved):
        draft.accept(checker, A_MONDAY, scheme(), at)
    assert draft.state == "submitted"
    draft.approve_hosting(checker, A_MONDAY)
    draft.accept(checker, A_MONDAY, scheme(), at)
    assert (draft.state, draft.may_host, draft.may_visit) == ("accepted", True, False)


def test_acceptance_announces_the_public_profile_without_personal_data() -> None:
    """The fact carries the whole profile; no name, address, mail, phone or accessibility need."""
    at = partnership()
    draft, author = filled(at, period={"accessibility_needs": "A step-free way"})
    draft.submit(author, A_MONDAY, scheme(), at)
    fact = draft.accept(contact_point(at.id), A_MONDAY, scheme(), at)
    assert (fact.type, fact.subject, fact.audience) == (ParticipationAccepted.slug(), f"participation/{draft.id}", (str(at.id),))
    profile = fact.data["profile"]
    assert (profile["may_visit"], profile["may_host"], profile["capacity"], fact.data["revision"]) == (True, True, 2, 1)
    assert profile["availability"] == [{"start": "2027-03-01", "end": "2027-05-31"}]
    assert not {"e_mail", "phone", "accessibility_needs", "first_name", "street", "cv"} & set(profile)
    assert "step-free" not in str(fact.data)


def test_who_does_not_host_offers_no_capacity_and_no_host_preferences() -> None:
    """A visitor's profile says so."""
    at = partnership()
    draft, author = filled(at, role={"roles": ["visitor"]})
    draft.submit(author, A_MONDAY, scheme(), at)
    profile = draft.accept(contact_point(at.id), A_MONDAY, scheme(), at).data["profile"]
    assert (profile["capacity"], profile["host_preferences"], profile["may_host"]) == (0, None, False)
    assert profile["visitor_preferences"]["countries"] == ["PT", "EL"]


def accepted(**steps: Any) -> tuple[Participation, Principal, Partnership]:
    """An accepted participation, its author and its partnership."""
    at = partnership()
    held, author = filled(at, **steps)
    held.submit(author, A_MONDAY, scheme(), at)
    held.accept(contact_point(at.id), A_MONDAY, scheme(), at)
    return held, author, at


def test_an_edit_after_acceptance_changes_the_profile_at_once() -> None:
    """What does not matter for eligibility takes effect with a new revision."""
    held, author, _ = accepted()
    facts = held.revise(author, loaded({"offer": {"topics": ["hydrogen"]}}), A_MONDAY, places, VALID)
    assert [fact.type for fact in facts] == [ProfileChanged.slug()]
    assert (facts[0].data["revision"], facts[0].data["profile"]["topics"]) == (2, ["hydrogen"])


def test_an_edit_that_matters_waits_for_the_contact_point() -> None:
    """The country stays until the change is approved; then the profile follows."""
    held, author, at = accepted()
    move = {"organisation": {"country": "PT", "nuts": "PT111", "town": "Porto"}, "role": {"roles": ["host"]}}
    facts = held.revise(author, loaded(move), A_MONDAY, places, VALID)
    assert [fact.type for fact in facts] == ["change_proposed"]
    assert held.organisation.country == "ES"
    fact = held.approve_change(contact_point(at.id), A_MONDAY, scheme(), at, places)
    assert (fact.data["profile"]["country"], fact.data["profile"]["roles"], held.proposed_change) == ("PT", ["host"], None)


def test_a_proposed_change_can_be_added_to_and_taken_back() -> None:
    """Giving an answer as it is takes its proposal back; saying the same again, or in another order, announces nothing."""
    held, author, _ = accepted()
    types = lambda **steps: [fact.type for fact in held.revise(author, loaded(steps), A_MONDAY, places, VALID)]  # noqa: E731
    assert types(role={"roles": ["visitor", "host"]}) == []
    assert types(organisation={"size": "medium"}) == ["change_proposed"]
    assert types(organisation={"size": "medium"}) == []
    assert types(role={"roles": ["host"]}) == ["change_proposed"]
    assert types(organisation={"size": "small"}) == ["change_proposed"]
    assert held.proposed_change == {"organisation": {}, "role": {"roles": ["host"]}}
    assert types(role={"roles": ["host", "visitor"]}) == ["change_withdrawn"]
    assert held.proposed_change is None


def test_a_region_lies_in_its_country() -> None:
    """Answered one after the other they may differ in a draft; amounts depend on both, so it is not submitted like that."""
    at = partnership()
    draft, author = filled(at)
    draft.revise(author, loaded({"organisation": {"nuts": "PT200"}}), A_MONDAY, places, VALID)
    with pytest.raises(RegionElsewhere):
        draft.submit(author, A_MONDAY, scheme(), at)
    held, author, at = accepted()
    held.revise(author, loaded({"organisation": {"nuts": "PT200"}}), A_MONDAY, places, VALID)
    with pytest.raises(RegionElsewhere):
        held.approve_change(contact_point(at.id), A_MONDAY, scheme(), at, places)
    assert not held.outermost_region


def test_a_vat_number_is_one_of_its_country() -> None:
    """Country, kind and number may be answered one after the other; what does not fit together is not submitted."""
    at = partnership()
    draft, author = filled(at, organisation={"number_kind": "vat", "registration_number": "ESB76048354"})
    draft.revise(author, loaded({"organisation": {"registration_number": "ESB76048355"}}), A_MONDAY, places, VALID)
    with pytest.raises(NumberNotValid) as refused:
        draft.submit(author, A_MONDAY, scheme(), at)
    assert "check digit" in str(refused.value)
    draft.revise(author, loaded({"organisation": {"number_kind": "register"}}), A_MONDAY, places, VALID)
    draft.submit(author, A_MONDAY, scheme(), at)


@pytest.mark.parametrize(
    ("page", "counts"),
    [
        ("https://www.clustercollaboration.eu/content/one", True),
        ("https://clustercollaboration.eu/cluster/one", True),
        ("http://profiles.clustercollaboration.eu/one", True),
        ("https://WWW.ClusterCollaboration.EU/one", True),
        ("https://www.clustercollaboration.eu/", False),
        ("https://www.clustercollaboration.eu.example/one", False),
        ("https://notclustercollaboration.eu/one", False),
        ("https://cluster.example/clustercollaboration.eu/one", False),
        ("https://clustercollaboration.eu@cluster.example/one", False),
    ],
)
def test_a_cluster_has_its_profile_on_the_platform(page: str, counts: bool) -> None:
    """A member's eligibility rests on it; another page of the cluster is not enough, and no page where there is no cluster."""
    at = partnership()
    member = {"cluster_member": True, "cluster_name": "A cluster", "cluster_page": page}
    draft, author = filled(at, organisation=member)
    if counts:
        draft.submit(author, A_MONDAY, scheme(), at)
        return
    with pytest.raises(ClusterPageElsewhere):
        draft.submit(author, A_MONDAY, scheme(), at)
    draft.revise(author, loaded({"organisation": {"cluster_member": False}}), A_MONDAY, places, VALID)
    draft.submit(author, A_MONDAY, scheme(), at)


def test_an_approved_change_forgets_why_an_earlier_one_was_declined() -> None:
    """The decision shown is the last one."""
    held, author, at = accepted()
    held.revise(author, loaded({"organisation": {"size": "medium"}}), A_MONDAY, places, VALID)
    held.decline_change(contact_point(at.id), "Not yet.", A_MONDAY)
    held.revise(author, loaded({"organisation": {"size": "medium"}}), A_MONDAY, places, VALID)
    held.approve_change(contact_point(at.id), A_MONDAY + timedelta(1), scheme(), at, places)
    assert held.decision == {"reason": None, "text": None, "at": A_MONDAY + timedelta(1)}


def test_a_declined_change_leaves_the_answers() -> None:
    """Declining forgets the proposal; declining twice is refused."""
    held, author, at = accepted()
    held.revise(author, loaded({"organisation": {"size": "medium"}}), A_MONDAY, places, VALID)
    held.decline_change(contact_point(at.id), "Not yet.", A_MONDAY)
    assert (held.organisation.size, held.proposed_change) == ("small", None)
    for decide in (
        lambda: held.decline_change(contact_point(at.id), "No.", A_MONDAY),
        lambda: held.approve_change(contact_point(at.id), A_MONDAY, scheme(), at, places),
    ):
        with pytest.raises(NoChangeProposed):
            decide()


def test_an_approved_change_must_stay_eligible() -> None:
    """Approving a move to a country that is not eligible is refused."""
    held, author, at = accepted()
    held.revise(author, loaded({"organisation": {"country": "CH", "nuts": "CH011"}}), A_MONDAY, places, VALID)
    with pytest.raises(CountryNotEligible):
        held.approve_change(contact_point(at.id), A_MONDAY, scheme(), at, places)


def test_an_accepted_profile_stays_complete() -> None:
    """Emptying a needed answer after acceptance is refused."""
    held, author, _ = accepted()
    with pytest.raises(RegistrationIncomplete):
        held.revise(author, loaded({"person": {"phone": None}}), A_MONDAY, places, VALID)


def test_the_partnership_is_fixed_once_submitted() -> None:
    """Another partnership can be chosen in a draft only; naming the same one again changes nothing."""
    held, author, at = accepted()
    held.revise(author, loaded({"partnership": {"partnership_id": str(at.id)}}), A_MONDAY, places, VALID)
    with pytest.raises(PartnershipFixed):
        held.revise(author, loaded({"partnership": {"partnership_id": str(partnership().id)}}), A_MONDAY, places, VALID)


@pytest.mark.parametrize(
    "steps",
    [
        {"organisation": {"country": "GR"}},
        {"organisation": {"country": "PT", "nuts": "ES114"}},
        {"organisation": {"nuts": "es114"}},
        {"organisation": {"website": "javascript:alert(1)"}},
        {"organisation": {"latitude": 91}},
        {"person": {"e_mail": "nobody"}},
        {"person": {"phone": "call me"}},
        {"person": {"languages": [{"language": "en", "level": "C1"}, {"language": "en", "level": "A1"}]}},
        {"person": {"languages": [{"language": "en", "level": "C3"}]}},
        {"role": {"roles": ["guest"]}},
        {"offer": {"nace": ["45"]}},
        {"offer": {"ecosystems": ["digital", "digital"]}},
        {"period": {"min_days": 2}},
        {"period": {"availability": [{"start": "2027-04-01", "end": "2027-03-01"}]}},
        {"partnership": {"visibility": "some"}},
        {"consents": [{"notice": "marketing", "version": "1"}]},
        {"state": "accepted"},
    ],
)
def test_an_answer_that_does_not_fit_is_refused(steps: dict[str, Any]) -> None:
    """Every field is checked; fields that are the server's are unknown."""
    with pytest.raises(InvalidFields):
        loaded(steps)


def test_days_upside_down_are_refused() -> None:
    """The most days are not fewer than the least, also when they come one by one."""
    draft, author = filled(partnership(), period={"min_days": 5, "max_days": 9})
    with pytest.raises(InvalidFields):
        draft.revise(author, loaded({"period": {"max_days": 4}}), A_MONDAY, places, VALID)


def test_a_recalled_registration_is_its_authors_alone_again() -> None:
    """After a recall the contact point has no part in the draft."""
    at = partnership()
    draft, author = filled(at)
    fact = draft.submit(author, A_MONDAY, scheme(), at)
    assert fact.type == RegistrationSubmitted.slug()
    draft.recall(author, A_MONDAY)
    assert draft.roles_of(contact_point(at.id)) == set()


def test_a_consent_keeps_its_first_time() -> None:
    """Consenting again to the same version changes nothing."""
    draft, author = filled(partnership())
    draft.revise(
        author, loaded({"consents": [{"notice": "privacy_notice", "version": "2026-1"}]}), A_MONDAY + timedelta(days=1), places, VALID
    )
    assert [each.given_at for each in draft.consents] == [A_MONDAY, A_MONDAY]


def test_an_outermost_region_is_known_by_its_code() -> None:
    """The Canaries are, Galicia is not."""
    held, _, _ = accepted(organisation={"nuts": "ES703", "town": "Las Palmas"})
    assert held.outermost_region
    assert not accepted()[0].outermost_region


def test_moves_without_anything_to_decide_are_not_offered() -> None:
    """Approving a change is offered only where one waits."""
    held, author, at = accepted()
    checker = contact_point(at.id)
    assert "approve_change" not in held.moves_of(checker)
    held.revise(author, loaded({"organisation": {"size": "medium"}}), A_MONDAY, places, VALID)
    assert "approve_change" in held.moves_of(checker)
    assert "revise" in held.moves_of(author)
