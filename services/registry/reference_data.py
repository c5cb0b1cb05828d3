"""The rows that the reference tables begin with, and what is known about each: the first migrations write them.

Later changes are new rows with new days, written by later migrations; what was true on a past day stays to be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from contracts.countries import COUNTRIES
from contracts.nace import NACE_DIVISIONS, NACE_SECTIONS
from contracts.words import ACTIVITY_TYPES, CEFR, ECOSYSTEMS, LANGUAGES, ORGANISATION_SIZES, ORGANISATION_TYPES, SCALING_UP_TYPES
from services.registry import ecosystems, nace

SINCE = date(2020, 1, 1)
PAGES = "public pages of the programme"
UNION = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
PILOT = "IS AL BA XK ME MK RS TR AM MD UA"
OUTERMOST = {"FRY1": "Guadeloupe", "FRY2": "Martinique", "FRY3": "Guyane", "FRY4": "La Réunion", "FRY5": "Mayotte",
             "ES70": "Canarias", "PT20": "Açores", "PT30": "Madeira"}  # fmt: skip
OTHERS = ("training_provider", "large_company", "public_authority")

NOTICES = {
    "privacy_notice": (
        "How your personal data are used",
        "Your data are used to run the exchange scheme: your partnership assesses your registration; once it is accepted, other "
        "participants see your organisation's profile, without personal data. You may see, correct, take away and have erased what "
        "is kept about you.",
    ),
    "scheme_rules": (
        "Rules of the scheme",
        "An organisation visits once and may host many times. A stay takes place in another eligible country, lasts at least three "
        "full working days without travel days and at most one month, and is no internship and no work placement.",
    ),
}


NOTICES_IN_FRENCH = {
    "privacy_notice": (
        "Ce qu'il advient de vos données personnelles",
        "Vos données servent au fonctionnement du programme d'échanges : votre partenariat examine votre inscription ; une fois "
        "celle-ci acceptée, les autres participants voient le profil de votre organisation, sans données personnelles. Vous pouvez "
        "consulter, rectifier, emporter et faire effacer ce qui est conservé à votre sujet.",
    ),
    "scheme_rules": (
        "Règles du programme",
        "Une organisation effectue une seule visite et peut accueillir autant de fois qu'elle le souhaite. Un séjour a lieu dans un "
        "autre pays éligible, dure au moins trois jours ouvrables complets, hors jours de voyage, et un mois au plus ; il ne s'agit "
        "ni d'un stage ni d'un placement professionnel.",
    ),
}


def terms() -> list[dict[str, Any]]:
    """The rows of all lists."""
    return [
        *_terms("countries", COUNTRIES, "ISO 3166-1, written as the European Union does"),
        *_terms("eligible-countries", {code: COUNTRIES[code] for code in UNION.split()}, f"{PAGES}: Member States"),
        *_terms("eligible-countries", {code: COUNTRIES[code] for code in PILOT.split()}, f"{PAGES}: pilot countries"),
        *_terms("outermost-regions", OUTERMOST, "TFEU article 349; codes of NUTS 2024"),
        *_terms("ecosystems", ECOSYSTEMS, "European Commission: 14 industrial ecosystems"),
        *_terms("organisation-types", ORGANISATION_TYPES, PAGES),
        *_terms("organisation-sizes", ORGANISATION_SIZES, "Recommendation 2003/361/EC, by staff"),
        *_terms("activity-types", ACTIVITY_TYPES, PAGES),
        *_terms("nace-sections", {code: name for code, (name, _) in NACE_SECTIONS.items()}, "NACE Rev. 2.1"),
        *_nace_divisions(),
        *_terms("languages", LANGUAGES, "ISO 639-1"),
        *_terms("language-levels", CEFR, "Common European Framework of Reference for Languages"),
    ]


def sme_sizes() -> list[dict[str, Any]]:
    """The sizes of a small or medium-sized enterprise; the second migration writes them."""
    source = "Recommendation 2003/361/EC: under 250 staff; turnover and balance sheet are for the contact point to judge"
    return list(_terms("sme-sizes", {code: name for code, name in ORGANISATION_SIZES.items() if code != "large"}, source))


def cluster_page_hosts() -> list[dict[str, Any]]:
    """Where a cluster's profile is taken to stand; the fifth migration writes it."""
    source = "public address of the European Cluster Collaboration Platform; that profiles stand under it alone is an assumption"
    return list(_terms("cluster-page-hosts", {"clustercollaboration.eu": "European Cluster Collaboration Platform"}, source))


def periods() -> list[dict[str, Any]]:
    """Countries that are eligible for a time only; the seventh migration writes them."""
    united_kingdom = {
        "kind": "eligible-countries",
        "code": "UK",
        "name": COUNTRIES["UK"],
        "parent": None,
        "footnote": None,
        "source": "assumption: eligible until the end of the transition period of the withdrawal agreement",
        "valid_from": SINCE,
        "valid_to": date(2020, 12, 31),
    }
    return [united_kingdom]


def ecosystem_activities() -> list[dict[str, Any]]:
    """Which NACE divisions belong to which ecosystems, many to many; the seventh migration writes them."""
    pairs = ((ecosystem, division) for ecosystem, divisions in ecosystems.DIVISIONS.items() for division in divisions)
    return [{"ecosystem": ecosystem, "nace": division} | _dated(ecosystems.SOURCE) for ecosystem, division in pairs]


def eligibility_rules() -> list[dict[str, Any]]:
    """Who may visit and host; kinds and memberships that stand in no row may do neither."""
    return [
        *(_rule(kind, member, "yes", "yes") for kind in ("cluster_organisation", "business_network") for member in (True, False)),
        *(_rule(kind, True, "yes", "yes") for kind in SCALING_UP_TYPES),
        _rule("sme", True, "yes", "yes"),
        _rule("sme", False, "no", "pre_approval"),
        *(_rule(kind, True, "partnership", "yes", f"{PAGES}: sources conflict, a parameter per partnership") for kind in OTHERS),
    ]


def notices_in_french() -> list[dict[str, Any]]:
    """The same versions in French; the twelfth migration writes them."""
    source = "assumption: text of this installation"
    return [
        {"notice": notice, "version": "2026-1", "language": "fr", "heading": heading, "text": text} | _dated(source)
        for notice, (heading, text) in NOTICES_IN_FRENCH.items()
    ]


def notices() -> list[dict[str, Any]]:
    """The first version of every notice."""
    source = "assumption: text of this installation"
    return [
        {"notice": notice, "version": "2026-1", "heading": heading, "text": text} | _dated(source)
        for notice, (heading, text) in NOTICES.items()
    ]


def _terms(kind: str, names: dict[str, str], source: str) -> Iterator[dict[str, Any]]:
    for code, name in names.items():
        yield {"kind": kind, "code": code, "name": name, "parent": None} | _dated(source)


def _nace_divisions() -> Iterator[dict[str, Any]]:
    for division, section in NACE_DIVISIONS.items():
        name = nace.NAMES[division]
        yield {"kind": "nace-divisions", "code": division, "name": name, "parent": section} | _dated("NACE Rev. 2.1, names abridged")


def _rule(kind: str, member: bool, may_visit: str, may_host: str, source: str = PAGES) -> dict[str, Any]:
    return {"organisation_type": kind, "cluster_member": member, "may_visit": may_visit, "may_host": may_host} | _dated(source)


def _dated(source: str) -> dict[str, Any]:
    return {"source": source, "valid_from": SINCE, "valid_to": None}
