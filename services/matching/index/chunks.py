"""What is found out about many partners at once, compiled: loops over columns, without branches, which become vector instructions."""

# mypy: ignore-errors
# Compiled code: its types are numba's, found when it is compiled.

from __future__ import annotations

import numpy as np

from services.matching.index.compiled import compiled, inlined, ones

CHUNK = 2048
MANY_WINDOWS = 128
ONE = np.uint64(1)


@compiled
def rules(asking, columns, first, size, overlap, common, passes):
    """Hard rules: 1 passes, 2 has to be looked at closer, as it has many windows or may be of the asker's own organisation."""
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
    for row in range(len(asking.spoken)):
        language, level = asking.spoken[row, 0], np.uint8(asking.spoken[row, 1])
        if language < len(columns.levels):
            levels = columns.levels[language, first : first + size]
            for i in range(size):
                common[i] = max(common[i], min(level, levels[i]))
    least, most = columns.least_days[first : first + size], columns.most_days[first : first + size]
    country, known = columns.country[first : first + size], columns.known[first : first + size]
    organisation, own_organisation = columns.organisation[first : first + size], np.uint16(asking.organisation & np.uint64(0xFFFF))
    own_country, own_least, own_most = np.uint8(asking.country), np.uint8(asking.least_days), np.uint8(asking.most_days)
    for i in range(size):
        stay = max(own_least, least[i])
        fits = (stay <= own_most) & (stay <= most[i]) & (common[i] > 0) & (country[i] != own_country)
        meets = overlap[i] >= np.int16(stay)
        doubt = (organisation[i] == own_organisation) | ((known[i] >= MANY_WINDOWS) & ~meets)
        passes[i] = (fits & (meets | doubt)) + np.uint8(fits & doubt)
    seen, own_partnership = columns.seen_by[first : first + size], np.int32(asking.partnership)
    for i in range(size):
        passes[i] = passes[i] if (seen[i] == 0) | (seen[i] == own_partnership) else np.uint8(0)
    if asking.seen_by:
        partnership, only = columns.partnership[first : first + size], np.int32(asking.seen_by)
        for i in range(size):
            passes[i] = passes[i] if partnership[i] == only else np.uint8(0)


@inlined
def language_code(spoken, wished_languages, levels, languages_wished, has_wish, common, at):
    """Levels in one number: the best common one, the best wished for by the asker, and the best at which the partner's wish is met."""
    wished, met = np.uint8(0), np.uint8(0)
    for row in range(len(wished_languages)):
        if wished_languages[row] < len(levels):
            wished = max(wished, levels[wished_languages[row], at])
    for row in range(len(spoken)):
        if (languages_wished[at] >> np.uint64(spoken[row, 0] & 63)) & ONE:
            met = max(met, np.uint8(spoken[row, 1]))
    return np.int64(common) | np.int64(wished) << 3 | (np.int64(met) if has_wish else np.int64(7)) << 6


@inlined
def wish_code(wished, countries_wished, own_type, own_country):
    """Whether the partner wishes for types and countries, and whether the asker's are among them."""
    types = wished & np.uint16(0x3FFF)
    of_types = np.int64(2 + ((types >> np.uint16(own_type)) & 1)) if types else np.int64(0)
    if not wished & np.uint16(0x4000):
        return 4 * of_types
    return 4 * of_types + 2 + np.int64((countries_wished >> np.uint64(own_country & 63)) & ONE)


@inlined
def at_most(held, mask, more, most):
    """How many words may be in common by their marks; where a mark stands for several, all of them are counted."""
    found = ones(held & mask)
    return min(found + (more if found > np.uint64(0) else np.uint64(0)), most)


@compiled
def marks(asking, columns, first, size, marked, learning, teaching):
    """Counts in common, by marks: topics and technologies; the asker's wishes to learn; the partner's."""
    held, counts = columns.marks[first : first + size], columns.counts[first : first + size]
    taught, wanted = columns.taught_marks[first : first + size], columns.wanted_marks[first : first + size]
    masks, more, seven, fifteen = asking.masks, asking.more, np.uint64(7), np.uint64(15)
    topics, technologies, some, others, rest, teaches = masks[0], masks[1], masks[2], masks[3], masks[4], masks[5]
    m0, m1, m2, m3, m4, m5 = more[0], more[1], more[2], more[3], more[4], more[5]
    for i in range(size):
        count = np.uint64(counts[i])
        of_topics = at_most(held[i], topics, m0, seven) | (count & seven) << np.uint64(3)
        of_technologies = at_most(held[i], technologies, m1, seven) | (count & np.uint64(56))
        marked[i] = np.uint16(of_topics | of_technologies << np.uint64(6))
    for i in range(size):
        is_taught = np.uint64(512) if taught[i] != np.uint64(0) else np.uint64(0)
        first_two = at_most(taught[i], some, m2, seven) | at_most(taught[i], others, m3, seven) << np.uint64(3)
        learning[i] = np.uint16(first_two | at_most(taught[i], rest, m4, seven) << np.uint64(6) | is_taught)
    for i in range(size):
        shortest = (np.uint64(counts[i]) >> np.uint64(9)) & seven
        teaching[i] = np.uint16(at_most(wanted[i], teaches, m5, fifteen) << np.uint64(3) | shortest)


@compiled
def activities(asking, columns, first, size, near, code):
    """Divisions and sections in common, by marks, and how many divisions there are."""
    held, counts = columns.nace_marks[first : first + size], columns.counts[first : first + size]
    mask, more, seven = asking.masks[6], asking.more[6], np.uint64(7)
    for i in range(size):
        near[i] = 0
    for row in range(len(asking.by_section)):
        section, times = np.uint64(asking.by_section[row, 0]), np.uint8(asking.by_section[row, 1])
        for i in range(size):
            near[i] += np.uint8((held[i] >> section) & ONE) * times
    for i in range(size):
        there = (np.uint64(counts[i]) >> np.uint64(6)) & seven
        code[i] = np.uint16(
            at_most(held[i], mask, more, seven) | np.uint64(min(near[i], np.uint8(7))) << np.uint64(3) | there << np.uint64(6)
        )
