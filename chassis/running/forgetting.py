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

SHORTEST = 5
"""What is shorter stands in other texts by chance: it goes only where it is all that a field says."""


def forget_answers(unit: Unit, person_id: UUID, words: Iterable[str | None] = (), instead: str = "") -> None:
    """Forget what the person was answered, and in answers to others that name the person put `instead` in the place of these words.

    `words` are what the service knows the person by: names, addresses, numbers. The answers' keys stay, so repeats stay harmless.
    """
    unit.session.execute(delete(AnsweredRow).where(AnsweredRow.actor == f"{PERSON}:{person_id}"))
    known = sorted({word for word in words if word}, key=len, reverse=True)
    mentioned = [str(person_id), *(_as_in_json(word) for word in known if len(word) >= SHORTEST)]
    text = cast(AnsweredRow.reply, Text)
    naming = select(AnsweredRow).where(or_(*(text.contains(each, autoescape=True) for each in mentioned)))
    for row in unit.session.scalars(naming.order_by(AnsweredRow.actor, AnsweredRow.key).with_for_update()):
        row.reply = _without(row.reply, known, instead)


def _without(value: Any, words: list[str], instead: str) -> Any:
    if isinstance(value, dict):
        return {name: _without(each, words, instead) for name, each in value.items()}
    if isinstance(value, list):
        return [_without(each, words, instead) for each in value]
    if not isinstance(value, str):
        return value
    for word in words:
        if value == word:
            return instead
        if len(word) >= SHORTEST:
            value = value.replace(word, instead)
    return value


def _as_in_json(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)[1:-1]
