"""What only development serves: captured mails and the domain clock."""

from __future__ import annotations

import asyncio
import mailbox
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from falcon import HTTPNotFound
from falcon.asgi import Request, Response

from chassis.bare.clock import Clock, advance, duration
from chassis.bare.refusals import Invalid
from gateway.body import read_json


class AdvanceNotUnderstood(Invalid):
    """Say how far to move on as `advance`: 10d, 3h, 90m or 2w; the clock never goes back."""


class Mails:
    """`/dev/mail`: the captured mails, the newest first; `?to=address` those to one address, `?limit=` how many."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def on_get(self, req: Request, resp: Response) -> None:
        """List them with their texts."""
        to, limit = req.get_param("to"), req.get_param_as_int("limit", min_value=1, max_value=500, default=50)
        resp.media = {"items": await asyncio.to_thread(read_mails, self._folder, to, limit)}


class OneMail:
    """`/dev/mail/{mail_id}`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def on_get(self, req: Request, resp: Response, mail_id: str) -> None:
        """One captured mail."""
        box = mailbox.Maildir(self._folder, create=False)
        message = await asyncio.to_thread(box.get, mail_id)
        if message is None:
            raise HTTPNotFound
        resp.media = _shown(mail_id, message)


class DomainClock:
    """`/dev/clock`: domain time, and moving it on."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def on_get(self, req: Request, resp: Response) -> None:
        """What time it is."""
        resp.media = {"now": Clock(self._file).now().isoformat()}

    async def on_post(self, req: Request, resp: Response) -> None:
        """Move on by `advance`; every process has the new time when this returns."""
        asked = (await read_json(req)).get("advance")
        try:
            by = duration(str(asked))
        except ValueError as error:
            raise AdvanceNotUnderstood from error
        resp.media = {"now": (await asyncio.to_thread(advance, self._file, by)).isoformat()}


def read_mails(folder: Path, to: str | None, limit: int) -> list[dict[str, Any]]:
    """The newest mails in a Maildir, to one address or to all."""
    box = Path(folder, "new")
    newest = sorted(box.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True) if box.is_dir() else []
    wanted = (path for path in newest if to is None or to.lower() in _recipient(path))
    return [_shown(path.name, mailbox.MaildirMessage(path.read_bytes())) for path in islice(wanted, limit)]


@lru_cache(maxsize=100_000)
def _recipient(path: Path) -> str:
    """To whom a mail is, in small letters; a kept mail never changes, and whoever waits for one looks again and again."""
    with path.open("rb") as file:
        return str(BytesHeaderParser().parse(file)["To"]).lower()


def _shown(name: str, message: Message) -> dict[str, Any]:
    payload = message.get_payload(decode=True)
    return {
        "mail_id": name,
        "to": str(message["To"]),
        "subject": str(make_header(decode_header(str(message["Subject"])))),
        "text": payload.decode(errors="replace") if isinstance(payload, bytes) else "",
    }
