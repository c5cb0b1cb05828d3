"""Where and when figures were taken."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg2

from chassis.bare.message import real_now
from deploy.local.installation import Installation
from deploy.local.program import ROOT


def about(here: Installation) -> dict[str, Any]:
    """Date, commit, machine, and the versions of what the system stands on."""
    versions = {"Python": platform.python_version(), "RabbitMQ": _rabbitmq(here), "PostgreSQL": _postgresql(here)}
    return plain_about(real_now()) | {"versions": versions}


def plain_about(at: datetime) -> dict[str, Any]:
    """Date, commit and machine."""
    told = {"cores": os.cpu_count(), "model": _model(), "memory_gib": _memory(), "load_before": _LOAD_BEFORE}
    return {"date": at.isoformat(timespec="seconds"), "commit": _commit(), "machine": told}


_LOAD_BEFORE = round(os.getloadavg()[0], 2)
"""Of the last minute, before anything of ours ran: figures of a busy machine say little."""


def _commit() -> str:
    asked = ("git", "describe", "--always", "--dirty", "--abbrev=10")
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True).stdout.strip() or "unknown"


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> float:
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)


def _rabbitmq(here: Installation) -> str:
    told = httpx.get(f"{(here.broker.management_uri or '').rstrip('/')}/api/overview", timeout=20).json()
    return f"{told['rabbitmq_version']} on Erlang {told['erlang_version']}"


def _postgresql(here: Installation) -> str:
    connection = psycopg2.connect(here.database.plain_url())
    try:
        number = connection.server_version
    finally:
        connection.close()
    return f"{number // 10000}.{number % 10000}"
