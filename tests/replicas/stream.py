"""A constant stream of calls by several people at once, each of them noted with what came back."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

PATIENCE_S = 60.0
PAUSE_S = 0.02


@dataclass(frozen=True)
class Noted:
    """One response: when it was asked for, after how long it came (seconds), its status and, of a problem, the code and its service."""

    at: float
    took: float
    status: int
    code: str = ""
    service: str = ""

    @property
    def is_answer(self) -> bool:
        """Whether what was asked for was given."""
        return self.status in (200, 201)


class Stream:
    """Readers of one address and writers of messages into one conversation; `with Stream(...) as stream:` runs it for a block."""

    def __init__(self, url: str, token: str, read: str, conversation: str, readers: int = 2, writers: int = 2) -> None:
        self._url, self._headers, self._read, self._conversation = url, {"Authorization": f"Bearer {token}"}, read, conversation
        self._stop = threading.Event()
        self.noted: list[Noted] = []
        self.written: list[str] = []
        self.lost: list[str] = []
        self._threads = [threading.Thread(target=self._keep_on, args=(self._look,)) for _ in range(readers)]
        self._threads += [threading.Thread(target=self._keep_on, args=(self._write,)) for _ in range(writers)]

    def __enter__(self) -> Stream:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def during(self, began: float, ended: float) -> list[Noted]:
        """What was asked for between two moments (monotonic seconds)."""
        return [each for each in self.noted if began <= each.at < ended]

    def statuses(self) -> Counter[str]:
        """How often each status and code came."""
        return Counter(f"{each.status} {each.code}".strip() for each in self.noted)

    def _keep_on(self, act: Any) -> None:
        with httpx.Client(base_url=self._url, headers=self._headers, timeout=PATIENCE_S, trust_env=False) as client:
            while not self._stop.is_set():
                try:
                    act(client)
                except httpx.HTTPError as error:
                    self.lost.append(repr(error))
                time.sleep(PAUSE_S)

    def _look(self, client: httpx.Client) -> None:
        self._note(lambda: client.get(self._read))

    def _write(self, client: httpx.Client) -> None:
        """One message under one key, repeated until it is answered, as a client does."""
        what, key = str(uuid4()), {"Idempotency-Key": str(uuid4())}
        while not self._note(lambda: client.post(f"{self._conversation}/messages", json={"text": what}, headers=key)).is_answer:
            time.sleep(0.3)
        self.written.append(what)

    def _note(self, ask: Any) -> Noted:
        at = time.monotonic()
        response = ask()
        problem: dict[str, Any] = {}
        with suppress(ValueError):
            problem = response.json() if response.status_code >= 400 else {}
        service = str(problem.get("details", {}).get("service", ""))
        self.noted.append(Noted(at, time.monotonic() - at, response.status_code, str(problem.get("code", "")), service))
        return self.noted[-1]
