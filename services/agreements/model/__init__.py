"""The rules of an exchange: mapped classes, the lifecycle table, who may do what."""

from services.agreements.model.agreement import Agreement, Signature, Validation
from services.agreements.model.base import Base
from services.agreements.model.bodies import Participation, Partnership
from services.agreements.model.exchange import Exchange, Match, obstacle_to, refuse_match
from services.agreements.model.lifecycle import EXCHANGE
from services.agreements.model.plan import Draft
from services.agreements.model.report import ClosingReport
from services.agreements.model.rules import RuleFigure, RuleMethod, Rules

__all__ = [
    "EXCHANGE",
    "Agreement",
    "Base",
    "ClosingReport",
    "Draft",
    "Exchange",
    "Match",
    "Participation",
    "Partnership",
    "RuleFigure",
    "RuleMethod",
    "Rules",
    "Signature",
    "Validation",
    "obstacle_to",
    "refuse_match",
]
