"""Who kills nodes and pulls cables while people work, and who watches what they notice of it."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx

from tests.cluster.network import Network
from tests.cluster.nodes import Cluster, Node

DOWN_S, CUT_S = 12, 25
QUIET_S = 8


class Disturbances:
    """Each node is killed once and cut off once, in an order that the seed gives, and the cluster is whole again after each."""

    def __init__(self, network: Network, cluster: Cluster, seed: int) -> None:
        self._network, self._cluster = network, cluster
        self.done: Counter[str] = Counter()
        deeds = [(deed, node) for deed in (self._kill, self._cut) for node in cluster.nodes]
        random.Random(seed).shuffle(deeds)
        self._deeds: list[tuple[Callable[[Node], None], Node]] = deeds

    def run(self) -> None:
        """Do all of them; raises Unusable when the cluster does not come together again."""
        for deed, node in self._deeds:
            time.sleep(QUIET_S)
            deed(node)
            self._cluster.wait_until_whole()

    def _kill(self, node: Node) -> None:
        print(f"  killing {node.name}", flush=True)
        node.kill()
        time.sleep(DOWN_S)
        node.start()
        self.done["nodes killed"] += 1

    def _cut(self, node: Node) -> None:
        print(f"  cutting {node.name} off", flush=True)
        self._network.cut(node.number)
        time.sleep(CUT_S)
        self._network.mend(node.number)
        self.done["nodes cut off"] += 1


class Watch:
    """Asks a question that needs the broker again and again, and keeps the longest time without an answer, in seconds."""

    def __init__(self, url: str) -> None:
        self.longest_gap, self.answered, self.refused = 0.0, 0, 0
        self._url, self._over = url, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        last = time.monotonic()
        with httpx.Client(timeout=10) as client:
            while not self._over.wait(0.2):
                if self._is_answered(client):
                    self.longest_gap, last = max(self.longest_gap, time.monotonic() - last), time.monotonic()

    def _is_answered(self, client: httpx.Client) -> bool:
        try:
            good = client.get(f"{self._url}/v1/partnerships", params={"limit": 1}).is_success
        except httpx.HTTPError:
            good = False
        self.answered, self.refused = self.answered + good, self.refused + (not good)
        return good
