"""Someone else's broker or database: looked at before anything starts, so that a wrong address costs a second and says one line."""

import kombu
import psycopg2
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError

from deploy.local.broker_rights import Broker, to_be_made_by_hand
from deploy.local.database_logins import first_line
from deploy.local.installation import LOGINS
from deploy.local.settings import Settings
from deploy.local.unusable import Unusable


def demand_outside(settings: Settings) -> None:
    """Raise Unusable when a broker or database that was named cannot be reached."""
    if settings.amqp_uri and (refusal := refusal_of_broker(settings.amqp_uri)):
        raise Unusable(f"the broker of AMQP_URI cannot be reached: {refusal}.")
    if settings.database_url:
        try:
            psycopg2.connect(settings.database_url.replace("+psycopg2", "", 1), connect_timeout=10).close()
        except psycopg2.Error as reason:
            raise Unusable(f"the database of DATABASE_URL cannot be reached: {first_line(reason)}.") from reason


def refusal_of_broker(uri: str) -> str | None:
    """Why a broker does not let in, in a line; None when it does."""
    try:
        with kombu.Connection(uri, connect_timeout=10) as connection:
            connection.connect()
    except (OSError, AMQPError, OperationalError) as reason:
        return first_line(reason)
    return None


def prepare_broker(broker: Broker) -> None:
    """Make hosts and logins; where we are not let to, check that somebody did, or say how."""
    if broker.management_uri:
        broker.prepare(LOGINS)
        return
    missing = [login for login in LOGINS if refusal_of_broker(broker.uri(login))]
    if missing:
        print(to_be_made_by_hand(broker, LOGINS), flush=True)
        raise Unusable(
            f"the broker of AMQP_URI does not let in {', '.join(missing)}: set AMQP_MANAGEMENT_URI, "
            "or run on the broker what is listed above, then start again."
        )
