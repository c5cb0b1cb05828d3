"""The rules of payments, by noun: reference rows, exchange, assistance, bank details, evidence, payment, ledger, list."""

from services.payments.model.assistance import ASSISTANCE, SUPPLEMENT, Assistance, Supplement
from services.payments.model.bank_details import BANK_DETAILS, Access, BankDetails
from services.payments.model.base import Base
from services.payments.model.batch import MOST_LINES, Batch, BatchLine
from services.payments.model.evidence import DOSSIER, EVIDENCE, Evidence, EvidenceAccess
from services.payments.model.exchange import Exchange
from services.payments.model.ledger import LedgerEntry
from services.payments.model.lump_sum import ASKING
from services.payments.model.payment import PAYMENT, Payment
from services.payments.model.reference import Participation, Partnership, PayingOfficer, Rate, RuleFigure, RuleMethod, Tariff

__all__ = [
    "ASKING",
    "ASSISTANCE",
    "BANK_DETAILS",
    "DOSSIER",
    "EVIDENCE",
    "MOST_LINES",
    "PAYMENT",
    "SUPPLEMENT",
    "Access",
    "Assistance",
    "BankDetails",
    "Base",
    "Batch",
    "BatchLine",
    "Evidence",
    "EvidenceAccess",
    "Exchange",
    "LedgerEntry",
    "Participation",
    "Partnership",
    "PayingOfficer",
    "Payment",
    "Rate",
    "RuleFigure",
    "RuleMethod",
    "Supplement",
    "Tariff",
]
