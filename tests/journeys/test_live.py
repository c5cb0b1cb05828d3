"""Live: whoever shows something is told within seconds that it changed, and nobody else is."""

from __future__ import annotations

import threading

import httpx
import pytest

from deploy.local.people.entrance import wait_for
from deploy.local.people.person import Person
from deploy.local.system import Running
from tests.journeys.played import Played

pytestmark = pytest.mark.slow

SOON_S = 5.0


class Listening:
    """A stream of words, read until its session ends."""

    def __init__(self, running: Running, person: Person) -> None:
        self.words: list[str] = []
        self._url, self._token, self._is_open = f"{running.url}/v1/live", person._token, threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self._is_open.wait(10)

    def ends(self) -> bool:
        """Whether it ends soon."""
        self._thread.join(SOON_S)
        return not self._thread.is_alive()

    def _read(self) -> None:
        with httpx.stream("GET", self._url, headers={"Authorization": f"Bearer {self._token}"}, timeout=60) as response:
            for line in response.iter_lines():
                self._is_open.set()
                self.words += [line.removeprefix("data: ")] if line.startswith("data: ") else []


def test_message_is_told_to_the_other_side_within_seconds_and_to_no_third(played: Played, running: Running) -> None:
    """What is told is where to look, and what is found there is the message; a notice follows it. The stream ends with the session."""
    contact = played.in_contact()
    played.host.post(f"{contact}/acceptance")
    third = Played(played.entrance, played.offices).registered().visitor
    talk = wait_for(lambda: next(iter(played.host.all("/v1/conversations")), None), "the conversation")["conversation_id"]
    # More than one for the host: whichever process of the gateway they are connected to, all are told.
    hosts = [Listening(running, played.host) for _ in range(4)]
    thirds = Listening(running, third)
    played.visitor.post(f"/v1/conversations/{talk}/messages", text="Bring warm clothes.")
    wait_for(lambda: all(f"conversations:{talk}" in each.words for each in hosts) or None, "the word", SOON_S)
    assert [each["text"] for each in played.host.all(f"/v1/conversations/{talk}/messages")] == ["Bring warm clothes."]
    wait_for(lambda: all("notices" in each.words for each in hosts) or None, "the word of the notice", SOON_S)
    assert {each.partition(":")[0] for each in thirds.words} <= {"everything"}
    played.entrance.send("DELETE", "/v1/sessions/current", token=played.host._token)
    assert all(each.ends() for each in hosts) and not thirds.ends()
