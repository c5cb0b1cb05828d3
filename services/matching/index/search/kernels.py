"""The inner loops, compiled: sets of participations as bits, and what is united, kept and counted in them.

A set is an array of 64-bit words, one bit a slot. A term's participations are a row of bits where they are many, else a run of
slots, `runs[starts[term]:starts[term + 1]]`. Those that came since the last arrangement hang on a chain that begins at `heads[term]`.
A store is the tuple (rows, bits, starts, runs, heads, links, nexts).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from services.matching.index import compiled as compiling

ONE = np.uint64(1)
compiled = compiling.compiled
ones: Any = compiling.ones


def _lowest(context: Any, word: Any) -> Any:
    """The place of the lowest bit set of a word that is not 0."""
    never_zero = ir.Constant(ir.IntType(1), 1)
    return types.uint64(types.uint64), lambda _context, builder, _signature, given: builder.cttz(given[0], never_zero)


lowest: Any = intrinsic(_lowest)


@compiled
def has(bits, slot):  # type: ignore[no-untyped-def]
    """Whether a slot is in a set."""
    return bits[slot >> 6] >> np.uint64(slot & 63) & ONE != 0


@compiled
def put(bits, slot):  # type: ignore[no-untyped-def]
    """Put a slot into a set."""
    bits[slot >> 6] |= ONE << np.uint64(slot & 63)


@compiled
def take(bits, slot):  # type: ignore[no-untyped-def]
    """Take a slot out of a set."""
    bits[slot >> 6] &= ~(ONE << np.uint64(slot & 63))


@compiled
def size(bits):  # type: ignore[no-untyped-def]
    """How many are in a set."""
    found = np.uint64(0)
    for word in bits:
        found += ones(word)
    return np.int64(found)


@compiled
def keep(bits, other):  # type: ignore[no-untyped-def]
    """Leave only those in a set that are in the other one, too."""
    for place in range(bits.size):
        bits[place] &= other[place]


@compiled
def slots_of(bits):  # type: ignore[no-untyped-def]
    """The slots in a set, in order."""
    found = np.empty(size(bits), np.int32)
    count = 0
    for place in range(bits.size):
        word = bits[place]
        while word:
            found[count] = place * 64 + np.int64(lowest(word))
            count += 1
            word &= word - ONE
    return found


@compiled
def unite(out, terms, store):  # type: ignore[no-untyped-def]
    """Put all that have one of the terms into a set."""
    rows, bits, starts, runs, heads, links, nexts = store
    for term in terms:
        if rows[term] >= 0:
            row = bits[rows[term]]
            for place in range(out.size):
                out[place] |= row[place]
        for place in range(starts[term], starts[term + 1]):
            put(out, runs[place])
        link = heads[term]
        while link >= 0:
            put(out, links[link])
            link = nexts[link]


@compiled
def count_terms(inside, terms, store):  # type: ignore[no-untyped-def]
    """How many of a set have each of the terms."""
    rows, bits, starts, runs, heads, links, nexts = store
    found = np.zeros(terms.size, np.int64)
    # Where few are inside, only their words are looked at: a whole row comes from memory, not from a cache.
    places = np.flatnonzero(inside)
    is_sparse = places.size * 8 < inside.size
    for number in range(terms.size):
        term = terms[number]
        count = np.int64(0)
        if rows[term] >= 0:
            row = bits[rows[term]]
            both = np.uint64(0)
            if is_sparse:
                for some in places:
                    both += ones(inside[some] & row[some])
            else:
                for place in range(inside.size):
                    both += ones(inside[place] & row[place])
            count += np.int64(both)
        for place in range(starts[term], starts[term + 1]):
            count += has(inside, runs[place])
        link = heads[term]
        while link >= 0:
            count += has(inside, links[link])
            link = nexts[link]
        found[number] = count
    return found


@compiled
def hang_on(slot, terms, store, used):  # type: ignore[no-untyped-def]
    """Give a new slot its terms; returns how many links of the chains are used then."""
    rows, bits, _, _, heads, links, nexts = store
    for term in terms:
        if rows[term] >= 0:
            put(bits[rows[term]], slot)
        else:
            links[used], nexts[used] = slot, heads[term]
            heads[term] = used
            used += 1
    return used


@compiled
def moved(terms, store, new_slots):  # type: ignore[no-untyped-def]
    """The runs of these terms when each slot has moved to `new_slots[slot]` (-1: gone): where they start, and the slots."""
    rows, bits, starts, runs, heads, links, nexts = store
    begins = np.zeros(terms.size + 1, np.int64)
    for filling in range(2):
        if filling:
            begins = np.cumsum(begins)
        out = np.empty(begins[terms.size] if filling else 0, np.int32)
        for number in range(terms.size):
            term = terms[number]
            count = np.int64(0)
            at = begins[number]
            if rows[term] >= 0:
                row = bits[rows[term]]
                for place in range(row.size):
                    word = row[place]
                    while word:
                        slot = new_slots[place * 64 + np.int64(lowest(word))]
                        word &= word - ONE
                        if slot >= 0:
                            if filling:
                                out[at + count] = slot
                            count += 1
            for place in range(starts[term], starts[term + 1]):
                slot = new_slots[runs[place]]
                if slot >= 0:
                    if filling:
                        out[at + count] = slot
                    count += 1
            link = heads[term]
            while link >= 0:
                slot = new_slots[links[link]]
                if slot >= 0:
                    if filling:
                        out[at + count] = slot
                    count += 1
                link = nexts[link]
            if not filling:
                begins[number + 1] = count
    return begins, out


@compiled
def turned(offsets, terms, count):  # type: ignore[no-untyped-def]
    """From the terms of each slot to the slots of each term: where they start, and the slots in order."""
    begins = np.zeros(count + 1, np.int64)
    for term in terms:
        begins[term + 1] += 1
    begins = np.cumsum(begins)
    at = begins.copy()
    out = np.empty(terms.size, np.int32)
    for slot in range(offsets.size - 1):
        for place in range(offsets[slot], offsets[slot + 1]):
            out[at[terms[place]]] = slot
            at[terms[place]] += 1
    return begins, out


@compiled
def to_rows(begins, slots, rows, bits):  # type: ignore[no-untyped-def]
    """Write the runs of those terms that have a row into it, and return the runs of the others."""
    starts = np.zeros(begins.size, np.int64)
    for term in range(begins.size - 1):
        starts[term + 1] = starts[term] + (begins[term + 1] - begins[term] if rows[term] < 0 else 0)
    runs = np.empty(starts[-1], np.int32)
    for term in range(begins.size - 1):
        if rows[term] >= 0:
            for place in range(begins[term], begins[term + 1]):
                put(bits[rows[term]], slots[place])
        else:
            runs[starts[term] : starts[term + 1]] = slots[begins[term] : begins[term + 1]]
    return starts, runs


@compiled
def add_weights(sums, terms, weights, store):  # type: ignore[no-untyped-def]
    """Add each term's weight to the sums of all that have it."""
    rows, bits, starts, runs, heads, links, nexts = store
    for number in range(terms.size):
        term, weight = terms[number], weights[number]
        if rows[term] >= 0:
            row = bits[rows[term]]
            for place in range(row.size):
                word = row[place]
                while word:
                    sums[place * 64 + np.int64(lowest(word))] += weight
                    word &= word - ONE
        for place in range(starts[term], starts[term + 1]):
            sums[runs[place]] += weight
        link = heads[term]
        while link >= 0:
            sums[links[link]] += weight
            link = nexts[link]
