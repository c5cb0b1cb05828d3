"""Reference tables, each row with its source and days; and the scheme's rules as they hold on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import BigInteger, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import Fact
from chassis.bare.refusals import RowNotBackdated
from contracts.registry import EligibilityRuleAdded
from contracts.words import TOOL_LANGUAGES
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
    footnote: Mapped[str | None]


class EcosystemActivity(Dated, Base):
    """That a NACE division belongs to an ecosystem; many to many."""

    __tablename__ = "ecosystem_activity"
    __table_args__ = (UniqueConstraint("ecosystem", "nace", "valid_from"),)

    ecosystem: Mapped[str] = mapped_column(String(40))
    nace: Mapped[str] = mapped_column(String(2))


class EligibilityRule(Dated, Base):
    """Whether one kind of organisation, as a member of a cluster or not, may visit and host."""

    __tablename__ = "eligibility_rule"
    __table_args__ = (UniqueConstraint("organisation_type", "cluster_member", "valid_from"),)

    organisation_type: Mapped[str] = mapped_column(String(40))
    cluster_member: Mapped[bool]
    may_visit: Mapped[str] = mapped_column(String(20))
    may_host: Mapped[str] = mapped_column(String(20))

    @classmethod
    def add(cls, row: Mapping[str, Any], at: datetime) -> tuple[EligibilityRule, Fact]:
        """A new row; raises RowNotBackdated, so that nobody accepted already loses the ground for it."""
        if row["valid_from"] < at.date():
            raise RowNotBackdated
        # A row has no id outside the database but what makes it the only one of its kind.
        name = f"clusterxchange/eligibility/{row['organisation_type']}/{row['cluster_member']}/{row['valid_from'].isoformat()}"
        key = uuid5(NAMESPACE_URL, name)
        return cls(valid_to=None, **row), EligibilityRuleAdded.of(key, eligibility_rule_id=key, **row)

    @property
    def kind(self) -> tuple[str, bool]:
        """Of whom it speaks: the kind of organisation, and whether it is a member of a cluster."""
        return (self.organisation_type, self.cluster_member)


class Notice(Dated, Base):
    """One version of a text that registrations consent to, in one language."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("notice", "version", "language"),)

    notice: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2), default=TOOL_LANGUAGES[0])
    heading: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]


@dataclass(frozen=True)
class Scheme:
    """The rules of eligibility as they hold on one day; what is not listed is not eligible."""

    verdicts: Mapping[tuple[str, bool, str], str]
    """(organisation type, cluster member, role) -> yes, no, pre_approval, partnership."""
    notices: Mapping[str, str]
    """The present version of each notice."""
    codes: Mapping[str, frozenset[str]]
    """The codes that each list holds."""

    @property
    def eligible_countries(self) -> frozenset[str]:
        """Where an organisation must be registered."""
        return self.codes["eligible-countries"]

    @property
    def sme_sizes(self) -> frozenset[str]:
        """The sizes that a small or medium-sized enterprise may have."""
        return self.codes["sme-sizes"]

    @property
    def cluster_page_hosts(self) -> frozenset[str]:
        """The hosts, with those under them, where a cluster has its profile."""
        return self.codes["cluster-page-hosts"]

    def verdict(self, organisation_type: str, cluster_member: bool, role: str) -> str:
        """Whether such an organisation may take part in that role: yes, no, pre_approval or partnership."""
        return self.verdicts.get((organisation_type, cluster_member, role), "no")

    def is_outermost(self, nuts: str) -> bool:
        """Whether a region belongs to the outermost regions."""
        return nuts.startswith(tuple(self.codes["outermost-regions"]))


def suggested(activities: Iterable[EcosystemActivity]) -> list[dict[str, Any]]:
    """The ecosystems that these divisions belong to, each with them: the one with most first, ties by code."""
    divisions: dict[str, list[str]] = defaultdict(list)
    for each in activities:
        divisions[each.ecosystem].append(each.nace)
    ranked = sorted(divisions.items(), key=lambda each: (-len(each[1]), each[0]))
    return [{"ecosystem": ecosystem, "nace": nace} for ecosystem, nace in ranked]
