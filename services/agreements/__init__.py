"""The agreements service owns an exchange from the match to the validated closing report: the commitment to quality and the
financial agreement as numbered texts with parties, validations and signatures, the stay, the report, the indicators.

It never computes money nor pays (payments does, and its facts are mirrored here), never matches, and never writes to anybody
(identity does). Beside the usual rooms it has `document.py`: a signed agreement as PDF, `indicators.py`: the SELECTs that count, and
`piles.py`: what waits at a contact point's desk.
"""
