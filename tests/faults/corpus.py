"""Everything malformed that a body, a form, a header, an address or a query can be; each under a name that says what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

JSON = "application/json"
BOUNDARY = "a-line-between"
FORM = f"multipart/form-data; boundary={BOUNDARY}"

Example = dict[str, object]


@dataclass(frozen=True)
class Malformed:
    """A body made of a good one, its media type, and headers that go with it. `pieces` says that it comes without a length."""

    body: Callable[[Example], bytes]
    media_type: str | None = JSON
    headers: dict[str, str] = field(default_factory=dict)
    pieces: bool = False


def _raw(body: bytes, **more: object) -> Malformed:
    return Malformed(lambda _: body, **more)  # type: ignore[arg-type]


def _good(example: Example) -> bytes:
    return json.dumps(example).encode()


def _with(name: str, value: str) -> Callable[[Example], bytes]:
    """The good body with one more member, written as it stands."""
    return lambda example: b"".join(
        [_good(example)[:-1], b"," if example else b"", f'"{name}":{value}'.encode("utf-8", "surrogatepass"), b"}"]
    )


BODIES: dict[str, Malformed] = {
    "a hundred thousand arrays": _raw(b"[" * 100_000),
    "a hundred thousand objects": _raw(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "deep inside a good body": Malformed(_with("deep", "[" * 5000 + "]" * 5000)),
    "NaN": Malformed(_with("number", "NaN")),
    "infinity": Malformed(_with("number", "Infinity")),
    "minus infinity": Malformed(_with("number", "-Infinity")),
    "a number beyond all numbers": Malformed(_with("number", "1e400")),
    "a number of ten thousand digits": Malformed(_with("number", "9" * 10_000)),
    "half a surrogate pair, escaped": Malformed(_with("text", '"\\ud800"')),
    "half a surrogate pair, raw": Malformed(_with("text", '"\ud800"')),
    "half a surrogate pair as a name": Malformed(_with("\\udfff", "1")),
    "NUL, escaped": Malformed(_with("text", '"\\u0000"')),
    "NUL, raw": Malformed(_with("text", '"\x00"')),
    "a name twice": Malformed(lambda example: b'{"twice":1,"twice":1}'),
    "a name twice inside": Malformed(_with("inner", '{"a":1,"a":2}')),
    "an array": _raw(b"[]"),
    "an array of good ones": Malformed(lambda example: b"[" + _good(example) + b"]"),
    "a text": _raw(b'"text"'),
    "a number": _raw(b"17"),
    "null": _raw(b"null"),
    "true": _raw(b"true"),
    "cut in the middle": Malformed(lambda example: _good(example | {"more": "text"})[:-8]),
    "two of them": Malformed(lambda example: _good(example) * 2),
    "something behind it": Malformed(lambda example: _good(example) + b"x"),
    "a comma too many": Malformed(lambda example: b'{"a":1,}'),
    "single quotes": _raw(b"{'a':1}"),
    "a comment": _raw(b'{/* */"a":1}'),
    "a byte order mark": Malformed(lambda example: b"\xef\xbb\xbf" + _good(example)),
    "UTF-16": Malformed(lambda example: json.dumps(example).encode("utf-16")),
    "latin letters of another charset": _raw(b'{"text":"\xe9\xe8"}', media_type="application/json; charset=iso-8859-1"),
    "bytes that are no text": _raw(b"\xff\xfe\xfd" * 50),
    "overlong UTF-8": _raw(b'{"text":"\xc0\xaf"}'),
    "plain text": Malformed(_good, "text/plain"),
    "a form's media type": Malformed(_good, "application/x-www-form-urlencoded"),
    "XML": _raw(b"<a/>", media_type="application/xml"),
    "no media type that exists": Malformed(_good, "nonsense"),
    "a media type of nonsense": Malformed(_good, "\x7f/;;;=,"),
    "gzip that is none": _raw(b"\x1f\x8b\x08\x00garbage", headers={"content-encoding": "gzip"}),
    "twenty megabytes": _raw(b" " * (20 * 2**20)),
    "twenty megabytes without a length": _raw(b" " * (20 * 2**20), pieces=True),
    "a megabyte of brackets": _raw(b"[[],[" * 200_000),
    "a megabyte of names": Malformed(lambda example: json.dumps({f"name {number}": number for number in range(60_000)})[:-1].encode()),
}
"""None of these may reach a service."""


def _part(head: str, content: bytes = b"x") -> bytes:
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"


def _file(name: str, filename: str = "a.pdf", more: str = "") -> str:
    return f'Content-Disposition: form-data; name="{name}"; filename="{filename}"{more}\r\nContent-Type: application/pdf'


END = f"--{BOUNDARY}--\r\n".encode()

FORMS: dict[str, Malformed] = {
    "no boundary": _raw(_part(_file("file")) + END, media_type="multipart/form-data"),
    "an empty boundary": _raw(_part(_file("file")) + END, media_type="multipart/form-data; boundary="),
    "a boundary longer than allowed": _raw(b"x", media_type=f"multipart/form-data; boundary={'b' * 200}"),
    "a boundary in other letters": _raw(b"x", media_type="multipart/form-data; boundary=\xe9\xe8"),
    "another boundary than announced": _raw(_part(_file("file")) + END, media_type="multipart/form-data; boundary=other"),
    "no end": _raw(_part(_file("file"))),
    "cut inside a part": _raw(_part(_file("file"))[:-3]),
    "cut inside a part's head": _raw(_part(_file("file"))[:40]),
    "nothing": _raw(b""),
    "only an end": _raw(END),
    "ten thousand parts": _raw(b"".join(_part(f'Content-Disposition: form-data; name="p{n}"') for n in range(10_000)) + END),
    "a thousand files": _raw(_part(_file("file")) * 1000 + END),
    "a part without a name": _raw(_part("Content-Disposition: form-data") + END),
    "a part without a head": _raw(_part("") + END),
    "a head that is no head": _raw(_part("no colon here") + END),
    "a head of a megabyte": _raw(_part("X-Long: " + "x" * 2**20) + END),
    "a thousand heads": _raw(_part("\r\n".join(f"X-{n}: y" for n in range(1000))) + END),
    "a path as the file's name": _raw(_part(_file("file", "../../etc/passwd")) + END),
    "lines in the file's name": _raw(_part(_file("file", "a\r\nX-Evil: 1\r\n.pdf")) + END),
    "NUL in the file's name": _raw(_part(_file("file", "a\x00.pdf")) + END),
    "another charset for the file's name": _raw(_part(_file("file", "a", "; filename*=none''%ff%fe")) + END),
    "a name that is no text": _raw(_part('Content-Disposition: form-data; name="\xff"') + END),
    "an unknown transfer encoding": _raw(_part(_file("file") + "\r\nContent-Transfer-Encoding: quoted-printable") + END),
    "a length that is wrong": _raw(_part(_file("file") + "\r\nContent-Length: 5000000000") + END),
    "an unknown field": _raw(_part('Content-Disposition: form-data; name="admin"', b"true") + END),
    "bytes that are no text in a field": _raw(_part('Content-Disposition: form-data; name="kind"', b"\xff\xfe") + END),
    "NUL in a field": _raw(_part('Content-Disposition: form-data; name="kind"', b"a\x00b") + END),
    "two megabytes in a field": _raw(_part('Content-Disposition: form-data; name="kind"', b"x" * 2**21) + END),
    "a file of twenty megabytes": _raw(_part(_file("file"), b"%PDF-" + b"x" * (20 * 2**20)) + END),
    "a file of twenty megabytes, no length": _raw(_part(_file("file"), b"%PDF-" + b"x" * (20 * 2**20)) + END, pieces=True),
    "a file that is no PDF": _raw(_part(_file("file"), b"MZ\x90\x00") + END),
    "an empty file": _raw(_part(_file("file"), b"") + END),
    "a page of HTML as a PDF": _raw(_part(_file("file"), b"%PDF-<script>alert(1)</script>%%EOF") + END),
    "JSON instead": Malformed(_good, JSON),
}
FORMS = {name: Malformed(each.body, FORM if each.media_type == JSON and name != "JSON instead" else each.media_type, each.headers, each.pieces)
         for name, each in FORMS.items()}  # fmt: skip

HEADERS: dict[str, tuple[str, bytes]] = {
    "a key of nothing": ("idempotency-key", b""),
    "a key with a line": ("idempotency-key", b"a\nb"),
    "an endless key": ("idempotency-key", b"k" * 5000),
    "a key of other bytes": ("idempotency-key", b"\xff\xfe"),
    "a version that is none": ("if-match", b'"one"'),
    "any version": ("if-match", b"*"),
    "a version of many digits": ("if-match", b'"' + b"9" * 400 + b'"'),
    "several versions": ("if-match", b'"1", "2"'),
    "a version in Arabic digits": ("if-match", "\u0663".encode()),
    "a correlation id with a line": ("x-correlation-id", b"abcdefgh\r\nX: y"),
    "a correlation id of other bytes": ("x-correlation-id", b"\xff" * 20),
    "no such scheme": ("authorization", b"Digest x"),
    "a bearer of nothing": ("authorization", b"Bearer "),
    "a bearer of bytes": ("authorization", b"Bearer \xff\x00\xfe"),
    "an endless bearer": ("authorization", b"Bearer " + b"x" * 8000),
    "a cookie of nonsense": ("cookie", b"__Host-session=\xff;;;=\x00; __Host-session"),
    "an endless cookie": ("cookie", b"__Host-session=" + b"x" * 8000),
    "no media type at all": ("accept", b"\xff/\xff;q=x"),
    "a range": ("range", b"bytes=999999999999-1"),
    "another site": ("origin", b"null"),
    "a length that is none": ("content-length", b"two"),
    "a negative length": ("content-length", b"-1"),
    "a length of many digits": ("content-length", b"9" * 5000),
    "a media type twice": ("content-type", b"application/json, application/json"),
    "a date that is none": ("if-modified-since", b"yesterday"),
    "an expectation": ("expect", b"the impossible"),
}
"""One header too many or other than it should be; the rest of the request is good."""

PATHS = {
    "NUL": "/v1/me%00", "a line": "/v1/me%0d%0aX:%20y", "bytes that are no text": "/v1/%ff%fe", "half a surrogate pair": "/v1/%ed%a0%80",
    "up": "/v1/../../etc/passwd", "up, escaped": "/v1/%2e%2e/%2e%2e/etc/passwd", "double slashes": "//v1//me", "nothing but slashes": "/" * 500,
    "a percent sign": "/v1/%", "half an escape": "/v1/%4", "an endless one": "/v1/" + "a" * 3000, "braces": "/v1/exchanges/{exchange_id}",
    "an id in braces": "/v1/exchanges/{7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03}", "an id without lines": "/v1/exchanges/7d1c0a4e3b524a8e9a556a1f0d8b4c03",
    "an id of nothing": "/v1/exchanges/", "an id with a tail": "/v1/exchanges/7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03;x=1",
    "a URN": "/v1/exchanges/urn:uuid:7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03", "other digits": "/v1/exchanges/٣" + "a" * 35,
    "a number of many digits": "/v1/exchanges/7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03/commitment/versions/" + "9" * 300,
    "a negative number": "/v1/exchanges/7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03/commitment/versions/-1",
    "a kind that is none": "/v1/exchanges/7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03/agreements/%00",
    "many parts": "/v1" + "/a" * 1000,
}  # fmt: skip

QUERIES = {
    "an unknown name": "nothing=1", "a name twice": "limit=1&limit=2", "no number": "limit=NaN", "a fraction": "limit=1.5", "zero": "limit=0",
    "less than nothing": "limit=-1", "too many": "limit=101", "a number of many digits": "limit=" + "9" * 4000, "no value": "limit", "an empty one": "limit=",
    "NUL": "after=%00", "bytes that are no text": "after=%ff%fe", "half a surrogate pair": "after=%ed%a0%80", "half an escape": "after=%4",
    "no cursor": "after=nonsense", "an endless cursor": "after=" + "A" * 501, "a cursor of JSON": "after=%5B1,2%5D", "a cursor of null": "after=bnVsbA",
    "a cursor of a number": "after=MQ", "a cursor of an object": "after=e30", "a cursor of an empty list": "after=W10", "a cursor of nulls": "after=W251bGwsbnVsbF0",
    "a cursor with NUL": "after=WyJcdTAwMDAiLCJcdTAwMDAiXQ", "a cursor of a huge number": "after=WzFlNDAwLDFlNDAwXQ",
    "a cursor of texts": "after=WyJhIiwiYiJd", "a cursor of too much": "after=WzEsMiwzLDQsNSw2LDcsOF0", "a cursor of another list": "after=WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsMV0",
    "a cursor of a deep list": "after=" + "W1tbW1tbW1tbW1tbW1tb" * 20, "equals and ands": "&&==&=&", "nothing but percent": "%%%%", "a thousand names": "&".join(f"a{n}=1" for n in range(1000)),
}  # fmt: skip
"""For lists: what `limit` and `after` must not be, and names nobody knows."""
