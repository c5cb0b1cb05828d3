"""What every service stands on: not one word of the domain.

The `bare` half needs no broker and no session (rules and contracts build on it); the `running` half keeps nameko, kombu and
eventlet behind it, so that nothing else in the project imports them.
"""
