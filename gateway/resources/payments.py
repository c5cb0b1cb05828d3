"""The addresses of payments."""

from __future__ import annotations

from contracts import payments
from gateway.routes import Route

EXCHANGE = "/v1/exchanges/{exchange_id}"
PAYMENT = "/v1/payments/{payment_id}"
EVIDENCE = "/v1/evidence/{evidence_id}"
BATCH = "/v1/payment-batches/{batch_id}"

ROUTES = [
    Route("GET", "/v1/reference/rates", payments.ListRates),
    Route("POST", "/v1/reference/rates", payments.AddRate, status=201),
    Route("GET", "/v1/reference/assistance-figures", payments.ListFigures),
    Route("POST", "/v1/reference/assistance-figures", payments.AddFigure, status=201),
    Route("GET", "/v1/reference/assistance-methods", payments.ListAssistanceMethods),
    Route("POST", "/v1/reference/assistance-methods", payments.AddAssistanceMethod, status=201),
    Route("GET", f"{EXCHANGE}/assistance", payments.ReadAssistance),
    Route("POST", f"{EXCHANGE}/assistance/recomputation", payments.RecomputeAssistance),
    Route("GET", "/v1/base-requests", payments.ListSupplements),
    Route("GET", f"{EXCHANGE}/base-request", payments.ReadSupplement),
    Route("POST", f"{EXCHANGE}/base-request", payments.RequestSupplement, status=201),
    Route("POST", f"{EXCHANGE}/base-request/decision", payments.DecideSupplement),
    Route("POST", f"{EXCHANGE}/base-request/withdrawal", payments.WithdrawSupplement),
    Route("GET", f"{EXCHANGE}/bank-details", payments.ReadBankDetails),
    Route("PUT", f"{EXCHANGE}/bank-details", payments.GiveBankDetails),
    Route("POST", f"{EXCHANGE}/bank-details/disclosures", payments.DiscloseAccount),
    Route("GET", f"{EXCHANGE}/evidence", payments.ListEvidence),
    Route("POST", f"{EXCHANGE}/evidence", payments.UploadEvidence, status=201),
    Route("POST", f"{EXCHANGE}/evidence/acceptance", payments.AcceptEvidence, seen_at=f"{EXCHANGE}/evidence"),
    Route("GET", f"{EVIDENCE}/file", payments.ReadEvidenceFile),
    Route("POST", f"{EVIDENCE}/acceptance", payments.AcceptFile),
    Route("POST", f"{EVIDENCE}/return", payments.ReturnFile),
    Route("POST", f"{EVIDENCE}/withdrawal", payments.WithdrawEvidence),
    Route("GET", "/v1/payments", payments.ListPayments),
    Route("GET", "/v1/payment-piles", payments.CountPaymentPiles),
    Route("GET", f"{EXCHANGE}/payment", payments.ReadExchangePayment),
    Route("GET", PAYMENT, payments.ReadPayment),
    Route("POST", f"{PAYMENT}/proposal", payments.ProposePayment, seen_at=PAYMENT),
    Route("POST", f"{PAYMENT}/proposal/withdrawal", payments.TakeBackProposal),
    Route("POST", f"{PAYMENT}/approval", payments.ApprovePayment, seen_at=PAYMENT),
    Route("POST", f"{PAYMENT}/transfer", payments.RecordPaid),
    Route("POST", f"{PAYMENT}/failure", payments.RecordFailed),
    Route("POST", f"{PAYMENT}/retry", payments.RetryPayment),
    Route("POST", f"{PAYMENT}/minimum-override", payments.OverrideMinimum),
    Route("POST", f"{PAYMENT}/overpayment", payments.RecordOverpaid),
    Route("POST", f"{PAYMENT}/recovery", payments.RecordRecovered),
    Route("GET", "/v1/indicators/budget", payments.ReadBudget),
    Route("GET", "/v1/payment-batches", payments.ListBatches),
    Route("POST", "/v1/payment-batches", payments.ExportBatch, status=201),
    Route("GET", BATCH, payments.ReadBatch),
    Route("GET", f"{BATCH}/file", payments.ReadBatchFile),
]
