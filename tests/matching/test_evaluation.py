"""What `make evaluate` reports, against values reckoned by hand."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from math import log2
from pathlib import Path
from typing import Any

import pytest

from services.matching.evaluation.__main__ import read_weights, table
from services.matching.evaluation.decisions import Decision, Side, WrongFile, read, write
from services.matching.evaluation.measures import Figures, evaluate, gini, ndcg, precision, reciprocal_rank
from services.matching.evaluation.orders import in_order, ordered, points
from services.matching.ranking import WEIGHTS, directed_score, scaled
from services.matching.ranking.scores import CRITERIA
from tests.matching.profiles import host, visitor

FILE = Path(__file__).with_name("decisions.csv")
HEADER = "one,other,one_decision,other_decision,position,one_weight:a,one_level:a,other_weight:a,other_level:a\n"


def decisions() -> list[Decision]:
    """Those of the file: A saw three, of whom two said yes as well; B said no to the only one."""
    with FILE.open(encoding="utf-8") as file:
        return read(file)


def of(order: str, weights: Any = None) -> Figures:
    """The figures of one order."""
    return next(each for each in evaluate(decisions(), weights) if each.order == order)


def test_figures_are_those_reckoned_by_hand() -> None:
    """By A's wishes alone x comes first, who says no; by both sides' wishes it comes last: 180 against 600 and 583."""
    second_and_third = (1 / log2(3) + 1 / log2(4)) / (1 / log2(2) + 1 / log2(3))
    one_sided = of("one_sided")
    assert (one_sided.ndcg, one_sided.precision, one_sided.mrr) == (pytest.approx(second_and_third), 0.2, 0.5)
    assert one_sided.ndcg == pytest.approx(0.6934, abs=0.0001)
    for order in ("other_sided", "harmonic", "geometric", "as_shown"):
        assert (of(order).ndcg, of(order).precision, of(order).mrr) == (1.0, 0.2, 1.0), order
    assert one_sided.asked == 1
    # Shown twice, once and once: ((2-4)*1 + (4-4)*1 + (6-4)*2) / (3*4).
    assert (one_sided.coverage, one_sided.gini) == (1.0, pytest.approx(1 / 6))


def test_orders_are_those_reckoned_by_hand() -> None:
    """Of A: 900, 600 and 500 for A; 100, 600 and 700 for the others."""
    of_one = [each for each in decisions() if each.one == "A"]
    orders = {"one_sided": "xyz", "other_sided": "zyx", "harmonic": "yzx", "geometric": "yzx", "as_shown": "yzx"}
    for order, expected in orders.items():
        assert "".join(each.other for each in ordered(of_one, order)) == expected, order


def test_what_stands_beyond_ten_is_not_covered() -> None:
    """Twelve for one: ten of them are shown, so 10/12, and ten ones beside two noughts make (20)/(12*10)."""
    many = [Decision("A", f"{n:02}", Side({"a": 1}, {"a": 1000 - n}), Side({"a": 1}, {"a": 500}), True, n == 11) for n in range(12)]
    figures = evaluate(many)[0]
    assert (figures.coverage, figures.gini) == (pytest.approx(10 / 12), pytest.approx(1 / 6))
    # The only outcome is the last of twelve: no place among ten, but a rank.
    assert (figures.ndcg, figures.precision, figures.mrr) == (0.0, 0.0, pytest.approx(1 / 12))


def crowd(lists: int = 30, others: int = 40) -> list[Decision]:
    """Many who all like the same few a little more than the others, and are liked back: whoever comes first is shown to all."""
    half = Side({"a": 1}, {"a": 600})
    return [
        Decision(f"{one:02}", f"{other:02}", Side({"a": 1}, {"a": 620 - other}), half, other % 3 == 0, one % 2 == 0)
        for one in range(lists)
        for other in range(others)
    ]


def test_each_setting_is_evaluated_with_its_exposure_and_its_cost() -> None:
    """The stronger, the less unequal is who is shown, at a cost within what the setting allows; nothing is lost by scores alone."""
    figures = {each.order: each for each in evaluate(crowd())}
    off, gentle, strong = (figures[name] for name in ("harmonic", "harmonic_gentle", "harmonic_strong"))
    # Ten of forty are shown to all, so three quarters of the exposure would have to go to others.
    assert (off.gini, off.coverage, off.cost) == (pytest.approx(0.75), 0.25, 0.0)
    assert strong.gini <= gentle.gini < off.gini and strong.coverage >= gentle.coverage > off.coverage
    assert 0 < gentle.cost <= 0.05 and 0 < strong.cost <= 0.15
    assert figures["geometric"].cost == figures["one_sided"].cost == 0.0 < figures["other_sided"].cost + 1


def test_an_order_by_exposure_goes_by_the_lists_before_it_alone() -> None:
    """The first list is that of scores; of the second whoever was shown is behind whoever is as good and was not."""
    even = Side({"a": 1}, {"a": 500})
    pairs = [Decision(one, other, even, even, True, True) for one in ("A", "B") for other in ("x", "y", "z")]
    first, second = in_order([pairs[:3], pairs[3:]], "harmonic_gentle", 1)
    assert ["".join(each.other for each in order) for order in (first, second)] == ["xyz", "yzx"]


def test_the_cost_is_reckoned_by_hand() -> None:
    """By A's wishes alone the first ten are all three, and nothing is lost; of twelve, the two best are left out by the others' wishes."""
    assert of("one_sided").cost == 0.0
    many = [Decision("A", f"{n:02}", Side({"a": 1}, {"a": 100 + n}), Side({"a": 1}, {"a": 900 - n}), True, True) for n in range(12)]
    scores = [2 * (100 + n) * (900 - n) // 1000 for n in range(12)]
    lost = scores[11] + scores[10] - scores[0] - scores[1]
    assert {each.order: each.cost for each in evaluate(many)}["other_sided"] == pytest.approx(lost / sum(scores[2:]))


def test_measures_on_lists_of_hits() -> None:
    """Each alone, with nothing around it."""
    assert ndcg([True, False, True]) == pytest.approx((1 + 1 / 2) / (1 + 1 / log2(3)))
    assert ndcg([False, False]) == 0.0
    assert (precision([True, True]), precision([False] * 10 + [True])) == (0.2, 0.0)
    assert (reciprocal_rank([False, False, True]), reciprocal_rank([False])) == (pytest.approx(1 / 3), 0.0)
    assert (gini([1, 1, 1]), gini([0, 0]), gini([0, 0, 0, 4])) == (0.0, 0.0, pytest.approx(0.75))


def test_without_any_outcome_nothing_is_divided_by_nought() -> None:
    """B alone."""
    assert evaluate([each for each in decisions() if each.one == "B"])[0][:4] == ("one_sided", 0.0, 0.0, 0.0)


def test_other_weights_make_another_order() -> None:
    """By `a` alone the first comes first, by `b` alone the second; what is not known counts half."""
    side = Side({"a": 3, "b": 1}, {"a": 1000, "b": None})
    assert (points(side), points(side, {"a": 0}), points(side, {"a": 1, "b": 1})) == (875, 500, 750)
    even = Side({"a": 1, "b": 1}, {"a": None, "b": None})
    pairs = [
        Decision("A", "x", Side({"a": 1, "b": 1}, {"a": 900, "b": 0}), even, True, True),
        Decision("A", "y", Side({"a": 1, "b": 1}, {"a": 0, "b": 900}), even, True, False),
    ]
    for weights, mrr in (({"b": 0}, 1.0), ({"a": 0}, 0.5)):
        assert evaluate(pairs, weights)[0].mrr == mrr


def test_points_are_those_of_the_ranking() -> None:
    """The same pair by the same weights, with and without the detour over levels."""
    one, other = visitor(), host()
    side = Side(WEIGHTS, {name: CRITERIA[name](one, other, "visitor").level for name in CRITERIA})
    assert points(side) == directed_score(one, other, "visitor").points


def test_weights_are_scaled_to_a_thousand() -> None:
    """What adds up already stays; remainders go to the largest, then to the first name; nothing at all is refused."""
    assert scaled(WEIGHTS) == WEIGHTS
    assert scaled({"b": 1, "a": 1, "c": 1}) == {"b": 333, "a": 334, "c": 333}
    assert sum(scaled(dict.fromkeys(WEIGHTS, 7)).values()) == 1000
    for wrong in ({"a": 0}, {"a": -1, "b": 2}):
        with pytest.raises(ValueError, match="counts"):
            scaled(wrong)


def test_a_file_written_is_the_file_read() -> None:
    """Positions and levels that are not known stay unknown."""
    written = io.StringIO()
    write(decisions(), written)
    assert written.getvalue() == FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one,other\n", "lacks one_decision"),
        ("one,other,one_decision,other_decision,position\n", "no attribute"),
        (HEADER.replace(",other_level:a", ""), "four columns"),
        (HEADER + "A,x,2,0,,1,1,1,1\n", "Line 2"),
        (HEADER + "A,x,1,0,,1,1001,1,1\n", "above 1000"),
        (HEADER + "A,x,1,0,,-1,1,1,1\n", "negative"),
        (HEADER + "A,x,1,0,,,1,1,1\n", "Line 2"),
        (HEADER + "A,x,1\n", "Line 2"),
        (HEADER + 2 * "A,x,1,0,,1,1,1,1\n", "twice"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(text: str, said: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(WrongFile, match=said):
        read(io.StringIO(text))


def test_weights_are_read_from_the_command_line() -> None:
    """Names and whole numbers; anything else is refused."""
    assert read_weights("") is None
    assert read_weights("learning=300, topics=0") == {"learning": 300, "topics": 0}
    for wrong in ("learning", "learning=x", "learning=-1"):
        with pytest.raises(ValueError):
            read_weights(wrong)


@pytest.mark.slow
def test_the_command_prints_a_line_per_order() -> None:
    """On a file, without any running system; refused with one line where the file is wrong."""
    run = lambda *arguments: subprocess.run(  # noqa: E731
        [sys.executable, "-W", "ignore", "-m", "services.matching.evaluation", *arguments],
        capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    done = run("--file", str(FILE), "--json")
    said, *lines = done.stdout.splitlines()
    assert said == "4 pairs shown, 2 of them with a yes from both"
    assert [json.loads(line)["order"] for line in lines] == [
        "one_sided", "other_sided", "harmonic", "geometric", "harmonic_gentle", "harmonic_strong", "as_shown",
    ]  # fmt: skip
    refused = run("--file", str(FILE.with_name("none.csv")))
    assert refused.returncode != 0 and len(refused.stderr.splitlines()) == 1
    assert len(table(evaluate(decisions())).splitlines()) == 8
