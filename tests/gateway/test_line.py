"""The line for calls: what goes over it is AMQP as others read it, and whatever ends it is known to who waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pamqp import commands, frame
from pamqp.body import ContentBody
from pamqp.header import ContentHeader

from chassis.bare.protocol import REPLY_QUEUE, RPC_TOPIC
from gateway import line
from gateway.frames import BEAT, METHOD, BrokenFrame, Incoming, Properties, message, method, publish
from gateway.line import CHANNEL, Line, open_line

CALL = Properties("application/json", {"token": "t", "if-match": 7}, "c-1", REPLY_QUEUE, "10000", "read_me")

Heard = list[tuple[str, bytes]]


def frames_of(data: bytes) -> list[Any]:
    """Bytes as pamqp reads them."""
    found = []
    while data:
        size, channel, value = frame.unmarshal(data)
        data = data[size:]
        found.append((channel, value))
    return found


def delivery(correlation: str, *pieces: bytes) -> bytes:
    """An answer as a broker sends it."""
    header = ContentHeader(body_size=sum(map(len, pieces)), properties=commands.Basic.Properties(correlation_id=correlation, priority=0))
    deliver = commands.Basic.Deliver(consumer_tag="x", delivery_tag=1, redelivered=False, exchange="", routing_key="y")
    return b"".join(frame.marshal(each, CHANNEL) for each in (deliver, header, *map(ContentBody, pieces)))


class Broker:
    """A broker as far as a line needs one; it does what `then` says to whoever has come in."""

    def __init__(self, then: Callable[[Broker], Awaitable[None]], heartbeat: int = 60, refuses: bool = False) -> None:
        self.then, self.heartbeat, self.refuses = then, heartbeat, refuses
        self.said: list[Any] = []
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let one in."""
        self.reader, self.writer = reader, writer
        assert await reader.readexactly(8) == b"AMQP\x00\x00\x09\x01"
        self.say(commands.Connection.Start(server_properties={}, mechanisms="PLAIN", locales="en_US"))
        start = await self.hear()
        assert start.response == "\0gateway\0se/cret"
        if self.refuses:
            self.say(commands.Connection.Close(403, "ACCESS_REFUSED", 0, 0))
            return
        self.say(commands.Connection.Tune(channel_max=2047, frame_max=4096, heartbeat=self.heartbeat))
        assert (await self.hear()).frame_max == 4096 and (await self.hear_method("Connection.Open")).virtual_host == "here"
        self.say(commands.Connection.OpenOk())
        await self.hear_method("Channel.Open")
        self.say(commands.Channel.OpenOk(), CHANNEL)
        consume = await self.hear_method("Basic.Consume")
        assert (consume.queue, consume.no_ack) == (REPLY_QUEUE, True)
        self.say(commands.Basic.ConsumeOk(consumer_tag="x"), CHANNEL)
        await self.then(self)

    def say(self, what: Any, channel: int = 0) -> None:
        """One frame."""
        self.writer.write(frame.marshal(what, channel))

    async def hear(self) -> Any:
        """The next frame."""
        head = await self.reader.readexactly(7)
        rest = await self.reader.readexactly(int.from_bytes(head[3:7], "big") + 1)
        return frame.unmarshal(head + rest)[2]

    async def hear_method(self, name: str) -> Any:
        """The next of that name."""
        while (heard := await self.hear()).name != name:
            pass
        return heard


def on_a_line(broker: Broker, do: Callable[[Line, Heard], Awaitable[None]]) -> None:
    """Do something on a line to that broker."""

    async def run() -> None:
        server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
        heard: Heard = []
        port = server.sockets[0].getsockname()[1]
        opened = await open_line(f"amqp://gateway:se%2Fcret@127.0.0.1:{port}/here", lambda *answer: heard.append(answer))
        try:
            await do(opened, heard)
        finally:
            opened.abort()
            server.close()

    asyncio.run(asyncio.wait_for(run(), 20))


async def nothing(_: Broker) -> None:
    """Say nothing more."""
    await asyncio.sleep(10)


def test_a_call_is_read_by_others_as_it_was_meant() -> None:
    """Every property, and a body in as many frames as it needs."""
    body = b"b" * 10_000
    sent = frames_of(message(publish(RPC_TOPIC, "identity", CHANNEL), CALL, body, CHANNEL, 4096))
    begin, header, *pieces = [value for channel, value in sent if channel == CHANNEL]
    assert (begin.exchange, begin.routing_key, begin.mandatory) == (RPC_TOPIC, "identity", False)
    told = header.properties
    assert (told.content_type, told.headers, told.delivery_mode) == ("application/json", {"token": "t", "if-match": 7}, 1)
    assert (told.correlation_id, told.reply_to, told.expiration) == ("c-1", REPLY_QUEUE, "10000")
    assert (told.message_type, told.message_id, told.user_id) == ("read_me", None, None)
    assert header.body_size == 10_000 and b"".join(piece.value for piece in pieces) == body
    assert max(len(frame.marshal(piece, CHANNEL)) for piece in pieces) <= 4096


def test_frames_come_whole_however_they_are_cut() -> None:
    """The network cuts where it likes."""
    sent = method(commands.Channel.Open(), 1) + BEAT + method(commands.Basic.Cancel(consumer_tag="c"), 1)
    whole = list(Incoming().feed(sent))
    assert [kind for kind, _ in whole] == [METHOD, 8, METHOD]
    for size in (1, 2, 7, 9, 40):
        incoming = Incoming()
        cut = [each for at in range(0, len(sent), size) for each in incoming.feed(sent[at : at + size])]
        assert cut == whole


def test_what_is_no_amqp_is_not_taken_for_it() -> None:
    """A proxy's page, for example."""
    with pytest.raises(BrokenFrame):
        list(Incoming().feed(b"\x01\x00\x00\x00\x00\x00\x01AB"))


def test_answers_are_handed_on_whole_and_in_any_number_of_pieces() -> None:
    """Also one without a body."""

    async def answer(broker: Broker) -> None:
        assert (await broker.hear_method("Basic.Publish")).routing_key == "identity"
        said = delivery("c-1", b'{"a":', b"1}") + delivery("c-2") + delivery("c-3", b"3")
        for at in range(0, len(said), 11):
            broker.writer.write(said[at : at + 11])
            await broker.writer.drain()
            await asyncio.sleep(0)
        await nothing(broker)

    async def call(opened: Line, heard: Heard) -> None:
        opened.call("identity", CALL, b"{}")
        while len(heard) < 3:
            await asyncio.sleep(0.01)
        assert heard == [("c-1", b'{"a":1}'), ("c-2", b""), ("c-3", b"3")]

    on_a_line(Broker(answer), call)


async def _close_connection(broker: Broker) -> None:
    broker.say(commands.Connection.Close(320, "CONNECTION_FORCED", 0, 0))
    await nothing(broker)


async def _close_channel(broker: Broker) -> None:
    broker.say(commands.Channel.Close(406, "PRECONDITION_FAILED", 0, 0), CHANNEL)
    await nothing(broker)


async def _cancel(broker: Broker) -> None:
    broker.say(commands.Basic.Cancel(consumer_tag="x"), CHANNEL)
    await nothing(broker)


async def _talk_nonsense(broker: Broker) -> None:
    broker.writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 1000)
    await nothing(broker)


async def _hang_up(broker: Broker) -> None:
    broker.writer.close()


@pytest.mark.parametrize("end", [_close_connection, _close_channel, _cancel, _talk_nonsense, _hang_up])
def test_whatever_ends_a_line_is_known_at_once(end: Callable[[Broker], Awaitable[None]]) -> None:
    """And nothing is sent on it any more."""

    async def wait(opened: Line, _: Heard) -> None:
        await asyncio.wait_for(asyncio.shield(opened.closed), 5)
        with pytest.raises(ConnectionError):
            opened.call("identity", CALL, b"{}")

    on_a_line(Broker(end), wait)


def test_a_broker_without_a_sign_of_life_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its machine may be gone; and it hears from us meanwhile."""
    monkeypatch.setattr(line, "HEARTBEAT_S", 1)
    beats: list[Any] = []

    async def listen(broker: Broker) -> None:
        while True:
            beats.append(await broker.hear())

    async def wait(opened: Line, _: Heard) -> None:
        await asyncio.wait_for(asyncio.shield(opened.closed), 10)

    on_a_line(Broker(listen, heartbeat=0), wait)
    assert len(beats) >= 2 and {each.name for each in beats} == {"Heartbeat"}


def test_a_broker_that_reads_nothing_gathers_no_calls_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """One in need of memory does not read."""

    async def call(opened: Line, _: Heard) -> None:
        with pytest.raises(ConnectionError, match="does not read"):
            for _ in range(100):
                opened.call("identity", CALL, b"b" * 1_000_000)
        assert not opened.closed.done()

    on_a_line(Broker(nothing), call)


def test_who_is_not_let_in_hears_why() -> None:
    """A wrong secret is no time-out."""
    with pytest.raises(ConnectionError, match="ACCESS_REFUSED"):
        on_a_line(Broker(nothing, refuses=True), lambda *_: nothing(None))  # type: ignore[arg-type]


def test_a_farewell_is_waited_for() -> None:
    """So that the broker notes no lost connection."""

    async def part(broker: Broker) -> None:
        await broker.hear_method("Connection.Close")
        broker.say(commands.Connection.CloseOk())

    async def leave(opened: Line, _: Heard) -> None:
        await asyncio.wait_for(opened.close(), 5)
        assert opened.closed.done()

    on_a_line(Broker(part), leave)
