"""What identity says, in the language of whoever reads it: the catalogues, letters, and the texts of notices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.bare.texts import VALUE
from contracts.words.catalogue import CATALOGUE
from services.identity.model import Account, Notice


@dataclass(frozen=True)
class Words:
    """A title and a text."""

    title: str
    text: str


def days_named(kind: str, data: Mapping[str, Any]) -> dict[str, str]:
    """The days that the text about such an event names, as they are kept with the notice."""
    return {name: data[name].isoformat() for name in VALUE.findall(CATALOGUE.say("en", f"notices.{kind}.text"))}


def of_notice(language: str, notice: Notice) -> Words:
    """What a notice says."""
    return told(language, notice.type, notice.days)


def told(language: str, kind: str, days: Mapping[str, str]) -> Words:
    """What is said about an event of that type."""
    named = {name: CATALOGUE.day(language, date.fromisoformat(day)) for name, day in days.items()}
    text = CATALOGUE.say(language, f"notices.{kind}.text", **named)
    return Words(CATALOGUE.say(language, f"notices.{kind}.title"), text)


def of_mail(language: str, name: str, **values: Any) -> Words:
    """The mail of that name; its title is one line."""
    title = CATALOGUE.say(language, f"mails.{name}.title", **values)
    return Words(" ".join(title.split())[:200], CATALOGUE.say(language, f"mails.{name}.text", **values))


def letter(account: Account, text: str) -> str:
    """A text with its salutation."""
    title = CATALOGUE.say(account.language, f"titles.{account.title}")
    return f"{CATALOGUE.say(account.language, 'letter.greeting', title=title, name=account.last_name)}\n\n{text}"


def page_of(link: str) -> str:
    """The address of the page that shows a thing of the API: its own without the version."""
    return re.sub(r"^/v\d+(?=/)", "", link)
