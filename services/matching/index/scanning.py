"""The search for the best partners, compiled: hard rules for many at once, an upper bound for each survivor, the exact score for few.

Chunk by chunk the columns are run through by loops that the compiler turns into vector instructions: windows, days, languages,
countries, visibility. Whoever is left is counted and gets its points from tables, and what later criteria could add at most. The most
promising are scored exactly; the k-th of them is the measure for all others, first by tighter bounds, then exactly.
"""

# mypy: ignore-errors
# Compiled code: its types are numba's, found when it is compiled.

from __future__ import annotations

import numpy as np

from services.matching.index.chunks import CHUNK, MANY_WINDOWS, activities, languages, marks, rules, wishes
from services.matching.index.compiled import compiled, inlined
from services.matching.index.pairs import HEADER, LOW, OFFERED, TEACHES, TECHNOLOGIES, TOPICS, WANTS, WINDOWS, exact, fused

SEEDS = 64
"""At least so many are scored exactly before the measure is trusted."""
OWN_WEIGHTS = 128
MOST = 1 << 11
"""Bounds are counted up to here: weights add up to 1,000, or little more while somebody changes them by hand."""


@compiled
def mark_words(asking, tags):
    """Note each of the asker's words in the table of all words."""
    for row in range(len(asking.words)):
        if asking.words[row] < len(tags):
            tags[asking.words[row]] = row + 1


@compiled
def unmark_words(asking, tags):
    """Take the notes back."""
    for row in range(len(asking.words)):
        if asking.words[row] < len(tags):
            tags[asking.words[row]] = 0


@compiled
def overlaps_enough(asking, columns, numbers, start, at):
    """Whether a partner with many windows has one that overlaps with the asker's by the stay wanted."""
    block = numbers[start[columns.slot[at]] :]
    position = HEADER + np.int64(block[TOPICS]) + np.int64(block[TECHNOLOGIES])
    for _ in range(np.int64(block[WANTS]) + np.int64(block[TEACHES])):
        position += 1 + np.int64(block[position])
    position += np.int64(block[OFFERED])
    stay = max(asking.least_days, np.int64(columns.least_days[at]))
    for place in range(position, position + 2 * np.int64(block[WINDOWS]), 2):
        for row in range(len(asking.windows)):
            end = min(np.int64(asking.windows[row, 1]), np.int64(block[place + 1]))
            if end - max(np.int64(asking.windows[row, 0]), np.int64(block[place])) >= stay:
                return True
    return False


@compiled
def before(found, ids, score, slot, place):
    """Whether that score of that slot stands before what stands at the place: the higher first, then the smaller id."""
    if score != found[place, 1]:
        return score > found[place, 1]
    other = found[place, 0]
    if ids[slot, 0] != ids[other, 0]:
        return ids[slot, 0] < ids[other, 0]
    return ids[slot, 1] < ids[other, 1]


@compiled
def keep(found, count, ids, score, slot, both):
    """Put a partner where it belongs among the best; returns how many there are then."""
    if count == len(found):
        if not before(found, ids, score, slot, count - 1):
            return count
        count -= 1
    place = count
    while place > 0 and before(found, ids, score, slot, place - 1):
        found[place, 0], found[place, 1], found[place, 2], found[place, 3] = (
            found[place - 1, 0], found[place - 1, 1], found[place - 1, 2], found[place - 1, 3],
        )  # fmt: skip
        place -= 1
    found[place, 0], found[place, 1], found[place, 2], found[place, 3] = slot, score, both & LOW, both >> 16
    return count + 1


@compiled
def is_in(values, value):
    """Whether the value is among few."""
    for each in values:  # noqa: SIM110 - compiled
        if each == value:
            return True
    return False


@compiled
def survivors(asking, columns, count, lines, numbers, start, places, bounds, histogram):
    """All who pass the hard rules, with the most that their score can be; returns how many."""
    overlap, common, wished, met = (
        np.empty(CHUNK, np.int16), np.empty(CHUNK, np.uint8), np.empty(CHUNK, np.uint8), np.empty(CHUNK, np.uint8),
    )  # fmt: skip
    passes, passing = np.empty(CHUNK, np.uint8), np.empty(CHUNK, np.int64)
    of_languages, of_wishes, marked, learning, teaching, near = (
        np.empty(CHUNK, np.uint16), np.empty(CHUNK, np.uint16), np.empty(CHUNK, np.uint16), np.empty(CHUNK, np.uint16),
        np.empty(CHUNK, np.uint16), np.empty(CHUNK, np.uint16),
    )  # fmt: skip
    slots, organisations, all_known = columns.slot, columns.organisation, columns.known
    kinds, ecosystems, own_activities, answering, groups = (
        columns.kind, columns.ecosystems, columns.activities, columns.answering, columns.group,
    )  # fmt: skip
    kind_points, ecosystem_points, activity_points = asking.kind_points, asking.ecosystem_points, asking.activity_points
    answering_points, language_points, wish_points = asking.answering_points, asking.language_points, asking.wish_points
    group_points, marked_points, learning_points = asking.group_points, asking.marked_points, asking.learning_points
    teaching_points, nace_points, text_points, geometric = (
        asking.teaching_points, asking.nace_points, asking.text_points, asking.geometric,
    )  # fmt: skip
    own, organisation = np.uint16(asking.organisation & np.uint64(0xFFFF)), asking.organisation
    found = 0
    for first in range(0, count, CHUNK):
        size = min(CHUNK, count - first)
        rules(asking, columns, first, size, overlap, common, passes)
        left = 0
        for i in range(size):
            passing[left] = i
            left += passes[i]
        if left == 0:
            continue
        languages(asking, columns, first, size, common, wished, met, of_languages)
        wishes(asking, columns, first, size, met, of_wishes)
        marks(asking, columns, first, size, marked, learning, teaching)
        activities(asking, columns, first, size, met, near)
        for number in range(left):
            i = passing[number]
            at = first + i
            known = all_known[at]
            if organisations[at] == own and lines[slots[at], 2] == organisation:
                continue
            if known >= MANY_WINDOWS and not (
                overlap[i] >= max(asking.least_days, np.int64(columns.least_days[at]))
                or overlaps_enough(asking, columns, numbers, start, at)
            ):
                continue
            group = groups[at]
            most = np.int64(kind_points[kinds[at]]) + ecosystem_points[ecosystems[at]] + activity_points[own_activities[at]]
            most += np.int64(answering_points[answering[at]]) + group_points[group & 127] + language_points[of_languages[i]]
            most += np.int64(wish_points[of_wishes[i]]) + marked_points[marked[i]] + learning_points[learning[i]]
            most += np.int64(teaching_points[teaching[i]]) + nace_points[near[i]] + text_points[known]
            bound = fused(geometric, most & LOW, np.int64(1000) if group >= OWN_WEIGHTS else most >> 16)
            places[found], bounds[found] = at, bound
            histogram[min(bound, MOST - 1)] += 1
            found += 1
    return found


@compiled
def best(asking, columns, count, lines, numbers, start, ids, tags, without, places, bounds, found):
    """Fill `found` with the best (slot, score, the asker's points, the partner's), without those at some places.

    Returns how many were found, how many are possible, and how many were scored exactly.
    """
    mark_words(asking, tags)
    histogram = np.zeros(MOST, np.int32)
    possible = survivors(asking, columns, count, lines, numbers, start, places, bounds, histogram)
    wanted, cut = max(SEEDS, 2 * len(found)), MOST
    while wanted > 0 and cut > 0:
        cut -= 1
        wanted -= histogram[cut]
    kept, looked = 0, 0
    mine, theirs, nace, by_section = asking.mine, asking.theirs, asking.nace, asking.by_section
    want_lengths, geometric, slots, groups = asking.want_lengths, asking.geometric, columns.slot, columns.group
    facts, levels, is_wished, where = asking.facts, asking.levels, asking.is_wished, asking.where
    want_mask, teach_mask, kind_points, sizes_near = asking.want_mask, asking.teach_mask, asking.kind_points, asking.sizes_near
    ecosystems, own_activities, own_wishes, kinds, answered = (
        columns.ecosystems, columns.activities, columns.wished, columns.kind, columns.answering,
    )  # fmt: skip
    scratch = np.zeros((3, 32), np.int64)
    measure = np.int64(0)
    for turn in range(2):
        for number in range(possible):
            bound = np.int64(bounds[number])
            if bound < measure or (bound >= cut) != (turn == 0):
                continue
            at = np.int64(places[number])
            slot = np.int64(slots[at])
            if len(without) and is_in(without, at):
                continue
            looked += 1
            both = exact(
                facts, mine, theirs, nace, by_section, levels, is_wished, where, want_mask, teach_mask, want_lengths, kind_points, sizes_near,
                slots, ecosystems, own_activities, own_wishes, kinds, groups, answered, lines, numbers, start, tags, scratch, at,
            )  # fmt: skip
            kept = keep(found, kept, ids, fused(geometric, both & LOW, both >> 16), slot, both)
            if kept == len(found):
                # Whoever is below the last one kept cannot come in any more; whoever is equal can, by its id.
                measure = found[kept - 1, 1]
    unmark_words(asking, tags)
    left_out = 0
    for at in without:
        place = np.searchsorted(places[:possible], at)
        left_out += place < possible and places[place] == at
    return kept, possible - left_out, looked


@compiled
def reach(asking, columns, count, lines, numbers, start, without, places, bounds, reached):
    """Mark all who are possible, by place."""
    possible = survivors(asking, columns, count, lines, numbers, start, places, bounds, np.zeros(MOST, np.int32))
    for number in range(possible):
        if not is_in(without, np.int64(places[number])):
            reached[places[number]] = True


@compiled
def scan(asking, columns, count, lines, numbers, start, ids, tags, without, found):
    """The same as `best`, without bounds: every possible partner is scored exactly, one after the other."""
    mark_words(asking, tags)
    mine, theirs, nace, by_section, want_lengths = asking.mine, asking.theirs, asking.nace, asking.by_section, asking.want_lengths
    slots, groups = columns.slot, columns.group
    facts, levels, is_wished, where = asking.facts, asking.levels, asking.is_wished, asking.where
    want_mask, teach_mask, kind_points, sizes_near = asking.want_mask, asking.teach_mask, asking.kind_points, asking.sizes_near
    ecosystems, own_activities, own_wishes, kinds, answered = (
        columns.ecosystems, columns.activities, columns.wished, columns.kind, columns.answering,
    )  # fmt: skip
    scratch = np.zeros((3, 32), np.int64)
    kept, possible = 0, 0
    for at in range(count):
        if not is_possible(asking, columns, lines, numbers, start, at) or (len(without) and is_in(without, at)):
            continue
        possible += 1
        slot = columns.slot[at]
        both = exact(
                facts, mine, theirs, nace, by_section, levels, is_wished, where, want_mask, teach_mask, want_lengths, kind_points, sizes_near,
                slots, ecosystems, own_activities, own_wishes, kinds, groups, answered, lines, numbers, start, tags, scratch, at,
            )  # fmt: skip
        kept = keep(found, kept, ids, fused(asking.geometric, both & LOW, both >> 16), slot, both)
    unmark_words(asking, tags)
    return kept, possible


@compiled
def score(asking, columns, lines, numbers, start, tags, places, scores):
    """The exact score of each of a few places; -1 for whoever is not possible, or stands nowhere."""
    mark_words(asking, tags)
    scratch = np.zeros((3, 32), np.int64)
    for number in range(len(places)):
        at = np.int64(places[number])
        scores[number] = -1
        if at < 0 or not is_possible(asking, columns, lines, numbers, start, at):
            continue
        both = exact(
            asking.facts, asking.mine, asking.theirs, asking.nace, asking.by_section, asking.levels, asking.is_wished, asking.where,
            asking.want_mask, asking.teach_mask, asking.want_lengths, asking.kind_points, asking.sizes_near, columns.slot,
            columns.ecosystems, columns.activities, columns.wished, columns.kind, columns.group, columns.answering, lines, numbers, start,
            tags, scratch, at,
        )  # fmt: skip
        scores[number] = fused(asking.geometric, both & LOW, both >> 16)
    unmark_words(asking, tags)


@inlined
def is_possible(asking, columns, lines, numbers, start, at):
    """Whether the partner at that place passes all hard rules, looked at one by one."""
    if columns.country[at] == asking.country or (columns.seen_by[at] and columns.seen_by[at] != asking.partnership):
        return False
    if asking.seen_by and columns.partnership[at] != asking.seen_by:
        return False
    if lines[columns.slot[at], 2] == asking.organisation:
        return False
    stay = max(asking.least_days, np.int64(columns.least_days[at]))
    if stay > min(asking.most_days, np.int64(columns.most_days[at])):
        return False
    return speaks_in_common(asking, columns, at) and overlaps(asking, columns, numbers, start, at, stay)


@inlined
def speaks_in_common(asking, columns, at):
    """Whether there is a common language."""
    for row in range(len(asking.spoken)):
        if asking.spoken[row, 0] < len(columns.levels) and columns.levels[asking.spoken[row, 0], at]:
            return True
    return False


@inlined
def overlaps(asking, columns, numbers, start, at, stay):
    """Whether both are available for so many working days at one stretch."""
    for row in range(len(asking.windows)):
        first, end = np.int64(asking.windows[row, 0]), np.int64(asking.windows[row, 1])
        if min(end, np.int64(columns.first_end[at])) - max(first, np.int64(columns.first_start[at])) >= stay:
            return True
        if min(end, np.int64(columns.second_end[at])) - max(first, np.int64(columns.second_start[at])) >= stay:
            return True
    return columns.known[at] >= MANY_WINDOWS and overlaps_enough(asking, columns, numbers, start, at)
