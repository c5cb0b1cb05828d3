"""What is known of each slot as numbers, compiled loops over them: ranges, periods, nearness, and the first ones in an order."""

from __future__ import annotations

import numpy as np

from services.matching.index.search.kernels import ONE, compiled, has, lowest

BY_NAME, BY_MATCH, BY_DISTANCE, BY_NEWEST, BY_RESPONSIVENESS = range(5)
LAST = np.int64(2**63 - 1)
LATEST = 2**31 - 1
BATCH = 4096


@compiled
def keep_range(bits, column, least, most):  # type: ignore[no-untyped-def]
    """Leave only those in a set whose number is in that range."""
    for place in range(bits.size):
        word = left = bits[place]
        while left:
            number = column[place * 64 + np.int64(lowest(left))]
            bit = left & (~left + ONE)
            if number < least or number > most:
                word ^= bit
            left ^= bit
        bits[place] = word


@compiled
def keep_period(bits, offsets, windows, start, end):  # type: ignore[no-untyped-def]
    """Leave only those in a set of which a window meets the period, or that have none."""
    for place in range(bits.size):
        word = left = bits[place]
        while left:
            slot = place * 64 + np.int64(lowest(left))
            bit = left & (~left + ONE)
            fits = offsets[slot] == offsets[slot + 1]
            for number in range(offsets[slot], offsets[slot + 1]):
                fits = fits or (windows[number, 0] <= end and windows[number, 1] >= start)
            if not fits:
                word ^= bit
            left ^= bit
        bits[place] = word


@compiled
def apart(points, slot, x, y, z):  # type: ignore[no-untyped-def]
    """The straight distance of a slot's place from a point, in whole steps."""
    dx, dy, dz = np.float64(points[slot, 0] - x), np.float64(points[slot, 1] - y), np.float64(points[slot, 2] - z)
    return np.int64(np.sqrt(dx * dx + dy * dy + dz * dz))


@compiled
def keep_near(bits, points, x, y, z, most):  # type: ignore[no-untyped-def]
    """Leave only those in a set that are no farther from a point."""
    for place in range(bits.size):
        word = left = bits[place]
        while left:
            bit = left & (~left + ONE)
            if apart(points, place * 64 + np.int64(lowest(left)), x, y, z) > most:
                word ^= bit
            left ^= bit
        bits[place] = word


@compiled
def sort_key(slot, by, order, numbers, points, x, y, z):  # type: ignore[no-untyped-def]
    """The number by which a slot is sorted, least first: what is sorted by, then the name."""
    first = np.int64(0)
    if by in (BY_MATCH, BY_RESPONSIVENESS):
        first = np.int64(1000) - numbers[slot]
    elif by == BY_NEWEST:
        first = np.int64(LATEST) - numbers[slot]
    elif by == BY_DISTANCE:
        first = apart(points, slot, x, y, z)
    return first << 32 | np.int64(order[slot])


@compiled
def first_ones(bits, by, order, numbers, points, x, y, z, begin, wanted):  # type: ignore[no-untyped-def]
    """The first `wanted` of a set after a key, whoever has that key itself, and whoever shares the last one's: slots and keys, unsorted.

    So names, which tell those apart that share a key, can be looked at afterwards.
    """
    slots, keys = np.empty(BATCH + wanted, np.int32), np.empty(BATCH + wanted, np.int64)
    count, most = 0, LAST
    for place in range(bits.size):
        word = bits[place]
        while word:
            slot = place * 64 + np.int64(lowest(word))
            word &= word - ONE
            key = sort_key(slot, by, order, numbers, points, x, y, z)
            if key < begin or key > most:
                continue
            slots[count], keys[count] = slot, key
            count += 1
            if count == keys.size:
                count, most = cut(slots, keys, count, begin, wanted)
                if count * 2 > keys.size:
                    slots, keys = np.append(slots, np.empty_like(slots)), np.append(keys, np.empty_like(keys))
    count, most = cut(slots, keys, count, begin, wanted)
    return slots[:count], keys[:count]


@compiled
def cut(slots, keys, count, begin, wanted):  # type: ignore[no-untyped-def]
    """Keep the first `wanted` after a key, with all that share the last one's or have that key; how many stay, and the last one's key."""
    later = keys[:count][keys[:count] > begin]
    if later.size <= wanted:
        return count, LAST
    most = np.partition(later, wanted - 1)[wanted - 1]
    kept = 0
    for place in range(count):
        if keys[place] <= most:
            slots[kept], keys[kept] = slots[place], keys[place]
            kept += 1
    return kept, most


@compiled
def walk(bits, by_order, order, used, begin, wanted, patience):  # type: ignore[no-untyped-def]
    """The same by name alone, walked in the order of names from a key on; a count of -1 says that it took more than `patience` steps.

    Those that came since the last arrangement stand in no order yet, and are all looked at.
    """
    slots, keys = np.empty(BATCH + wanted, np.int32), np.empty(BATCH + wanted, np.int64)
    count, most = 0, LAST
    for place in range(max(begin, 0) >> 1, by_order.size):
        if place - (max(begin, 0) >> 1) > patience:
            return slots, keys, -1
        slot = by_order[place]
        if has(bits, slot):
            slots[count], keys[count] = slot, order[slot]
            count += 1
            # The one that the page before ended with may be among them.
            if count > wanted:
                most = np.int64(order[slot])
                break
    for place in range(by_order.size >> 6, bits.size):
        word = bits[place]
        while word:
            slot = place * 64 + np.int64(lowest(word))
            word &= word - ONE
            if by_order.size <= slot < used and begin <= order[slot] <= most:
                if count == keys.size:
                    slots, keys = np.append(slots, np.empty_like(slots)), np.append(keys, np.empty_like(keys))
                slots[count], keys[count] = slot, order[slot]
                count += 1
    return slots, keys, count


@compiled
def count_numbers(bits, column, most):  # type: ignore[no-untyped-def]
    """How many of a set have each number below `most`."""
    found = np.zeros(most, np.int64)
    for place in range(bits.size):
        word = bits[place]
        while word:
            found[column[place * 64 + np.int64(lowest(word))]] += 1
            word &= word - ONE
    return found
