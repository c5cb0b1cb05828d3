"""The search for the best partners, compiled: hard rules for many at once, an upper bound for each survivor, the exact score for few.

Chunk by chunk the columns are run through by loops that the compiler turns into vector instructions: windows, days, languages,
countries, visibility. Whoever is left is counted and gets its points from tables, and what later criteria could add at most. The most
promising are scored exactly; the k-th of them is the measure for all others, first by tighter bounds, then exactly.
"""

# mypy: ignore-errors
# Compiled code: its types are numba's, found when it is compiled.

from __future__ import annotations

import numpy as np

from services.matching.index.bounds import table_points, tighter
from services.matching.index.compiled import compiled
from services.matching.index.pairs import HEADER, LOW, OFFERED, TEACHES, TECHNOLOGIES, TOPICS, WANTS, WINDOWS, exact, fused

CHUNK = 2048
SEEDS = 256
"""At least so many are scored exactly before the measure is trusted."""
MANY_WINDOWS, OWN_WEIGHTS = 128, 128
MOST = 1 << 16


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
def chunk_rules(asking, columns, first, size, overlap, common, wished, passes):
    """Hard rules and best levels of languages for one chunk; many windows are looked at later, and pass here."""
    starts, ends = columns.first_start[first : first + size], columns.first_end[first : first + size]
    seconds, second_ends = columns.second_start[first : first + size], columns.second_end[first : first + size]
    for i in range(size):
        overlap[i] = 0
    for row in range(len(asking.windows)):
        start, end = asking.windows[row, 0], asking.windows[row, 1]
        for i in range(size):
            overlap[i] = max(overlap[i], np.int16(min(end, ends[i]) - max(start, starts[i])))
        for i in range(size):
            overlap[i] = max(overlap[i], np.int16(min(end, second_ends[i]) - max(start, seconds[i])))
    for i in range(size):
        common[i] = 0
        wished[i] = 0
    for row in range(len(asking.spoken)):
        language, level = asking.spoken[row, 0], np.uint8(asking.spoken[row, 1])
        if language < len(columns.levels):
            levels = columns.levels[language, first : first + size]
            for i in range(size):
                common[i] = max(common[i], min(level, levels[i]))
    for row in range(len(asking.wished_languages)):
        language = asking.wished_languages[row]
        if language < len(columns.levels):
            levels = columns.levels[language, first : first + size]
            for i in range(size):
                wished[i] = max(wished[i], levels[i])
    least, most = columns.least_days[first : first + size], columns.most_days[first : first + size]
    country, known = columns.country[first : first + size], columns.known[first : first + size]
    own_country, own_least, own_most = np.uint8(asking.country), np.uint8(asking.least_days), np.uint8(asking.most_days)
    for i in range(size):
        stay = max(own_least, least[i])
        fits = (stay <= own_most) & (stay <= most[i]) & (common[i] > 0) & (country[i] != own_country)
        passes[i] = fits & ((overlap[i] >= np.int16(stay)) | (known[i] >= MANY_WINDOWS))
    seen, own_partnership = columns.seen_by[first : first + size], np.int32(asking.partnership)
    for i in range(size):
        passes[i] &= (seen[i] == 0) | (seen[i] == own_partnership)
    if asking.seen_by:
        partnership, only = columns.partnership[first : first + size], np.int32(asking.seen_by)
        for i in range(size):
            passes[i] &= partnership[i] == only


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
def survivors(asking, columns, count, lines, numbers, start, places, bases, bounds, histogram):
    """All who pass the hard rules, with their points so far and an upper bound; returns how many."""
    overlap, common, wished = np.empty(CHUNK, np.int16), np.empty(CHUNK, np.uint8), np.empty(CHUNK, np.uint8)
    passes = np.empty(CHUNK, np.uint8)
    own = np.uint16(asking.organisation & np.uint64(0xFFFF))
    passing = np.empty(CHUNK, np.int64)
    found = 0
    for first in range(0, count, CHUNK):
        size = min(CHUNK, count - first)
        chunk_rules(asking, columns, first, size, overlap, common, wished, passes)
        left = 0
        for i in range(size):
            passing[left] = i
            left += passes[i]
        for number in range(left):
            i = passing[number]
            at = first + i
            if columns.organisation[at] == own and lines[columns.slot[at], 6] == asking.organisation:
                continue
            known = columns.known[at]
            if known >= MANY_WINDOWS and not (
                overlap[i] >= max(asking.least_days, np.int64(columns.least_days[at]))
                or overlaps_enough(asking, columns, numbers, start, at)
            ):
                continue
            base = table_points(asking, columns, at, common[i], wished[i])
            most = base + asking.open_points[known]
            above = np.int64(1000) if columns.group[at] >= OWN_WEIGHTS else most >> 16
            bound = fused(asking, most & LOW, above)
            places[found], bases[found], bounds[found] = at, base, bound
            histogram[bound] += 1
            found += 1
    return found


@compiled
def best(asking, columns, count, lines, numbers, start, ids, tags, without, places, bases, bounds, found):
    """Fill `found` with the best (slot, score, the asker's points, the partner's), without those at some places.

    Returns how many were found, how many are possible, and how many were scored exactly.
    """
    mark_words(asking, tags)
    histogram = np.zeros(MOST, np.int32)
    possible = survivors(asking, columns, count, lines, numbers, start, places, bases, bounds, histogram)
    wanted, cut = max(SEEDS, 4 * len(found)), MOST
    while wanted > 0 and cut > 0:
        cut -= 1
        wanted -= histogram[cut]
    kept = 0
    looked = 0
    for turn in range(2):
        for number in range(possible):
            bound = np.int64(bounds[number])
            if (bound >= cut) != (turn == 0):
                continue
            if kept == len(found) and bound < found[kept - 1, 1]:
                continue
            at = places[number]
            slot = columns.slot[at]
            both = tighter(asking, lines[slot], np.int64(bases[number]), columns.group[at] >= OWN_WEIGHTS)
            if kept == len(found) and fused(asking, both & LOW, both >> 16) < found[kept - 1, 1]:
                continue
            if len(without) and is_in(without, at):
                continue
            looked += 1
            both = exact(asking, columns, lines, numbers, start, tags, at)
            kept = keep(found, kept, ids, fused(asking, both & LOW, both >> 16), slot, both)
    unmark_words(asking, tags)
    left_out = 0
    for at in without:
        place = np.searchsorted(places[:possible], at)
        left_out += place < possible and places[place] == at
    return kept, possible - left_out, looked


@compiled
def scan(asking, columns, count, lines, numbers, start, ids, tags, without, found):
    """The same as `best`, without bounds: every possible partner is scored exactly, one after the other."""
    mark_words(asking, tags)
    stays = np.int64(0)
    kept = 0
    possible = 0
    for at in range(count):
        if columns.country[at] == asking.country or (columns.seen_by[at] and columns.seen_by[at] != asking.partnership):
            continue
        if asking.seen_by and columns.partnership[at] != asking.seen_by:
            continue
        slot = columns.slot[at]
        if lines[slot, 6] == asking.organisation:
            continue
        stays = max(asking.least_days, np.int64(columns.least_days[at]))
        if stays > min(asking.most_days, np.int64(columns.most_days[at])):
            continue
        if not speaks_in_common(asking, columns, at):
            continue
        if not overlaps(asking, columns, numbers, start, at, stays):
            continue
        if len(without) and is_in(without, at):
            continue
        possible += 1
        both = exact(asking, columns, lines, numbers, start, tags, at)
        kept = keep(found, kept, ids, fused(asking, both & LOW, both >> 16), slot, both)
    unmark_words(asking, tags)
    return kept, possible


@compiled
def speaks_in_common(asking, columns, at):
    """Whether there is a common language."""
    for row in range(len(asking.spoken)):
        if asking.spoken[row, 0] < len(columns.levels) and columns.levels[asking.spoken[row, 0], at]:
            return True
    return False


@compiled
def overlaps(asking, columns, numbers, start, at, stay):
    """Whether both are available for so many working days at one stretch."""
    for row in range(len(asking.windows)):
        first, end = np.int64(asking.windows[row, 0]), np.int64(asking.windows[row, 1])
        if min(end, np.int64(columns.first_end[at])) - max(first, np.int64(columns.first_start[at])) >= stay:
            return True
        if min(end, np.int64(columns.second_end[at])) - max(first, np.int64(columns.second_start[at])) >= stay:
            return True
    return columns.known[at] >= MANY_WINDOWS and overlaps_enough(asking, columns, numbers, start, at)
