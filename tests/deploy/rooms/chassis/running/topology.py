"""A topology of one queue."""

import kombu

MOST_RETRIES = 1
LIVE_TOPIC = "live"


def declare(uri: str, _services: object, _events: object, _calls: str) -> None:
    """Declare it as the administrator."""
    with kombu.Connection(uri) as connection:
        kombu.Queue("identity.rpc", durable=True, channel=connection.channel(), queue_arguments={"x-queue-type": "quorum"}).declare()


def retry_topic(number: int) -> str:
    """A delay that nobody declares."""
    return f"retry.{number}"
