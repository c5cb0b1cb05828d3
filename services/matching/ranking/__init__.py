"""Who fits whom: hard rules for a pair, soft criteria for each direction, the harmonic mean, the order. Pure, integers only."""

from services.matching.ranking.candidate import Candidate, Wishes, read_candidate
from services.matching.ranking.missing import missing
from services.matching.ranking.order import Fit, fit, harmonic_mean, rank
from services.matching.ranking.rules import obstacles, possible
from services.matching.ranking.scores import WEIGHTS, Score, directed_score
from services.matching.ranking.shares import scaled

__all__ = [
    "WEIGHTS",
    "Candidate",
    "Fit",
    "Score",
    "Wishes",
    "directed_score",
    "fit",
    "harmonic_mean",
    "missing",
    "obstacles",
    "possible",
    "rank",
    "read_candidate",
    "scaled",
]
