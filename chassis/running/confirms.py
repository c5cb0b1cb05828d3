"""RabbitMQ's word on every message that is published on a channel: has it safe, or has not taken it."""

from __future__ import annotations

from typing import Any


class Confirms:
    """Puts a channel into confirm mode, in which the broker numbers what is published from 1 on, and waits for its word.

    The library's own way waits for one message before the next may go; here many are under way at once.
    """

    def __init__(self, channel: Any) -> None:
        self._channel, self._last = channel, 0
        self._open: set[int] = set()
        self._nacked: set[int] = set()
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)

    def next(self) -> int:
        """The number of the message that is published next, for which to wait."""
        self._last += 1
        self._open.add(self._last)
        return self._last

    def wait(self, timeout_s: float) -> set[int]:
        """Wait for the broker's word on all; the numbers of those that it did not take. Raises OSError when it is silent for so long."""
        while self._open:
            self._channel.connection.drain_events(timeout=timeout_s)
        nacked, self._nacked = self._nacked, set()
        return nacked

    def _on_ack(self, number: int, multiple: bool) -> None:
        self._open -= self._meant(number, multiple)

    def _on_nack(self, number: int, multiple: bool) -> None:
        self._nacked |= self._meant(number, multiple)
        self._open -= self._nacked

    def _meant(self, number: int, multiple: bool) -> set[int]:
        """One message, or every open one up to it."""
        return {each for each in self._open if each <= number} if multiple else {number}
