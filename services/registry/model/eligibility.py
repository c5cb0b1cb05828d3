"""Who may take part in which role: the rule tables applied to one organisation (public pages of the programme)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from urllib.parse import urlsplit

from contracts.registry import (
    ClusterPageElsewhere,
    ConsentOutdated,
    CountryNotEligible,
    HostingNotApproved,
    NotAnSme,
    NumberNotValid,
    RegionElsewhere,
    RoleNotOpen,
    vat_problem,
)
from contracts.words import ROLES
from services.registry.model.organisation import Organisation
from services.registry.model.partnership import Partnership
from services.registry.model.reference import Scheme


class Consented(Protocol):
    """A consent to one version of one notice."""

    notice: str
    version: str


def check_eligibility(organisation: Organisation, roles: Iterable[str], scheme: Scheme, partnership: Partnership) -> None:
    """Refuse answers that do not fit together or the scheme, and a role not open even with pre-approval."""
    _check_seat(organisation, scheme)
    _check_membership(organisation, scheme)
    allowed = open_roles(organisation, scheme, partnership, approved=True)
    for role in roles:
        if role not in allowed:
            raise RoleNotOpen(organisation_type=organisation.organisation_type, role=role)


def _check_seat(organisation: Organisation, scheme: Scheme) -> None:
    """Refuse a country not eligible, a region elsewhere, a VAT number that cannot be right."""
    country, number = organisation.country or "", organisation.registration_number or ""
    if country not in scheme.eligible_countries:
        raise CountryNotEligible(country=country)
    # Answered one after the other, so it shows only in the end; amounts depend on both.
    if not (organisation.nuts or "").startswith(country):
        raise RegionElsewhere(nuts=organisation.nuts, country=country)
    if organisation.number_kind == "vat" and (problem := vat_problem(number, country)):
        raise NumberNotValid(number=number, problem=problem)


def _check_membership(organisation: Organisation, scheme: Scheme) -> None:
    """Refuse a member of a cluster without a profile on the platform, and an SME that is none."""
    if organisation.cluster_member and not is_profile(organisation.cluster_page or "", scheme.cluster_page_hosts):
        raise ClusterPageElsewhere(cluster_page=organisation.cluster_page, hosts=", ".join(sorted(scheme.cluster_page_hosts)))
    if organisation.organisation_type == "sme" and organisation.size not in scheme.sme_sizes:
        raise NotAnSme


def is_profile(page: str, hosts: Iterable[str]) -> bool:
    """Whether a page stands on one of these hosts or under it, and is not merely its front page."""
    try:
        address = urlsplit(page)
        host = address.hostname or ""
    except ValueError:
        return False
    return bool(address.path.strip("/")) and any(host == each or host.endswith(f".{each}") for each in hosts)


def check_hosting(organisation: Organisation, roles: Iterable[str], scheme: Scheme, *, approved: bool) -> None:
    """Refuse a host that needs a pre-approval and has none."""
    if "host" in roles and _verdict(organisation, scheme, "host") == "pre_approval" and not approved:
        raise HostingNotApproved


def check_notices(consents: Iterable[Consented], scheme: Scheme) -> None:
    """Refuse unless the present version of every notice was consented to."""
    given = {(each.notice, each.version) for each in consents}
    if lacking := [notice for notice, version in scheme.notices.items() if (notice, version) not in given]:
        raise ConsentOutdated(notices=", ".join(sorted(lacking)))


def open_roles(organisation: Organisation, scheme: Scheme, partnership: Partnership, *, approved: bool) -> set[str]:
    """The roles open to an organisation in a partnership, with or without pre-approval for hosting."""
    enough = {"yes"} | ({"partnership"} if partnership.others_may_visit else set()) | ({"pre_approval"} if approved else set())
    return {role for role in ROLES if _verdict(organisation, scheme, role) in enough}


def _verdict(organisation: Organisation, scheme: Scheme, role: str) -> str:
    return scheme.verdict(organisation.organisation_type or "", bool(organisation.cluster_member), role)
