"""Forgetting what kept answers say of a person: the answers to commands are kept for their repeats, whoever is named in them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, delete, or_, select

from chassis.bare.principal import PERSON
from chassis.bare.tables import AnsweredRow
from chassis.running.unit import Unit

LONE_NAME = re.compile(r"[^\W\d_]+(?:[-'\u2010\u2011\u2019][^\W\d_]+)*\Z")
"""One name: Anna, Jean-Luc, O'Neill."""


def forget_answers(
    unit: Unit, person_id: UUID, telling: Iterable[str | None] = (), known: Iterable[str | None] = (), instead: str = ""
) -> None:
    """Forget what the person was answered, and in answers to others that name the person put `instead` in the place of these words.

    `telling` are words that hardly anybody else is called by or wrote: full names, addresses, numbers, whole sentences. `known` are
    those that others may share: a first name of two words, a function, a short text. A field goes when one of them is all that it
    says: in a thing that has the person's id, and in what lies in that; elsewhere only if the word is telling, and more than one name.
    What others wrote in words of their own stays theirs.
    """
    unit.session.execute(delete(AnsweredRow).where(AnsweredRow.actor == f"{PERSON}:{person_id}"))
    said = {word for word in telling if word}
    within, everywhere = said | {word for word in known if word}, {word for word in said if not _is_lone_name(word)}
    text = cast(AnsweredRow.reply, Text)
    mentioned = [str(person_id), *(json.dumps(word, ensure_ascii=False) for word in sorted(everywhere))]
    naming = select(AnsweredRow).where(or_(*(text.contains(each, autoescape=True) for each in mentioned)))
    for row in unit.session.scalars(naming.order_by(AnsweredRow.actor, AnsweredRow.key).with_for_update()):
        row.reply = _without(row.reply, str(person_id), everywhere, within, instead)


def _is_lone_name(word: str) -> bool:
    """A first name alone may be anybody's, however it is put together."""
    return LONE_NAME.match(unicodedata.normalize("NFC", word)) is not None


def _without(value: Any, person_id: str, here: set[str], known: set[str], instead: str) -> Any:
    """The value without what is in `here`; in a thing that has the person's id, and in what lies in that, without what is `known`."""
    if isinstance(value, dict):
        within = known if person_id in value.values() else here
        return {name: _without(each, person_id, within, known, instead) for name, each in value.items()}
    if isinstance(value, list):
        return [_without(each, person_id, here, known, instead) for each in value]
    return instead if isinstance(value, str) and value in here else value
