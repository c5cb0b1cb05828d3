"""What an organisation's number must look like: a VAT number of the Union by form and check digit, a register number by sensible form."""

from __future__ import annotations

import re

from marshmallow import ValidationError
from stdnum.eu import vat
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as InvalidNumber

from contracts.countries import COUNTRIES

NUMBER_KINDS: dict[str, str] = {"vat": "VAT identification number", "register": "Number in a public register"}

NORTHERN_IRELAND = "XI"
VAT_PREFIXES: dict[str, str] = {
    **{country: country for country in ("EL" if code == "gr" else code.upper() for code in vat.MEMBER_STATES) if country in COUNTRIES},
    "UK": NORTHERN_IRELAND,
}
"""The letters in front of the VAT numbers that are checked: the Union's countries, and Northern Ireland."""

NUMBER_FORM = re.compile(r"(?=.*\d)\w[\w .,:/()&#+'°ºª-]+\w\Z")
"""Letters of any alphabet, digits (one at least), spaces, and the signs that registers write between them."""


def check_form(number: str) -> None:
    """Refuse what is no number of any register."""
    if not NUMBER_FORM.match(number):
        raise ValidationError("A number has three signs at least: digits, letters, and spaces or signs like . - / between them.")


def vat_problem(number: str, country: str) -> str | None:
    """What is wrong with the VAT number of an organisation in that country; None where nothing is, or nothing can be told offline.

    Whether the number is in use is not asked of anybody.
    """
    prefix = VAT_PREFIXES.get(country)
    # The United Kingdom's own numbers (GB) are none of the Union's, and stand as they are.
    if prefix is None or (prefix == NORTHERN_IRELAND and not number.upper().startswith(prefix)):
        return None
    if not number.upper().startswith(prefix):
        return f"A VAT number of {COUNTRIES[country]} begins with {prefix}. Write it with these letters, or choose number_kind register."
    try:
        vat.validate(number)
    except InvalidChecksum:
        return "The check digit of this VAT number does not fit. Look for a slip of the pen and write it again."
    except InvalidNumber:
        return f"This is not the form of a VAT number of {COUNTRIES[country]}. Write it as your invoices show it, beginning with {prefix}."
    return None
