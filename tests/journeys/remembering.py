"""People who know nothing but what they were told: an id that somebody names without having read it is noted."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

from deploy.local.people.entrance import AN_ID, Answer, Refused
from deploy.local.people.person import Person

ASKED_IN = ("body", "query", "form")


@dataclass
class Remembering(Person):
    """Remembers every id in answers, notices (which are answers) and mails; `passed_on` are the requests with one never told."""

    known: set[str] = field(default_factory=set, repr=False)
    named: ClassVar[list[str]] = []
    """Every id that anybody has named in a request."""
    passed_on: ClassVar[list[str]] = []
    """Who asked what with an id that must have come from elsewhere."""

    @classmethod
    def forget(cls) -> None:
        """Begin anew."""
        cls.named.clear()
        cls.passed_on.clear()

    def _send(self, method: str, path: str, **request: Any) -> Answer:
        ids = _ids(json.dumps([path, *(request.get(name) for name in ASKED_IN)], default=str))
        self.named.extend(ids)
        self.passed_on.extend(f"{self.acts_as} in '{self.step}': {method} {path} names {each}" for each in ids - self.known)
        try:
            answer = super()._send(method, path, **request)
        except Refused as refused:
            self._read(json.dumps(refused.problem))
            raise
        self._read(answer.content.decode(errors="replace"))
        return answer

    def _mail(self, subject: str) -> dict[str, Any] | None:
        mail = super()._mail(subject)
        self._read(json.dumps(mail))
        return mail

    def _read(self, text: str) -> None:
        self.known |= _ids(text)


def _ids(text: str) -> set[str]:
    return set(re.findall(AN_ID, text))
