"""What payments promises: reference rates, the computed assistance, bank details, evidence, payments and payment lists."""

from contracts.payments.assistance import (
    AssistanceView,
    DecideSupplement,
    ListSupplements,
    ReadAssistance,
    ReadSupplement,
    RecomputeAssistance,
    RequestSupplement,
    SupplementPage,
    SupplementView,
    WithdrawSupplement,
)
from contracts.payments.bank_details import (
    AccessView,
    AccountAddress,
    AccountView,
    BankDetailsView,
    DiscloseAccount,
    GiveBankDetails,
    ReadBankDetails,
)
from contracts.payments.batches import (
    BatchExported,
    BatchFetched,
    BatchLineView,
    BatchPage,
    BatchSummary,
    BatchView,
    ExportBatch,
    ListBatches,
    ReadBatch,
    ReadBatchFile,
)
from contracts.payments.budget import Budget, BudgetMonth, ReadBudget
from contracts.payments.dossier import ExchangeMoney, ReadExchangeMoney
from contracts.payments.events import (
    AccountDisclosed,
    AssistanceComputed,
    AssistanceRefused,
    BankDetailsGiven,
    BaseAsked,
    BaseDecided,
    EvidenceAccepted,
    EvidenceFileAccepted,
    EvidenceReminded,
    EvidenceReturned,
    EvidenceUploaded,
    EvidenceWithdrawn,
    MinimumOverridden,
    NothingDue,
    OverpaymentClaimed,
    OverpaymentRecovered,
    PaymentDue,
    PaymentExported,
    PaymentFailed,
    PaymentOrdered,
    PaymentPaid,
    PaymentProposed,
    PaymentReassessed,
    PaymentReminded,
    PaymentRetried,
    PaymentVoided,
    ProposalTakenBack,
)
from contracts.payments.evidence import (
    AcceptEvidence,
    AcceptFile,
    EvidenceList,
    EvidenceView,
    ListEvidence,
    ReadEvidenceFile,
    ReturnFile,
    UploadEvidence,
    WithdrawEvidence,
)
from contracts.payments.held import ReadHeld
from contracts.payments.operations import DropPaymentsParked, ListPaymentsParked, ReadPaymentsWork, ReplayPaymentsParked
from contracts.payments.payment import (
    LedgerEntryView,
    ListPayments,
    PaymentDetail,
    PaymentPage,
    PaymentView,
    ReadExchangePayment,
    ReadPayment,
)
from contracts.payments.payment_moves import (
    ApprovePayment,
    OverrideMinimum,
    ProposePayment,
    RecordFailed,
    RecordOverpaid,
    RecordPaid,
    RecordRecovered,
    RetryPayment,
    TakeBackProposal,
)
from contracts.payments.piles import PILES, CountPaymentPiles, PaymentPile, PaymentPiles
from contracts.payments.reference import (
    ASSISTANCE_METHODS,
    DISTANCE_METHODS,
    AddAssistanceMethod,
    AddFigure,
    AddRate,
    AssistanceMethodAdded,
    FigureAdded,
    FigurePage,
    FigureView,
    ListAssistanceMethods,
    ListFigures,
    ListRates,
    RateAdded,
    RatePage,
    RateView,
)
from contracts.payments.ties import ReadUnsettledPayments, UnsettledPayments
