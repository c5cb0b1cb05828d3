"""Forgetting what kept answers say of a person: the answers to commands are kept for their repeats, whoever is named in them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, delete, or_, select

from chassis.bare.principal import PERSON
from chassis.bare.tables import AnsweredRow
from chassis.running.unit import Unit


def forget_answers(unit: Unit, person_id: UUID, words: Iterable[str | None] = (), instead: str = "") -> None:
    """Forget what the person was answered, and in answers to others that name the person put `instead` in the place of these words.

    `words` are what the service knows the person by: names, addresses, numbers, texts. A field goes when one of them is all that it
    says: in a thing that has the person's id, and in what lies in that; elsewhere only if no other person is likely to be called so.
    What others wrote in words of their own stays theirs.
    """
    unit.session.execute(delete(AnsweredRow).where(AnsweredRow.actor == f"{PERSON}:{person_id}"))
    known = {word for word in words if word}
    telling = {word for word in known if _is_telling(word)}
    text = cast(AnsweredRow.reply, Text)
    mentioned = [str(person_id), *(json.dumps(word, ensure_ascii=False) for word in sorted(telling))]
    naming = select(AnsweredRow).where(or_(*(text.contains(each, autoescape=True) for each in mentioned)))
    for row in unit.session.scalars(naming.order_by(AnsweredRow.actor, AnsweredRow.key).with_for_update()):
        row.reply = _without(row.reply, str(person_id), telling, known, instead)


def _is_telling(word: str) -> bool:
    """A name of several words, an address, a number; a first name alone may be anybody's."""
    return not word.isalpha()


def _without(value: Any, person_id: str, here: set[str], known: set[str], instead: str) -> Any:
    """The value without what is in `here`; in a thing that has the person's id, and in what lies in that, without what is `known`."""
    if isinstance(value, dict):
        within = known if person_id in value.values() else here
        return {name: _without(each, person_id, within, known, instead) for name, each in value.items()}
    if isinstance(value, list):
        return [_without(each, person_id, here, known, instead) for each in value]
    return instead if isinstance(value, str) and value in here else value
