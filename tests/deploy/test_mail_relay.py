"""The mail relay's stand-in keeps what it says it keeps."""

import asyncio
import mailbox
import smtplib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.ports import Ports
from deploy.local.processes import listening
from deploy.local.program import Program, running, wait_until


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[int]:
    """A relay with its Maildir in `tmp_path/mail`; its port."""
    port = Ports(tmp_path).of("mail")
    told = {"SMTP_URL": f"smtp://127.0.0.1:{port}", "MAIL_FOLDER": str(tmp_path / "mail")}
    program = Program("mail", (sys.executable, "-m", "deploy.local.mail_relay"), tmp_path / "mail.log", told)
    with running(program):
        wait_until(lambda: listening(port), "the relay", program.log)
        yield port


def test_mail_is_kept_with_its_envelope(relay: int, tmp_path: Path) -> None:
    """The header To may say anything; who gets it is in the envelope."""
    with smtplib.SMTP("127.0.0.1", relay) as smtp:
        smtp.sendmail("tool@example.org", ["hidden@example.org"], "Subject: Grüße\n\nΚαλημέρα\n".encode())
    (kept,) = mailbox.Maildir(tmp_path / "mail")
    assert kept["X-Envelope-To"] == "hidden@example.org"
    assert "Καλημέρα" in kept.get_payload(decode=True).decode()  # type: ignore[union-attr]


def test_many_at_once_are_all_kept(relay: int, tmp_path: Path) -> None:
    """One mail per connection, forty connections."""

    def send(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", relay) as smtp:
            smtp.sendmail("tool@example.org", [f"{number}@example.org"], f"Subject: {number}\n\nhello\n")

    async def send_all() -> None:
        await asyncio.gather(*(asyncio.to_thread(send, number) for number in range(40)))

    asyncio.run(send_all())
    assert {mail["Subject"] for mail in mailbox.Maildir(tmp_path / "mail")} == {str(number) for number in range(40)}
