"""Points out of tables and upper bounds, compiled."""

# mypy: ignore-errors
# Compiled code: its types are numba's, found when it is compiled.

from __future__ import annotations

import numpy as np

from services.matching.index.compiled import compiled
from services.matching.index.pairs import LOW, nace_levels, share


@compiled
def table_points(asking, columns, at, common, wished):
    """Points of both directions out of the tables."""
    word, bit = at >> 6, np.uint64(at & 63)
    wishes = np.int64(columns.wished[at])
    met = np.int64(7)
    if wishes & 0x8000:
        met = np.int64(0)
        for row in range(len(asking.spoken)):
            language = asking.spoken[row, 0]
            if language < len(columns.languages_wished) and (columns.languages_wished[language, word] >> bit) & np.uint64(1):
                met = max(met, asking.spoken[row, 1])
    types = wishes & 0x3FFF
    state = (2 + ((types >> asking.type) & 1)) * 4 if types else 0
    if wishes & 0x4000:
        state += 2
        if asking.country < len(columns.countries_wished):
            state += np.int64((columns.countries_wished[asking.country, word] >> bit) & np.uint64(1))
    group = np.int64(columns.group[at])
    points = asking.kind_points[columns.kind[at]] + asking.ecosystem_points[columns.ecosystems[at]]
    points += asking.activity_points[columns.activities[at]] + asking.answering_points[columns.answering[at]]
    points += asking.language_points[(np.int64(common) << 6) | (np.int64(wished) << 3) | met] + asking.wish_points[state]
    taken = group & 127
    if (asking.group <= taken) if asking.visits else (taken <= asking.group):
        points += asking.group_points
    return points


@compiled
def tighter(asking, line, base, own_weights):
    """An upper bound of both directions: activities exactly, topics, technologies and words by their marks, the motivation in full."""
    mine, theirs = base & LOW, base >> 16
    counts = line[5]
    topics, technologies = np.int64(counts & np.uint64(0xFF)), np.int64((counts >> np.uint64(8)) & np.uint64(0xFF))
    wanted, shortest = np.int64((counts >> np.uint64(24)) & np.uint64(0xFF)), np.int64((counts >> np.uint64(32)) & np.uint64(0xFF))
    taught = np.int64((counts >> np.uint64(40)) & np.uint64(0xFF))
    weights, other = asking.mine, asking.theirs
    if asking.nace_count and (line[0] or line[1]):
        levels = nace_levels(asking, line[0], line[1])
        mine += weights[3] * (levels & LOW) // 1000
        theirs += other[3] * (levels >> 16) // 1000
    else:
        mine += weights[3] * 500 // 1000
        theirs += other[3] * 500 // 1000
    if topics and len(asking.topics):
        common = 0
        for row in range(len(asking.topics)):
            common += np.int64((line[2] >> np.uint64(asking.topics[row])) & np.uint64(1))
        mine += share(weights[4], common, len(asking.topics))
        theirs += share(other[4], min(common, topics), topics)
    else:
        mine += weights[4] * 500 // 1000
        theirs += other[4] * 500 // 1000
    if technologies and len(asking.technologies):
        common = 0
        for row in range(len(asking.technologies)):
            common += np.int64((line[2] >> np.uint64(asking.technologies[row])) & np.uint64(1))
        mine += share(weights[5], common, len(asking.technologies))
        theirs += share(other[5], min(common, technologies), technologies)
    else:
        mine += weights[5] * 500 // 1000
        theirs += other[5] * 500 // 1000
    if len(asking.want_lengths) and taught:
        level = np.int64(0)
        item, common = np.int64(-1), np.int64(0)
        for row in range(len(asking.wants)):
            if asking.wants[row, 1] != item:
                if item >= 0:
                    level += 1000 * common // asking.want_lengths[item]
                item, common = asking.wants[row, 1], np.int64(0)
            common += np.int64((line[3] >> np.uint64(asking.wants[row, 0])) & np.uint64(1))
        if item >= 0:
            level += 1000 * common // asking.want_lengths[item]
        mine += weights[0] * (level // len(asking.want_lengths)) // 1000
    else:
        mine += weights[0] * 500 // 1000
    if wanted and asking.teach_count:
        common = 0
        for row in range(len(asking.teaches)):
            common += np.int64((line[4] >> np.uint64(asking.teaches[row])) & np.uint64(1))
        # No wish can have more words in common with what is taught than all that is taught has with all that is wished for.
        theirs += other[0] * (min(1000, 1000 * common // shortest) if shortest else 0) // 1000
    else:
        theirs += other[0] * 500 // 1000
    # The motivation weighs too little for marks of its own.
    mine += weights[10]
    theirs += other[10]
    if own_weights:
        theirs = np.int64(1000)
    return mine | theirs << 16
