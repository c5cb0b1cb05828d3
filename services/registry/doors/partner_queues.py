"""What the registry's worker repeats: carry events into partnerships' queues, and keep the broker as the accesses want it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import update

from chassis.bare.crash_points import reached
from chassis.bare.message import real_now
from chassis.running.doors import repeats
from chassis.running.unit import Units
from services.registry.model import PartnerAccess
from services.registry.partner_queues import PartnerQueues, partner_queues
from services.registry.queries import feed, partner_access

BATCH = 200

log = structlog.get_logger()


class PartnerQueueDoors:
    """The way from the feed and the accesses to the broker; nothing of the broker is asked inside a unit."""

    unit = Units()

    @repeats(pause_s=0.2)
    def carry_events(self) -> None:
        """Bring every open access the events that are not in its queue yet, in the feed's order."""
        if (queues := partner_queues()) is None:
            return
        with self.unit() as unit:
            accesses = partner_access.with_news(unit)
        for access in accesses:
            self._carry(queues, access)

    @repeats(pause_s=0.5)
    def follow_changes(self) -> None:
        """Make on the broker what was opened, rotated or revoked."""
        queues = partner_queues()
        if queues is None or not queues.may_make:
            return
        for access in self._accesses():
            if not access.ready:
                self._follow(queues, access)

    @repeats(pause_s=10)
    def look_after_queues(self) -> None:
        """Note how full each queue is and who reads it; what the broker has lost is made again."""
        if (queues := partner_queues()) is None:
            return
        for access in self._accesses():
            if access.is_open and (access.ready or not queues.may_make):
                self._look_after(queues, access)

    def _accesses(self) -> list[PartnerAccess]:
        with self.unit() as unit:
            return partner_access.all_accesses(unit)

    def _carry(self, queues: PartnerQueues, access: PartnerAccess) -> None:
        with self.unit() as unit:
            rows = unit.session.execute(feed.behind(access.partnership_id, access.carried, BATCH)).all()
        carried = access.carried
        try:
            for row in rows:
                reached("carry.before_publish", "turn:carry_events")
                if not queues.carry(access.queue, row.body, str(row.event_id), row.type):
                    self._lost(access)
                    return
                reached("carry.after_confirm", "turn:carry_events")
                carried = row.position
        finally:
            if carried > access.carried:
                self._note(access, carried=carried)

    def _follow(self, queues: PartnerQueues, access: PartnerAccess) -> None:
        if access.is_open:
            queues.make(access.login, access.queue, access.secret_hash)
        else:
            queues.remove(access.login)
        log.info("partner access made on the broker", login=access.login, state=access.state)
        self._note(access, made=access.wanted)

    def _look_after(self, queues: PartnerQueues, access: PartnerAccess) -> None:
        depth = queues.depth(access.queue)
        if depth is None or (queues.may_make and not queues.is_made(access.login, access.queue, access.secret_hash)):
            self._lost(access)
            return
        now: datetime = real_now()
        seen = {"last_consumer_at": now} if depth.consumers else {}
        # Where we may not make logins, an operator did.
        found = {} if queues.may_make else {"made": access.wanted}
        self._note(access, waiting=depth.waiting, parked=depth.parked, consumers=depth.consumers, measured_at=now, **seen, **found)

    def _lost(self, access: PartnerAccess) -> None:
        """Have it made again; until then its events stay in the feed."""
        if access.made:
            log.warning("the broker has lost a partnership's login or queue", login=access.login)
            self._note(access, made=0)

    def _note(self, access: PartnerAccess, **values: Any) -> None:
        """Write what the broker's side came to, unless the access was opened anew meanwhile."""
        same = (PartnerAccess.partnership_id == access.partnership_id, PartnerAccess.opened_at == access.opened_at)
        with self.unit() as unit:
            unit.session.execute(update(PartnerAccess).where(*same).values(**values))
