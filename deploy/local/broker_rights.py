"""Who may do what on the broker: one login per service with the least rights, given over the management API of any RabbitMQ."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from chassis.running.topology import LIVE_TOPIC, MOST_RETRIES, retry_topic
from deploy.local.passwords import Passwords
from deploy.local.unusable import Unusable

SERVICES_HOST = "services"
PARTNERS_HOST = "partners"


@dataclass(frozen=True)
class Rights:
    """RabbitMQ's three patterns of names: what a login may declare, publish to, and read from."""

    configure: str
    write: str
    read: str


NOTHING = "^$"

ASKING = ("identity", "matching", "agreements")
"""The services that ask others; the rest need not reach the calls."""


def rights_of(login: str, asking: Iterable[str] = ASKING) -> Rights:
    """The rights of a login on the host `services`; nobody declares what lasts but the administrator, before anything starts.

    A service's login is its name, by which its listeners know it. Write on the default topic is what replies over direct reply-to need:
    therefore every request carries a token that its door checks, and every event the login that sent it, which the broker checks and
    its listener demands to be the announcer's.

    The gateway makes queues for hints, each its own process' and gone with its connection; it cannot write hints itself. A service makes
    one that says that it looks at what it has parked.
    """
    if login == "gateway":
        own = rf"{LIVE_TOPIC}\.[0-9a-f]+"
        return Rights(f"^{own}$", f"^(rpc|{own})$", rf"^(amq\.rabbitmq\.reply-to.*|{LIVE_TOPIC}|{own})$")
    delays = "|".join(re.escape(retry_topic(number)) for number in range(1, MOST_RETRIES + 1))
    calls = "|rpc" if login in asking else ""
    return Rights(
        rf"^{login}\.looking$",
        rf"^(amq\.default|{delays}|{LIVE_TOPIC}|{login}\.events{calls})$",
        rf"^(amq\.rabbitmq\.reply-to.*|{login}\.(rpc|parked|on\.[a-z_]+))$",
    )


FEED, KEEPER = "partners-feed", "partners-keeper"
OF_PARTNERS = {
    FEED: Rights(NOTHING, r"^amq\.default$", NOTHING),
    KEEPER: Rights(r"^partner\..*$", r"^amq\.default$", r"^partner\..*$"),
}
"""The logins of the registry's worker on the host `partners`: one carries events into queues, the other makes queues and logins.

RabbitMQ lets administrators alone make logins, so the keeper is one; it is known to that worker and to nobody else. Its write on the
default topic is what a queue with a dead letter asks of whoever declares it.
"""


TAGS = {KEEPER: "administrator"}


@dataclass(frozen=True)
class Broker:
    """A broker as its administrator reaches it; without `management_uri` logins cannot be made, only used."""

    amqp_uri: str
    management_uri: str | None
    passwords: Passwords

    def uri(self, login: str) -> str:
        """The address by which a login reaches the host `services`."""
        return self._address(f"{login}:{self.password(login)}", SERVICES_HOST)

    @property
    def feed_uri(self) -> str:
        """The address by which events are carried into partnerships' queues."""
        return self._address(f"{FEED}:{self.password(FEED)}", PARTNERS_HOST)

    @property
    def keeper_uri(self) -> str | None:
        """The management's address for whoever makes partnerships' logins and queues; None where no management was named."""
        if self.management_uri is None:
            return None
        parts = urlsplit(self.management_uri)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, f"{KEEPER}:{self.password(KEEPER)}@{place}", parts.path, "", ""))

    @property
    def partners_address(self) -> str:
        """Where partnerships reach the broker, without a login."""
        return self._address("", PARTNERS_HOST)

    def administrator_uri(self, host: str = SERVICES_HOST) -> str:
        """The administrator's address of a virtual host."""
        return self._address(urlsplit(self.amqp_uri).netloc.rpartition("@")[0], host)

    def password(self, login: str) -> str:
        """The password of a login."""
        return self.passwords.of(f"broker/{login}")

    def prepare(self, logins: Iterable[str], asking: Iterable[str] = ASKING) -> None:
        """Make both virtual hosts and the logins with their rights, `asking` those of services that ask others; again changes nothing."""
        with self._management() as http:
            for host in (SERVICES_HOST, PARTNERS_HOST):
                self._put(http, f"vhosts/{host}", {})
                self._put(http, f"permissions/{host}/{self._administrator()}", _as_json(Rights(".*", ".*", ".*")))
            for login in logins:
                self._put(http, f"users/{login}", {"password": self.password(login), "tags": ""})
                self._put(http, f"permissions/{SERVICES_HOST}/{login}", _as_json(rights_of(login, asking)))
            for login, rights in OF_PARTNERS.items():
                self._put(http, f"users/{login}", {"password": self.password(login), "tags": TAGS.get(login, "")})
                self._put(http, f"permissions/{PARTNERS_HOST}/{login}", _as_json(rights))

    def _administrator(self) -> str:
        return quote(urlsplit(self.amqp_uri).username or "guest", safe="")

    def _address(self, who: str, host: str) -> str:
        parts = urlsplit(self.amqp_uri)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, f"{who}@{place}" if who else place, f"/{host}", parts.query, ""))

    def _management(self) -> httpx.Client:
        assert self.management_uri is not None
        return httpx.Client(base_url=f"{self.management_uri.rstrip('/')}/api/", timeout=20)

    def _put(self, http: httpx.Client, path: str, content: dict[str, str]) -> None:
        try:
            answer = http.put(path, json=content)
        except httpx.HTTPError as reason:
            raise Unusable(
                f"the broker's management at {_without_password(http.base_url)} does not answer ({reason}); check AMQP_MANAGEMENT_URI."
            ) from reason
        if answer.status_code in (401, 403):
            raise Unusable(
                f"the broker's management at {_without_password(http.base_url)} refuses the login of AMQP_MANAGEMENT_URI; it has to be an administrator's."
            )
        if not answer.is_success:
            raise Unusable(f"the broker's management refused {path}: {answer.status_code} {answer.text[:200]}")


def _as_json(rights: Rights) -> dict[str, str]:
    return {"configure": rights.configure, "write": rights.write, "read": rights.read}


def _without_password(url: httpx.URL) -> str:
    return str(url.copy_with(userinfo=b""))


def to_be_made_by_hand(broker: Broker, logins: Iterable[str]) -> str:
    """The commands by which an administrator makes hosts, logins and rights where we are not let to."""
    lines = [f"rabbitmqctl add_vhost {host}" for host in (SERVICES_HOST, PARTNERS_HOST)]
    for login in logins:
        rights = rights_of(login)
        lines.append(f"rabbitmqctl add_user {login} {broker.password(login)}")
        lines.append(f"rabbitmqctl set_permissions -p {SERVICES_HOST} {login} '{rights.configure}' '{rights.write}' '{rights.read}'")
    rights = OF_PARTNERS[FEED]
    lines.append(f"rabbitmqctl add_user {FEED} {broker.password(FEED)}")
    lines.append(f"rabbitmqctl set_permissions -p {PARTNERS_HOST} {FEED} '{rights.configure}' '{rights.write}' '{rights.read}'")
    return "\n".join(lines)
