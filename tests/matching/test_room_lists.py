"""The ranked list and the catalogue on a real database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis.bare.refusals import InvalidFields, LogInRequired, RoleRequired, Unavailable
from contracts.matching import (
    Catalogue,
    CatalogueEntry,
    CompareParticipants,
    ListAlike,
    ListCatalogue,
    ListMatches,
    MatchList,
    ReadCatalogueEntry,
    WithdrawContact,
)
from contracts.matching.catalogue import RankedPartner
from contracts.matching.refusals import NotAcceptedYet, ParticipationNotFound, RoleNotTaken
from contracts.words.profile import PublicProfile
from services.matching.doors import steady
from services.matching.model import Setting, ShownList
from services.matching.queries import following
from services.matching.ranking import WEIGHTS
from tests.builders import administrator, auditor, contact_point, person, representative, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile, visitor_profile

WISHES: dict[str, list[str]] = {"countries": [], "organisation_types": [], "activity_types": [], "languages": []}


def matches(matching: MatchingRoom, who: Any = None, name: str = "visitor", role: str = "visitor", **fields: Any) -> dict[str, Any]:
    """The ranked list of a participation."""
    asked: dict[str, Any] = {"participation_id": an_id(f"{name} participation"), "as": role} | fields
    return matching.room.ask(ListMatches, who or visitor_person(), **asked)


def names(matching: MatchingRoom, who: Any = None, **search: Any) -> list[str]:
    """Whom a search of the catalogue finds."""
    return [each["profile"]["legal_name"] for each in matching.room.ask(ListCatalogue, who or support_officer(), **search)["items"]]


def test_the_list_gives_both_scores_and_reasons_of_each_side(matching: MatchingRoom) -> None:
    """Every criterion is explained for the visitor and for the host."""
    found = matches(matching)
    assert (found["possible"], len(found["items"])) == (1, 1)
    first = found["items"][0]
    assert first["position"] == 1
    assert min(first["visitor_score"], first["host_score"]) <= first["score"] <= max(first["visitor_score"], first["host_score"])
    for side in ("visitor", "host"):
        assert sum(each["points"] for each in first["reasons"][side]) == first[f"{side}_score"]
    learning = next(each for each in first["reasons"]["visitor"] if each["criterion"] == "learning")
    assert learning == {"criterion": "learning", "points": 180, "of": 180, "known": True, "values": ["robot welding"]}
    assert first["profile"]["legal_name"] == "Organisation host"


PARTNERS = {"visitor": (visitor_person, "host", host_profile), "host": (host_person, "visitor", visitor_profile)}
"""Whose list it is: who asks for it, and the role and the profile of those who stand on it."""
OWN = {"visitor": visitor_profile, "host": host_profile}
WISHED = {
    "countries": ("FR", "PL"), "organisation_types": ("incubator", "fab_lab"), "activity_types": ("market_research", "networking"),
    "languages": ("fr", "de"),
}  # fmt: skip
"""Two things to wish for, by the wish."""

each_wish_on_either_side = pytest.mark.parametrize(("role", "wish"), [(role, wish) for role in PARTNERS for wish in WISHED])


def wishing(role: str, **wishes: list[str]) -> dict[str, Any]:
    """The change of a profile to these wishes alone."""
    return {f"{role}_preferences": {**WISHES, **wishes}}


def being(role: str, wish: str, value: str) -> dict[str, Any]:
    """The change of a profile to that of somebody who meets the wish and wishes nothing, but to do the same."""
    met: dict[str, dict[str, Any]] = {
        "countries": {"country": value}, "organisation_types": {"organisation_type": value}, "activity_types": {},
        "languages": {"languages": [{"language": "en", "level": "C1"}, {"language": value, "level": "C2"}]},
    }  # fmt: skip
    return wishing(role, **({wish: [value]} if wish == "activity_types" else {})) | met[wish]


def seen(matching: MatchingRoom, role: str, side: str, criterion: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Of the partners called `one` and `other`: their order on that list, and that reason of that side for each of the two."""
    items = matches(matching, PARTNERS[role][0](), role, role)["items"]
    found = {each["profile"]["legal_name"].removeprefix("Organisation "): each["reasons"][side] for each in items}
    order = [name for name in found if name in ("one", "other")]
    return order, [next(each for each in found[name] if each["criterion"] == criterion) for name in order]


@each_wish_on_either_side
def test_an_own_wish_changed_changes_order_and_reason(matching: MatchingRoom, role: str, wish: str) -> None:
    """Whoever asks wishes for what the one partner has, then for what the other has: each time that one is first, and the reason says why."""
    _, of_partners, partner = PARTNERS[role]
    values = dict(zip(("one", "other"), WISHED[wish], strict=True))
    for name, value in values.items():
        matching.accept(partner(name, **being(of_partners, wish, value)))
    for revision, first in enumerate(("one", "other", "one"), 2):
        matching.change(OWN[role](**wishing(role, **{wish: [values[first]]})), revision)
        order, (good, bad) = seen(matching, role, role, wish)
        assert order[0] == first and len(order) == 2
        assert (good["known"], good["points"], good["values"]) == (True, good["of"], [values[first]])
        assert (bad["known"], bad["points"], bad["values"]) == (True, 0, [])


@each_wish_on_either_side
def test_a_wish_of_the_partner_changed_changes_order_and_reason(matching: MatchingRoom, role: str, wish: str) -> None:
    """A partner who wishes for what the asking side is comes first, and last when it wishes for something else; its own reasons say so."""
    _, of_partners, partner = PARTNERS[role]
    met, missed = WISHED[wish]
    matching.change(OWN[role](**being(role, wish, met)), 2)
    for name in ("one", "other"):
        matching.accept(partner(name, **wishing(of_partners)))
    for revision, value, points, order in ((2, met, 1, ["one", "other"]), (3, missed, 0, ["other", "one"]), (4, met, 1, ["one", "other"])):
        matching.change(partner("one", **wishing(of_partners, **{wish: [value]})), revision)
        found, reasons = seen(matching, role, of_partners, wish)
        of_one, of_other = reasons if found[0] == "one" else reversed(reasons)
        assert found == order
        assert (of_one["known"], of_one["points"], of_one["values"]) == (True, points * of_one["of"], [met] * points)
        assert (of_other["known"], of_other["points"]) == (False, of_other["of"] // 2)


@pytest.mark.parametrize(
    ("criterion", "change"), [("learning", {"want_to_learn": ["wool dyeing"]}), ("ecosystems", {"ecosystems": ["textile"]})]
)
def test_what_is_sought_changes_order_and_reason(matching: MatchingRoom, criterion: str, change: dict[str, Any]) -> None:
    """The visitor changes one thing in its profile; the other host is first now, and the reasons say by what."""
    matching.accept(host_profile("other", can_teach=["wool dyeing"], ecosystems=["textile"]))
    before = matches(matching)
    assert before["items"][0]["profile"]["legal_name"] == "Organisation host"
    neutral = {"want_to_learn": [], "ecosystems": [], "nace": [], "topics": [], "technologies": []}
    matching.change(visitor_profile(**{**neutral, **change}), 2)
    after = matches(matching)
    assert after["items"][0]["profile"]["legal_name"] == "Organisation other"
    reason = next(each for each in after["items"][0]["reasons"]["visitor"] if each["criterion"] == criterion)
    assert reason["known"] and reason["points"] > reason["of"] // 2
    assert after["data_version"] > before["data_version"]


def test_both_sides_read_whether_the_visitors_group_is_too_large(matching: MatchingRoom) -> None:
    """A group of three goes down on the list of a host that takes two, and the host on the group's."""
    matching.accept(host_profile("roomy", group_size=3))
    for revision, coming, first in ((2, 2, None), (3, 3, "Organisation roomy")):
        matching.change(visitor_profile(group_size=coming), revision)
        items = matches(matching)["items"]
        assert first in (None, items[0]["profile"]["legal_name"])
        of_host = next(each for each in items if each["profile"]["legal_name"] == "Organisation host")["reasons"]
        for side in ("visitor", "host"):
            reason = next(each for each in of_host[side] if each["criterion"] == "group_size")
            assert (reason["points"], reason["values"]) == (20 if coming == 2 else 0, [f"{coming}/2"])


def test_hosts_have_a_list_of_visitors(matching: MatchingRoom) -> None:
    """The same score from the other side."""
    own, others = matches(matching), matches(matching, host_person(), "host", "host")
    assert [each["profile"]["legal_name"] for each in others["items"]] == ["Organisation visitor"]
    assert own["items"][0]["score"] == others["items"][0]["score"]


def test_the_ranking_leaves_the_event_loop_alone(matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes are taken in and partners looked for in a thread, not between two turns of the loop."""
    matches(matching)
    sent: list[Any] = []

    def in_thread(work: Any, *args: Any) -> Any:
        sent.append(work)
        return work(*args)

    monkeypatch.setattr(following, "in_thread", in_thread)
    matching.accept(host_profile("other"))
    assert matches(matching)["possible"] == 2
    assert sent == [following._timed]


def test_a_changed_profile_is_read_anew(matching: MatchingRoom) -> None:
    """What is kept of a profile for the next list is kept for exactly that content."""
    before = matches(matching)["items"][0]["score"]
    matching.change(host_profile(can_teach=["wool dyeing"]), 2)
    assert matches(matching)["items"][0]["score"] < before
    matching.change(host_profile(), 3)
    assert matches(matching)["items"][0]["score"] == before


def test_the_limit_cuts_the_list_and_possible_counts_all(matching: MatchingRoom) -> None:
    """Five hosts fit, two are wanted."""
    for name in "abcd":
        matching.accept(host_profile(name))
    found = matches(matching, limit=2)
    assert (found["possible"], [each["position"] for each in found["items"]]) == (5, [1, 2])


def test_whoever_is_in_contact_is_not_on_the_list_any_more(matching: MatchingRoom) -> None:
    """And is there again when the request was withdrawn."""
    contact = matching.request()
    assert matches(matching, at_least=contact["data_version"])["items"] == []
    assert matches(matching, host_person(), "host", "host")["items"] == []
    matching.move(WithdrawContact, visitor_person(), contact)
    assert len(matches(matching)["items"]) == 1


def test_after_a_match_neither_side_is_offered_further(matching: MatchingRoom) -> None:
    """The host has one place, the visitor one exchange."""
    matching.accept(host_profile("other"))
    matching.accept(visitor_profile("second", country="FR"))
    matching.matched()
    assert matches(matching)["items"] == []
    assert matches(matching, host_person(), "host", "host")["items"] == []


def test_what_was_shown_is_logged(matching: MatchingRoom) -> None:
    """Ids, positions and scores, with the data version."""
    found = matches(matching)
    with matching.room.unit() as unit:
        shown = unit.session.scalars(select(ShownList)).one()
    partner = {"participation_id": str(an_id("host participation")), "position": 1, "score": found["items"][0]["score"]}
    assert (shown.participation_id, shown.role, shown.partners) == (an_id("visitor participation"), "visitor", [partner])
    assert shown.data_version == found["data_version"]


def test_a_data_version_that_is_not_there_yet_is_waited_for_and_then_unavailable(
    matching: MatchingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer never takes less into account than asked."""
    monkeypatch.setattr(steady, "PAUSE_S", 0)
    version = matches(matching)["data_version"]
    assert matches(matching, at_least=version)["data_version"] == version
    with pytest.raises(Unavailable):
        matches(matching, at_least=version + 1)
    with pytest.raises(Unavailable):
        matching.room.ask(ListCatalogue, support_officer(), at_least=version + 1)
    with pytest.raises(Unavailable):
        matching.room.ask(ReadCatalogueEntry, support_officer(), participation_id=an_id("host participation"), at_least=version + 1)


def test_the_list_is_refused_before_acceptance(matching: MatchingRoom) -> None:
    """A draft's representative sees neither list nor catalogue."""
    who = representative(an_id("draft organisation"))
    with pytest.raises(NotAcceptedYet):
        matches(matching, who, "draft")
    with pytest.raises(NotAcceptedYet):
        matching.room.ask(ListCatalogue, who)
    with pytest.raises(NotAcceptedYet):
        matching.room.ask(ReadCatalogueEntry, who, participation_id=an_id("host participation"))


def test_anothers_list_is_not_there(matching: MatchingRoom) -> None:
    """A foreign participation is not found, not forbidden; and whether there is one cannot be told from the answer."""
    for name in ("visitor", "nobody"):
        with pytest.raises(ParticipationNotFound):
            matches(matching, host_person(), name)
        with pytest.raises(NotAcceptedYet):
            matches(matching, representative(an_id("draft organisation")), name)


def test_the_weights_of_a_day_are_its_rows(matching: MatchingRoom) -> None:
    """A row that begins today counts from today on, one that begins tomorrow does not yet."""
    today = matching.room.clock.now().date()
    with matching.room.unit() as unit:
        for name, valid_from, value in (("learning", today, 170), ("size", today, 30), ("learning", today + timedelta(1), 0)):
            unit.session.add(
                Setting(id=uuid4(), name=f"weight_{name}", valid_from=valid_from, value=value, source="a test", added_at=unit.now)
            )

    def weights() -> dict[str, int]:
        return {each["criterion"]: each["of"] for each in matches(matching)["items"][0]["reasons"]["visitor"]}

    assert weights() == WEIGHTS | {"learning": 170, "size": 30}
    matching.room.clock.advance(days=1)
    assert weights()["learning"] == 0


def test_a_list_in_a_role_not_taken_is_refused(matching: MatchingRoom) -> None:
    """The visitor takes no part as host."""
    with pytest.raises(RoleNotTaken):
        matches(matching, role="host")


def test_the_list_is_for_representatives_and_nobody_else(matching: MatchingRoom) -> None:
    """Contact points and officers have no list; nobody sees one without logging in."""
    for who in (contact_point(an_id("visitor partnership")), support_officer(), auditor(), person()):
        with pytest.raises(RoleRequired):
            matches(matching, who)
    with pytest.raises(LogInRequired):
        matching.room.ask(ListCatalogue)


def test_contact_points_and_the_support_office_browse_and_others_do_not(matching: MatchingRoom) -> None:
    """Without an accepted participation the office's roles are what opens the catalogue."""
    for who in (contact_point(an_id("any")), support_officer(), administrator(), visitor_person()):
        assert "Organisation host" in names(matching, who)
    for who in (person(), auditor(), contact_point(an_id("any"), "finance")):
        with pytest.raises(NotAcceptedYet):
            names(matching, who)


def test_visibility_is_respected(matching: MatchingRoom) -> None:
    """`partnerships` shows to the same partnership and to contact points, `hidden` to nobody."""
    same = str(an_id("visitor partnership"))
    matching.accept(host_profile("near", visibility="partnerships", partnership_id=same))
    matching.accept(host_profile("far", visibility="partnerships"))
    matching.accept(host_profile("hidden", visibility="hidden"))
    assert names(matching, visitor_person()) == ["Organisation host", "Organisation near", "Organisation visitor"]
    assert names(matching, contact_point(an_id("any"))) == [f"Organisation {name}" for name in ("far", "host", "near", "visitor")]
    assert "Organisation hidden" not in names(matching)
    with pytest.raises(ParticipationNotFound):
        matching.room.ask(ReadCatalogueEntry, visitor_person(), participation_id=an_id("far participation"))


SEARCHES: list[tuple[dict[str, Any], bool]] = [
    ({"text": "rob weld"}, True),
    ({"text": "ROBOT, welding!"}, True),
    ({"text": "robot dyeing"}, False),
    ({"text": "& | !"}, False),
    ({"countries": ["PT", "FR"]}, True),
    ({"countries": ["FR"]}, False),
    ({"ecosystems": ["digital", "health"]}, True),
    ({"ecosystems": ["health"]}, False),
    ({"nace": ["62"]}, True),
    ({"nace": ["01"]}, False),
    ({"organisation_types": ["sme"]}, True),
    ({"organisation_types": ["fab_lab"]}, False),
    ({"sizes": ["small"]}, True),
    ({"sizes": ["large"]}, False),
    ({"role": "host"}, True),
    ({"role": "visitor"}, False),
    ({"activity_types": ["knowledge_sharing"]}, True),
    ({"activity_types": ["market_research"]}, False),
    ({"languages": ["en", "fi"]}, True),
    ({"languages": ["fi"]}, False),
    ({"topics": ["Port Logistics"]}, True),
    ({"topics": ["trains"]}, False),
    ({"partnership_id": an_id("host partnership")}, True),
    ({"partnership_id": an_id("visitor partnership")}, False),
    ({"start": "2027-05-31"}, True),
    ({"start": "2027-06-01"}, False),
    ({"end": "2027-03-01"}, True),
    ({"end": "2027-02-28"}, False),
    ({"start": "2027-04-01", "end": "2027-04-02"}, True),
    ({"countries": ["PT"], "role": "host", "text": "welding"}, True),
    ({"countries": ["PT"], "role": "host", "text": "dyeing"}, False),
    ({"towns": ["A Coruña"]}, True),
    ({"towns": ["Lisboa"]}, False),
    ({"regions": ["ES1"]}, True),
    ({"regions": ["PT"]}, False),
    ({"technologies": ["Digital Twins"]}, True),
    ({"technologies": ["looms"]}, False),
    ({"can_teach": "weld"}, True),
    ({"can_teach": "lean"}, False),
    ({"want_to_learn": "lean production"}, True),
    ({"want_to_learn": "weld"}, False),
    ({"language_level": "C1"}, True),
    ({"language_level": "C2"}, False),
    ({"languages": ["en"], "language_level": "C1"}, True),
    ({"languages": ["fi"], "language_level": "A1"}, False),
    ({"wished_countries": ["ES"]}, True),
    ({"wished_countries": ["PT"]}, False),
    ({"wished_organisation_types": ["cluster_organisation"]}, True),
    ({"wished_organisation_types": ["fab_lab"]}, False),
    ({"wished_languages": ["en"]}, True),
    ({"wished_languages": ["fi"]}, False),
    ({"partnerships": [an_id("host partnership"), an_id("other")]}, True),
    ({"partnerships": [an_id("other")]}, False),
    ({"stay_from": 10}, True),
    ({"stay_from": 11}, False),
    ({"stay_to": 3}, True),
    ({"stay_to": 2}, False),
    ({"group_from": 2, "group_to": 2}, True),
    ({"group_from": 3}, False),
    ({"group_to": 1}, False),
    ({"places_from": 1}, True),
    ({"places_from": 2}, False),
    ({"answers_within_hours": 10_000}, False),
    ({"cluster_member": True, "may_host": True, "may_visit": True}, True),
    ({"sme": True}, False),
    ({"outermost_region": False}, True),
    ({"latitude": 43.0, "longitude": -8.0, "within_km": 60}, True),
    ({"latitude": 43.0, "longitude": -8.0, "within_km": 40}, False),
]


def test_each_criterion_of_the_catalogue_finds_and_leaves_out(matching: MatchingRoom) -> None:
    """The host is found by what it is, and not by what it is not."""
    for search, found in SEARCHES:
        dated = {name: _day(value) if name in ("start", "end") else value for name, value in search.items()}
        assert ("Organisation host" in names(matching, **dated)) is found, search


def _day(text: str) -> date:
    return date.fromisoformat(text)


def test_somebody_without_windows_is_found_for_any_period(matching: MatchingRoom) -> None:
    """No windows mean: available at any time."""
    matching.accept(host_profile("always", availability=[]))
    assert names(matching, start=_day("2030-01-01")) == ["Organisation always"]


def test_a_period_that_ends_before_it_begins_is_refused(matching: MatchingRoom) -> None:
    """The field is named."""
    with pytest.raises(InvalidFields):
        names(matching, start=_day("2027-02-01"), end=_day("2027-01-31"))


def test_pages_follow_each_other_and_counts_are_over_all(matching: MatchingRoom) -> None:
    """Five participants, two on a page; the total and the counts stay the same."""
    for name in "abc":
        matching.accept(host_profile(name, country="FR"))
    seen, after = [], None
    while True:
        page = matching.room.ask(ListCatalogue, support_officer(), limit=2, **({"after": after} if after else {}))
        seen += [each["profile"]["legal_name"] for each in page["items"]]
        assert page["total"] == 5
        assert {"criterion": "countries", "value": "FR", "count": 3} in page["counts"]
        assert {"criterion": "ecosystems", "value": "digital", "count": 5} in page["counts"]
        if (after := page["next"]) is None:
            break
    assert seen == [f"Organisation {name}" for name in ("a", "b", "c", "host", "visitor")]


@pytest.mark.parametrize(
    "search",
    [
        {"sort": "match"}, {"sort": "distance"}, {"within_km": 5}, {"latitude": 5.0}, {"latitude": 91.0, "longitude": 0.0}, {"as": "host"},
        {"stay_from": 5, "stay_to": 4}, {"latitude": float("nan"), "longitude": 1.0}, {"after": "x"}, {"after": "WzEsMiwzXQ"},
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(matching: MatchingRoom, search: dict[str, Any]) -> None:
    """An order without whom it is for, half a place, a range turned round, a cursor of nothing."""
    with pytest.raises(InvalidFields):
        names(matching, **search)


def test_counts_of_a_criterion_leave_its_own_choice_out(matching: MatchingRoom) -> None:
    """With one country chosen the others still say how many they would add; everything else counts among those chosen."""
    for name, size in (("a", "large"), ("b", "micro")):
        matching.accept(host_profile(name, country="FR", size=size))
    facets = ["countries", "sizes", "roles", "cluster_member", "towns", "topics"]
    found = matching.room.ask(ListCatalogue, support_officer(), countries=["FR"], sizes=["large"], facets=facets)
    counts = {(each["criterion"], each["value"]): each["count"] for each in found["counts"]}
    assert found["total"] == 1
    assert {name: count for (criterion, name), count in counts.items() if criterion == "countries"} == {"FR": 1}
    assert {name: count for (criterion, name), count in counts.items() if criterion == "sizes"} == {"large": 1, "micro": 1}
    assert (counts["roles", "host"], counts["roles", "visitor"], counts["cluster_member", "true"]) == (1, 0, 1)
    assert (counts["towns", "A Coruna"], counts["topics", "port logistics"]) == (1, 1)


def test_the_order_by_match_is_that_of_the_ranked_list(matching: MatchingRoom) -> None:
    """With scores as there; who is no possible partner comes after all of them, page by page."""
    for name in "abc":
        matching.accept(host_profile(name, can_teach=[name]))
    ranked = [(each["profile"]["legal_name"], each["score"]) for each in matches(matching)["items"]]
    asked: dict[str, Any] = {"for_participation_id": an_id("visitor participation"), "as": "visitor", "sort": "match", "limit": 3}
    first = matching.room.ask(ListCatalogue, visitor_person(), **asked)
    second = matching.room.ask(ListCatalogue, visitor_person(), after=first["next"], **asked)
    found = [(each["profile"]["legal_name"], each["match"] and each["match"]["score"]) for each in first["items"] + second["items"]]
    assert sorted(found[:4]) == sorted(ranked) and [score for _, score in found[:4]] == [score for _, score in ranked]
    assert found[4:] == [("Organisation visitor", None)]


def test_the_nearest_and_the_newest_come_first(matching: MatchingRoom) -> None:
    """Distances from one's own place; the last to be accepted first."""
    matching.accept(host_profile("near", latitude=43.4, longitude=-8.4))
    matching.room.clock.advance(days=1)
    matching.accept(host_profile("far", latitude=60.2, longitude=24.9))
    asked: dict[str, Any] = {"for_participation_id": an_id("visitor participation")}
    nearest = matching.room.ask(ListCatalogue, visitor_person(), sort="distance", role="host", **asked)["items"]
    assert [each["profile"]["legal_name"] for each in nearest] == [f"Organisation {name}" for name in ("host", "near", "far")]
    assert [each["distance_km"] for each in nearest] == [0, 3, 2904]
    assert names(matching, sort="newest")[0] == "Organisation far"


def test_those_who_answer_come_first(matching: MatchingRoom) -> None:
    """One answered, one let a request expire: in between is whoever was never asked."""
    matching.accept(host_profile("other"))
    matching.accept(host_profile("never"))
    matching.accepted()
    matching.request(host="other")
    matching.room.clock.advance(days=15)
    matching.room.run_due()
    assert names(matching, sort="responsiveness", role="host") == [f"Organisation {name}" for name in ("host", "never", "other")]


def test_places_on_the_map_hold_all_that_fit(matching: MatchingRoom) -> None:
    """Each place once with how many are there; none unless they are asked for."""
    matching.accept(host_profile("a", town="Porto", country="PT", latitude=41.1, longitude=-8.6))
    found = matching.room.ask(ListCatalogue, support_officer(), points=True, limit=1)
    assert {(each["town"], each["country"]): each["count"] for each in found["points"]} == {
        ("A Coruna", "ES"): 1, ("A Coruna", "PT"): 1, ("Porto", "PT"): 1,
    }  # fmt: skip
    assert matching.room.ask(ListCatalogue, support_officer())["points"] == []


def test_a_slip_is_put_right_when_nothing_else_is_found(matching: MatchingRoom) -> None:
    """And the answer says so."""
    found = matching.room.ask(ListCatalogue, support_officer(), text="robot weldnig", role="host")
    assert [each["profile"]["legal_name"] for each in found["items"]] == ["Organisation host"]
    assert found["corrected"] == [{"word": "weldnig", "taken_as": ["welding"]}]
    assert matching.room.ask(ListCatalogue, support_officer(), text="welding")["corrected"] == []


def test_more_like_this_says_what_is_shared(matching: MatchingRoom) -> None:
    """The one that shares most comes first, with what; whoever is not seen is not there."""
    matching.accept(host_profile("same", topics=["Port Logistics", "cranes"]))
    matching.accept(host_profile("else", topics=["dairy"], ecosystems=["agri_food"], technologies=["drones"], nace=["01"]))
    matching.accept(host_profile("hidden", visibility="hidden"))
    found = matching.room.ask(ListAlike, visitor_person(), participation_id=an_id("host participation"))["items"]
    order = [each["entry"]["profile"]["legal_name"] for each in found]
    assert order[0] == "Organisation same" and order[-1] == "Organisation else" and "Organisation hidden" not in order
    assert {"criterion": "topics", "values": ["port logistics"]} in found[0]["shared"]
    with pytest.raises(ParticipationNotFound):
        matching.room.ask(ListAlike, visitor_person(), participation_id=an_id("hidden participation"))


def test_some_are_compared_side_by_side(matching: MatchingRoom) -> None:
    """In the order asked for, with what they have in common; whoever is not seen is left out; five are too many."""
    matching.accept(host_profile("hidden", visibility="hidden"))
    ids = [an_id(f"{name} participation") for name in ("visitor", "hidden", "host")]
    own: dict[str, Any] = {"for_participation_id": ids[0], "as": "visitor"}
    found = matching.room.ask(CompareParticipants, visitor_person(), participations=ids, **own)
    assert [each["profile"]["legal_name"] for each in found["items"]] == ["Organisation visitor", "Organisation host"]
    assert found["items"][0]["match"] is None and found["items"][1]["match"]["score"] == matches(matching)["items"][0]["score"]
    assert {"criterion": "languages", "values": ["en"]} in found["common"]
    with pytest.raises(InvalidFields):
        matching.room.ask(CompareParticipants, visitor_person(), participations=[an_id(str(number)) for number in range(5)])
    with pytest.raises(ParticipationNotFound):
        matching.room.ask(CompareParticipants, host_person(), participations=ids, **own)
    with pytest.raises(RoleNotTaken):
        matching.room.ask(CompareParticipants, visitor_person(), participations=ids, **(own | {"as": "host"}))


def test_an_entry_says_what_its_participant_is_free_for(matching: MatchingRoom) -> None:
    """Before the match the host has a place and the visitor a visit; after it they are not available."""
    entry = matching.room.ask(ReadCatalogueEntry, visitor_person(), participation_id=an_id("host participation"))
    assert (entry["places_left"], entry["may_still_visit"], entry["partnership"]) == (1, False, "HOST")
    entry = matching.room.ask(ReadCatalogueEntry, host_person(), participation_id=an_id("visitor participation"))
    assert (entry["places_left"], entry["may_still_visit"]) == (0, True)
    matching.matched()
    assert names(matching) == []


def test_every_field_promised_of_lists_is_there(matching: MatchingRoom) -> None:
    """Nothing promised is left out."""
    ranked = matches(matching)
    assert set(ranked) == set(MatchList._declared_fields)
    assert set(ranked["items"][0]) == set(RankedPartner._declared_fields)
    found = matching.room.ask(ListCatalogue, support_officer())
    assert set(found) == set(Catalogue._declared_fields)
    assert set(found["items"][0]) == set(CatalogueEntry._declared_fields)
    assert set(found["items"][0]["profile"]) == set(PublicProfile._declared_fields)
