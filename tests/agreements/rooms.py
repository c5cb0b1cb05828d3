"""The agreements service on a real database, with its cast and an exchange brought along by its doors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from contracts import agreements as asks
from contracts.agreements import COMMITMENT, FINANCIAL
from contracts.matching import MatchAgreed
from contracts.payments import AssistanceComputed
from contracts.registry import OrganisationDetails, ParticipationAccepted, PartnershipCreated, ReadOrganisationDetails
from contracts.words.profile import PublicProfile
from tests.agreements.exchanges import ARRIVED, ASSISTANCE, LEFT, NO_REASON, PLAN, REPORT, Cast
from tests.room import Room

FOUR = ("visitor", "host", "visitor_partnership", "host_partnership")


class Stage:
    """A room, a cast, and the moves of one exchange."""

    def __init__(self, room: Room, cast: Cast | None = None) -> None:
        self.room, self.cast, self.exchange_id = room, cast or Cast(), uuid4()
        room.answers_from({ReadOrganisationDetails: lambda who, request: OrganisationDetails.example})

    def introduce(self) -> None:
        """Let the registry announce both participations and partnerships."""
        self.introduce_partnerships()
        for side, country in ((self.cast.visitor, "DE"), (self.cast.host, "PT")):
            self.room.hear(accepted(side, country))

    def introduce_partnerships(self) -> None:
        """Let the registry announce both partnerships."""
        for place in {self.cast.visitor_partnership_id, self.cast.host_partnership_id}:
            self.room.hear(PartnershipCreated.of(place, partnership_id=place, acronym="BLUES", name="Blue", country="ES"))

    def match(self, exchange_id: UUID | None = None, event_id: UUID | None = None) -> None:
        """Let matching announce the match."""
        self.exchange_id = exchange_id or self.exchange_id
        parties = {"visitor": self.cast.visitor, "host": self.cast.host}
        fact = MatchAgreed.of(self.exchange_id, exchange_id=self.exchange_id, contact_id=uuid4(), **parties)
        self.room.hear(fact, event_id)

    def open(self) -> Stage:
        """Everything up to the opened exchange."""
        self.introduce()
        self.match()
        return self

    def ask(self, contract: Any, role: str, if_match: int | None = None, **fields: Any) -> dict[str, Any]:
        """Somebody of the cast asks about the exchange."""
        return self.room.ask(contract, self.cast[role], if_match=if_match, exchange_id=self.exchange_id, **fields)

    def read(self, role: str = "visitor") -> dict[str, Any]:
        """The exchange as that role sees it."""
        return self.ask(asks.ReadExchange, role)

    def edit(self, role: str = "visitor", **changes: Any) -> dict[str, Any]:
        """Write the plan over the version that stands there."""
        version = self.ask(asks.ReadCommitment, role)["version"]
        return self.ask(asks.EditCommitment, role, if_match=version, **asks.Plan.read(PLAN | changes))

    def submit(self, **changes: Any) -> dict[str, Any]:
        """Write the plan and submit it."""
        version = self.edit(**changes)["version"]
        return self.ask(asks.SubmitCommitment, "visitor", if_match=version)

    def validate(self) -> None:
        """Both contact points validate, and payments computes."""
        number = self.read()["commitment_number"]
        for role in ("visitor_partnership",) if self.cast.one_partnership else ("visitor_partnership", "host_partnership"):
            self.ask(asks.ValidateCommitment, role, number=number)
        self.compute(number)

    def compute(self, number: int, minor: int = 39000, **figures: int) -> None:
        """Let payments announce the amount."""
        amount = {"minor": minor, "currency": "EUR"}
        about = {"visitor": self.cast.visitor, "host": self.cast.host, "exchange_id": self.exchange_id}
        fact = AssistanceComputed.of(self.exchange_id, commitment_version=number, **ASSISTANCE | {"amount": amount} | figures, **about)
        self.room.hear(fact)

    def sign(self, kind: str, *roles: str) -> dict[str, Any]:
        """These roles read the text and sign it."""
        answer: dict[str, Any] = {}
        for role in roles:
            digest = self.ask(asks.ReadAgreement, role, kind=kind)["text_digest"]
            answer = self.ask(asks.SignAgreement, role, kind=kind, text_digest=digest)
        return answer

    def ready(self, **changes: Any) -> Stage:
        """Everything up to the open door."""
        self.submit(**changes)
        self.validate()
        self.sign(COMMITMENT, *FOUR)
        self.sign(FINANCIAL, "visitor", "visitor_partnership")
        return self

    def ended(self) -> Stage:
        """The stay as planned."""
        self.at(ARRIVED)
        self.ask(asks.ConfirmArrival, "host", **NO_REASON)
        self.at(LEFT)
        self.ask(asks.ConfirmDeparture, "visitor", **NO_REASON)
        return self

    def reported(self) -> Stage:
        """Days confirmed, report written, submitted and validated."""
        self.ask(asks.ConfirmDays, "host", if_match=self.read("host")["version"], days_present=4)
        written = self.ask(asks.WriteReport, "visitor", **asks.Report.read(REPORT))
        self.ask(asks.SubmitReport, "visitor", if_match=written["version"])
        read = self.ask(asks.ReadReport, "visitor_partnership")
        self.ask(asks.ValidateReport, "visitor_partnership", if_match=read["version"])
        return self

    def at(self, moment: datetime) -> None:
        """Move the clock on to that time."""
        self.room.clock.advance(seconds=(moment - self.room.clock.now()).total_seconds())

    def types(self) -> list[str]:
        """The types of what was announced."""
        return [fact.type for fact in self.room.facts()]


def accepted(side: dict[str, UUID], country: str, revision: int = 1) -> Any:
    """The registry's fact that a participation was accepted."""
    profile = PublicProfile.read({**PublicProfile.example, **{name: str(value) for name, value in side.items()}, "country": country})
    return ParticipationAccepted.of(side["participation_id"], **side, revision=revision, profile=profile)


def moment(text: str) -> datetime:
    """A moment in UTC out of 'YYYY-MM-DD HH:MM'."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
