"""The registry owns organisations, partnerships and participations (from the first draft to acceptance and after), the scheme's
reference data, and the support office's queries.

It never knows passwords, contacts, exchanges or payments; who is a contact point it copies from identity's facts. Beside the five
rooms it has `reference_data` (the rows the reference tables begin with), `nace` (names of activities) and `towns` (where a town lies).
"""
