"""The way into one running system: requests as a person's program sends them, each of them noted with its time."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

import httpx

PATIENCE_S = 120.0
"""How long a person waits for what has to come about, and how long a program repeats what found nobody in."""
ANSWER_S = 30.0
"""How long one answer is waited for."""
LONGEST_PAUSE_S = 5.0
AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

DONE_BEFORE = "key_reused"
"""What a repeated command hears that names another version than it did when it had its effect."""

T = TypeVar("T")
NAMESPACE = UUID("9b6c3c5e-6d0f-4a8e-8f5e-2f7c1a1b2c3d")


class _Keys:
    """Keys made of what is sent, and of how often the same was sent with success: the way there may differ from time to time."""

    def __init__(self, name: str) -> None:
        self._name, self._done = name, Counter[str]()

    def key_of(self, content: str) -> str:
        return str(uuid5(NAMESPACE, f"{self._name} {content} {self._done[content]}"))

    def count(self, content: str) -> None:
        self._done[content] += 1


_keys: ContextVar[_Keys | None] = ContextVar("keys", default=None)

Files = dict[str, tuple[str, bytes, str]]
"""Files of a form: field -> (name, bytes, media type)."""


@dataclass(frozen=True)
class Call:
    """One request that was answered: by whom, in which step, what and how long it took."""

    who: str
    step: str
    method: str
    path: str
    status: int
    ms: float

    @property
    def address(self) -> str:
        """Method and path, with ids left out."""
        return f"{self.method} {AN_ID.sub('{id}', self.path)}"


class Refused(Exception):
    """The system refused: `status`, the problem's `code` and sentence, and the whole problem."""

    def __init__(self, call: Call, problem: dict[str, Any]) -> None:
        self.status, self.code, self.problem = call.status, str(problem.get("code", "")), problem
        named = f" {json.dumps(problem['fields'], ensure_ascii=False)}" if "fields" in problem else ""
        super().__init__(f"{call.address} -> {call.status} {self.code}: {problem.get('detail', '')}{named}")


class TookTooLong(Exception):
    """Something that should have come about did not within the patience of a person."""


@dataclass(frozen=True)
class Answer:
    """What came back: `body` of a JSON answer, `content` of a file with its `name`, `version` from the ETag."""

    call: Call
    body: Any
    content: bytes
    name: str
    version: str | None
    correlation_id: str


@contextmanager
def repeatable(name: str) -> Iterator[None]:
    """Commands inside carry keys made of this name and their content: done once more, they act only once."""
    token = _keys.set(_Keys(name))
    try:
        yield
    finally:
        _keys.reset(token)


class Entrance:
    """Sends requests to one system; `note` is told of every answered one. Safe to share between threads."""

    def __init__(self, url: str, note: Callable[[Call], None] = lambda call: None) -> None:
        self.url, self._note = url.rstrip("/"), note
        limits = httpx.Limits(max_connections=40, max_keepalive_connections=40)
        self._client = httpx.Client(base_url=self.url, timeout=ANSWER_S, limits=limits, trust_env=False)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def send(
        self, method: str, path: str, *, token: str | None = None, body: Any = None, query: dict[str, Any] | None = None,
        form: dict[str, str] | None = None, files: Files | None = None, if_match: str | None = None, key: str | None = None,
        who: str = "", step: str = "",
    ) -> Answer:  # fmt: skip
        """One request, repeated under its key while nobody answers or the system asks to come again (503); raises Refused."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        content = json.dumps([method, path, body, form], sort_keys=True)
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        if method != "GET":
            headers["Idempotency-Key"] = key or key_for(content)
        plain = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        request = {"headers": headers, "json": body, "params": plain, "data": form, "files": files}
        response, ms = self._repeated(method, path, lambda status, ms: self._note(Call(who, step, method, path, status, ms)), **request)
        try:
            answer = _answer(response, Call(who, step, method, path, response.status_code, ms))
        except Refused as refused:
            if refused.code == DONE_BEFORE:
                _succeeded(content)
            raise
        _succeeded(content)
        return answer

    def _repeated(
        self, method: str, path: str, note: Callable[[int, float], None] = lambda status, ms: None, **request: Any
    ) -> tuple[httpx.Response, float]:
        """One request, sent again while nobody answers or the answer is to come again; the last response, and its milliseconds.

        Every command carries its key, so that it acts once however often it is sent. Raises httpx.TransportError when nobody comes.
        """
        deadline, pause = time.monotonic() + PATIENCE_S, 0.2
        while True:
            began = time.perf_counter()
            try:
                response = self._client.request(method, path, **request)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                asked = pause
            else:
                ms = (time.perf_counter() - began) * 1000
                note(response.status_code, ms)
                if response.status_code != 503 or time.monotonic() > deadline:
                    return response, ms
                asked = float(response.headers.get("Retry-After", 1))
            time.sleep(min(asked, LONGEST_PAUSE_S))
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def mails(self, to: str, limit: int = 10) -> list[dict[str, Any]]:
        """The newest mails to one address (development's captured ones)."""
        answer = self._repeated("GET", "/dev/mail", params={"to": to, "limit": limit})[0].raise_for_status()
        return list(answer.json()["items"])

    def now(self) -> str:
        """Domain time, as the system says it."""
        return str(self._repeated("GET", "/dev/clock")[0].raise_for_status().json()["now"])

    def advance(self, by: str) -> str:
        """Move the domain clock on (`10d`, `3h`, `1d12h`); every process has the new time when this returns.

        Sent once, for it has no key: raises httpx.TransportError when it is not known whether it moved.
        """
        answer = self._client.post("/dev/clock", json={"advance": by}).raise_for_status()
        return str(answer.json()["now"])


def wait_for(look: Callable[[], T | None], what: str, patience_s: float = PATIENCE_S) -> T:
    """Look again and again, ever less often, until there is something; raises TookTooLong."""
    deadline, pause = time.monotonic() + patience_s, 0.03
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise TookTooLong(f"waited {patience_s:.0f} s for {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)
    return found


def key_for(content: str) -> str:
    """The key of a command with that content: a new one, or inside `repeatable` the one it had the last time."""
    keys = _keys.get()
    return keys.key_of(content) if keys else str(uuid4())


def _succeeded(content: str) -> None:
    keys = _keys.get()
    if keys:
        keys.count(content)


def _answer(response: httpx.Response, call: Call) -> Answer:
    is_json = "json" in response.headers.get("Content-Type", "")
    body = response.json() if is_json and response.content else None
    if response.status_code >= 400:
        raise Refused(call, body if isinstance(body, dict) else {"detail": response.text[:300]})
    disposition = response.headers.get("Content-Disposition", "").partition("''")[2]
    version = response.headers.get("ETag", "").strip('"') or None
    return Answer(call, body, response.content, disposition, version, response.headers.get("X-Correlation-Id", ""))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
