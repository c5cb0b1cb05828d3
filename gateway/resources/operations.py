"""The addresses of operations: each service at work, and what it could not apply."""

from __future__ import annotations

from contracts.agreements import operations as agreements
from contracts.identity import operations as identity
from contracts.matching import operations as matching
from contracts.payments import operations as payments
from contracts.registry import operations as registry
from gateway.routes import Route

OPERATIONS = "/v1/operations"
PARKED = "parked/{parked_id}"

ROUTES = [
    Route("GET", f"{OPERATIONS}/agreements", agreements.ReadAgreementsWork),
    Route("GET", f"{OPERATIONS}/agreements/parked", agreements.ListAgreementsParked),
    Route("POST", f"{OPERATIONS}/agreements/{PARKED}/replay", agreements.ReplayAgreementsParked),
    Route("POST", f"{OPERATIONS}/agreements/{PARKED}/drop", agreements.DropAgreementsParked),
    Route("GET", f"{OPERATIONS}/identity", identity.ReadIdentityWork),
    Route("GET", f"{OPERATIONS}/identity/parked", identity.ListIdentityParked),
    Route("POST", f"{OPERATIONS}/identity/{PARKED}/replay", identity.ReplayIdentityParked),
    Route("POST", f"{OPERATIONS}/identity/{PARKED}/drop", identity.DropIdentityParked),
    Route("GET", f"{OPERATIONS}/matching", matching.ReadMatchingWork),
    Route("GET", f"{OPERATIONS}/matching/parked", matching.ListMatchingParked),
    Route("POST", f"{OPERATIONS}/matching/{PARKED}/replay", matching.ReplayMatchingParked),
    Route("POST", f"{OPERATIONS}/matching/{PARKED}/drop", matching.DropMatchingParked),
    Route("GET", f"{OPERATIONS}/payments", payments.ReadPaymentsWork),
    Route("GET", f"{OPERATIONS}/payments/parked", payments.ListPaymentsParked),
    Route("POST", f"{OPERATIONS}/payments/{PARKED}/replay", payments.ReplayPaymentsParked),
    Route("POST", f"{OPERATIONS}/payments/{PARKED}/drop", payments.DropPaymentsParked),
    Route("GET", f"{OPERATIONS}/registry", registry.ReadRegistryWork),
    Route("GET", f"{OPERATIONS}/registry/parked", registry.ListRegistryParked),
    Route("POST", f"{OPERATIONS}/registry/{PARKED}/replay", registry.ReplayRegistryParked),
    Route("POST", f"{OPERATIONS}/registry/{PARKED}/drop", registry.DropRegistryParked),
]
