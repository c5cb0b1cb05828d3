"""A stand-in for the mail relay, for development only: takes every mail on loopback and keeps it in a Maildir that /dev/mail shows."""

import asyncio
import mailbox
import os
import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """Stores what comes in; the 250 is said only after the mail lies on disk under its final name."""

    def __init__(self, folder: Path) -> None:
        self._mails = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep one mail, with its envelope on top, since that alone says who really gets it."""
        top = f"X-Envelope-From: {envelope.mail_from}\r\n" + "".join(f"X-Envelope-To: {to}\r\n" for to in envelope.rcpt_tos)
        content: Any = envelope.original_content or b""
        await asyncio.to_thread(self._keep, top.encode() + content)
        return "250 kept"

    def _keep(self, mail: bytes) -> None:
        key = self._mails.add(mail)
        folder = os.open(Path(self._mails._path) / "new", os.O_RDONLY)
        try:
            os.fsync(folder)  # Maildir syncs the file, not the name it gave it
        finally:
            os.close(folder)
        assert key


async def receive(folder: Path, port: int) -> None:
    """Take mails until SIGTERM or SIGINT."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    keeper = Keeper(folder)
    server = await loop.create_server(lambda: SMTP(keeper, hostname="localhost", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port)
    async with server:
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(receive(Path(os.environ["MAIL_FOLDER"]), urlsplit(os.environ["SMTP_URL"]).port or 25))
