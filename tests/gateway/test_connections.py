"""Connections: slow ones end, slow ones stop nobody, refusals arrive, and what is not HTTP is answered in our form."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil
import pytest

from tests.chassis.wires import wait_for
from tests.gateway.served import Line, Site, served

pytestmark = pytest.mark.slow

SLOW = 200
"""Slow clients of each kind at once."""
MOST = 260
HEAD = b"POST /v1/sessions HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: application/json\r\n"
DOCUMENT = b"GET /contracts/openapi.json HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A gateway of little patience, with nothing behind it."""
    folder = tmp_path_factory.mktemp("patience")
    with served(
        folder, HEADERS_TIME_S="3", RATE_LIMIT="0", BODY_TIME_S="3", STALL_TIME_S="3", SLOWEST_BODY="1000", CONNECTIONS=str(MOST)
    ) as site:
        yield site


@pytest.mark.parametrize("begun", [b"G", b"GET /v1/me HTTP/1.1\r\n", b"GET /v1/me HTTP/1.1\r\nHost: here\r\nX-"])
def test_headers_that_do_not_come_in_time_are_refused(site: Site, begun: bytes) -> None:
    """Also when a little comes every moment."""
    line = site.line().send(begun)
    while not line.has_something(0.3) and line.drip(b"a"):
        pass
    answer = line.answer()
    assert (answer.status, answer.problem()["code"]) == (408, "request_timeout")


def test_connection_on_which_nothing_is_said_is_let_go(site: Site) -> None:
    """Without a word: there was no request."""
    assert site.line().heard() == b""


def test_body_that_comes_byte_by_byte_is_refused_and_never_read_as_a_whole(site: Site) -> None:
    """The address would answer otherwise to what came until then."""
    line = site.line().send(HEAD + b"Content-Length: 100\r\n\r\n{}")
    answer = line.answer()
    assert (answer.status, answer.problem()["code"]) == (408, "request_timeout")


def test_large_body_has_the_time_of_a_slow_line(site: Site) -> None:
    """Longer than a small one may take, as long as it goes on."""
    line = site.line().send(HEAD + b"Content-Length: 24000\r\n\r\n")
    began = time.monotonic()
    for _ in range(24):
        line.send(b" " * 1000)
        time.sleep(0.25)
    assert time.monotonic() - began > 5
    assert line.socket.recv(12) == b"HTTP/1.1 422"
    line.close()


def test_reader_who_does_not_read_is_let_go(site: Site) -> None:
    """However much was asked for; and the gateway does not keep it in memory."""
    process = psutil.Process(site.pid).children()[0]
    site.client.get("/contracts/openapi.json")
    before = process.memory_info().rss
    lines = [Line(site.port, receive_buffer=4096) for _ in range(40)]
    for line in lines:
        line.send(DOCUMENT * 20)
    wait_for(lambda: _open(process, site.port) <= 2, 60)
    assert process.memory_info().rss - before < 150 * 2**20
    for line in lines:
        line.close()


def test_slow_clients_of_every_kind_stop_nobody(site: Site) -> None:
    """Two hundred of them drip headers, bodies, or read nothing; everybody else is answered meanwhile, and then they are gone."""
    lines = [_slow(site, number) for number in range(SLOW)]
    answered = 0
    while sum(line.drip() for line in lines):
        assert site.client.get("/v1/nothing").status_code == 404
        assert site.client.post("/v1/sessions", content=b"{").status_code == 400
        answered += 1
        time.sleep(0.2)
    assert answered > 3
    wait_for(lambda: _open(psutil.Process(site.pid).children()[0], site.port) <= 2, 60)
    for line in lines:
        line.close()


def test_one_connection_too_many_is_told_to_come_again(site: Site) -> None:
    """At once, in our form; and there is room as soon as others leave."""
    lines = [site.line() for _ in range(MOST + 5)]
    answer = lines[-1].answer()
    assert (answer.status, answer.problem()["code"]) == (503, "unavailable") and int(answer.headers["retry-after"]) > 0
    for line in lines:
        line.close()
    wait_for(lambda: site.line().send(b"GET /v1/me HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").answer().status == 401)


@pytest.mark.parametrize("said", [20 * 2**20, 2 * 2**20])
def test_refusal_of_a_large_body_arrives(site: Site, said: int) -> None:
    """The sender is still sending when it is refused, and must not find the connection broken before it read why."""
    line = site.line().send(HEAD + f"Content-Length: {said}\r\n\r\n".encode())
    for _ in range(said // 65536):
        if not line.drip(b" " * 65536):
            break
    answer = line.answer()
    assert (answer.status, answer.problem()["code"]) == (413, "body_too_large")


HOST = b"Host: h\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

NOT_HTTP = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 200 + b"\r\n\r\n",
    "no version": b"GET /v1/me\r\n" + HOST + b"\r\n",
    "other version": b"GET /v1/me HTTP/9.9\r\n" + HOST + b"\r\n",
    "no target": b"GET  HTTP/1.1\r\n" + HOST + b"\r\n",
    "space in the target": b"GET /v1/m e HTTP/1.1\r\n" + HOST + b"\r\n",
    "header without a name": b"GET /v1/me HTTP/1.1\r\n" + HOST + b": x\r\n\r\n",
    "header without a colon": b"GET /v1/me HTTP/1.1\r\n" + HOST + b"nothing\r\n\r\n",
    "header with a blank name": b"GET /v1/me HTTP/1.1\r\n" + HOST + b"X : y\r\n\r\n",
    "NUL in a header": b"GET /v1/me HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n",
    "folded header": b"GET /v1/me HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
    "length that is none": HEAD + b"Content-Length: two\r\n\r\n{}",
    "negative length": HEAD + b"Content-Length: -2\r\n\r\n{}",
    "length and chunks": HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "coding nobody knows": HEAD + b"Transfer-Encoding: brotli\r\n\r\n{}",
    "chunks of nonsense": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "chunk larger than said": CHUNKED + b"1\r\n{}\r\n0\r\n\r\n",
    "endless chunk size": CHUNKED + b"f" * 100 + b"\r\n{}\r\n0\r\n\r\n",
    "negative chunk": CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
    "endless chunk extension": CHUNKED + b"2;" + b"x" * 100_000 + b"\r\n{}\r\n0\r\n\r\n",
    "long address": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "long query": b"GET /v1/catalogue?x=" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "large header": b"GET /v1/me HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
    "many headers": b"GET /v1/me HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: y\r\n" % n for n in range(300)) + b"\r\n",
    "endless header": b"GET /v1/me HTTP/1.1\r\n" + b"X" * 300_000,
    "no host": b"GET /v1/me HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("said", NOT_HTTP, ids=str)
def test_what_is_not_http_is_refused_as_a_problem(site: Site, said: str) -> None:
    """Some status of 4xx with code, sentence and correlation id; then the connection ends, for nobody knows what comes next on it."""
    line = site.line()
    line.drip(NOT_HTTP[said])
    answer = line.answer()
    problem = answer.problem()
    assert 400 <= answer.status == problem["status"] < 500 and problem["code"] and problem["detail"], problem
    assert answer.headers["x-correlation-id"] == problem["correlation_id"]
    assert site.client.get("/health/live").status_code == 200


@pytest.mark.parametrize("said", ["garbage", "long query", "no host", "two lengths"])
def test_what_is_not_http_is_refused_on_a_connection_that_was_used_before_too(site: Site, said: str) -> None:
    """Behind a good request, sent after its answer or together with it."""
    good = b"GET /v1/nothing HTTP/1.1\r\nHost: h\r\n\r\n"
    waited = site.line().send(good)
    assert waited.has_something(60)
    waited.drip(NOT_HTTP[said])
    for line in (waited, site.line().send(good + NOT_HTTP[said])):
        heard = line.heard()
        assert heard.count(b"HTTP/1.1 404 ") == 1 and heard.count(b"HTTP/1.1 4") == 2, heard


def test_method_or_upgrade_that_nobody_offers_is_refused(site: Site) -> None:
    """Web sockets, HTTP/2, and words that are no method."""
    ask = b"/v1/me HTTP/1.1\r\nHost: h\r\nConnection: close"
    socket = b", Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    end = b"\r\n\r\n"
    for said in (b"BREW " + ask + end, b"TRACE " + ask + end, b"CONNECT " + ask + end, b"GET " + ask + socket):
        assert 400 <= site.line().send(said).answer().status < 500, said
    assert 400 <= site.line().send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").answer().status < 506


def _slow(site: Site, number: int) -> Line:
    if number % 3 == 0:
        return site.line().send(b"GET /v1/me HTTP/1.1\r\nHost: here\r\nX-Slow: ")
    if number % 3 == 1:
        return site.line().send(HEAD + b"Content-Length: 1000\r\n\r\n")
    return Line(site.port, receive_buffer=4096).send(DOCUMENT * 10)


def _open(process: psutil.Process, port: int) -> int:
    return sum(each.laddr.port == port and each.status == "ESTABLISHED" for each in process.net_connections())
