"""The addresses of the agreements service: an exchange, its two agreements, the stay, the closing report."""

from __future__ import annotations

from contracts import agreements as asks
from gateway.routes import Route

EXCHANGE = "/v1/exchanges/{exchange_id}"
COMMITMENT = f"{EXCHANGE}/commitment"
AGREEMENT = f"{EXCHANGE}/agreements/{{kind}}"
REPORT = f"{EXCHANGE}/report"

ROUTES = [
    Route("GET", "/v1/reference/exchange-figures", asks.ListExchangeFigures),
    Route("POST", "/v1/reference/exchange-figures", asks.AddExchangeFigure, status=201),
    Route("GET", "/v1/reference/exchange-methods", asks.ListExchangeMethods),
    Route("POST", "/v1/reference/exchange-methods", asks.AddExchangeMethod, status=201),
    Route("GET", "/v1/exchanges", asks.ListExchanges),
    Route("GET", "/v1/exchange-piles", asks.CountExchangePiles),
    Route("GET", EXCHANGE, asks.ReadExchange),
    Route("GET", f"{EXCHANGE}/history", asks.ListHistory),
    Route("GET", f"{EXCHANGE}/dossier", asks.ReadDossier),
    Route("GET", COMMITMENT, asks.ReadCommitment),
    Route("PUT", COMMITMENT, asks.EditCommitment),
    Route("POST", f"{COMMITMENT}/submission", asks.SubmitCommitment, seen_at=COMMITMENT),
    Route("POST", f"{COMMITMENT}/recall", asks.RecallCommitment),
    Route("POST", f"{COMMITMENT}/validations", asks.ValidateCommitment, status=201),
    Route("POST", f"{COMMITMENT}/returns", asks.ReturnCommitment, status=201),
    Route("POST", f"{COMMITMENT}/amendments", asks.AmendCommitment, status=201),
    Route("POST", f"{COMMITMENT}/abandonment", asks.AbandonAmendment),
    Route("GET", f"{COMMITMENT}/versions", asks.ListCommitmentVersions),
    Route("GET", f"{COMMITMENT}/versions/{{number}}", asks.ReadCommitmentVersion),
    Route("GET", AGREEMENT, asks.ReadAgreement),
    Route("POST", f"{AGREEMENT}/signatures", asks.SignAgreement, status=201),
    Route("GET", f"{AGREEMENT}/document", asks.DownloadAgreement),
    Route("POST", f"{EXCHANGE}/arrival", asks.ConfirmArrival),
    Route("POST", f"{EXCHANGE}/departure", asks.ConfirmDeparture),
    Route("POST", f"{EXCHANGE}/days-present", asks.ConfirmDays, seen_at=EXCHANGE),
    Route("POST", f"{EXCHANGE}/rating", asks.RateExchange, seen_at=EXCHANGE),
    Route("GET", REPORT, asks.ReadReport),
    Route("PUT", REPORT, asks.WriteReport),
    Route("POST", f"{REPORT}/submission", asks.SubmitReport, seen_at=REPORT),
    Route("POST", f"{REPORT}/validation", asks.ValidateReport, seen_at=REPORT),
    Route("POST", f"{REPORT}/returns", asks.ReturnReport, status=201, seen_at=REPORT),
    Route("POST", f"{EXCHANGE}/cancellation", asks.CancelExchange),
    Route("POST", f"{EXCHANGE}/termination", asks.TerminateExchange),
    Route("POST", f"{EXCHANGE}/no-show", asks.RecordNoShow),
    Route("POST", f"{EXCHANGE}/deadlines", asks.MoveDeadline, status=201),
    Route("GET", "/v1/indicators", asks.ReadIndicators),
    Route("GET", "/v1/indicators/flows", asks.ReadFlows),
    Route("GET", "/v1/indicators/times", asks.ReadTimes),
    Route("GET", "/v1/indicators/stages", asks.ReadStages),
    Route("GET", "/v1/programme-figures", asks.ReadProgrammeFigures),
]
