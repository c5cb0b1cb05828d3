"""Open streams of hints: each hears the words that concern its person, and nothing of anybody else.

A stream keeps no more than a page could use: words that wait are kept once each, and too many become `everything`. It looks again who
its person is every minute, at once when the person's roles or sessions changed, and ends with the session.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from falcon.asgi import Request, Response, SSEvent

from chassis.bare.hints import Hint
from chassis.bare.refusals import Forbidden, Unavailable
from contracts.identity.events import ME
from gateway.entrance import at_end
from gateway.metrics import live_streams, live_streams_refused, live_words

EVERYTHING = "everything"
MOST_WORDS = 50
"""That wait for one reader; beyond, fetching everything is less work for both."""
BEAT_S = 15.0
LOOK_S = 60.0
RETRY_AFTER_S = 60
LOOKS_AT_ONCE = 4
"""When the broker is back all streams look who they are: what people ask for then must not wait behind them."""
AGAIN_MS = 3_000
"""How long a browser waits before it connects again."""

Look = Callable[[], Awaitable[dict[str, Any] | None]]
"""Asks anew who listens; None when nobody does any more. Raises Unavailable when that cannot be known just now."""

log = structlog.get_logger()


class TooManyStreams(Forbidden):
    """You have {most} streams open already; close some pages, or ask now and then instead."""


@dataclass(eq=False)
class Stream:
    """One connection that is being told words."""

    person: str
    hears: frozenset[str]
    ends_at: float
    words: dict[str, None] = field(default_factory=dict)
    has_to_look: bool = False
    is_over: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, words: Iterable[str]) -> None:
        """Have these words sent soon; one that waits already is not sent twice."""
        self.words |= dict.fromkeys(words)
        if len(self.words) > MOST_WORDS or EVERYTHING in self.words:
            self.words = {EVERYTHING: None}
        self.has_to_look = self.has_to_look or ME in self.words
        self.woken.set()

    def end(self) -> None:
        """Send nothing more."""
        self.is_over = True
        self.woken.set()

    def take(self) -> list[str]:
        """The words that wait, which then wait no more."""
        words, self.words = list(self.words), {}
        self.woken.clear()
        return words

    def be(self, listener: dict[str, Any]) -> None:
        """Be what identity says of whoever listens; what was asked for as its end stays that."""
        self.hears, self.ends_at = frozenset(listener["hears"]), min(self.ends_at, _timestamp(listener["ends_at"]))


class Live:
    """The streams of one process: `most` of them, `most_each` of one person (0: any number)."""

    def __init__(self, most: int, most_each: int, *, beat_s: float = BEAT_S, look_s: float = LOOK_S) -> None:
        self._most, self._most_each, self._beat_s, self._look_s = most, most_each, beat_s, look_s
        self._streams: dict[Stream, None] = {}
        self._of_person: Counter[str] = Counter()
        self._is_leaving = False
        self._looks = asyncio.Semaphore(LOOKS_AT_ONCE)

    def send(self, req: Request, resp: Response, listener: dict[str, Any], look: Look) -> None:
        """Answer with a stream for whoever listens; raises TooManyStreams and, when the process has no place, Unavailable."""
        stream = self._open(listener)
        at_end(req.scope, lambda: self._close(stream))
        resp.set_header("X-Accel-Buffering", "no")
        # A connection that was kept would be waited for when the process stops.
        resp.set_header("Connection", "close")
        resp.sse = self._events(stream, look)

    def tell(self, hint: Hint) -> None:
        """Pass a hint on to those whom it concerns."""
        for stream in self._streams:
            if stream.hears & hint.to:
                stream.tell(hint.words)

    def tell_everything(self) -> None:
        """Words may have been missed: have everybody fetch everything, and look again who everybody is."""
        for stream in self._streams:
            stream.has_to_look = True
            stream.tell([EVERYTHING])

    def leave(self) -> None:
        """End all streams, and open none any more: the process stops, and their readers connect to another."""
        self._is_leaving = True
        for stream in self._streams:
            stream.end()

    def _open(self, listener: dict[str, Any]) -> Stream:
        person = str(listener["person_id"])
        if self._is_leaving or len(self._streams) >= self._most:
            live_streams_refused.labels("process").inc()
            raise Unavailable("Too many streams are open just now; ask now and then instead.", RETRY_AFTER_S)
        if self._most_each and self._of_person[person] >= self._most_each:
            live_streams_refused.labels("person").inc()
            raise TooManyStreams(most=self._most_each, retry_after=RETRY_AFTER_S)
        stream = Stream(person, frozenset(listener["hears"]), _timestamp(listener["ends_at"]))
        self._streams[stream] = None
        self._of_person[person] += 1
        live_streams.inc()
        return stream

    async def _events(self, stream: Stream, look: Look) -> AsyncIterator[SSEvent]:
        yield SSEvent(comment="open", retry=AGAIN_MS)
        look_at = time.monotonic() + self._look_s
        while not stream.is_over and time.time() < stream.ends_at:
            await self._wait(stream)
            if stream.has_to_look or time.monotonic() >= look_at:
                look_at = time.monotonic() + self._look_s
                async with self._looks:
                    await _look_again(stream, look)
            if stream.is_over:
                return
            words = stream.take()
            live_words.inc(len(words))
            for word in words:
                yield SSEvent(text=word)
            if not words:
                yield SSEvent(comment="still here")

    async def _wait(self, stream: Stream) -> None:
        seconds = max(0.0, min(self._beat_s, stream.ends_at - time.time()))
        try:
            await asyncio.wait_for(stream.woken.wait(), seconds)
        except TimeoutError:
            return

    def _close(self, stream: Stream) -> None:
        del self._streams[stream]
        self._of_person[stream.person] -= 1
        if not self._of_person[stream.person]:
            del self._of_person[stream.person]
        live_streams.dec()


async def _look_again(stream: Stream, look: Look) -> None:
    """End a stream whose session ended; what cannot be known just now ends nobody's, and is asked again in a minute."""
    stream.has_to_look = False
    try:
        listener = await look()
    except Unavailable:
        return
    if listener is None:
        stream.end()
    else:
        stream.be(listener)


def _timestamp(instant: str) -> float:
    return datetime.fromisoformat(instant).astimezone(UTC).timestamp()
