"""Matching: who fits whom, the catalogue, contact between participants, and the match agreed.

It owns contacts, conversations, matches (whose exchange ids it mints), matching rounds, saved searches and the log of lists shown; it
keeps copies of public profiles, partnerships and of how exchanges go on. It never changes a registration and never decides for a
person: it ranks and explains, persons choose. Beside the five rooms: `ranking`, the scores as pure integer arithmetic, against which
any faster way to find the same list is to be measured, and the assignment of a round; `index`, such a faster way, in memory;
`evaluation`, which holds lists against what both sides decided.
"""
