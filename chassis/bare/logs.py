"""Logs: one JSON line each on standard output, with the correlation id of whatever is being done."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import MutableMapping
from typing import Any

import structlog


class NoAnswers(logging.Filter):
    """Drops what nameko logs as a worker's error when the door gave an answer: a refusal, unavailable, not yet.

    The door has logged it in a line already; a traceback for each would bury the real failures.
    """

    def __init__(self, *answers: type[BaseException]) -> None:
        super().__init__()
        self._answers = answers

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep everything else."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        return not isinstance(error, self._answers)


def configure_logs(service: str, level: int = logging.INFO) -> None:
    """Everything that logs, ours and the libraries', as one JSON line on standard output."""

    def name_service(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        # Not a context variable: every greenthread begins with a context of its own, which has none.
        line.setdefault("service", service)
        return line

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        name_service,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(render)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # No line says where in the code it was written, or by which thread: finding that out for each takes longer than writing it.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for noisy in ("amqp", "kombu", "alembic", "weasyprint", "fontTools", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Said by eventlet at each start; the decision to keep it behind the chassis is recorded.
    warnings.filterwarnings("ignore", message=".*[Ee]ventlet is deprecated.*")
