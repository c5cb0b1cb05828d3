"""What is shown of an exchange, and to whom: the views' values, read off the model when the answer is written."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.bare.principal import Principal
from chassis.bare.tables import JournalRow
from contracts.agreements import COMMITMENT, FINANCIAL, HOST, NOTICE, VISITOR, Plan, ReportNotFound
from services.agreements.model import Agreement, Exchange


class Shown:
    """A row as one viewer sees it: its own attributes, with those of a subclass laid over them."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


class ExchangeShown(Shown):
    """An exchange with names, the viewer's moves, and money only for those whom it concerns."""

    def __init__(self, exchange: Exchange, who: Principal, at: datetime) -> None:
        super().__init__(exchange)
        self._exchange, self._who, self._at = exchange, who, at
        self._money = exchange.sees_money(who)

    @property
    def exchange_id(self) -> UUID:
        """Its id."""
        return self._exchange.id

    @property
    def visitor(self) -> dict[str, Any]:
        """The visitor, with the name it goes by."""
        return {"party": self._exchange.visitor, **self._exchange.side(VISITOR)}

    @property
    def host(self) -> dict[str, Any]:
        """The host, with the name it goes by."""
        return {"party": self._exchange.host, **self._exchange.side(HOST)}

    @property
    def capacities(self) -> list[str]:
        """In which capacities the viewer looks at it."""
        return self._exchange.capacities(self._who)

    @property
    def moves(self) -> list[str]:
        """What the viewer may do now."""
        return self._exchange.moves(self._who, self._at)

    @property
    def commitment_missing(self) -> list[str]:
        """Parties that have not signed the commitment."""
        return self._exchange.missing_parties[COMMITMENT]

    @property
    def financial_missing(self) -> list[str]:
        """Parties that have not signed the financial agreement."""
        return self._exchange.missing_parties[FINANCIAL]

    @property
    def financial_agreement(self) -> str:
        """The state of the financial agreement's track."""
        return self._exchange.financial_state

    @property
    def payment(self) -> str | None:
        """Where the payment stands."""
        return self._exchange.payment if self._money else None

    @property
    def bank_details_given(self) -> bool | None:
        """Whether payments has bank details."""
        return self._exchange.bank_details_given if self._money else None

    @property
    def evidence_accepted(self) -> bool | None:
        """Whether the evidence was accepted."""
        return self._exchange.evidence_accepted if self._money else None

    @property
    def last_reason(self) -> dict[str, Any] | None:
        """Why somebody last left the straight way."""
        exchange = self._exchange
        if exchange.reason is None:
            return None
        return {"reason": exchange.reason, "explanation": exchange.explanation, "by": exchange.explained_by}


class CommitmentShown(Shown):
    """The plan on the writing desk, with the notice; its version is the draft's. Working days are counted by that method."""

    def __init__(self, exchange: Exchange, who: Principal, at: datetime, method: str) -> None:
        super().__init__(exchange.draft)
        self._exchange, self._who, self._at, self._method = exchange, who, at, method

    @property
    def state(self) -> str:
        """The exchange's state."""
        return self._exchange.state

    @property
    def number(self) -> int:
        """The version that stands."""
        return self._exchange.commitment_number

    @property
    def working_days(self) -> int | None:
        """Full working days of the dates as written."""
        return self._exchange.draft.working_days_in(self._exchange.hosting.country, self._method)

    @property
    def comments(self) -> str:
        """Why the last version was sent back."""
        return self._exchange.commitment.comments if self._exchange.commitment else ""

    @property
    def notice(self) -> str:
        """No internships, no work placements."""
        return NOTICE

    @property
    def moves(self) -> list[str]:
        """What the viewer may do now."""
        return self._exchange.moves(self._who, self._at)


class AgreementShown(Shown):
    """A text of an agreement, with the notice."""

    notice = NOTICE


class VersionShown(AgreementShown):
    """A version of the commitment with its plan, and what changed since the one before."""

    def __init__(self, version: Agreement, before: Agreement | None) -> None:
        super().__init__(version)
        self._before = before

    @property
    def plan(self) -> dict[str, Any]:
        """The plan of that version."""
        return Plan.read(self._row.content["plan"])

    @property
    def working_days(self) -> int:
        """Its full working days."""
        return int(self._row.content["working_days"])

    @property
    def changes(self) -> list[dict[str, str]]:
        """The lines that differ from the version before."""
        return changes(self._before.text, self._row.text) if self._before else []


class ReportShown(Shown):
    """The closing report, with what the host rated."""

    def __init__(self, exchange: Exchange, who: Principal, at: datetime) -> None:
        if exchange.report is None:
            raise ReportNotFound
        super().__init__(exchange.report)
        self._exchange, self._who, self._at = exchange, who, at

    @property
    def report(self) -> Any:
        """The answers."""
        return self._row

    @property
    def missing(self) -> list[str]:
        """What must still be answered."""
        return list(self._row.missing(self._exchange.objectives))

    @property
    def state(self) -> str:
        """The exchange's state."""
        return self._exchange.state

    @property
    def started_on(self) -> date | None:
        """The arrival, as it was confirmed."""
        return self._exchange.started_on

    @property
    def ended_on(self) -> date | None:
        """The departure, as it was confirmed."""
        return self._exchange.ended_on

    @property
    def days_confirmed(self) -> int | None:
        """The host's count of the days, beside the visitor's."""
        return self._exchange.days_present

    @property
    def host_usefulness(self) -> int | None:
        """The host's own rating."""
        return self._exchange.host_usefulness

    @property
    def host_remarks(self) -> str:
        """What the host remarked."""
        return self._exchange.host_remarks

    @property
    def moves(self) -> list[str]:
        """What the viewer may do now."""
        return self._exchange.moves(self._who, self._at)


def version_shown(exchange: Exchange, version: Agreement) -> VersionShown:
    """A version beside the one before it."""
    return VersionShown(version, exchange.numbered(version.number - 1))


def dossier(exchange: Exchange, who: Principal, at: datetime, rows: Sequence[JournalRow]) -> dict[str, Any]:
    """Everything of an exchange, for the auditor and the support office."""
    return {
        "exchange": ExchangeShown(exchange, who, at),
        "commitment_versions": [version_shown(exchange, each) for each in exchange.agreements if each.kind == COMMITMENT],
        "financial_agreements": [AgreementShown(each) for each in exchange.agreements if each.kind == FINANCIAL],
        "report": ReportShown(exchange, who, at) if exchange.report else None,
        "history": rows,
    }


def changes(was: str, now: str) -> list[dict[str, str]]:
    """The lines of two texts that differ, in order: `was` is empty for an added line, `now` for a removed one."""
    before, after = was.splitlines(), now.splitlines()
    found = []
    for kind, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            found.append({"was": "\n".join(before[first:last]), "now": "\n".join(after[start:end])})
    return found
