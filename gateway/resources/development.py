"""What only development serves: captured mails and the domain clock."""

from __future__ import annotations

import asyncio
import mailbox
import os
import threading
import time
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import islice
from pathlib import Path
from typing import Any

from falcon import HTTPNotFound
from falcon.asgi import Request, Response

from chassis.bare.clock import Clock, advance, duration
from chassis.bare.refusals import Invalid
from gateway.body import read_json

TICK_NS = 1_000_000_000


class AdvanceNotUnderstood(Invalid):
    """Say how far to move on as `advance`: 10d, 3h, 90m or 2w; the clock never goes back."""


class Mails:
    """`/dev/mail`: the captured mails, the newest first; `?to=address` those to one address, `?limit=` how many."""

    def __init__(self, folder: Path) -> None:
        self._captured = Captured(folder)

    async def on_get(self, req: Request, resp: Response) -> None:
        """List them with their texts."""
        to, limit = req.get_param("to"), req.get_param_as_int("limit", min_value=1, max_value=500, default=50)
        resp.media = {"items": await asyncio.to_thread(self._captured.newest, to, limit)}


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


class Captured:
    """The mails in a Maildir: each is looked at once, for whoever waits for one asks again and again."""

    def __init__(self, folder: Path) -> None:
        self._box = Path(folder, "new")
        self._known: dict[str, tuple[int, str]] = {}
        """When each came and to whom, by its name; a kept mail never changes."""
        self._newest: list[str] = []
        self._as_of: int | None = None
        self._one_at_a_time = threading.Lock()

    def newest(self, to: str | None, limit: int) -> list[dict[str, Any]]:
        """The newest mails, to one address or to all."""
        with self._one_at_a_time:
            self._look()
        wanted = (name for name in self._newest if to is None or to.lower() in self._known[name][1])
        return [_shown(name, mailbox.MaildirMessage((self._box / name).read_bytes())) for name in islice(wanted, limit)]

    def _look(self) -> None:
        """Learn of what came since; a folder that has not changed since is not listed again."""
        if not self._box.is_dir() or (now := self._box.stat().st_mtime_ns) == self._as_of:
            return
        for name in set(os.listdir(self._box)) - self._known.keys():
            path = self._box / name
            self._known[name] = (path.stat().st_mtime_ns, _recipient(path))
        self._newest = sorted(self._known, key=lambda name: self._known[name], reverse=True)
        # Within its last tick a folder may change again without showing it.
        self._as_of = now if time.time_ns() - now > TICK_NS else None


def _recipient(path: Path) -> str:
    """To whom a mail is, in small letters."""
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
