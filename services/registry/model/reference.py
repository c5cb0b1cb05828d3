"""Reference tables, each row with its source and days; and the scheme's rules as they hold on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.model.base import Base


class Dated:
    """A row that holds from a day on, to a day (included) or for good; the source says what is known about it."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Term(Dated, Base):
    """One code of one list."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("kind", "code", "valid_from"),)

    kind: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    parent: Mapped[str | None] = mapped_column(String(40))


class EligibilityRule(Dated, Base):
    """Whether one kind of organisation, as a member of a cluster or not, may visit and host."""

    __tablename__ = "eligibility_rule"
    __table_args__ = (UniqueConstraint("organisation_type", "cluster_member", "valid_from"),)

    organisation_type: Mapped[str] = mapped_column(String(40))
    cluster_member: Mapped[bool]
    may_visit: Mapped[str] = mapped_column(String(20))
    may_host: Mapped[str] = mapped_column(String(20))


class Notice(Dated, Base):
    """One version of a text that registrations consent to."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("notice", "version"),)

    notice: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    heading: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]


@dataclass(frozen=True)
class Scheme:
    """The rules of eligibility as they hold on one day; what is not listed is not eligible."""

    eligible_countries: frozenset[str]
    outermost_regions: tuple[str, ...]
    sme_sizes: frozenset[str]
    """The sizes that a small or medium-sized enterprise may have."""
    cluster_page_hosts: tuple[str, ...]
    """The hosts, with those under them, where a cluster has its profile."""
    verdicts: Mapping[tuple[str, bool, str], str]
    """(organisation type, cluster member, role) -> yes, no, pre_approval, partnership."""
    notices: Mapping[str, str]
    """The present version of each notice."""

    def verdict(self, organisation_type: str, cluster_member: bool, role: str) -> str:
        """Whether such an organisation may take part in that role: yes, no, pre_approval or partnership."""
        return self.verdicts.get((organisation_type, cluster_member, role), "no")

    def is_outermost(self, nuts: str) -> bool:
        """Whether a region belongs to the outermost regions."""
        return nuts.startswith(self.outermost_regions)
