"""Doors to both agreements as texts: sign, render, download."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers, works
from chassis.running.occasions import Job
from contracts.agreements import (
    FINANCIAL,
    AgreementNotFound,
    DocumentNotFound,
    DocumentWanted,
    DownloadAgreement,
    ReadAgreement,
    SignAgreement,
)
from services.agreements import queries
from services.agreements.document import render
from services.agreements.doors.frame import Doors, await_arrival
from services.agreements.model import Agreement, Exchange
from services.agreements.shown import AgreementShown

PDF = "application/pdf"
STEPS = 2


class SigningDoors(Doors):
    """What is signed, and the document that comes of it."""

    @answers(ReadAgreement)
    def read_agreement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The text that stands."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who)
            return unit.reply(AgreementShown(exchange.text_for(who, request["kind"])))

    @answers(SignAgreement)
    def sign_agreement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Sign the text that was read."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.sign(request["kind"], who, request["text_digest"], unit.now))
            await_arrival(unit, exchange)
            return unit.reply(AgreementShown(exchange.text_for(who, request["kind"])))

    @answers(DownloadAgreement)
    def download_agreement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The PDF of a text signed by all: the last one, or that of the number named."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who)
            agreement = signed_text(exchange, who, request["kind"], request["number"])
            return unit.reply(
                {
                    "sha256": agreement.document_sha256,
                    "name": f"{agreement.kind.replace('_', '-')}-{agreement.number}.pdf",
                    "media_type": PDF,
                    "size": agreement.document_size,
                }
            )

    @works(DocumentWanted)
    def render_document(self, job: Job) -> None:
        """Make the PDF once, outside of any unit, and keep where it lies."""
        kind, number = job.data["kind"], job.data["version"]
        # Read beside the unit: a unit of a job finishes it.
        with job.frame.sessions() as session:
            agreement = queries.agreement(session, job.subject_id, kind, number)
        job.progress(1, STEPS)
        pdf = render(agreement)
        sha256 = self.blobs.keep([pdf])
        with self.unit() as unit:
            exchange = queries.exchange(unit, job.subject_id, seen_by=unit.who, to_change=True)
            unit.announce(exchange.document_rendered(kind, number, sha256, len(pdf)))


def signed_text(exchange: Exchange, who: Principal, kind: str, number: int | None) -> Agreement:
    """The text whose PDF is meant; raises AgreementNotFound, DocumentNotFound."""
    if kind == FINANCIAL and not exchange.sees_money(who):
        raise AgreementNotFound
    made = [each for each in exchange.agreements if each.kind == kind and each.document and number in (None, each.number)]
    if not made:
        raise DocumentNotFound
    return made[-1]
