"""One numbered, immutable text of an agreement, and who validated and signed it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.bare.message import new_id
from chassis.bare.principal import Principal
from contracts.agreements import (
    COMMITMENT,
    HOST_PARTNERSHIP,
    KINDS,
    PARTIES,
    VISITOR,
    VISITOR_PARTNERSHIP,
    AlreadySigned,
    AlreadyValidated,
    StaleText,
)
from services.agreements.model.base import Base, personal
from services.agreements.model.text import CATALOGUE, digest

PARTIES_OF: dict[str, tuple[str, ...]] = {COMMITMENT: PARTIES, KINDS[1]: (VISITOR, VISITOR_PARTNERSHIP)}
"""Who signs what (public pages)."""

VALIDATORS = (VISITOR_PARTNERSHIP, HOST_PARTNERSHIP)


class Validation(Base):
    """A partnership's validation of one version of the commitment."""

    __tablename__ = "validation"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(info=personal("proving who validated"))
    name: Mapped[str] = mapped_column(info=personal("proving who validated"))
    at: Mapped[datetime]


class Signature(Base):
    """One party's signature: it binds the party, the person, the time and the SHA-256 of the text."""

    __tablename__ = "signature"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    place_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(info=personal("proving who signed"))
    name: Mapped[str] = mapped_column(info=personal("proving who signed"))
    at: Mapped[datetime]
    text_digest: Mapped[str]


class Agreement(Base):
    """A text of one kind, numbered from 1; its parties are data, and it is never changed but for what is given to it."""

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("exchange_id", "kind", "number"),
        Index("ix_agreement_commitment", "exchange_id", "commitment_number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    kind: Mapped[str]
    number: Mapped[int]
    commitment_number: Mapped[int]
    parties: Mapped[list[str]]
    text: Mapped[str] = mapped_column(info=personal("the text that was signed names the travellers"))
    text_digest: Mapped[str]
    language: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(info=personal("what the text was made of"))
    submitted_at: Mapped[datetime]
    validated_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    comments: Mapped[str] = mapped_column(default="", info=personal("saying what to change"))
    document_sha256: Mapped[str | None]
    document_size: Mapped[int | None]

    validations: Mapped[list[Validation]] = relationship(lazy="raise", order_by=Validation.at, cascade="all")
    signatures: Mapped[list[Signature]] = relationship(lazy="raise", order_by=Signature.at, cascade="all")

    @classmethod
    def begin(
        cls, kind: str, number: int, commitment_number: int, text: str, content: dict[str, Any], at: datetime, language: str
    ) -> Agreement:
        """A new text for its parties in one language; `content` is what the text was made of, as plain JSON."""
        return cls(
            kind=kind, number=number, commitment_number=commitment_number, parties=list(PARTIES_OF[kind]), text=text,
            text_digest=digest(text), language=language, content=content, submitted_at=at, comments="", validations=[], signatures=[],
        )  # fmt: skip

    @property
    def missing(self) -> list[str]:
        """The parties whose signature is missing."""
        return [party for party in self.parties if party not in {each.party for each in self.signatures}]

    @property
    def unvalidated(self) -> list[str]:
        """The partnerships that have not validated this text."""
        return [party for party in VALIDATORS if party not in {each.party for each in self.validations}]

    @property
    def document(self) -> bool:
        """Whether the PDF is made."""
        return self.document_sha256 is not None

    def validate(self, by: Principal, held: dict[str, UUID], at: datetime) -> list[Validation]:
        """Validate in every capacity the contact point holds; raises AlreadyValidated."""
        parties = _of_one_place(self.unvalidated, held)
        if not parties:
            raise AlreadyValidated
        given = [Validation(party=each, partnership_id=held[each], person_id=by.person, name=by.name, at=at) for each in parties]
        self.validations.extend(given)
        if not self.unvalidated:
            self.validated_at = at
        return given

    def sign(self, by: Principal, held: dict[str, UUID], text_digest: str, at: datetime) -> list[Signature]:
        """Sign this very text for one's organisation or partnership; raises StaleText or AlreadySigned."""
        if text_digest != self.text_digest:
            raise StaleText(text_digest=text_digest, standing_digest=self.text_digest, number=self.number, kind=self.kind)
        parties = _of_one_place(self.missing, held)
        if not parties:
            raise AlreadySigned
        given = [self._signature(by, party, held[party], at) for party in parties]
        self.signatures.extend(given)
        if not self.missing:
            self.signed_at = at
        return given

    def forget_travellers(self) -> None:
        """Nobody signed it, so nothing asks for their names: the text says that they were taken out, and has a digest of its own."""
        travellers = self.content.get("plan", {}).get("travellers", [])
        for each in travellers:
            erased = CATALOGUE.say(self.language, "commitment.erased")
            self.text = self.text.replace(f"{each['name']}, {each['function']}", erased)
        if travellers:
            self.content = {**self.content, "plan": {**self.content["plan"], "travellers": []}}
        self.text_digest, self.comments = digest(self.text), ""

    def _signature(self, by: Principal, party: str, place_id: UUID, at: datetime) -> Signature:
        return Signature(party=party, place_id=place_id, person_id=by.person, name=by.name, at=at, text_digest=self.text_digest)


def _of_one_place(open_parties: list[str], held: dict[str, UUID]) -> list[str]:
    # One partnership on both sides acts once in both capacities; one person in two different places acts for each by itself.
    mine = [party for party in open_parties if party in held]
    return [party for party in mine if held[party] == held[mine[0]]]
