"""Weights in any whole numbers, made into parts of 1000: what counts is how they stand to each other."""

from __future__ import annotations

from collections.abc import Mapping

FULL = 1000


def scaled(weights: Mapping[str, int]) -> dict[str, int]:
    """The weights as whole numbers that add up to 1000, in the same order; raises ValueError where nothing counts at all.

    By largest remainders, ties to the first name: the same everywhere, and weights that add up to 1000 stay as they are.
    """
    total = sum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise ValueError("Weights are not negative, and one of them counts.")
    parts = {name: weight * FULL // total for name, weight in weights.items()}
    left = FULL - sum(parts.values())
    for name in sorted(weights, key=lambda each: (-(weights[each] * FULL % total), each))[:left]:
        parts[name] += 1
    return parts
