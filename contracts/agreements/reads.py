"""The reads of the agreements service."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Several, Text, Whole
from chassis.bare.files import Download
from chassis.bare.message import FullPageQuery, PageQuery, View
from chassis.bare.refusals import Refusal
from contracts.agreements import refusals as no
from contracts.agreements.asking import (
    ID,
    READERS,
    SUPPORT,
    WHO_READS,
    AgreementsQuery,
    ForExchange,
)
from contracts.agreements.closing import ReportView
from contracts.agreements.piles import PILES
from contracts.agreements.plan import CommitmentView
from contracts.agreements.texts import AgreementView, Versions, VersionView
from contracts.agreements.views import Dossier, ExchangePage, ExchangeView, HistoryPage
from contracts.agreements.words import COMMITMENT, STATES, KindInAddress
from contracts.words import Country


class ListExchanges(PageQuery):
    """The exchanges that the viewer has to do with, the latest opened first; those on a pile, what waits longest first."""

    service = "agreements"
    answers = ExchangePage
    allowed = READERS
    rule = "Each sees the exchanges of the own organisations and partnerships; the support office and the auditor see all."

    state = Several(Choice(STATES), most=len(STATES), load_default=list)
    pile = Choice(PILES, load_default=None, metadata={"description": "Only those on this pile of the viewer's desk."})
    partnership_id = fields.UUID(load_default=None, metadata={"description": "Visitor's or host's partnership."})
    organisation_id = fields.UUID(load_default=None, metadata={"description": "Visiting or host organisation."})
    country = Country(load_default=None, metadata={"description": "Visitor's or host's country."})
    text = Text(100, load_default=None, metadata={"description": "A part of visitor's or host's name."})
    starts_from = fields.Date(load_default=None, metadata={"description": "Planned first day on or after this day."})
    starts_to = fields.Date(load_default=None, metadata={"description": "Planned first day on or before this day."})
    assistance_refused = fields.Boolean(
        load_default=None, metadata={"description": "true: only those whose assistance cannot be computed; false: only the others."}
    )

    example: ClassVar = {"state": ["submitted"], "limit": 25}


class ReadExchange(AgreementsQuery):
    """One exchange: the state of every track, the viewer's moves, who is waited for."""

    answers = ExchangeView


class ReadCommitment(AgreementsQuery):
    """The plan as it is being written, with the programme's notice."""

    answers = CommitmentView


class ListCommitmentVersions(FullPageQuery, ForExchange):
    """The submitted versions of the commitment, the oldest first."""

    service = "agreements"
    answers = Versions
    allowed = READERS
    rule = WHO_READS
    refusals = (no.ExchangeNotFound,)


class ReadCommitmentVersion(AgreementsQuery):
    """One version of the commitment, with what changed since the one before."""

    answers = VersionView
    refusals = (no.ExchangeNotFound, no.VersionNotFound)

    number = Whole(1, 10_000, required=True)

    example: ClassVar = ID | {"number": 1}


class ReadAgreement(AgreementsQuery):
    """The standing text of an agreement, which the parties sign: the commitment to quality or the financial agreement."""

    answers: ClassVar[type[View]] = AgreementView
    rule = WHO_READS + " The financial agreement is not for the host's side."
    refusals: ClassVar[tuple[type[Refusal], ...]] = (no.ExchangeNotFound, no.AgreementNotFound)

    kind = KindInAddress(required=True)

    example: ClassVar = ID | {"kind": COMMITMENT}


class DownloadAgreement(ReadAgreement):
    """The PDF of an agreement as last signed by all, with its trail of signatures; of a certain `number` if one is named."""

    answers = Download
    file_types = ("application/pdf",)
    refusals = (no.ExchangeNotFound, no.AgreementNotFound, no.DocumentNotFound)

    number = Whole(1, 10_000, load_default=None, allow_none=True)


class ReadReport(AgreementsQuery):
    """The closing report and the host's rating."""

    answers = ReportView
    refusals = (no.ExchangeNotFound, no.ReportNotFound)


class ListHistory(FullPageQuery, ForExchange):
    """Everything that happened to an exchange, the oldest first."""

    service = "agreements"
    answers = HistoryPage
    allowed = READERS
    rule = WHO_READS + " What names the amount is not for the host's side."
    refusals = (no.ExchangeNotFound,)


class ReadDossier(AgreementsQuery):
    """Everything of one exchange in one view, its money and its conversation included; recorded for the holder of the account."""

    answers = Dossier
    allowed = ("auditor", *SUPPORT)
    rule = "The auditor and the support office."
