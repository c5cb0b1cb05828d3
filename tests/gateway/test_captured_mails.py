"""`/dev/mail` shows what the stand-in relay kept."""

from __future__ import annotations

import mailbox
import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from gateway.resources import development
from gateway.resources.development import Captured


def keep(folder: Path, to: str, subject: str) -> None:
    """A mail comes in."""
    message = EmailMessage()
    message["To"], message["Subject"] = to, subject
    message.set_content("See /v1/x/1")
    mailbox.Maildir(folder, create=True).add(message)


def subjects(captured: Captured, to: str | None = None, limit: int = 50) -> list[str]:
    """What is shown, in order."""
    return [mail["subject"] for mail in captured.newest(to, limit)]


def test_folder_that_is_not_there_yet_holds_no_mail(tmp_path: Path) -> None:
    """The relay makes it with the first mail."""
    assert subjects(Captured(tmp_path / "mail")) == []


def test_newest_mail_to_an_address_comes_first_and_others_are_left_out(tmp_path: Path) -> None:
    """However the address is written."""
    for to, subject in (("a@example.org", "First"), ("b@example.org", "Other"), ("A@Example.org", "Last")):
        keep(tmp_path / "mail", to, subject)
    captured = Captured(tmp_path / "mail")
    assert subjects(captured, "a@EXAMPLE.org") == ["Last", "First"]
    assert subjects(captured, limit=2) == ["Last", "Other"]


def test_mail_that_comes_between_two_looks_is_seen_at_the_second(tmp_path: Path) -> None:
    """Also one that comes within the folder's last tick, which leaves no trace in its time."""
    folder = tmp_path / "mail"
    keep(folder, "a@example.org", "First")
    captured = Captured(folder)
    assert subjects(captured) == ["First"]
    changed = (folder / "new").stat()
    keep(folder, "a@example.org", "Second")
    os.utime(folder / "new", ns=(changed.st_atime_ns, changed.st_mtime_ns))
    assert subjects(captured) == ["Second", "First"]


def test_kept_mail_is_read_for_its_address_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a mail asks many times a second."""
    read: list[Path] = []
    recipient = development._recipient

    def counted(path: Path) -> str:
        read.append(path)
        return recipient(path)

    monkeypatch.setattr(development, "_recipient", counted)
    keep(tmp_path / "mail", "a@example.org", "First")
    captured = Captured(tmp_path / "mail")
    for _ in range(3):
        subjects(captured, "nobody@example.org")
    assert len(read) == 1
