"""The course of one exchange as payments hears of it, and the people in it, for the room's tests."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from chassis.bare.message import Event, Fact
from contracts import agreements, registry
from contracts.identity.events import RoleGranted
from contracts.payments import (
    AcceptEvidence,
    ApprovePayment,
    ExportBatch,
    GiveBankDetails,
    ListEvidence,
    ProposePayment,
    ReadExchangePayment,
    RecordPaid,
    UploadEvidence,
)
from contracts.words.profile import PublicProfile
from tests.builders import contact_point, representative
from tests.room import Room

FILE = {"sha256": "0" * 64, "name": "invoice.pdf", "media_type": "application/pdf", "size": 48211}
BANK_DETAILS = {name: value for name, value in GiveBankDetails.example.items() if name != "exchange_id"}
MADRID, LISBON = ("ES", 40.4168, -3.7038), ("PT", 38.7223, -9.1393)


def party() -> dict[str, UUID]:
    """One side of an exchange, of an organisation and a partnership of its own."""
    return {name: uuid4() for name in ("participation_id", "organisation_id", "partnership_id", "person_id")}


class Course:
    """Tells the room what others announce, and asks it what the people of the exchange ask."""

    def __init__(self, room: Room, visitor: dict[str, UUID] | None = None) -> None:
        self.room, self.exchange_id, self.numbers = room, uuid4(), count(1)
        self.visitor, self.host = visitor or party(), party()
        self.visitor_person = representative(self.visitor["organisation_id"])
        self.first, self.second = (contact_point(self.visitor["partnership_id"], "finance") for _ in range(2))

    def profile(self, side: dict[str, UUID], place: tuple[str, float, float], revision: int = 1, **changes: Any) -> Fact:
        """A participation at a place, as the registry accepts it."""
        country, latitude, longitude = place
        ids = {name: str(key) for name, key in side.items()}
        place_data = {"country": country, "latitude": latitude, "longitude": longitude}
        profile = PublicProfile.read({**PublicProfile.example, **ids, **place_data, **changes})
        return registry.ParticipationAccepted.of(side["participation_id"], **side, revision=revision, profile=profile)

    def tell(self, event: type[Event], **data: Any) -> UUID:
        """Something that agreements announces of this exchange."""
        return self.room.hear(self.fact(event, **data), subject_version=next(self.numbers))

    def fact(self, event: type[Event], **data: Any) -> Fact:
        """A fact of agreements about this exchange."""
        return event.of(self.exchange_id, exchange_id=self.exchange_id, visitor=self.visitor, host=self.host, **data)

    def known(self) -> Course:
        """Partnership and both participations are known, and the exchange is open."""
        partnership = {"partnership_id": self.visitor["partnership_id"], "acronym": "BLUES", "name": "Blue clusters", "country": "ES"}
        self.room.hear(registry.PartnershipCreated.of(partnership["partnership_id"], **partnership))
        self.room.hear(self.profile(self.visitor, MADRID))
        self.room.hear(self.profile(self.host, LISBON))
        officer = {"person_id": self.first.person, "role": "finance", "place": self.visitor["partnership_id"]}
        self.room.hear(RoleGranted.of(self.first.person, **officer))
        self.tell(agreements.ExchangeOpened)
        return self

    def validated(self, days: int = 10, version: int = 1, country: str = "PT") -> Course:
        """The commitment is validated."""
        start = self.room.clock.now().date() + timedelta(days=7)
        self.tell(
            agreements.CommitmentValidated, version=version, text_digest="9f" * 32, working_days_method="weekdays", working_days_source="test", start=start, end=start + timedelta(days=days + 6),
            working_days=days, travel_days=[], travellers=1, host_country=country,
        )  # fmt: skip
        return self

    def signed(self, version: int = 1) -> Course:
        """The financial agreement on that version of the commitment is signed."""
        about = {"kind": "financial_agreement", "version": 1, "commitment_version": version, "text_digest": "9f" * 32}
        self.tell(agreements.AgreementSigned, **about, signed_at=self.room.clock.now())
        return self

    def with_account(self, if_match: int | None = None, **changes: Any) -> Course:
        """Bank details are given, or replaced where the version that was read is named."""
        self.room.ask(GiveBankDetails, self.visitor_person, if_match=if_match, exchange_id=self.exchange_id, **BANK_DETAILS | changes)
        return self

    def with_evidence(self) -> Course:
        """Evidence is uploaded, the stay ends, and all of it is accepted."""
        self.upload()
        self.over()
        seen = self.room.ask(ListEvidence, self.first, exchange_id=self.exchange_id)["version"]
        self.room.ask(AcceptEvidence, self.first, if_match=seen, exchange_id=self.exchange_id)
        return self

    def over(self) -> None:
        """The stay has ended."""
        self.tell(agreements.ExchangeEnded, ended_on=self.room.clock.now().date(), shortened=False)

    def upload(self) -> dict[str, Any]:
        """One file of evidence."""
        return self.room.ask(UploadEvidence, self.visitor_person, exchange_id=self.exchange_id, kind="travel_invoice", file=FILE)

    def reported(self, days: int = 10) -> Course:
        """The days are confirmed and the report is validated."""
        self.tell(agreements.DaysConfirmed, days_present=days)
        self.tell(agreements.ReportValidated)
        return self

    def payable(self, days: int = 10, **account: Any) -> Course:
        """All that a payment needs is there."""
        return self.known().validated().signed().with_account(**account).with_evidence().reported(days)

    def proposed(self, **account: Any) -> Course:
        """The first person proposed it."""
        self.payable(**account).propose()
        return self

    def ordered(self, **account: Any) -> Course:
        """The second person approved it."""
        self.proposed(**account).approve()
        return self

    def exported(self) -> Course:
        """It stands on a list."""
        self.ordered()
        self.export()
        return self

    def paid(self) -> Course:
        """It is paid."""
        self.exported().pay()
        return self

    def payment(self, who: Any = None) -> dict[str, Any]:
        """The payment as the paying officer sees it."""
        return self.room.ask(ReadExchangePayment, who or self.first, exchange_id=self.exchange_id)

    def propose(self, who: Any = None) -> dict[str, Any]:
        """The first person."""
        payment = self.payment()
        return self.room.ask(ProposePayment, who or self.first, payment_id=payment["payment_id"], if_match=payment["version"])

    def approve(self, who: Any = None) -> dict[str, Any]:
        """The second person."""
        payment = self.payment()
        return self.room.ask(ApprovePayment, who or self.second, payment_id=payment["payment_id"], if_match=payment["version"])

    def export(self, who: Any = None) -> dict[str, Any]:
        """A new list."""
        return self.room.ask(ExportBatch, who or self.first, partnership_id=self.visitor["partnership_id"])

    def pay(self, who: Any = None, **changes: Any) -> dict[str, Any]:
        """The money left the account today."""
        today = self.room.clock.now().date()
        fields = {"payment_id": self.payment()["payment_id"], "paid_on": today, "reference": "17"} | changes
        return self.room.ask(RecordPaid, who or self.first, **fields)
