"""The registry owns organisations, partnerships and participations (from the first draft to acceptance and after), the scheme's
reference data, the support office's queries, and partnership systems' access: their logins, the feed of their events, their queues.

It never knows passwords, contacts, exchanges or payments, but for the events of them that partnerships receive; who is a contact
point it copies from identity's facts. Beside the five rooms it has `reference_data` (the rows the reference tables begin with), `nace`
(names of activities), `towns` (where a town lies), `partner_queues` (the broker's host for partnerships), and the commands by hand
`partner_access` and `sandbox`.
"""
