"""NACE Rev. 2.1: the European Union's classification of economic activities, as far as its divisions."""

from __future__ import annotations

NACE_SECTIONS: dict[str, tuple[str, str]] = {
    "A": ("Agriculture, forestry and fishing", "01 02 03"),
    "B": ("Mining and quarrying", "05 06 07 08 09"),
    "C": ("Manufacturing", "10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33"),
    "D": ("Electricity, gas, steam and air conditioning supply", "35"),
    "E": ("Water supply; sewerage, waste management and remediation activities", "36 37 38 39"),
    "F": ("Construction", "41 42 43"),
    "G": ("Wholesale and retail trade", "46 47"),
    "H": ("Transportation and storage", "49 50 51 52 53"),
    "I": ("Accommodation and food service activities", "55 56"),
    "J": ("Publishing, broadcasting, and content production and distribution activities", "58 59 60"),
    "K": ("Telecommunication, computer programming, consulting, computing infrastructure, information services", "61 62 63"),
    "L": ("Financial and insurance activities", "64 65 66"),
    "M": ("Real estate activities", "68"),
    "N": ("Professional, scientific and technical activities", "69 70 71 72 73 74 75"),
    "O": ("Administrative and support service activities", "77 78 79 80 81 82"),
    "P": ("Public administration and defence; compulsory social security", "84"),
    "Q": ("Education", "85"),
    "R": ("Human health and social work activities", "86 87 88"),
    "S": ("Arts, sports and recreation", "90 91 92 93"),
    "T": ("Other service activities", "94 95 96"),
    "U": ("Activities of households as employers and for own use", "97 98"),
    "V": ("Activities of extraterritorial organisations and bodies", "99"),
}
"""NACE Rev. 2.1: each section's name and its divisions."""

NACE_DIVISIONS: dict[str, str] = {division: section for section, (_, divisions) in NACE_SECTIONS.items() for division in divisions.split()}
"""NACE Rev. 2.1: each division (two digits) and the section it belongs to."""
