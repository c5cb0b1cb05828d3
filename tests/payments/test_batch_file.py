"""The file of a payment list on its way out: its bytes come with the answer and touch no disk of the gateway."""

from __future__ import annotations

from falcon.asgi import Response

from chassis.bare.blobs import Blobs
from chassis.bare.files import SmallDownload
from contracts.payments import ReadBatchFile
from gateway.files import Files


def test_a_file_that_comes_with_the_answer_is_sent_byte_for_byte(tmp_path):
    """As an attachment like every file, and nothing of it is stored."""
    content, resp = "line,payment\r\n1,Größe\r\n", Response()
    described = {"sha256": "0" * 64, "name": "payments-1.csv", "media_type": "text/csv", "size": len(content.encode())}
    Files(Blobs(tmp_path)).send(resp, SmallDownload.write(described | {"content": content}), "payments")
    assert resp.data == content.encode() and resp.stream is None
    assert (resp.content_type, resp.content_length) == ("text/csv", str(len(content.encode())))
    assert resp.get_header("Content-Disposition") == "attachment; filename*=UTF-8''payments-1.csv"
    assert list(tmp_path.iterdir()) == [] and issubclass(ReadBatchFile.answers, SmallDownload)
