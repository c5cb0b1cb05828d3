"""While fifty exchanges are played, processes of every kind die at random: all fifty are paid, once, and every promise holds."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from random import Random

import pytest
from rich.console import Console

from deploy.local.audit.place import Place, place_of
from deploy.local.audit.promises import audit
from deploy.local.exchange.__main__ import tour
from deploy.local.exchange.telling import Teller
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import SignIn
from deploy.local.system import Running
from tests.faults.conftest import fresh_system
from tests.faults.facts import facts_by_exchange
from tests.faults.kills import EACH_AT_LEAST, Killer

EXCHANGES = int(os.environ.get("EXCHANGES") or 50)
PLACES = 8
QUIET_S = 120.0
LEAST_KILLS = sum(EACH_AT_LEAST.values())
AHEAD = 6
"""So many kills more than the play's share of them there may be: else all acts wait for what is killed faster than it comes back."""

pytestmark = pytest.mark.slow


class Pacing(Teller):
    """Tells how a play of so many acts goes, and keeps play and killing in step, so that neither is over before the other."""

    def __init__(self, console: Console, killer: Killer, of: int) -> None:
        super().__init__(console, every_request=False)
        self._killer, self._of = killer, of
        self._allow()

    def act_over(self, name: str, seconds: float) -> None:
        """Wait until as large a part of the kills as of the play is done; then there may be more."""
        super().act_over(name, seconds)
        while self._killer.killed < min(LEAST_KILLS, LEAST_KILLS * self.acts / self._of) and not self._killer.failures:
            time.sleep(0.1)
        self._allow()

    def _allow(self) -> None:
        self._killer.most = LEAST_KILLS * (self.acts + 1) / self._of + AHEAD


def test_fifty_exchanges_are_paid_once_while_everything_dies_at_random(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Services, workers, gateway, broker and database get SIGKILL; the supervisor brings them back; the auditor finds nothing."""
    seed = int(os.environ.get("SEED") or Random().randrange(10**6))
    with capsys.disabled(), fresh_system(tmp_path_factory.mktemp("kills"), pairs=2) as (running, entrance, offices):
        print(f"\nseed {seed} (SEED={seed} kills in this order again)")
        place, console = place_of(running.here), Console(width=120)
        alone = Teller(console, every_request=False)
        assert tour(running.here, 1, PLACES, alone) == 1
        assert _broken(place) == []
        undisturbed = facts_by_exchange(place)
        killer = Killer(running, _token(entrance, offices.support[0]), Random(seed))
        paid = _play_under_fire(running, killer, Pacing(console, killer, of=alone.acts))
        broken = _broken(place)
        disturbed = {id: facts for id, facts in facts_by_exchange(place).items() if id not in undisturbed}
    assert paid == EXCHANGES
    assert broken == []
    assert killer.failures == []
    assert killer.killed >= LEAST_KILLS and all(len(killer.recoveries[kind]) >= 2 for kind in EACH_AT_LEAST)
    _check_facts(undisturbed, disturbed)


def _play_under_fire(running: Running, killer: Killer, teller: Teller) -> int:
    """Play all exchanges while the killer is at work; returns how many were paid."""
    thread, began = threading.Thread(target=killer.run, daemon=True), time.monotonic()
    thread.start()
    try:
        paid = tour(running.here, EXCHANGES, PLACES, teller)
    finally:
        killer.stop()
        thread.join()
    print(f"{paid}/{EXCHANGES} paid in {time.monotonic() - began:.0f} s; {killer.killed} kills", *killer.lines, sep="\n")
    return paid


def _broken(place: Place) -> list[str]:
    """What the auditor finds, once nothing is on its way any more; what still waits then is found, too."""
    verdicts = list(audit(place, patience_s=QUIET_S))
    print(*(verdict.line for verdict in verdicts), sep="\n")
    waiting = sum(verdict.counts["waiting"] for verdict in verdicts)
    return [detail for verdict in verdicts for detail in verdict.details] + ([f"{waiting} events wait"] if waiting else [])


def _token(entrance: Entrance, who: SignIn) -> str:
    return str(entrance.send("POST", "/v1/sessions", body={"login": who.username, "password": who.password}).body["token"])


def _check_facts(undisturbed: dict[str, Counter[str]], disturbed: dict[str, Counter[str]]) -> None:
    """Every exchange announced the very facts of the one that nothing disturbed, as often."""
    (expected,) = map(_alike, undisturbed.values())
    assert len(disturbed) == EXCHANGES
    differing = {
        id: {"missing": expected - _alike(facts), "more": _alike(facts) - expected}
        for id, facts in disturbed.items()
        if _alike(facts) != expected
    }
    assert not differing
    assert expected["payments payment_paid"] == expected["payments payment_ordered"] == 1


def _alike(facts: Counter[str]) -> Counter[str]:
    """Without what only a payment list adds: an account without IBAN is paid by hand and stands on none."""
    return Counter({title: number for title, number in facts.items() if title not in ("payments payment_exported", "payment by hand")})
