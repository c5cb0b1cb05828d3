"""What makes two organisations look like one: a register number, a name in a country, a web domain, each in normal form."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

# Letters that do not come apart into a base letter and an accent.
PLAIN = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})

# Some letters become many when they are taken apart: a key never outgrows its column.
LONGEST = 255

LEGAL_FORMS = frozenset((
    "ab", "ad", "ag", "aisbl", "as", "asbl", "bv", "bvba", "cic", "coop", "doo", "dooel", "ev", "eood", "eu", "gmbh", "ike",
    "inc", "kft", "kg", "lda", "llc", "ltd", "mb", "nv", "oo", "ood", "ou", "oy", "oyj", "plc", "rt", "sa", "sae", "sarl",
    "sas", "se", "sia", "sl", "slu", "sp", "spa", "spzoo", "srl", "sro", "uab", "ug", "vzw", "zrt", "zs",
))  # fmt: skip
"""Legal forms as they are written behind names, without their dots."""

SHARED_DOMAINS = frozenset((
    "facebook.com", "linkedin.com", "instagram.com", "sites.google.com", "wordpress.com", "wixsite.com", "github.io",
    "clustercollaboration.eu",
))  # fmt: skip
"""Domains under which many organisations have their page: they say nothing."""


def plain_words(text: str) -> str:
    """A text's words without case, accents and punctuation, one space between them."""
    # Taken apart first and last: some signs show their capitals, and some small letters their accents, only then.
    small = unicodedata.normalize("NFKD", text).casefold()
    spread = unicodedata.normalize("NFKD", small).casefold().translate(PLAIN)
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    # Dots are dropped before words are cut, so that "S.L." is the word "sl".
    return re.sub(r"[\W_]+", " ", plain.replace(".", "")).strip()


def name_key(legal_name: str | None) -> str | None:
    """A name's plain words without its legal form; None where nothing is left."""
    words = plain_words(legal_name or "").split()
    key = " ".join(word for word in words if word not in LEGAL_FORMS) or " ".join(words)
    return key[:LONGEST] or None


def number_key(number: str | None, country: str | None) -> str | None:
    """A VAT or register number: capital letters and digits only, without the country's letters in front."""
    plain = re.sub(r"[^A-Z0-9]", "", (number or "").upper())
    for letters in (country, "GR" if country == "EL" else None):
        if letters and plain.startswith(letters) and len(plain) > len(letters):
            plain = plain[len(letters) :]
            break
    return plain[:LONGEST] or None


def web_domain(website: str | None) -> str | None:
    """The host of a web address without `www.`; None where it is shared by many."""
    try:
        host = (urlsplit(website or "").hostname or "").removeprefix("www.")
    except ValueError:
        return None
    shared = any(host == domain or host.endswith("." + domain) for domain in SHARED_DOMAINS)
    return None if shared or not host else host
