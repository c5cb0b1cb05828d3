"""The exact score of a pair, compiled: what `ranking.scores` says in plain Python, on lines and blocks of numbers."""

# mypy: ignore-errors
# Compiled code: its types are numba's, found when it is compiled.

from __future__ import annotations

import numpy as np

from services.matching.index.compiled import compiled, ones

HEADER = 14
TOPICS, TECHNOLOGIES, WANTS, TEACHES, OFFERED, WINDOWS, LANGUAGES, WEIGHTS, SIDES, SAID = 0, 1, 2, 3, 4, 5, 6, 7, 8, 12
"""Where in a block's header stands how long which list is; from SIDES on countries and languages wished as visitor, then as host."""
FLAG = 1 << 30
WORD = FLAG - 1
LOW = 0xFFFF


@compiled
def share(weight, common, of):
    """A criterion's points where a share is what counts."""
    return weight * (1000 * common // of) // 1000


@compiled
def fused(asking, mine, theirs):
    """Both directed scores in one, rounded down."""
    if mine + theirs == 0:
        return np.int64(0)
    if asking.geometric:
        root = np.int64(np.sqrt(np.float64(mine * theirs)))
        while root * root > mine * theirs:
            root -= 1
        while (root + 1) * (root + 1) <= mine * theirs:
            root += 1
        return root
    # Division of whole numbers below 2**53 in floats is rounded right, and a quotient that is not whole is at least 1 / divisor off.
    return np.int64(np.float64(2 * mine * theirs) / np.float64(mine + theirs))


@compiled
def nace_levels(asking, low, rest):
    """How near each side's activities come to the other's: the asker's level below, the partner's above 16 bits."""
    high, sections = rest & np.uint64(0xFFFFFFFF), rest >> np.uint64(32)
    same = np.int64(ones(low & asking.nace[0])) + np.int64(ones(high & asking.nace[1]))
    near_theirs = np.int64(ones(low & asking.nace[2])) + np.int64(ones(high & asking.nace[3]))
    near_mine = np.int64(0)
    for row in range(len(asking.by_section)):
        if (sections >> np.uint64(asking.by_section[row, 0])) & np.uint64(1):
            near_mine += asking.by_section[row, 1]
    of_theirs = np.int64(ones(low)) + np.int64(ones(high))
    mine = (750 * same + 250 * near_mine) // asking.nace_count
    theirs = (750 * same + 250 * near_theirs) // of_theirs
    return mine | theirs << 16


@compiled
def row_of(tags, word):
    """The word's row among the asker's words, or 0: words that came after the asker was made ready are none of its."""
    return tags[word] if word < len(tags) else np.int32(0)


@compiled
def exact(asking, columns, lines, numbers, start, tags, at):
    """Both directed scores of the asker and whoever stands at that place: the asker's below, the partner's above 16 bits."""
    slot = columns.slot[at]
    line = lines[slot]
    block = numbers[start[slot] :]
    counts, best = np.zeros(32, np.int64), np.zeros(32, np.int64)
    weights = asking.mine
    own = asking.theirs
    position = HEADER

    # Topics and technologies.
    topics, technologies = np.int64(block[TOPICS]), np.int64(block[TECHNOLOGIES])
    common_topics, common_technologies = 0, 0
    for place in range(position, position + topics):
        common_topics += (asking.where[row_of(tags, block[place])] >> 2) & 1
    position += topics
    for place in range(position, position + technologies):
        common_technologies += (asking.where[row_of(tags, block[place])] >> 3) & 1
    position += technologies

    # What the partner wants to learn, by what the asker can teach; then the other way round.
    wanted = np.int64(block[WANTS])
    learned_theirs = np.int64(0)
    for _ in range(wanted):
        length = np.int64(block[position])
        counts[:] = 0
        most = np.int64(0)
        for place in range(position + 1, position + 1 + length):
            mask = asking.teach_mask[row_of(tags, block[place])]
            while mask:
                item = ones((mask & (~mask + np.uint64(1))) - np.uint64(1))
                counts[item] += 1
                most = max(most, counts[item])
                mask &= mask - np.uint64(1)
        if length:
            learned_theirs += 1000 * most // length
        position += 1 + length
    taught = np.int64(block[TEACHES])
    for _ in range(taught):
        length = np.int64(block[position])
        counts[:] = 0
        for place in range(position + 1, position + 1 + length):
            mask = asking.want_mask[row_of(tags, block[place])]
            while mask:
                item = ones((mask & (~mask + np.uint64(1))) - np.uint64(1))
                counts[item] += 1
                best[item] = max(best[item], counts[item])
                mask &= mask - np.uint64(1)
        position += 1 + length
    learned_mine = np.int64(0)
    for item in range(len(asking.want_lengths)):
        if asking.want_lengths[item]:
            learned_mine += 1000 * best[item] // asking.want_lengths[item]

    # Words of the motivation in what the other says and offers.
    offered, said = np.int64(block[OFFERED]), np.int64(block[SAID])
    text_mine, text_theirs = np.int64(0), np.int64(0)
    for place in range(position, position + offered):
        flags = asking.where[row_of(tags, block[place] & WORD)]
        text_mine += flags & 1
        if block[place] & FLAG:
            text_theirs += (flags >> 1) & 1
    position += offered + 2 * np.int64(block[WINDOWS])

    # Languages.
    spoken = np.int64(block[LANGUAGES])
    common_level, wished_level = np.int64(0), np.int64(0)
    for place in range(position, position + spoken):
        language, level = np.int64(block[place] >> 3), np.int64(block[place] & 7)
        common_level = max(common_level, min(level, asking.levels[language]))
        if asking.is_wished[language]:
            wished_level = max(wished_level, level)
    position += spoken
    if block[WEIGHTS]:
        own = np.empty(14, np.int64)
        for number in range(14):
            own[number] = block[position + number]
        position += 14

    # What the partner wishes in its role: its lists stand behind each other, the visitor's first.
    for number in range(2 * asking.side):
        position += np.int64(block[SIDES + number])
    countries, languages = np.int64(block[SIDES + 2 * asking.side]), np.int64(block[SIDES + 2 * asking.side + 1])
    country_met, language_met = np.int64(0), np.int64(0)
    for place in range(position, position + countries):
        if block[place] == asking.country:
            country_met = np.int64(1000)
    position += countries
    for place in range(position, position + languages):
        language_met = max(language_met, asking.levels[block[place]])

    mine, theirs = np.int64(0), np.int64(0)
    # learning
    mine += weights[0] * (learned_mine // len(asking.want_lengths) if len(asking.want_lengths) and taught else 500) // 1000
    theirs += own[0] * (learned_theirs // wanted if wanted and asking.teach_count else 500) // 1000
    # ecosystems
    theirs_set = np.int64(columns.ecosystems[at])
    if theirs_set and asking.ecosystems:
        common = np.int64(ones(np.uint64(theirs_set & asking.ecosystems)))
        mine += share(weights[1], common, np.int64(ones(np.uint64(asking.ecosystems))))
        theirs += share(own[1], common, np.int64(ones(np.uint64(theirs_set))))
    else:
        mine += weights[1] * 500 // 1000
        theirs += own[1] * 500 // 1000
    # activity_types
    theirs_set = np.int64(columns.activities[at])
    if theirs_set and asking.activities:
        common = np.int64(ones(np.uint64(theirs_set & asking.activities)))
        mine += share(weights[2], common, np.int64(ones(np.uint64(asking.activities))))
        theirs += share(own[2], common, np.int64(ones(np.uint64(theirs_set))))
    else:
        mine += weights[2] * 500 // 1000
        theirs += own[2] * 500 // 1000
    # nace
    if asking.nace_count and (line[0] or line[1]):
        levels = nace_levels(asking, line[0], line[1])
        mine += weights[3] * (levels & LOW) // 1000
        theirs += own[3] * (levels >> 16) // 1000
    else:
        mine += weights[3] * 500 // 1000
        theirs += own[3] * 500 // 1000
    # topics, technologies
    if topics and len(asking.topics):
        mine += share(weights[4], common_topics, len(asking.topics))
        theirs += share(own[4], common_topics, topics)
    else:
        mine += weights[4] * 500 // 1000
        theirs += own[4] * 500 // 1000
    if technologies and len(asking.technologies):
        mine += share(weights[5], common_technologies, len(asking.technologies))
        theirs += share(own[5], common_technologies, technologies)
    else:
        mine += weights[5] * 500 // 1000
        theirs += own[5] * 500 // 1000
    # organisation_types, countries: the partner's side by its own wishes, the asker's out of the table of kinds below
    wished = np.int64(columns.wished[at])
    types = wished & 0x3FFF
    theirs += own[6] * ((1000 if (types >> asking.type) & 1 else 0) if types else 500) // 1000
    theirs += own[7] * (country_met if countries else 500) // 1000
    mine += asking.kind_points[columns.kind[at]] & LOW
    # languages, common_language
    mine += weights[8] * (1000 * wished_level // 6 if len(asking.wished_languages) and spoken else 500) // 1000
    theirs += own[8] * (1000 * language_met // 6 if languages and len(asking.spoken) else 500) // 1000
    common = 1000 * common_level // 6 if spoken and len(asking.spoken) else 500
    mine += weights[9] * common // 1000
    theirs += own[9] * common // 1000
    # text
    mine += weights[10] * (min(1000, 1000 * text_mine // min(asking.said_count, 10)) if asking.said_count and offered else 500) // 1000
    theirs += own[10] * (min(1000, 1000 * text_theirs // min(said, 10)) if said and asking.offered_count else 500) // 1000
    # group_size
    group = np.int64(columns.group[at]) & 127
    if (asking.group <= group) if asking.visits else (group <= asking.group):
        mine += weights[11]
        theirs += own[11]
    # size: the asker's is in the table of kinds
    theirs += own[12] * asking.sizes_near[columns.kind[at]] // 1000
    # responsiveness
    answering = np.int64(columns.answering[at])
    mine += weights[13] * (answering if answering <= 1000 else 500) // 1000
    theirs += own[13] * (asking.answering if asking.answering <= 1000 else 500) // 1000
    return mine | theirs << 16
