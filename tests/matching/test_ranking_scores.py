"""Scores and order: every preference of either side moves them, and says so in its reasons."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.matching.catalogue import CRITERIA as PROMISED
from contracts.nace import NACE_DIVISIONS
from contracts.words import ACTIVITY_TYPES, ECOSYSTEMS, ORGANISATION_TYPES
from services.matching.ranking import WEIGHTS, Candidate, fit, harmonic_mean, rank, read_candidate
from services.matching.ranking.scores import CRITERIA, Points, nace_nearness
from services.matching.ranking.tokens import plain
from tests.matching.profiles import TODAY, host, host_profile, visitor

NOTHING_WISHED: dict[str, list[str]] = {"countries": [], "organisation_types": [], "activity_types": [], "languages": []}


def wishing(role: str, **wishes: Any) -> dict[str, Any]:
    """The change of a profile to exactly these wishes."""
    return {f"{role}_preferences": {**NOTHING_WISHED, **wishes}}


def part(of: Candidate, other: Candidate, side: str, criterion: str) -> Points:
    """One criterion's part in the score of one side of a pair (visitor first)."""
    found = fit(of, other, "visitor")
    score = found.visitor if side == "visitor" else found.host
    return next(each for each in score.parts if each.criterion == criterion)


def test_accents_and_capitals_make_no_difference_to_words() -> None:
    """Nor does a letter that may be written as two."""
    found = read_candidate(host_profile(motivation="Économie BLEUE, straße", topics=["Énergie"])).offered
    assert {"economie", "bleue", "strasse", "energie"} <= found


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_ascii_is_the_same_by_the_short_way(text: str) -> None:
    """Texts without accents need no taking apart: a letter that does brings them on the long way, with the same words."""
    assert plain(f"{text} é") == f"{plain(text)} e".strip()


def test_weights_criteria_and_contract_name_the_same_and_add_up_to_1000() -> None:
    """No criterion without weight or promised name."""
    assert set(WEIGHTS) == set(CRITERIA) == set(PROMISED)
    assert sum(WEIGHTS.values()) == 1000


# What the visitor changes, and how the two hosts differ: before the change they are ordered as `first, second` by nothing else.
MOVED_BY_VISITOR: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("countries", wishing("visitor", countries=["FR"]), {"country": "PT"}, {"country": "FR"}),
    ("organisation_types", wishing("visitor", organisation_types=["incubator"]), {}, {"organisation_type": "incubator"}),
    (
        "activity_types", wishing("visitor", activity_types=["market_research"]),
        wishing("host", activity_types=["networking"]), wishing("host", activity_types=["market_research"]),
    ),
    (
        "languages", wishing("visitor", languages=["fr"]), {},
        {"languages": [{"language": "en", "level": "C1"}, {"language": "fr", "level": "B2"}]},
    ),
    ("ecosystems", {"ecosystems": ["textile"]}, {"ecosystems": ["digital"]}, {"ecosystems": ["textile"]}),
    ("nace", {"nace": ["13"]}, {"nace": ["62"]}, {"nace": ["13"]}),
    ("nace", {"nace": ["13"]}, {"nace": ["62"]}, {"nace": ["14"]}),
    ("topics", {"topics": ["Ports"]}, {"topics": ["trains"]}, {"topics": ["ports"]}),
    ("technologies", {"technologies": ["lidar"]}, {"technologies": ["radar"]}, {"technologies": ["Lidar"]}),
    ("learning", {"want_to_learn": ["dyeing wool"]}, {"can_teach": ["robot welding"]}, {"can_teach": ["wool dyeing by plants"]}),
    ("text", {"motivation": "hemp fibres"}, {"motivation": "steel wires"}, {"motivation": "fibres made of hemp"}),
    ("size", {"size": "large"}, {"size": "micro"}, {"size": "large"}),
]  # fmt: skip
NEUTRAL: dict[str, Any] = {
    "ecosystems": [], "nace": [], "topics": [], "technologies": [], "want_to_learn": [], "can_teach": [], "motivation": "x", "size": "small",
}  # fmt: skip


@pytest.mark.parametrize(("criterion", "change", "first", "second"), MOVED_BY_VISITOR)
def test_each_wish_of_the_visitor_changes_order_and_reason(
    criterion: str, change: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    """With the wish, the host that meets it comes first and the visitor's reasons say why; the other one gets fewer points."""
    plain = {**NEUTRAL, **wishing("host")}
    hosts = [host("a", **{**plain, **first}), host("b", **{**plain, **second})]
    asking = visitor(**{**NEUTRAL, **wishing("visitor"), **change})
    assert [each.partner for each in rank(asking, "visitor", hosts, TODAY)] == [hosts[1], hosts[0]]
    good, bad = (part(asking, each, "visitor", criterion) for each in reversed(hosts))
    assert good.points > bad.points
    assert good.known
    assert good.values


@pytest.mark.parametrize(("criterion", "change", "first", "second"), [each for each in MOVED_BY_VISITOR if each[0] != "size"])
def test_without_the_wish_neither_host_is_before_the_other(
    criterion: str, change: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    """An unknown wish is neutral: half the points for both, and no values."""
    plain = {**NEUTRAL, **wishing("host")}
    asking = visitor(**{**NEUTRAL, **wishing("visitor")})
    for each in (host("a", **{**plain, **first}), host("b", **{**plain, **second})):
        assert part(asking, each, "visitor", criterion) == Points(criterion, WEIGHTS[criterion] // 2, WEIGHTS[criterion], False, ())


MOVED_BY_PARTNER: list[tuple[str, dict[str, Any]]] = [
    ("countries", wishing("host", countries=["ES"])),
    ("organisation_types", wishing("host", organisation_types=["cluster_organisation"])),
    ("activity_types", wishing("host", activity_types=["knowledge_sharing"])),
    ("languages", wishing("host", languages=["en"])),
    ("learning", {"want_to_learn": ["lean production"]}),
]


@pytest.mark.parametrize(("criterion", "wish"), MOVED_BY_PARTNER)
def test_each_wish_of_the_host_changes_order_and_reason(criterion: str, wish: dict[str, Any]) -> None:
    """The list is reciprocal: a host whose wish the visitor meets comes before one that wishes nothing, by the host's own reasons."""
    indifferent = {"want_to_learn": [], **wishing("host")}
    # The visitor's activity wish is itself answered by the host's; it is left open so that only the host's side moves.
    asking = visitor(visitor_preferences={**NOTHING_WISHED, "activity_types": ["knowledge_sharing"]})
    hosts = [host("a", **indifferent), host("b", **{**indifferent, **wish})]
    assert [each.partner for each in rank(asking, "visitor", hosts, TODAY)] == [hosts[1], hosts[0]]
    assert part(asking, hosts[1], "host", criterion).points > part(asking, hosts[0], "host", criterion).points
    assert part(asking, hosts[1], "host", criterion).values


@pytest.mark.parametrize("wish", [{"countries": ["PL"]}, {"organisation_types": ["fab_lab"]}, {"languages": ["fi"]}])
def test_a_wish_of_the_host_that_the_visitor_does_not_meet_pushes_it_down(wish: dict[str, Any]) -> None:
    """A host that wishes for somebody else comes after one that wishes nothing."""
    hosts = [host("a", **wishing("host", **wish)), host("b", **wishing("host"))]
    assert [each.partner for each in rank(visitor(), "visitor", hosts, TODAY)] == [hosts[1], hosts[0]]


@pytest.mark.parametrize(("coming", "taken", "points"), [(1, 3, 20), (3, 3, 20), (4, 3, 0)])
def test_a_group_larger_than_the_host_takes_costs_points_on_both_sides(coming: int, taken: int, points: int) -> None:
    """Both sides read in their reasons how many would come and how many are taken."""
    pair = visitor(group_size=coming), host(group_size=taken)
    for side in ("visitor", "host"):
        assert part(*pair, side, "group_size") == Points("group_size", points, 20, True, (f"{coming}/{taken}",))


def test_whom_the_host_takes_whole_comes_before_whom_it_does_not_on_either_list() -> None:
    """A group of three sees a host for four before one for two; the host for two sees a pair before the group of three."""
    hosts = [host("a", group_size=2), host("b", group_size=4)]
    assert [each.partner for each in rank(visitor(group_size=3), "visitor", hosts, TODAY)] == [hosts[1], hosts[0]]
    visitors = [visitor("a", group_size=3), visitor("b", group_size=2)]
    assert [each.partner for each in rank(host("c", group_size=2), "host", visitors, TODAY)] == [visitors[1], visitors[0]]


def test_hosts_see_a_list_of_visitors_by_the_same_scores() -> None:
    """The pair has one score, whoever looks."""
    one, other = visitor(), host()
    assert rank(one, "visitor", [other], TODAY)[0].score == rank(other, "host", [one], TODAY)[0].score


def test_a_better_spoken_common_language_comes_first() -> None:
    """The weaker speaker's level counts."""
    hosts = [host(name, languages=[{"language": "en", "level": level}]) for name, level in (("a", "A2"), ("b", "C1"))]
    assert [each.partner for each in rank(visitor(), "visitor", hosts, TODAY)] == [hosts[1], hosts[0]]
    assert part(visitor(), hosts[0], "host", "common_language").values == ("en",)


def test_a_host_that_answers_comes_before_one_that_does_not_and_a_new_one_is_neutral() -> None:
    """Responsiveness enters the ranking (domain, section 6)."""
    answers = {"silent": (4, 0), "prompt": (4, 4), "new": (0, 0)}
    hosts = [host(name, standing={"asked": asked, "answered": answered}) for name, (asked, answered) in answers.items()]
    order = [each.partner for each in rank(visitor(), "visitor", hosts, TODAY)]
    assert order == [hosts[1], hosts[2], hosts[0]]


def test_equal_scores_are_ordered_by_id() -> None:
    """Replicas agree to the bit."""
    hosts = [host(name) for name in "edcba"]
    order = [each.partner.participation_id for each in rank(visitor(), "visitor", hosts, TODAY)]
    assert order == sorted(order)


@pytest.mark.parametrize(("one", "other", "points"), [("13", "13", 1000), ("13", "14", 250), ("13", "62", 0)])
def test_nace_is_compared_by_hierarchy(one: str, other: str, points: int) -> None:
    """The same division, two of one section, two of different sections."""
    assert nace_nearness(one, other) == points


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_the_harmonic_mean_lies_between_the_two_and_is_zero_when_one_is(one: int, other: int) -> None:
    """Nobody is carried up by one side's wishes alone."""
    mean = harmonic_mean(one, other)
    assert min(one, other) <= mean <= max(one, other) or 0 in (one, other)
    assert mean <= (one + other) // 2
    assert mean == harmonic_mean(other, one)
    assert bool(mean) == bool(one and other)


def _sets(codes: Any) -> Any:
    return st.lists(st.sampled_from(sorted(codes)), max_size=4, unique=True)


@given(
    wished=st.fixed_dictionaries({"organisation_types": _sets(ORGANISATION_TYPES), "activity_types": _sets(ACTIVITY_TYPES)}),
    ecosystems=_sets(ECOSYSTEMS),
    nace=_sets(NACE_DIVISIONS),
)
def test_every_part_lies_between_nothing_and_its_weight(wished: dict[str, Any], ecosystems: list[str], nace: list[str]) -> None:
    """Whatever is wished, parts add up to the score and none exceeds what it is out of."""
    found = fit(visitor(ecosystems=ecosystems, nace=nace, **wishing("visitor", **wished)), host(), "visitor")
    for score in (found.visitor, found.host):
        assert sum(each.points for each in score.parts) == score.points <= 1000
        assert all(0 <= each.points <= each.of == WEIGHTS[each.criterion] for each in score.parts)
