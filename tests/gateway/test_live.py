"""Live: each hears the words that concern it, and nobody anything else; streams are few, bounded, and end with their session."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY

from chassis.bare.hints import Hint, hears
from chassis.bare.principal import Principal
from chassis.bare.refusals import Unavailable
from contracts.identity.live import ListenLive
from contracts.identity.refusals import SessionEnded
from gateway import app as gateway
from gateway import live
from gateway.live import EVERYTHING, MOST_WORDS, Live
from tests.builders import person, representative, support_officer
from tests.gateway.front import Asked, Front, make_front
from tests.gateway.streaming import Reader

OURS, THEIRS = uuid4(), uuid4()


class Site:
    """The gateway, its streams, and identity's answer to whoever listens."""

    def __init__(self, front: Front, streams: Live) -> None:
        self.front, self.live, self.lasts = front, streams, timedelta(hours=1)
        front.services.answers[ListenLive] = self._listener

    def log_in(self, who: Principal) -> str:
        """A session's secret."""
        secret = str(uuid4())
        self.front.log_in(secret, who)
        return secret

    async def reader(self, who: Principal | str) -> Reader:
        """Somebody who listens."""
        secret = who if isinstance(who, str) else self.log_in(who)
        reader = await Reader(self.front.app, "/v1/live", secret).begin()
        if reader.status == 200:
            assert (await reader.piece()).startswith(": open\nretry: 3000\n")
        return reader

    def tell(self, *words: str, to: str) -> None:
        """A hint, as the broker brings it."""
        self.live.tell(Hint(words, frozenset({to})))

    def _listener(self, asked: Asked) -> dict[str, Any]:
        ends_at = (datetime.now(UTC) + self.lasts).isoformat()
        return {"session_id": str(UUID(int=1)), "person_id": asked.who.id, "hears": hears(asked.who), "ends_at": ends_at}


Made = Callable[..., Site]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """Makes a gateway; what it is told beats faster than in life."""

    def make(beat_s: float = 0.05, look_s: float = 60, **settings: Any) -> Site:
        streams: list[Live] = []

        def remembered(*told: int) -> Live:
            streams.append(Live(*told, beat_s=beat_s, look_s=look_s))
            return streams[0]

        monkeypatch.setattr(gateway, "Live", remembered)
        front = make_front(tmp_path, monkeypatch, **settings)
        return Site(front, streams[0])

    return make


def played(play: Callable[[], Awaitable[None]]) -> None:
    """Run it in a loop of its own."""
    asyncio.run(asyncio.wait_for(play(), 30))  # type: ignore[arg-type]


def test_word_is_heard_by_those_it_concerns_and_by_nobody_else(site: Made) -> None:
    """By role and place, by person, and by role everywhere; a place alone, or a role at another place, is not enough."""
    here = site()

    async def play() -> None:
        me = representative(OURS)
        mine, stranger, desk, office = [
            await here.reader(who) for who in (me, representative(THEIRS), person(("agreements", OURS)), support_officer())
        ]
        here.tell("exchanges:1", to=f"representative@{OURS}")
        here.tell("notices", to=f"person@{me.id}")
        here.tell("queries:2", to="support_officer@")
        assert await mine.words() == ["exchanges:1", "notices"]
        assert (await stranger.words(), await desk.words(), await office.words()) == ([], [], ["queries:2"])

    played(play)


def test_stream_is_one_of_server_sent_events_that_no_proxy_keeps_back(site: Made) -> None:
    """And never stored; a comment comes while there is nothing to say."""
    here = site(beat_s=0.01)

    async def play() -> None:
        reader = await here.reader(person())
        assert (reader.status, reader.headers["content-type"]) == (200, "text/event-stream")
        assert (reader.headers["cache-control"], reader.headers["x-accel-buffering"]) == ("no-store", "no")
        assert [await reader.piece() for _ in range(2)] == [": still here\n\n"] * 2

    played(play)


def test_nobody_listens_without_a_session(site: Made) -> None:
    """401, as everywhere."""
    here = site()
    answer = here.front.ask("GET", "/v1/live")
    assert (answer.status_code, answer.json()["code"]) == (401, "log_in_required")
    here.front.services.answers[ListenLive] = SessionEnded()
    assert here.front.ask("GET", "/v1/live", cookie=here.log_in(person())).status_code == 401


def test_words_that_wait_are_kept_once_and_too_many_become_everything(site: Made) -> None:
    """A reader who stands still costs no memory."""
    here = site(beat_s=5)

    async def play() -> None:
        reader = await here.reader(representative(OURS))
        for _ in range(1_000):
            here.tell("notices", to=f"representative@{OURS}")
        assert await reader.words() == ["notices"]
        for number in range(MOST_WORDS + 1):
            here.tell(f"exchanges:{number}", to=f"representative@{OURS}")
        here.tell("notices", to=f"representative@{OURS}")
        assert await reader.words() == [EVERYTHING]

    played(play)


def test_one_person_has_so_many_streams_and_hears_clearly_that_there_are_no_more(site: Made) -> None:
    """429 with a time; whoever closes one has room again, and others are not touched."""
    here = site(live_streams_each=2)

    async def play() -> None:
        secret = here.log_in(person())
        first, _ = await here.reader(secret), await here.reader(secret)
        refused = await here.reader(secret)
        assert (refused.status, refused.headers["retry-after"]) == (429, "60")
        assert '"code":"too_many_streams"' in await refused.piece()
        assert (await here.reader(person())).status == 200
        await first.go()
        assert (await here.reader(secret)).status == 200

    played(play)


def test_process_without_a_place_says_come_again(site: Made) -> None:
    """503; so does one that stops."""
    here = site(live_streams=1)

    async def play() -> None:
        first = await here.reader(person())
        assert (await here.reader(person())).status == 503
        await first.go()
        here.live.leave()
        assert (await here.reader(person())).status == 503

    played(play)


def test_reader_that_goes_before_the_first_word_keeps_no_place(site: Made) -> None:
    """Nothing of its answer may have been begun."""
    here = site(live_streams=1)

    async def play() -> None:
        for _ in range(3):
            gone = Reader(here.front.app, "/v1/live", here.log_in(person()))
            gone._gone.set()
            await asyncio.wait_for(gone.running, 5)
        assert (await here.reader(person())).status == 200

    played(play)


def test_stream_ends_with_its_session(site: Made) -> None:
    """At once when the session is told to have ended; by the clock when its time is over."""
    here = site(beat_s=5)

    async def play() -> None:
        me = person()
        secret = here.log_in(me)
        reader = await here.reader(secret)
        del here.front.services.sessions[secret]
        here.tell("me", to=f"person@{me.id}")
        assert await reader.piece(2) == ""
        here.lasts = timedelta(seconds=0.3)
        assert await (await here.reader(person())).words(2) == []

    played(play)


def test_session_that_ended_unheard_ends_its_stream_within_a_minute(site: Made) -> None:
    """Here a minute is a moment."""
    here = site(look_s=0.1)

    async def play() -> None:
        secret = here.log_in(person())
        reader = await here.reader(secret)
        assert ": still here" in await reader.piece()
        del here.front.services.sessions[secret]
        await asyncio.wait_for(reader.running, 2)

    played(play)


def test_looking_again_does_not_put_off_the_end_that_was_asked_for(site: Made) -> None:
    """A client that listens for some seconds is done after these."""
    here = site(look_s=0.05)
    here.lasts = timedelta(seconds=0.5)

    async def play() -> None:
        reader = await here.reader(person())
        here.lasts = timedelta(hours=1)
        await asyncio.wait_for(reader.running, 5)

    played(play)


def test_role_that_was_taken_is_heard_for_no_more_and_one_that_was_given_at_once(site: Made) -> None:
    """The person hears that something about itself changed."""
    here = site()

    async def play() -> None:
        before, after = representative(OURS), representative(THEIRS)
        after = Principal(before.kind, before.id, before.name, after.roles)
        secret = here.log_in(before)
        reader = await here.reader(secret)
        here.front.log_in(secret, after)
        here.tell("me", to=f"person@{before.id}")
        assert await reader.words() == ["me"]
        here.tell("exchanges:1", to=f"representative@{OURS}")
        here.tell("exchanges:2", to=f"representative@{THEIRS}")
        assert await reader.words() == ["exchanges:2"]

    played(play)


def test_identity_in_trouble_ends_nobodys_stream(site: Made) -> None:
    """It is asked again later."""
    here = site(look_s=0.05)

    async def play() -> None:
        reader = await here.reader(representative(OURS))
        here.front.services.answers[ListenLive] = Unavailable("no")
        await asyncio.sleep(0.2)
        here.tell("notices", to=f"representative@{OURS}")
        assert await reader.words() == ["notices"]

    played(play)


def test_process_that_stops_ends_all_streams_at_once(site: Made) -> None:
    """Nobody waits for them; their readers connect elsewhere."""
    here = site(beat_s=60)

    async def play() -> None:
        readers = [await here.reader(person()) for _ in range(3)]
        here.front.app.on_leaving()
        assert [await each.piece(1) for each in readers] == ["", "", ""]
        assert {each.headers["connection"] for each in readers} == {"close"}

    played(play)


def test_after_the_broker_was_away_everybody_is_told_to_fetch_everything(site: Made) -> None:
    """And nothing else: what was missed is not known."""
    here = site()

    async def play() -> None:
        readers = [await here.reader(each) for each in (person(), representative(OURS))]
        here.live.tell_everything()
        assert [await each.words() for each in readers] == [[EVERYTHING], [EVERYTHING]]

    played(play)


def test_open_streams_and_refused_ones_are_counted(site: Made) -> None:
    """For whoever looks whether there is room."""
    here = site(live_streams_each=1)
    count = partial(REGISTRY.get_sample_value, "live_streams")
    refused = partial(REGISTRY.get_sample_value, "live_streams_refused_total", {"place": "person"})

    async def play() -> None:
        before, refused_before = count() or 0, refused() or 0
        secret = here.log_in(person())
        reader = await here.reader(secret)
        await here.reader(secret)
        assert (count(), refused()) == (before + 1, refused_before + 1)
        await reader.go()
        assert count() == before

    played(play)


def test_heartbeats_come_within_what_proxies_wait() -> None:
    """The contract says 20 seconds; the usual proxy waits 60."""
    assert live.BEAT_S <= 20
