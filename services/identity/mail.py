"""How a mail is made and sent."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from environs import Env

from services.identity.model import Account, Mail

TIMEOUT_S = 20
SIGNATURE = "ClusterXchange\n{address}\n\nYou get this mail because it concerns your account or something you take part in."


class PostOffice:
    """Sends mails through the relay named by SMTP_URL (`smtp://host:port`, `smtps://` for TLS); sender is MAIL_SENDER."""

    def __init__(self) -> None:
        env = Env()
        self._relay = urlsplit(env.str("SMTP_URL"))
        self._sender = env.str("MAIL_SENDER", "ClusterXchange <no-reply@clusterxchange.example>")
        self._address = public_address()

    def __enter__(self) -> PostOffice:
        kind = smtplib.SMTP_SSL if self._relay.scheme == "smtps" else smtplib.SMTP
        self._connection = kind(self._relay.hostname or "", self._relay.port or 25, timeout=TIMEOUT_S)
        if self._relay.username:
            self._connection.login(self._relay.username, self._relay.password or "")
        return self

    def __exit__(self, *exc: object) -> None:
        try:
            self._connection.quit()
        except smtplib.SMTPException:
            self._connection.close()

    def send(self, mail: Mail) -> str | None:
        """Hand one mail to the relay; returns why the relay refuses it for good, or None. Raises what asks for another try."""
        try:
            self._connection.send_message(self._message(mail))
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            if code < 500:
                raise
            return reason.decode(errors="replace")[:300]
        return None

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self._sender, mail.e_mail, mail.title
        # The same id at every try lets the receiver drop a mail that was sent twice.
        message["Message-ID"] = f"<{mail.id}@{urlsplit(self._address).hostname}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{mail.text}\n\n--\n{SIGNATURE.format(address=self._address)}\n")
        return message


def public_address() -> str:
    """Where people reach the system: PUBLIC_URL without a slash at its end."""
    return Env().str("PUBLIC_URL").rstrip("/")


def letter(account: Account, text: str) -> str:
    """A text with its salutation."""
    return f"Dear {account.title} {account.last_name},\n\n{text}"
