"""The exact score of a pair, compiled: what `ranking.scores` says in plain Python, on lines and blocks of numbers."""

# mypy: ignore-errors
# Compiled code: its types are numba's, found when it is compiled.

from __future__ import annotations

import numpy as np

from services.matching.index.compiled import inlined, ones

HEADER = 14
TOPICS, TECHNOLOGIES, WANTS, TEACHES, OFFERED, WINDOWS, LANGUAGES, WEIGHTS, SIDES, SAID = 0, 1, 2, 3, 4, 5, 6, 7, 8, 12
"""Where in a block's header stands how long which list is; from SIDES on countries and languages wished as visitor, then as host."""
(
    SIDE, NACE, TAUGHT, OWN_TOPICS, OWN_TECHNOLOGIES, OWN_SAID, OWN_OFFERED, ECOSYSTEMS, ACTIVITIES, TYPE, COUNTRY, GROUP, VISITS, ANSWERING,
    LANGUAGES_WISHED, SPOKEN,
) = range(16)  # fmt: skip
"""Where in an asker's facts stands what."""
FLAG = 1 << 30
WORD = FLAG - 1
LOW = 0xFFFF


@inlined
def share(weight, common, of):
    """A criterion's points where a share is what counts."""
    return weight * (1000 * common // of) // 1000


@inlined
def fused(geometric, mine, theirs):
    """Both directed scores in one, rounded down."""
    if mine + theirs == 0:
        return np.int64(0)
    if geometric:
        root = np.int64(np.sqrt(np.float64(mine * theirs)))
        while root * root > mine * theirs:
            root -= 1
        while (root + 1) * (root + 1) <= mine * theirs:
            root += 1
        return root
    # Division of whole numbers below 2**53 in floats is rounded right, and a quotient that is not whole is at least 1 / divisor off.
    return np.int64(np.float64(2 * mine * theirs) / np.float64(mine + theirs))


@inlined
def nace_levels(nace, by_section, nace_count, low, rest):
    """How near each side's activities come to the other's: the asker's level below, the partner's above 16 bits."""
    high, sections = rest & np.uint64(0xFFFFFFFF), rest >> np.uint64(32)
    same = np.int64(ones(low & nace[0])) + np.int64(ones(high & nace[1]))
    near_theirs = np.int64(ones(low & nace[2])) + np.int64(ones(high & nace[3]))
    near_mine = np.int64(0)
    for row in range(len(by_section)):
        if (sections >> np.uint64(by_section[row, 0])) & np.uint64(1):
            near_mine += by_section[row, 1]
    of_theirs = np.int64(ones(low)) + np.int64(ones(high))
    mine = (750 * same + 250 * near_mine) // nace_count
    theirs = (750 * same + 250 * near_theirs) // of_theirs
    return mine | theirs << 16


@inlined
def row_of(tags, word):
    """The word's row among the asker's words, or 0: words that came after the asker was made ready are none of its."""
    return tags[word] if word < len(tags) else np.int32(0)


@inlined
def exact(
    facts, weights, theirs_weights, nace, by_section, levels, is_wished, where, want_mask, teach_mask, want_lengths, kind_points, sizes_near,
    slots, ecosystems, activities, wishes, kinds, groups, answered, lines, numbers, start, tags, scratch, at,
):  # fmt: skip
    """Both directed scores of the asker and whoever stands at that place: the asker's below, the partner's above 16 bits."""
    slot = np.int64(slots[at])
    low, rest = lines[slot, 0], lines[slot, 1]
    block = start[slot]
    counts, best, moved = scratch[0], scratch[1], scratch[2]
    best[:] = 0
    position = block + HEADER

    # Topics and technologies.
    topics, technologies = np.int64(numbers[block + TOPICS]), np.int64(numbers[block + TECHNOLOGIES])
    common_topics, common_technologies = 0, 0
    for place in range(position, position + topics):
        common_topics += (where[row_of(tags, numbers[place])] >> 2) & 1
    position += topics
    for place in range(position, position + technologies):
        common_technologies += (where[row_of(tags, numbers[place])] >> 3) & 1
    position += technologies

    # What the partner wants to learn, by what the asker can teach; then the other way round.
    wanted = np.int64(numbers[block + WANTS])
    learned_theirs = np.int64(0)
    for _ in range(wanted):
        length = np.int64(numbers[position])
        counts[:] = 0
        most = np.int64(0)
        for place in range(position + 1, position + 1 + length):
            mask = teach_mask[row_of(tags, numbers[place])]
            while mask:
                item = ones((mask & (~mask + np.uint64(1))) - np.uint64(1))
                counts[item] += 1
                most = max(most, counts[item])
                mask &= mask - np.uint64(1)
        if length:
            learned_theirs += 1000 * most // length
        position += 1 + length
    taught = np.int64(numbers[block + TEACHES])
    for _ in range(taught):
        length = np.int64(numbers[position])
        counts[:] = 0
        for place in range(position + 1, position + 1 + length):
            mask = want_mask[row_of(tags, numbers[place])]
            while mask:
                item = ones((mask & (~mask + np.uint64(1))) - np.uint64(1))
                counts[item] += 1
                best[item] = max(best[item], counts[item])
                mask &= mask - np.uint64(1)
        position += 1 + length
    learned_mine = np.int64(0)
    for item in range(len(want_lengths)):
        if want_lengths[item]:
            learned_mine += 1000 * best[item] // want_lengths[item]

    # Words of the motivation in what the other says and offers.
    offered, said = np.int64(numbers[block + OFFERED]), np.int64(numbers[block + SAID])
    text_mine, text_theirs = np.int64(0), np.int64(0)
    for place in range(position, position + offered):
        flags = where[row_of(tags, numbers[place] & WORD)]
        text_mine += flags & 1
        if numbers[place] & FLAG:
            text_theirs += (flags >> 1) & 1
    position += offered + 2 * np.int64(numbers[block + WINDOWS])

    # Languages.
    spoken = np.int64(numbers[block + LANGUAGES])
    common_level, wished_level = np.int64(0), np.int64(0)
    for place in range(position, position + spoken):
        language, level = np.int64(numbers[place] >> 3), np.int64(numbers[place] & 7)
        common_level = max(common_level, min(level, levels[language]))
        if is_wished[language]:
            wished_level = max(wished_level, level)
    position += spoken
    if numbers[block + WEIGHTS]:
        for number in range(14):
            moved[number] = numbers[position + number]
        position += 14
    else:
        moved[:14] = theirs_weights

    # What the partner wishes in its role: its lists stand behind each other, the visitor's first.
    for number in range(2 * facts[SIDE]):
        position += np.int64(numbers[block + SIDES + number])
    countries, languages = np.int64(numbers[block + SIDES + 2 * facts[SIDE]]), np.int64(numbers[block + SIDES + 2 * facts[SIDE] + 1])
    country_met, language_met = np.int64(0), np.int64(0)
    for place in range(position, position + countries):
        if numbers[place] == facts[COUNTRY]:
            country_met = np.int64(1000)
    position += countries
    for place in range(position, position + languages):
        language_met = max(language_met, levels[numbers[place]])

    mine, theirs = np.int64(0), np.int64(0)
    # learning
    mine += weights[0] * (learned_mine // len(want_lengths) if len(want_lengths) and taught else 500) // 1000
    theirs += moved[0] * (learned_theirs // wanted if wanted and facts[TAUGHT] else 500) // 1000
    # ecosystems
    theirs_set = np.int64(ecosystems[at])
    if theirs_set and facts[ECOSYSTEMS]:
        common = np.int64(ones(np.uint64(theirs_set & facts[ECOSYSTEMS])))
        mine += share(weights[1], common, np.int64(ones(np.uint64(facts[ECOSYSTEMS]))))
        theirs += share(moved[1], common, np.int64(ones(np.uint64(theirs_set))))
    else:
        mine += weights[1] * 500 // 1000
        theirs += moved[1] * 500 // 1000
    # activity_types
    theirs_set = np.int64(activities[at])
    if theirs_set and facts[ACTIVITIES]:
        common = np.int64(ones(np.uint64(theirs_set & facts[ACTIVITIES])))
        mine += share(weights[2], common, np.int64(ones(np.uint64(facts[ACTIVITIES]))))
        theirs += share(moved[2], common, np.int64(ones(np.uint64(theirs_set))))
    else:
        mine += weights[2] * 500 // 1000
        theirs += moved[2] * 500 // 1000
    # nace
    if facts[NACE] and (low or rest):
        near = nace_levels(nace, by_section, facts[NACE], low, rest)
        mine += weights[3] * (near & LOW) // 1000
        theirs += moved[3] * (near >> 16) // 1000
    else:
        mine += weights[3] * 500 // 1000
        theirs += moved[3] * 500 // 1000
    # topics, technologies
    if topics and facts[OWN_TOPICS]:
        mine += share(weights[4], common_topics, facts[OWN_TOPICS])
        theirs += share(moved[4], common_topics, topics)
    else:
        mine += weights[4] * 500 // 1000
        theirs += moved[4] * 500 // 1000
    if technologies and facts[OWN_TECHNOLOGIES]:
        mine += share(weights[5], common_technologies, facts[OWN_TECHNOLOGIES])
        theirs += share(moved[5], common_technologies, technologies)
    else:
        mine += weights[5] * 500 // 1000
        theirs += moved[5] * 500 // 1000
    # organisation_types, countries: the partner's side by its own wishes, the asker's out of the table of kinds below
    wished = np.int64(wishes[at])
    types = wished & 0x3FFF
    theirs += moved[6] * ((1000 if (types >> facts[TYPE]) & 1 else 0) if types else 500) // 1000
    theirs += moved[7] * (country_met if countries else 500) // 1000
    mine += kind_points[kinds[at]] & LOW
    # languages, common_language
    mine += weights[8] * (1000 * wished_level // 6 if facts[LANGUAGES_WISHED] and spoken else 500) // 1000
    theirs += moved[8] * (1000 * language_met // 6 if languages and facts[SPOKEN] else 500) // 1000
    common = 1000 * common_level // 6 if spoken and facts[SPOKEN] else 500
    mine += weights[9] * common // 1000
    theirs += moved[9] * common // 1000
    # text
    mine += weights[10] * (min(1000, 1000 * text_mine // min(facts[OWN_SAID], 10)) if facts[OWN_SAID] and offered else 500) // 1000
    theirs += moved[10] * (min(1000, 1000 * text_theirs // min(said, 10)) if said and facts[OWN_OFFERED] else 500) // 1000
    # group_size
    group = np.int64(groups[at]) & 127
    if (facts[GROUP] <= group) if facts[VISITS] else (group <= facts[GROUP]):
        mine += weights[11]
        theirs += moved[11]
    # size: the asker's is in the table of kinds
    theirs += moved[12] * sizes_near[kinds[at]] // 1000
    # responsiveness
    answering = np.int64(answered[at])
    mine += weights[13] * (answering if answering <= 1000 else 500) // 1000
    theirs += moved[13] * (facts[ANSWERING] if facts[ANSWERING] <= 1000 else 500) // 1000
    return mine | theirs << 16
