"""The payments service: its name, what it stands on, and its doors."""

from __future__ import annotations

from chassis.running.unit import Units
from services.payments.doors.assistance import AssistanceDoors
from services.payments.doors.bank_details import BankDetailsDoors
from services.payments.doors.batches import BatchDoors
from services.payments.doors.budget import BudgetDoors
from services.payments.doors.dossier import DossierDoors
from services.payments.doors.erasure import ErasureDoors
from services.payments.doors.evidence import EvidenceDoors
from services.payments.doors.heard import HeardDoors
from services.payments.doors.operations import OperationDoors
from services.payments.doors.payments import PaymentDoors
from services.payments.doors.reference import ReferenceDoors


class Payments(
    ReferenceDoors,
    AssistanceDoors,
    BankDetailsDoors,
    EvidenceDoors,
    PaymentDoors,
    BatchDoors,
    BudgetDoors,
    DossierDoors,
    HeardDoors,
    ErasureDoors,
    OperationDoors,
):
    """What a visiting organisation is due, from the reference rates to the paid lump sum."""

    name = "payments"
    unit = Units()
