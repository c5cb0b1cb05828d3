"""What a restore leaves for the first start after it: marks in the state folder, and queues that may hold news of a lost time."""

from __future__ import annotations

from pathlib import Path

import kombu
from amqp.exceptions import NotFound

from deploy.local.audit.queues import known_queues
from deploy.local.broker_rights import SERVICES_HOST, Broker
from deploy.local.unusable import Unusable

RESTORING, RESTORED = "restoring", "restored"


def demand_whole(state: Path) -> None:
    """Raise Unusable where a restore was cut off: half a backup must not begin to live."""
    if (state / RESTORING).exists():
        raise Unusable(f"the restore into {state} was cut off; throw it away with `make reset` and restore again.")


def is_restored(state: Path) -> bool:
    """Whether this is the first start after a restore."""
    return (state / RESTORED).exists()


def note_started(state: Path) -> None:
    """From now on it is a start like any other."""
    (state / RESTORED).unlink(missing_ok=True)


def empty_queues(broker: Broker) -> None:
    """Forget what a broker of before still holds: facts and calls since the backup, which have not happened any more."""
    with kombu.Connection(broker.administrator_uri(SERVICES_HOST), connect_timeout=10) as connection:
        for name in known_queues():
            channel = connection.channel()  # a refusal closes it, hence one for each
            try:
                channel.queue_purge(name)
                channel.close()
            except NotFound:
                continue
