"""What the agreements service promises: the exchange from match to closing report, and both its agreements."""

from contracts.agreements.events import *  # noqa: F403
from contracts.agreements.refusals import *  # noqa: F403
from contracts.agreements.requests import *  # noqa: F403
from contracts.agreements.views import *  # noqa: F403
from contracts.agreements.words import *  # noqa: F403
