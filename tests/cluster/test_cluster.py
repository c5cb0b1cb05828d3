"""A broker of three nodes loses a node or its network again and again while exchanges run."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest

from deploy.local.broker import ADMINISTRATOR
from deploy.local.installation import SERVICES
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import make_administrator, make_offices
from deploy.local.people.partnerships import TOUR_SIGN_INS, for_tour
from deploy.local.program import ROOT
from deploy.local.settings import Settings
from deploy.local.system import Running, system
from tests.cluster.balancer import balancer
from tests.cluster.disturbing import Disturbances, Watch
from tests.cluster.network import network
from tests.cluster.nodes import AMQP, MANAGEMENT, PASSWORD, three_nodes

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.geteuid() != 0, reason="only root makes network namespaces")]

EXCHANGES, AT_ONCE = 8, 4


@dataclass
class Played:
    """How many exchanges were begun and paid in all tours."""

    begun: int = 0
    paid: int = 0


def test_every_fact_reaches_its_listeners_while_nodes_die_and_the_network_is_cut(tmp_path: Path) -> None:
    """Each node is killed once and cut off once; every exchange ends paid, and the audit finds nothing lost or doubled."""
    seed = int(os.environ.get("CLUSTER_SEED") or random.randrange(10_000))
    print(f"\nCLUSTER_SEED={seed}", flush=True)
    with network() as wires, balancer(wires, (AMQP, MANAGEMENT)) as (amqp, management):
        address = f"{ADMINISTRATOR}:{PASSWORD}@127.0.0.1"
        with three_nodes(wires, tmp_path / "nodes", f"http://127.0.0.1:{management}") as cluster:
            state = tmp_path / "state"
            settings = Settings(state, None, f"amqp://{address}:{amqp}/", f"http://{address}:{management}", call_queues="quorum")
            # The nodes that are started again die with the thread that started them: it lives until nobody needs them any more.
            with system(state, settings) as running, ThreadPoolExecutor(1) as beside:
                _open_offices(running)
                disturbances = Disturbances(wires, cluster, seed)
                with Watch(running.url) as watch:
                    disturbing = beside.submit(disturbances.run)
                    played = _play_until(disturbing.done, running, settings)
                    disturbing.result()
                facts, heard, slowest = _deliveries(running)
                print(f"{played.paid}/{played.begun} paid; {dict(disturbances.done)}; {facts} facts, heard {heard} times", flush=True)
                print(
                    f"longest time without an answer {watch.longest_gap:.1f} s; longest from fact to listener {slowest.total_seconds():.1f} s"
                )
                assert disturbances.done == {"nodes killed": 3, "nodes cut off": 3}
                assert played.paid == played.begun > 0
                assert _audit(running, settings) == 0


def _open_offices(running: Running) -> None:
    entrance = Entrance(running.url)
    administrator = make_administrator(running.environment("identity"), "cluster.administrator")
    make_offices(entrance, administrator, for_tour()[:4], "cluster.").keep(running.here.state / TOUR_SIGN_INS)
    entrance.close()


def _play_until(over, running: Running, settings: Settings) -> Played:  # type: ignore[no-untyped-def]
    """Play tours one after the other until the disturbances are over, the last one to its end."""
    played = Played()
    while not over():
        told = _run(running, settings, "deploy.local.exchange", N=str(EXCHANGES), C=str(AT_ONCE))
        print(told.stdout[-6000:] if told.returncode else told.stdout.splitlines()[-1], flush=True)
        played.begun += EXCHANGES
        played.paid += int(told.stdout.rsplit("/", 1)[0].split()[-1]) if "paid" in told.stdout else 0
    return played


def _audit(running: Running, settings: Settings) -> int:
    told = _run(running, settings, "deploy.local.audit")
    print(told.stdout, told.stderr, flush=True)
    return told.returncode


def _run(running: Running, settings: Settings, module: str, **said: str) -> subprocess.CompletedProcess[str]:
    where = {"STATE": str(running.here.state), "AMQP_URI": str(settings.amqp_uri), "AMQP_MANAGEMENT_URI": str(settings.amqp_management_uri)}
    environment = {**os.environ, **where, **said}
    return subprocess.run((sys.executable, "-m", module), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _deliveries(running: Running) -> tuple[int, int, timedelta]:
    """How many facts there are, how often they were heard, and the longest time from one to the other."""
    recorded, heard = {}, []
    for service in SERVICES:
        with psycopg2.connect(running.here.database.plain_url(service)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT id, recorded_at FROM journal")
            recorded |= dict(cursor.fetchall())
            cursor.execute("SELECT event_id, at FROM heard")
            heard += cursor.fetchall()
    return len(recorded), len(heard), max(at - recorded[event] for event, at in heard)
