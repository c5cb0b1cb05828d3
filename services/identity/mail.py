"""How a mail is made and sent."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from environs import Env

from chassis.bare.refusals import Unavailable
from services.identity.model import Mail
from services.identity.words import CATALOGUE

TIMEOUT_S = 20


class PostOffice:
    """Sends mails through the relay named by SMTP_URL (`smtp://host:port`, `smtps://` for TLS); sender is MAIL_SENDER."""

    def __init__(self) -> None:
        env = Env()
        self._relay = urlsplit(env.str("SMTP_URL"))
        self._sender = env.str("MAIL_SENDER", "ClusterXchange <no-reply@clusterxchange.example>")
        self._address = public_address()

    def __enter__(self) -> PostOffice:
        kind = smtplib.SMTP_SSL if self._relay.scheme == "smtps" else smtplib.SMTP
        try:
            self._connection = kind(self._relay.hostname or "", self._relay.port or 25, timeout=TIMEOUT_S)
            if self._relay.username:
                self._connection.login(self._relay.username, self._relay.password or "")
        except OSError as error:
            raise Unavailable("The mail relay cannot be reached just now.") from error
        return self

    def __exit__(self, *exc: object) -> None:
        try:
            self._connection.quit()
        except OSError:
            self._connection.close()

    def send(self, mail: Mail) -> str | None:
        """Hand one mail to the relay; returns why the relay refuses it for good, or None.

        Raises Unavailable when the relay went away meanwhile, and what else asks for another try.
        """
        try:
            self._connection.send_message(self._message(mail))
        except smtplib.SMTPServerDisconnected as error:
            raise Unavailable("The mail relay went away.") from error
        except smtplib.SMTPRecipientsRefused as error:
            return _for_good(error, *next(iter(error.recipients.values())))
        except smtplib.SMTPDataError as error:
            return _for_good(error, error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            return str(error)[:300]
        return None

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self._sender, mail.e_mail, " ".join(mail.title.split())
        # The same id at every try lets the receiver drop a mail that was sent twice.
        message["Message-ID"] = f"<{mail.id}@{urlsplit(self._address).hostname}>"
        message["Auto-Submitted"] = "auto-generated"
        signature = CATALOGUE.say(mail.language, "letter.signature", address=self._address)
        message.set_content(f"{mail.text}\n\n--\n{signature}\n")
        # Setting the content takes away what was said of it before.
        message["Content-Language"] = mail.language
        return message


def _for_good(error: smtplib.SMTPException, code: int, reason: bytes | str) -> str:
    """Why a mail is refused for good; raises the error again when the relay only says: later."""
    if code < 500:
        raise error
    return (reason.decode(errors="replace") if isinstance(reason, bytes) else reason)[:300]


def public_address() -> str:
    """Where people reach the system: PUBLIC_URL without a slash at its end."""
    return Env().str("PUBLIC_URL").rstrip("/")
