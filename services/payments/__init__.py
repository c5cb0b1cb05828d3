"""Payments: reference rates, the computed assistance, bank details, evidence, payment orders and lists, and the ledger.

It decides what a visiting organisation is due and sees that it is paid once, by two persons. It never decides whether an exchange
may start or a report is good (agreements does), tells nobody anything but facts (identity writes the mails), and hosts see none of it.
Rooms of its own: `assistance` (the arithmetic), `vault` (what is kept encrypted), `listing` (the list for the bank), `budget` (the SELECTs that add
up money), `piles` (what waits at a paying officer's desk).
"""
