"""The search for the best partners, compiled: hard rules for many at once, an upper bound for who may be good enough, exact scores for few.

Chunk by chunk the columns are run through by loops that the compiler turns into vector instructions: windows, days, languages,
countries, visibility, words by their marks. Whoever passes is counted. The score of the k-th best found so far is the measure: whoever
cannot reach it by words, then by all criteria, is left; the others are listed by their bounds, and the most promising scored exactly.
"""

# mypy: ignore-errors
# Compiled code: its types are numba's, found when it is compiled.

from __future__ import annotations

import numpy as np

from services.matching.index.chunks import CHUNK, activities, language_code, marks, wish_code
from services.matching.index.compiled import compiled
from services.matching.index.pairs import LOW, exact, fused
from services.matching.index.possible import is_possible, passing_of

SEEDS = 64
"""At least so many are scored exactly before the measure is trusted."""
OWN_WEIGHTS = 128
LANGUAGES_WISHED = 1 << 15
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
def listed_of(asking, columns, first, size, left, buffers, places, bounds, listed, measure):
    """List those passing whose score may be as high as the measure, with the most that it can be; returns how many are listed then.

    First by what weighs most: two directions that add up to less than twice the measure have neither a harmonic nor a geometric mean
    that reaches it. Of the few who are left, everything.
    """
    common, near, passing, marked, learning, teaching, activities_near, sums, likely = buffers
    marks(asking, columns, first, size, marked, learning, teaching)
    activities(asking, columns, first, size, near, activities_near)
    marked_points, learning_points, teaching_points, nace_points = (
        asking.marked_points, asking.learning_points, asking.teaching_points, asking.nace_points,
    )  # fmt: skip
    kinds, ecosystems, own_activities, groups = columns.kind, columns.ecosystems, columns.activities, columns.group
    kind_points, ecosystem_points, activity_points = asking.kind_points, asking.ecosystem_points, asking.activity_points
    kept, least = 0, np.int64(2 * measure - asking.others_most)
    for number in range(left):
        i = passing[number]
        at = first + i
        most = marked_points[marked[i]] + learning_points[learning[i]] + teaching_points[teaching[i]] + nace_points[activities_near[i]]
        most += kind_points[kinds[at]] + ecosystem_points[ecosystems[at]] + activity_points[own_activities[at]]
        sums[kept], likely[kept] = most, at
        kept += ((most & LOW) + (most >> 16) >= least) | (groups[at] >= OWN_WEIGHTS)
    answering, all_known, wished, levels = columns.answering, columns.known, columns.wished, columns.levels
    countries_wished, languages_wished, own_type, own_country = (
        columns.countries_wished, columns.languages_wished, asking.type, asking.country,
    )  # fmt: skip
    answering_points, language_points, wish_points = asking.answering_points, asking.language_points, asking.wish_points
    group_points, text_points, geometric = asking.group_points, asking.text_points, asking.geometric
    spoken, wished_languages = asking.spoken, asking.wished_languages
    for number in range(kept):
        at = likely[number]
        group, wish = groups[at], wished[at]
        language = language_code(spoken, wished_languages, levels, languages_wished, wish >= LANGUAGES_WISHED, common[at - first], at)
        most = np.int64(sums[number]) + answering_points[answering[at]] + group_points[group & 127] + text_points[all_known[at]]
        most += np.int64(language_points[language]) + wish_points[wish_code(wish, countries_wished[at], own_type, own_country)]
        bound = fused(geometric, most & LOW, np.int64(1000) if group >= OWN_WEIGHTS else most >> 16)
        places[listed], bounds[listed] = at, bound
        listed += bound >= measure
    return listed


@compiled
def cut_of(bounds, listed, wanted):
    """The bound that so many of those listed have at least."""
    histogram = np.zeros(MOST, np.int32)
    for number in range(listed):
        histogram[min(bounds[number], MOST - 1)] += 1
    cut = MOST
    while wanted > 0 and cut > 0:
        cut -= 1
        wanted -= histogram[cut]
    return cut


@compiled
def settled(asking, columns, lines, numbers, start, ids, tags, without, places, bounds, listed, cut, found, kept):
    """Score exactly those listed with a bound of at least the cut, as long as they may come in; returns who is left and how many are kept.

    Whoever has a bound below the score of the last one kept cannot come in any more; whoever has the same can by a smaller id alone.
    """
    mine, theirs, nace, by_section = asking.mine, asking.theirs, asking.nace, asking.by_section
    want_lengths, geometric, slots, groups = asking.want_lengths, asking.geometric, columns.slot, columns.group
    facts, levels, is_wished, where = asking.facts, asking.levels, asking.is_wished, asking.where
    want_mask, teach_mask, kind_points, sizes_near = asking.want_mask, asking.teach_mask, asking.kind_points, asking.sizes_near
    ecosystems, own_activities, own_wishes, kinds, answered = (
        columns.ecosystems, columns.activities, columns.wished, columns.kind, columns.answering,
    )  # fmt: skip
    scratch = np.zeros((3, 32), np.int64)
    left, looked = 0, 0
    for number in range(listed):
        at, bound = np.int64(places[number]), np.int64(bounds[number])
        slot = np.int64(slots[at])
        if kept == len(found) and not before(found, ids, bound, slot, kept - 1):
            continue
        if bound < cut:
            places[left], bounds[left] = at, bound
            left += 1
            continue
        if len(without) and is_in(without, at):
            continue
        looked += 1
        both = exact(
            facts, mine, theirs, nace, by_section, levels, is_wished, where, want_mask, teach_mask, want_lengths, kind_points, sizes_near,
            slots, ecosystems, own_activities, own_wishes, kinds, groups, answered, lines, numbers, start, tags, scratch, at,
        )  # fmt: skip
        kept = keep(found, kept, ids, fused(geometric, both & LOW, both >> 16), slot, both)
    return left, kept, looked


@compiled
def best(asking, columns, count, lines, numbers, start, ids, tags, without, gone, places, bounds, found):
    """Fill `found` with the best (slot, score, the asker's points, the partner's), without those at some places.

    Returns how many were found, how many are possible, and how many were scored exactly. The first `gone` of those places count as
    impossible, the others are possible and not looked for. The measure is the score of the last one
    kept: it is raised early, by the most promising of the first chunks, so that of all others few are listed at all.
    """
    mark_words(asking, tags)
    overlap, passes, passing = np.empty(CHUNK, np.int16), np.empty(CHUNK, np.uint8), np.empty(CHUNK, np.int64)
    common = np.empty(CHUNK, np.uint8)
    buffers = (
        common, np.empty(CHUNK, np.uint8), passing, np.empty(CHUNK, np.uint16), np.empty(CHUNK, np.uint16), np.empty(CHUNK, np.uint16),
        np.empty(CHUNK, np.uint16), np.empty(CHUNK, np.int32), np.empty(CHUNK, np.int64),
    )  # fmt: skip
    wanted, turn = max(SEEDS, 2 * len(found)), CHUNK
    possible, listed, kept, looked, measure = 0, 0, 0, 0, np.int64(0)
    for first in range(0, count, CHUNK):
        size = min(CHUNK, count - first)
        left = passing_of(asking, columns, lines, numbers, start, first, size, overlap, common, passes, passing)
        possible += left
        if left:
            listed = listed_of(asking, columns, first, size, left, buffers, places, bounds, listed, measure)
        if first + CHUNK >= turn and listed > 0:
            cut = cut_of(bounds, listed, wanted)
            listed, kept, more = settled(
                asking, columns, lines, numbers, start, ids, tags, without, places, bounds, listed, cut, found, kept
            )
            looked, turn = looked + more, 4 * turn
            measure = found[kept - 1, 1] if kept == len(found) else np.int64(0)
    while listed > 0:
        cut = cut_of(bounds, listed, wanted)
        listed, kept, more = settled(asking, columns, lines, numbers, start, ids, tags, without, places, bounds, listed, cut, found, kept)
        looked, wanted = looked + more, 4 * wanted
    unmark_words(asking, tags)
    for at in without[:gone]:
        if at >= 0 and is_possible(asking, columns, lines, numbers, start, at):
            possible -= 1
    return kept, possible, looked


@compiled
def reach(asking, columns, count, lines, numbers, start, without, reached):
    """Mark all who are possible, by place."""
    overlap, passes, passing = np.empty(CHUNK, np.int16), np.empty(CHUNK, np.uint8), np.empty(CHUNK, np.int64)
    common = np.empty(CHUNK, np.uint8)
    for first in range(0, count, CHUNK):
        size = min(CHUNK, count - first)
        left = passing_of(asking, columns, lines, numbers, start, first, size, overlap, common, passes, passing)
        for number in range(left):
            reached[first + passing[number]] = not is_in(without, first + passing[number])


@compiled
def scan(asking, columns, count, lines, numbers, start, ids, tags, without, gone, found):
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
        if not is_possible(asking, columns, lines, numbers, start, at) or is_in(without[:gone], at):
            continue
        possible += 1
        if is_in(without[gone:], at):
            continue
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
