"""One person with an account: logs in, asks the system, reads the own mails and notices, follows their links."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from deploy.local.people.entrance import DONE_BEFORE, PATIENCE_S, Answer, Entrance, Files, Refused, wait_for

PROVE_AGAIN = {"log_in_again", "log_in_required", "session_ended"}
MOST_READINGS = 5
"""How often something is read again that changes under one's hands."""
MAIL_PATIENCE_S = 300.0
"""Mails go out one after the other, and may have many before them."""
SECRET = re.compile(r"Secret ?: (\S+)")
A_PAGE = re.compile(r"https?://[^/\s]+(/\S+)")


@dataclass
class Person:
    """A person as the account form asks for one; `acts_as` is what others call the role."""

    entrance: Entrance
    username: str
    e_mail: str
    password: str
    title: str = "Ms"
    first_name: str = "Demo"
    last_name: str = "Person"
    acts_as: str = "somebody"
    step: str = ""
    _token: str | None = field(default=None, repr=False)
    _alone: Lock = field(default_factory=Lock, repr=False)
    _proved_at: float = field(default=0.0, repr=False)

    @contextmanager
    def doing(self, step: str) -> Iterator[None]:
        """Every request inside belongs to this step."""
        before, self.step = self.step, step
        try:
            yield
        finally:
            self.step = before

    # an account

    def create_account(self, organisation_name: str, country: str) -> None:
        """Send the account form."""
        form = {
            "username": self.username, "e_mail": self.e_mail, "confirm_e_mail": self.e_mail, "organisation_name": organisation_name,
            "country": country, "title": self.title, "first_name": self.first_name, "last_name": self.last_name,
            "privacy_policy_accepted": True,
        }  # fmt: skip
        self._send("POST", "/v1/accounts", body=form)

    def confirm_account(self) -> None:
        """Take the secret out of the mail and choose the password."""
        secret = SECRET.search(self.mail("Please confirm your account")["text"])
        assert secret, "the mail names its secret"
        self._send("POST", "/v1/accounts/confirmation", body={"secret": secret[1], "password": self.password})

    def log_in(self) -> None:
        """Begin a session."""
        answer = self._send("POST", "/v1/sessions", body={"login": self.username, "password": self.password})
        self._token, self._proved_at = answer.body["token"], time.monotonic()

    def me(self) -> dict[str, Any]:
        """The own account, with its roles."""
        return dict(self.get("/v1/me").body)

    def places(self, role: str) -> list[str]:
        """Where this person holds a role."""
        return [each["place"] for each in self.me()["roles"] if each["role"] == role]

    # asking

    def get(self, path: str, **query: Any) -> Answer:
        """Read."""
        return self._ask("GET", path, query=query)

    def post(self, path: str, if_match: str | None = None, **body: Any) -> Answer:
        """Make or move something."""
        return self._ask("POST", path, body=body, if_match=if_match)

    def decide(self, path: str, about: str, **body: Any) -> Answer:
        """Move something as it reads at `about`; read anew where it changed meanwhile, and not done twice after a stop."""
        for _ in range(MOST_READINGS):
            there = self.get(about)
            try:
                return self.post(path, there.version, **body)
            except Refused as refused:
                if refused.code == DONE_BEFORE:
                    return self.get(about)
                if refused.code != "stale_version":
                    raise
        return self.post(path, self.get(about).version, **body)

    def put(self, path: str, if_match: str | None = None, **body: Any) -> Answer:
        """Write something whole."""
        return self._ask("PUT", path, body=body, if_match=if_match)

    def patch(self, path: str, if_match: str, **body: Any) -> Answer:
        """Change a part of something."""
        return self._ask("PATCH", path, body=body, if_match=if_match)

    def upload(self, method: str, path: str, files: Files, **form: str) -> Answer:
        """Send a form with files."""
        return self._ask(method, path, files=files, form=form)

    def all(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, page after page."""
        after = None
        while True:
            page = self.get(path, after=after, limit=100, **query).body
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    # being told

    def mail(self, subject: str, patience_s: float = MAIL_PATIENCE_S) -> dict[str, Any]:
        """The newest mail to this person with that subject, waited for."""
        return wait_for(lambda: self._mail(subject), f"the mail '{subject}' to {self.acts_as}", patience_s)

    def link_in_mail(self, subject: str) -> str:
        """The thing whose page the newest mail with that subject leads to, at its address in the API."""
        found = A_PAGE.search(self.mail(subject)["text"])
        assert found, f"the mail '{subject}' has a link"
        return f"/v1{found[1]}"

    def notices(self, kind: str) -> list[dict[str, Any]]:
        """The unread notices of one kind, the oldest first."""
        return list(self.all("/v1/notices", unread=True, type=kind))[::-1]

    def put_away(self, notice: dict[str, Any]) -> None:
        """Mark a notice as read."""
        self.post(f"/v1/notices/{notice['notice_id']}/reading")

    def told(self, kind: str, patience_s: float = PATIENCE_S) -> str:
        """The link of the next unread notice of that kind, waited for; the notice is read then."""
        notice = wait_for(lambda: next(iter(self.notices(kind)), None), f"the notice '{kind}' to {self.acts_as}", patience_s)
        self.put_away(notice)
        return str(notice["link"])

    def follow(self, link: str, patience_s: float = PATIENCE_S) -> Answer:
        """Read what a link leads to; what is on its way still (404) is waited for."""

        def look() -> Answer | None:
            try:
                return self.get(link)
            except Refused as refused:
                if refused.status == 404:
                    return None
                raise

        return wait_for(look, f"{link} to be there for {self.acts_as}", patience_s)

    def _mail(self, subject: str) -> dict[str, Any] | None:
        return next((mail for mail in self.entrance.mails(self.e_mail) if subject in mail["subject"]), None)

    def _ask(self, method: str, path: str, **request: Any) -> Answer:
        """Ask as oneself; an ended session is begun anew, and the password given again where the step asks for it."""
        began = time.monotonic()
        try:
            return self._send(method, path, token=self._session(), **request)
        except Refused as refused:
            if refused.code not in PROVE_AGAIN:
                raise
            self._prove(refused.code == "log_in_again", began)
        return self._send(method, path, token=self._token, **request)

    def _session(self) -> str:
        with self._alone:
            if self._token is None:
                self.log_in()
            return str(self._token)

    def _prove(self, by_password_alone: bool, since: float) -> None:
        """Once for all threads that act as this person at the same time: many attempts at once look like guessing."""
        with self._alone:
            if self._proved_at > since:
                return
            if by_password_alone:
                self._send("POST", "/v1/sessions/current/confirmation", token=self._token, body={"password": self.password})
                self._proved_at = time.monotonic()
            else:
                self.log_in()

    def _send(self, method: str, path: str, **request: Any) -> Answer:
        return self.entrance.send(method, path, who=self.acts_as, step=self.step, **request)
