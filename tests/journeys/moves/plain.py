"""The plain model: what each role may do in which state of an exchange and its payment, and what follows.

Written from what the programme says, not from the services' tables, and kept so simple that it can be read at one go. Whoever
changes the rules of the system changes them here by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field

VISITOR, HOST, VISITORS_DESK, HOSTS_DESK = "visitor", "host", "visitor_partnership", "host_partnership"
OFFICER, SECOND_OFFICER, SUPPORT, AUDITOR, STRANGER = "paying_officer", "second_officer", "support_officer", "auditor", "stranger"
ROLES = (VISITOR, HOST, VISITORS_DESK, HOSTS_DESK, OFFICER, SECOND_OFFICER, SUPPORT, AUDITOR, STRANGER)

FOUR = {VISITOR, HOST, VISITORS_DESK, HOSTS_DESK}
DESKS = {VISITORS_DESK, HOSTS_DESK}
OFFICERS = {OFFICER, SECOND_OFFICER}

BEFORE, ARRIVING, LAST_DAY, LONG_AFTER = range(4)
"""The four moments of a run: long before the stay, its first day, its last day, a month later."""
PLANNED_DAYS, LEAST_PAID = 4, 3

DRAFTED = {"planning", "changes_requested"}
VALID = {"validated", "signing", "signed"}
NOT_STARTED = DRAFTED | VALID | {"submitted", "ready"}
OVER = {"ended", "report_submitted", "report_returned", "report_validated"}

WHO_WHEN: dict[str, tuple[set[str], set[str]]] = {
    "edit": ({VISITOR, HOST}, DRAFTED),
    "submit": ({VISITOR, HOST}, DRAFTED),
    "recall": ({VISITOR, HOST}, {"submitted"}),
    "validate": (DESKS, {"submitted"}),
    "return": (DESKS, {"submitted"}),
    "sign commitment": (FOUR, {"validated", "signing"}),
    "sign money": ({VISITOR, VISITORS_DESK}, VALID),
    "amend": ({VISITOR, HOST}, VALID | {"ready"}),
    "abandon": ({VISITOR, HOST}, DRAFTED),
    "arrive": ({HOST, VISITORS_DESK, SUPPORT}, {"ready"}),
    "leave": ({VISITOR, HOST, SUPPORT}, {"running"}),
    "confirm days": ({HOST, SUPPORT}, OVER),
    "confirm fewer days": ({HOST, SUPPORT}, OVER),
    "confirm too few days": ({HOST, SUPPORT}, OVER),
    "write report": ({VISITOR}, {"running", "ended", "report_returned"}),
    "submit report": ({VISITOR}, {"ended", "report_returned"}),
    "validate report": ({VISITORS_DESK}, {"report_submitted"}),
    "return report": ({VISITORS_DESK}, {"report_submitted"}),
    "cancel": (FOUR | {SUPPORT}, NOT_STARTED),
    "terminate": (DESKS | {SUPPORT}, {"running"}),
    "no show": (DESKS | {HOST, SUPPORT}, {"ready"}),
}
"""Moves of the exchange: by whom, in which states."""

ABOUT_MONEY: dict[str, tuple[set[str], set[str]]] = {
    "give account": ({VISITOR}, {"awaiting", "payable", "proposed", "nothing_due", "failed"}),
    "hand in evidence": ({VISITOR}, set()),
    "accept evidence": (OFFICERS, set()),
    "propose": (OFFICERS, {"payable"}),
    "take back": (OFFICERS | {SUPPORT}, {"proposed"}),
    "approve": (OFFICERS | {SUPPORT}, {"proposed"}),
    "export": (OFFICERS, {"ordered"}),
    "record paid": (OFFICERS, {"exported"}),
    "record failed": (OFFICERS, {"ordered", "exported"}),
    "retry": (OFFICERS, {"failed"}),
}
"""Moves of the money: by whom, in which states of the payment (no state: at any time)."""

MOVES = (*WHO_WHEN, *ABOUT_MONEY)

ASIDE = {
    "cancel",
    "terminate",
    "no show",
    "abandon",
    "amend",
    "recall",
    "return",
    "return report",
    "record failed",
    "take back",
    "confirm too few days",
}
"""Moves that lead back or away from the end."""
DAYS = {"confirm days": PLANNED_DAYS, "confirm fewer days": LEAST_PAID, "confirm too few days": 1}
LEADS_TO = {
    "submit": "submitted", "recall": "planning", "return": "changes_requested", "amend": "planning", "abandon": "signed",
    "arrive": "running", "leave": "ended", "submit report": "report_submitted", "validate report": "report_validated",
    "return report": "report_returned", "cancel": "cancelled", "terminate": "terminated", "no show": "no_show",
    "propose": "proposed", "take back": "payable", "approve": "ordered", "export": "exported", "record paid": "paid",
    "record failed": "failed", "retry": "payable",
}  # fmt: skip


@dataclass
class Version:
    """A submitted version of the commitment: who validated it, who signed it, who signed the money that goes with it."""

    validated_by: set[str] = field(default_factory=set)
    signed_by: set[str] = field(default_factory=set)
    money_signed_by: set[str] | None = None
    """None as long as no amount is drafted for it."""

    @property
    def is_validated(self) -> bool:
        """By both partnerships."""
        return self.validated_by == DESKS

    @property
    def money_is_signed(self) -> bool:
        """By both who sign it."""
        return self.money_signed_by == {VISITOR, VISITORS_DESK}


@dataclass
class Money:
    """What payments has heard, and how its payment stands."""

    is_open: bool = False
    state: str = "awaiting"
    stage: str = "opened"
    plan: int = 0
    computed: set[int] = field(default_factory=set)
    agreed: int = 0
    days: int | None = None
    days_as_of: int = 0
    has_report: bool = False
    has_account: bool = False
    files: int = 0
    evidence_accepted: bool = False
    officers: frozenset[str] = frozenset(OFFICERS)
    """The paying officers that payments knows of."""
    proposed_by: str = ""
    times_paid: int = 0
    early: list[tuple[str, dict[str, int | str], int]] = field(default_factory=list)


@dataclass
class Plain:
    """One exchange as everybody would tell it."""

    is_open: bool = False
    state: str = "planning"
    moment: int = BEFORE
    is_written: bool = False
    versions: dict[int, Version] = field(default_factory=dict)
    standing: int = 0
    signed: int = 0
    last_signature: int = BEFORE
    arrived: int = BEFORE
    left: int = BEFORE
    has_report: bool = False
    has_days: bool = False
    money: Money = field(default_factory=Money)

    # may somebody?

    def may(self, move: str, role: str) -> bool:
        """Whether that role may make that move now."""
        if move in ABOUT_MONEY:
            who, when = ABOUT_MONEY[move]
            return self.money.is_open and role in who and (not when or self.money.state in when) and self._money_allows(move, role)
        who, when = WHO_WHEN[move]
        return self.is_open and role in who and self.state in when and self._allows(move, role)

    def leads_on(self, move: str) -> bool:
        """Whether a move that may be made brings the exchange nearer to its end, and not back, aside, or nowhere."""
        done = {
            "edit": self.is_written, "write report": self.has_report, "give account": self.money.has_account,
            "hand in evidence": self.money.files > 0, **dict.fromkeys(DAYS, self.has_days),
            "leave": self.moment < LAST_DAY,
        }  # fmt: skip
        return move not in ASIDE and not done.get(move, False)

    def waits_for_time(self) -> bool:
        """Whether nothing but a later moment is missing."""
        return (self.state == "ready" and self.moment < ARRIVING) or (self.state == "running" and self.moment < LAST_DAY)

    def _allows(self, move: str, role: str) -> bool:
        version = self.versions.get(self.standing, Version())
        return {
            "submit": self.is_written and self.moment == BEFORE,
            "validate": role not in version.validated_by,
            "sign commitment": role not in version.signed_by,
            "sign money": version.money_signed_by is not None and role not in version.money_signed_by,
            "abandon": self.signed > 0 and self.signed == max((n for n, each in self.versions.items() if each.is_validated), default=0),
            "arrive": self.moment >= ARRIVING and self.last_signature <= LAST_DAY,
            "no show": self.moment > ARRIVING,
            "submit report": self.has_report,
            **{confirm: self._may_confirm(days) for confirm, days in DAYS.items()},
        }.get(move, True)

    def _may_confirm(self, days: int) -> bool:
        there = PLANNED_DAYS if (self.arrived, self.left >= LAST_DAY) == (ARRIVING, True) else 0
        return days <= there and not (self.state == "report_validated" and self.has_days)

    def _money_allows(self, move: str, role: str) -> bool:
        money = self.money
        return {
            "hand in evidence": not money.evidence_accepted,
            "accept evidence": not money.evidence_accepted and money.stage == "ended" and money.files > 0,
            "approve": role != money.proposed_by and (role != SUPPORT or money.officers <= {money.proposed_by}),
        }.get(move, True)

    # what follows

    def make(self, move: str, role: str) -> None:
        """Follow a move that may be made."""
        if move in ABOUT_MONEY:
            self._make_about_money(move, role)
            return
        self.state = LEADS_TO.get(move, self.state)
        follow = getattr(self, "_" + move.replace(" ", "_"), None)
        if move in DAYS:
            self.has_days = True
        elif follow:
            follow(role)

    def _edit(self, _: str) -> None:
        self.is_written = True

    def _submit(self, _: str) -> None:
        self.standing = max(self.versions, default=0) + 1
        self.versions[self.standing] = Version()

    def _validate(self, role: str) -> None:
        version = self.versions[self.standing]
        version.validated_by.add(role)
        if version.is_validated:
            self.state = "validated"

    def _sign_commitment(self, role: str) -> None:
        self.versions[self.standing].signed_by.add(role)
        self.state, self.last_signature = "signing", self.moment
        if self.versions[self.standing].signed_by == FOUR:
            self.state, self.signed = "signed", self.standing
        self._open_the_door()

    def _sign_money(self, role: str) -> None:
        signed = self.versions[self.standing].money_signed_by
        assert signed is not None
        signed.add(role)
        self.last_signature = self.moment
        self._open_the_door()

    def _abandon(self, _: str) -> None:
        self.standing = self.signed
        self._open_the_door()

    def _arrive(self, _: str) -> None:
        # Who is seen later than the first day is taken to have come on the last.
        self.arrived = min(max(self.moment, self.last_signature), LAST_DAY)

    def _leave(self, _: str) -> None:
        self.left = min(self.moment, LAST_DAY)

    def _write_report(self, _: str) -> None:
        self.has_report = True

    def _open_the_door(self) -> None:
        if self.state == "signed" and self.versions[self.standing].money_is_signed:
            self.state = "ready"

    def draft(self, version: int) -> None:
        """Agreements hears of an amount for that version."""
        if (
            self.state in NOT_STARTED - {"ready"}
            and version in {self.standing, self.signed}
            and self.versions[version].money_signed_by is None
        ):
            self.versions[version].money_signed_by = set()

    # the money

    def _make_about_money(self, move: str, role: str) -> None:
        money = self.money
        money.state = LEADS_TO.get(move, money.state)
        money.has_account |= move == "give account"
        money.files += move == "hand in evidence"
        money.evidence_accepted |= move == "accept evidence"
        money.times_paid += move == "record paid"
        if move in ("propose", "take back", "retry"):
            money.proposed_by = role if move == "propose" else ""
        self._settle()

    def tell_money(self, what: str, about: dict[str, int | str], number: int) -> None:
        """Payments hears what agreements announced, `number` being its place among all that agreements announced.

        Before it knows the exchange it keeps everything, and looks at it again in the order in which it came.
        """
        if what == "exchange_opened":
            self.money.is_open = True
            for each in self.money.early:
                self._hear(*each)
        elif self.money.is_open:
            self._hear(what, about, number)
        else:
            self.money.early.append((what, about, number))

    def _hear(self, what: str, about: dict[str, int | str], number: int) -> None:
        money = self.money
        if what == "commitment_validated":
            money.plan = max(money.plan, int(about["version"]))
            money.computed.add(money.plan)
        elif what == "agreement_signed" and about["kind"] == "financial_agreement" and int(about["commitment_version"]) > money.agreed:
            money.agreed = int(about["commitment_version"])
            self._look_again()
        elif what == "days_confirmed" and number > money.days_as_of:
            money.days, money.days_as_of = int(about["days_present"]), number
            self._look_again()
        elif what == "report_validated":
            money.has_report = True
        self._reach(what)
        if what in ("agreement_signed", "days_confirmed", "report_validated"):
            self._settle()

    def _reach(self, what: str) -> None:
        money, stages = self.money, ("opened", "exchange_ready", "exchange_started", "ended")
        reached = "ended" if what == "exchange_ended" else what
        if reached in stages and money.stage in stages and stages.index(reached) > stages.index(money.stage):
            money.stage = reached
        if what in ("exchange_cancelled", "exchange_terminated", "no_show_recorded"):
            money.stage = what
            if money.state in ("awaiting", "payable", "proposed", "nothing_due", "failed"):
                money.state = "void"

    def _look_again(self) -> None:
        if self.money.state in ("payable", "proposed", "nothing_due"):
            self.money.state, self.money.proposed_by = "awaiting", ""

    def _settle(self) -> None:
        money = self.money
        if money.state != "awaiting" or not money.agreed or money.days is None:
            return
        if money.days < LEAST_PAID:
            money.state = "nothing_due"
        elif money.has_account and money.has_report and money.evidence_accepted:
            money.state = "payable"
