"""All that the system itself writes to people: mails, notices, agreements and their documents, one file of `texts` per language."""

from __future__ import annotations

from chassis.bare.texts import Catalogue
from contracts.words import TEXTS

CATALOGUE = Catalogue(TEXTS)
