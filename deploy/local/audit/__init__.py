"""The auditor: reads the five databases, the broker and the blob folder directly and says, promise by promise, whether each is kept.

It judges by what lies there and by the tables of lifecycles and contracts, never by the services' own code; it changes nothing.
"""
