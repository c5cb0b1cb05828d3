"""Access and portability (GDPR 15 and 20): all that is held of a person, in one file."""

from __future__ import annotations

from chassis.bare.files import SmallDownload
from chassis.bare.message import SIGNED_IN, Query


class ExportMe(Query):
    """All that every service holds of me, as JSON: rows as they are stored, what I did and when, links to my files.

    Left out are secrets (hashes of passwords, the text of mails, some of which hold links; sealed bank details, which their own page shows)
    and what is only there for searching; of a thing of others' that I decided on, only ids and times are in it. The password has to be
    given again.
    """

    service = "identity"
    answers = SmallDownload
    allowed = (SIGNED_IN,)
    fresh = True
    rule = "Each person gets what is held of that person, and nothing of anybody else but ids."
    file_types = ("application/json",)
