"""Files: typed by content, whole or not at all, and never something else in disguise."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from typing import Any
from uuid import uuid4

import pytest

from contracts.registry import DownloadCv, UploadCv
from gateway.pdf import is_active
from tests.builders import person
from tests.gateway.front import Front

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\x00" * 64 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
CV = f"/v1/registrations/{uuid4()}/cv"


def pdf_with(inside: bytes) -> bytes:
    """A PDF with something more in it."""
    return PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + inside)


def packed(objects: bytes) -> bytes:
    """A PDF that packs these objects."""
    stream = zlib.compress(objects)
    return pdf_with(b"").replace(
        b"trailer", b"2 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + stream + b"\nendstream\nendobj\ntrailer"
    )


def archive() -> bytes:
    """A ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("evil.html", "<script>alert(1)</script>")
    return made.getvalue()


def archive_in(begin: bytes, end: bytes) -> bytes:
    """A ZIP whose comment ends like another file: read from its end it is an archive, from its begin the other."""
    whole = archive()
    return begin + whole[:-2] + len(end).to_bytes(2, "little") + end


@pytest.fixture
def upload(front: Front) -> Any:
    """Send one file in a form."""
    front.log_in("s", person())
    front.services.answers[UploadCv] = lambda asked: {"error": "seen"}

    def send(content: bytes, name: str = "cv.pdf", path: str = CV, **how: Any) -> Any:
        files = {"cv": (name, content, how.pop("claimed", "application/pdf"))}
        headers = {"Idempotency-Key": "k", "If-Match": '"1"'} | how.pop("headers", {})
        return front.ask("PUT", path, "s", headers=headers, files=files, **how)

    return send


def received(front: Front) -> dict[str, Any]:
    """What the service was told of the file."""
    return next(value for value in front.services.asked[-1].content.values() if isinstance(value, dict))


def kept(front: Front) -> list[str]:
    """What lies in the blob store."""
    return [each.name for each in (front.folder / "blobs").rglob("*") if each.is_file()]


def test_file_is_stored_under_its_hash_and_described(front: Front, upload: Any) -> None:
    """The service gets the description; the bytes are in the store."""
    upload(PDF)
    digest = hashlib.sha256(PDF).hexdigest()
    assert received(front) == {"sha256": digest, "name": "cv.pdf", "media_type": "application/pdf", "size": len(PDF)}
    assert kept(front) == [f"{digest}.registry"]


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [("../../etc/passwd", "passwd"), ("C:\\Users\\me\\cv.pdf", "cv.pdf"), ("/", "file"), ("a\u202eb.pdf", "ab.pdf"), ("x" * 300, "x" * 200), ("Lebensläufe 🌀.pdf", "Lebensläufe 🌀.pdf")],
)  # fmt: skip
def test_name_is_a_name_and_no_path(front: Front, upload: Any, name: str, kept_as: str) -> None:
    """And prints as it reads."""
    upload(PDF, name)
    assert received(front)["name"] == kept_as


DISGUISED = {
    "a page": b"<html><script>alert(1)</script></html>",
    "empty": b"",
    "a program": b"\x7fELF" + b"\x00" * 100,
    "an archive": archive(),
    "a picture": PNG,
    "a PDF that does not end": PDF.replace(b"%%EOF", b"%%EO"),
    "a PDF that begins later": b"<html>" + PDF,
    "a PDF with a page behind it": PDF + b"<html><script>alert(1)</script></html>",
    "a PDF with an archive behind it": PDF + archive(),
    "an archive that ends like a PDF": archive_in(b"%PDF-1.4\n", b"\n%%EOF\n"),
    "script": pdf_with(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "script in hexadecimal letters": pdf_with(b"/OpenAction << /S /J#61v#61Script /J#53 (x) >>"),
    "packed script": packed(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
    "a program to launch": pdf_with(b"/A << /S /Launch >>"),
    "attachments": pdf_with(b"/Names << /EmbeddedFiles 5 0 R >>"),
    "an attachment": pdf_with(b"/Type /EmbeddedFile"),
    "a dynamic form": pdf_with(b"/AcroForm << /XFA 7 0 R >>"),
    "encrypted": PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R"),
}


@pytest.mark.parametrize("what", DISGUISED)
def test_file_in_disguise_is_refused_and_leaves_nothing(front: Front, upload: Any, what: str) -> None:
    """Judged by content; what was claimed does not count."""
    answer = upload(DISGUISED[what])
    assert (answer.status_code, answer.json()["code"]) == (422, "file_refused"), what
    assert kept(front) == [] and front.services.asked == []


@pytest.mark.parametrize("inside", [b"/Title (JavaScript for beginners)", b"/JSFiddle 1", b"/Author (XFA Ltd)"])
def test_words_that_only_look_active_are_text(inside: bytes) -> None:
    """A name counts, not a text; and a longer name is another name."""
    assert not is_active(pdf_with(inside))


def test_pictures_in_a_pdf_may_hold_any_bytes() -> None:
    """Three letters stand in every large scan by chance."""
    scan = PDF.replace(b"trailer", b"3 0 obj << /Subtype /Image >>\nstream\n" + b"\x00/JS \x01/XFA " * 50 + b"\nendstream\nendobj\ntrailer")
    assert not is_active(scan) and is_active(packed(b"<< /JS (x) >>")) and not is_active(packed(b"<< /Title (x) >>"))


def test_packed_objects_without_end_are_not_unpacked() -> None:
    """A few kilobytes that unpack to gigabytes."""
    assert is_active(packed(b" " * (9 * 1024 * 1024)))


def test_file_that_is_too_big_is_refused_on_the_way(front: Front, upload: Any) -> None:
    """Nothing of it stays."""
    answer = upload(PDF[:-6] + b" " * (11 * 1024 * 1024) + PDF[-6:])
    assert (answer.status_code, answer.json()["code"], kept(front)) == (422, "file_refused", [])


FORM = "multipart/form-data; boundary=xx"
PART = b'--xx\r\nContent-Disposition: form-data; name="cv"; filename="cv.pdf"\r\n\r\n' + PDF + b"\r\n"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (PART, FORM, 400),
        (PART[:40], FORM, 400),
        (PART + PART + b"--xx--\r\n", FORM, 400),
        (b"", FORM, 400),
        (PART + b"--xx--\r\n", "multipart/form-data", 400),
        (b"{}", "application/json", 415),
        (PART + b"--xx--\r\n", "multipart/mixed; boundary=xx", 415),
        (PART + b'--xx\r\nContent-Disposition: form-data; name="note"\r\n\r\n' + b"x" * (1024 * 1024 + 1) + b"\r\n--xx--\r\n", FORM, 413),
        (PART + b'--xx\r\nContent-Disposition: form-data; name="note"\r\n\r\n\xff\r\n--xx--\r\n', FORM, 400),
        (PART + b'--xx\r\nContent-Disposition: form-data; name="note"\r\n\r\na\x00\r\n--xx--\r\n', FORM, 400),
        (PART + b'--xx\r\nContent-Disposition: form-data; name="note"\r\n\r\nwords\r\n--xx--\r\n', FORM, 422),
        (b"".join(PART.replace(b'"cv"', b'"f%d"' % number) for number in range(60)) + b"--xx--\r\n", FORM, 400),
        (b'--xx\r\nContent-Disposition: form-data; name="cv"\r\n\r\n' + PDF + b"\r\n--xx--\r\n", FORM, 500),
    ],
    ids=["no end", "cut", "part twice", "empty", "no boundary", "no form", "another form", "text too large", "not UTF-8", "NUL", "unknown part", "too many", "without a name"],
)  # fmt: skip
def test_form_is_whole_and_plain_or_refused(front: Front, upload: Any, content: bytes, kind: str, status: int) -> None:
    """The last one reaches the service (which fails here, as it was told to): a file needs no name."""
    headers = {"Idempotency-Key": "k", "If-Match": '"1"', "Content-Type": kind}
    assert front.ask("PUT", CV, "s", headers=headers, content=content).status_code == status


def test_file_is_sent_as_an_attachment_and_nothing_else(front: Front, upload: Any) -> None:
    """Never shown inside our pages, never guessed at."""
    upload(PDF)
    front.services.answers[DownloadCv] = received(front) | {"name": 'Größe";\r\n x.pdf'}
    answer = front.ask("GET", CV, "s")
    assert answer.content == PDF and answer.headers["Content-Type"] == "application/pdf"
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w%.\-]+", answer.headers["Content-Disposition"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Content-Length"] == str(len(PDF))


def test_file_that_is_not_in_the_store_is_a_failure_that_is_said(front: Front) -> None:
    """Not a broken-off success."""
    front.log_in("s", person())
    front.services.answers[DownloadCv] = {"sha256": "0" * 64, "name": "x", "media_type": "application/pdf", "size": 5}
    assert front.ask("GET", CV, "s").status_code == 500
