"""Identity owns persons, accounts, sessions, roles, newsletters, and every notice and mail; it decides nothing about exchanges.

Further rooms: `passwords.py` (hashing), `telling.py` (which event tells whom), `words.py` (what is said, out of the catalogue
of all that the system writes), `mail.py` (how a mail is made and sent),
`administrator.py` (the command that makes the first administrator), `erasure.py` (what is forgotten of a person),
`register.py` (the file of whom was erased) and `erase_again.py` (the command that each start runs on it).
"""
