"""The agreements service, assembled from its doors."""

from __future__ import annotations

from chassis.running.calls import Calls
from chassis.running.files import BlobStore
from chassis.running.unit import Units
from services.agreements.doors.commitment import CommitmentDoors
from services.agreements.doors.counting import CountingDoors
from services.agreements.doors.dates import DateDoors
from services.agreements.doors.dossier import DossierDoors
from services.agreements.doors.erasure import ErasureDoors
from services.agreements.doors.hearing import BodyListeners, MoneyListeners
from services.agreements.doors.operations import OperationDoors
from services.agreements.doors.reading import ReadingDoors
from services.agreements.doors.report import ReportDoors
from services.agreements.doors.rules import RuleDoors
from services.agreements.doors.signing import SigningDoors
from services.agreements.doors.stay import StayDoors


class Agreements(
    ReadingDoors,
    DossierDoors,
    CountingDoors,
    CommitmentDoors,
    SigningDoors,
    StayDoors,
    ReportDoors,
    BodyListeners,
    MoneyListeners,
    DateDoors,
    ErasureDoors,
    RuleDoors,
    OperationDoors,
):
    """The exchange and its two agreements, from the match to the closing report."""

    name = "agreements"
    unit = Units()
    ask = Calls()
    blobs = BlobStore()
