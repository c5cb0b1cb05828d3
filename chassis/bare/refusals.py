"""The four refusals, each with a code for programs and a sentence for people.

A refusal is a class: its name gives the code (`AgreementNotOpen` is `agreement_not_open`), its docstring the sentence. The
sentence may name details in braces; they travel along so that a client can translate the sentence.
"""

from __future__ import annotations

import inspect
import json
import re
from functools import cache
from typing import Any, ClassVar


@cache
def snake_case(name: str) -> str:
    """Turn `AgreementNotOpen` into `agreement_not_open`; asked for the names of classes, several times in each call."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class Refusal(Exception):
    """Something the system will not do, and why; never a bug."""

    kind: ClassVar[str]

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.sentence)

    @classmethod
    def code(cls) -> str:
        """The code programs compare."""
        return snake_case(cls.__name__)

    @property
    def sentence(self) -> str:
        """The sentence for people; unknown braces stay as they are."""
        text = " ".join((inspect.getdoc(type(self)) or "").split())
        # In one pass: what a detail says in braces is its own text.
        return re.sub(r"\{(\w+)\}", lambda found: str(self.details.get(found[1], found[0])), text)

    def as_message(self) -> dict[str, Any]:
        """The refusal as it travels over RPC: kind, code, sentence, details."""
        details = json.loads(json.dumps(self.details, default=str))
        return {"kind": self.kind, "code": self.code(), "sentence": self.sentence, "details": details}


class NotFound(Refusal):
    """There is nothing here under that address, or nothing you may see. Check the address, and as whom you are logged in."""

    kind = "not_found"


class Forbidden(Refusal):
    """You may not do this. Ask somebody whose part it is, or the support office."""

    kind = "forbidden"


class Conflict(Refusal):
    """This cannot be done in the present state of things. Read it again to see what can."""

    kind = "conflict"


class Invalid(Refusal):
    """What was sent is not acceptable: {fields} Correct it and send it again."""

    kind = "invalid"


class InvalidFields(Invalid):
    """Some fields are missing or not acceptable; correct those named under `fields` and send it again."""


class LogInRequired(Forbidden):
    """Log in first: this needs an account."""


class LogInAgain(Forbidden):
    """Confirm your password again: this step asks that you logged in within the last five minutes."""


class TooManyAttempts(Forbidden):
    """Too many attempts; wait {retry_after} seconds and try again. Your account is not locked."""


class RoleRequired(Forbidden):
    """This is for {roles}; you hold no such role. Ask somebody who does, or the support office."""


class StaleVersion(Conflict):
    """Somebody changed this since you read it (it is now at version {version}). Read it again and apply your change to that."""


class IfMatchRequired(Invalid):
    """Send an If-Match header with the ETag you read, so that nobody's change is overwritten unseen."""


class ConcurrentChange(Conflict):
    """Somebody did the same at the same moment. Look again, and repeat this if it is still wanted."""


class MoveNotAllowed(Conflict):
    """'{move}' is not possible while the {subject} is '{state}'. Read it again: its `moves` are what you may do now."""


class MoveNotYours(Forbidden):
    """'{move}' is made by {roles}, not by you. Ask one of them."""


class KeyReused(Invalid):
    """This Idempotency-Key was already used with other content. Send a new key with a new request."""


class RowAlreadyThere(Conflict):
    """There is already a row for '{name}' from {valid_from}. Rows are never changed: add one with a later date."""


class RowNotBackdated(Conflict):
    """A new row is valid from today at the earliest, so that nothing decided already loses its ground. Give today or a later day."""


class RefusedElsewhere(Refusal):
    """A refusal that another service gave, passed on with its own code and sentence."""

    def __init__(self, message: dict[str, Any]) -> None:
        self._message = message
        self.kind = message["kind"]  # type: ignore[misc]
        super().__init__(**message.get("details", {}))

    @property
    def sentence(self) -> str:
        """The sentence the other service gave."""
        return str(self._message["sentence"])

    def as_message(self) -> dict[str, Any]:
        """The other service's refusal, unchanged."""
        return self._message


class Unavailable(Exception):
    """Something did not answer in time, `service` if it is known which; the caller may try again in `retry_after` seconds."""

    code: ClassVar[str] = "unavailable"

    def __init__(self, sentence: str, retry_after: int = 2, service: str | None = None) -> None:
        self.retry_after, self.service = retry_after, service
        super().__init__(sentence)
