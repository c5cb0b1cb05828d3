"""Run one service: `python -m chassis.running.serve services.<name>`."""

import os

# Few real threads: each that hashes passwords keeps its own 19 MiB arena for good.
os.environ.setdefault("EVENTLET_THREADPOOL_SIZE", "4")

# Everything that comes after must find the cooperative versions of sockets, threads and psycopg2's waits.
import eventlet

eventlet.monkey_patch()

import contextlib  # noqa: E402
import logging  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

import eventlet.patcher  # noqa: E402
import eventlet.queue  # noqa: E402
import structlog  # noqa: E402
from eventlet.event import Event as Wake  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from sqlalchemy import text  # noqa: E402

from chassis.bare.config import Config, WrongSetting, read_config  # noqa: E402
from chassis.bare.logs import NoAnswers, configure_logs  # noqa: E402
from chassis.bare.principal import Signer  # noqa: E402
from chassis.bare.refusals import Refusal, Unavailable  # noqa: E402
from chassis.running import background, observability  # noqa: E402
from chassis.running.calls import BrokerAsker  # noqa: E402
from chassis.running.consuming import RawConsumer  # noqa: E402
from chassis.running.delivery import Alone  # noqa: E402
from chassis.running.frame import Frame, make_frame  # noqa: E402
from chassis.running.occasions import NotYet  # noqa: E402
from chassis.running.operating import own_parking  # noqa: E402
from chassis.running.relay import Relay  # noqa: E402
from chassis.running.rooms import service_class  # noqa: E402
from chassis.running.topology import parked_queue  # noqa: E402
from chassis.running.watchdog import BEAT_S, Watchdog, set_apart  # noqa: E402
from chassis.running.wire import Wire, login_of  # noqa: E402

log = structlog.get_logger()

HEARTBEAT_S = 20
RELAY_PAUSE_S = 0.05
"""How long a fact that another process committed may lie there before the one that relays looks."""
LEAD_PAUSE_S = 0.2
"""How long one that does not relay waits before it looks whether it should."""
CATCH_UP_PAUSE_S = 0.5
KEEP_UP_PAUSE_S = 0.25
DIED = 70
"""The exit code of a process that a bug ended (BSD's EX_SOFTWARE)."""


class Server:
    """One service process: nameko for what comes over the broker, loops for what comes by itself."""

    def __init__(self, frame: Frame, config: Config) -> None:
        self.frame, self.config = frame, config
        self._events, self._replies = Wire(config.amqp_uri, confirm=True), Wire(config.amqp_uri, confirm=False)
        self._counts = Wire(config.amqp_uri, confirm=False)
        self._runner = ServiceRunner(self._nameko_config())
        self._relay = Relay(frame.name, frame.sessions.kw["bind"], Wire(config.amqp_uri, confirm=True))
        self._commits: eventlet.queue.LightQueue[None] = eventlet.queue.LightQueue(1)
        frame.after_commit.append(self._note_commit)
        self._started = self._stopping = False

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; the call in flight is finished first."""
        stopped = Wake()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._leave(stopped))
        observability.serve_health(self.config.health_port, self.check, looks=self._looks())
        self._catch_up()
        kept = set_apart()
        self._runner.add_service(self.frame.service_class)
        self._runner.start()
        self._started = True
        eventlet.spawn(self._end_with_containers)
        loops = [eventlet.spawn(self._loop, *loop) for loop in self._loops()]
        eventlet.spawn(_beat_for, self.frame.name)
        log.info("serving", objects_kept=kept)
        stopped.wait()
        self._stop(loops)

    def _leave(self, stopped: Any) -> None:
        if not self._started:
            # Nothing is in flight yet, and the start may be waiting for a broker that does not come.
            os._exit(0)
        eventlet.spawn_after(0, _send_once, stopped)

    def _end_with_containers(self) -> None:
        """A container dies of what nobody foresaw, and would leave a process that serves nobody: end at once, to be started anew."""
        try:
            self._runner.wait()
        except Exception:
            log.exception("the service ends because a part of it died")
            os._exit(DIED)

    def check(self) -> dict[str, bool]:
        """Which parts are ready: the start is done, the service has caught up, the database answers, the broker's consumers run."""
        return {
            "started": self._started,
            "caught_up": self._has_caught_up(),
            "database": self._database_answers(),
            "broker": self._consumes(),
        }

    def _catch_up(self) -> None:
        """Take nothing before the service says that it has caught up; until then its other processes answer."""
        while not self._has_caught_up():
            eventlet.sleep(CATCH_UP_PAUSE_S)

    def _has_caught_up(self) -> bool:
        """What the service class says of itself, if it says anything: `caught_up(frame)`, a static method."""
        says = getattr(self.frame.service_class, "caught_up", None)
        try:
            return says is None or bool(says(self.frame))
        except Exception as error:
            log.warning("not caught up yet", error=f"{type(error).__name__}: {error}")
            return False

    def _looks(self) -> dict[str, Callable[[], Any]]:
        """What the service class lets an operator look at in this process: `looks`, functions of the frame by name."""
        looks: dict[str, Callable[[Frame], Any]] = getattr(self.frame.service_class, "looks", {})
        return {name: partial(look, self.frame) for name, look in looks.items()}

    def _loops(self) -> list[tuple[Callable[[], Any], float]]:
        return [
            (self._relay_all, 0),
            (lambda: background.do_due(self.frame), 0.5),
            (lambda: background.try_waiting(self.frame), 0.2),
            (lambda: background.measure_backlog(self.frame), 5),
            (lambda: background.tidy_up(self.frame), 3600),
            (self._count_parked, 5),
            (self._keep_up, KEEP_UP_PAUSE_S),
        ]

    def _keep_up(self) -> None:
        """What the service class does over and over, if anything: `keep_up(frame)`, a static method."""
        if keeps := getattr(self.frame.service_class, "keep_up", None):
            keeps(self.frame)

    def _loop(self, work: Callable[[], Any], pause_s: float) -> None:
        while not self._stopping:
            try:
                work()
            except Exception as error:
                log.warning("background work failed, will try again", work=str(work), error=f"{type(error).__name__}: {error}")
                eventlet.sleep(1)
            eventlet.sleep(pause_s)

    def _relay_all(self) -> None:
        """Relay whatever there is, then wait for a commit here or a moment for those of other processes."""
        with contextlib.suppress(eventlet.queue.Empty):
            self._commits.get(timeout=RELAY_PAUSE_S if self._relay.leads else LEAD_PAUSE_S)
        try:
            while self._relay.run_once() and self._relay.ahead and not self._stopping:
                eventlet.sleep(0)
        except Exception:
            self._relay.close()
            raise

    def _count_parked(self) -> None:
        depth = self._counts.depth(parked_queue(self.frame.name))
        observability.parked_messages.labels(self.frame.name).set(depth[0] if depth else 0)

    def _note_commit(self) -> None:
        if self._commits.empty():
            self._commits.put(None)

    def _stop(self, loops: list[Any]) -> None:
        log.info("stopping")
        self._stopping = True
        self._runner.stop()
        for loop in loops:
            loop.kill()
        self._relay.close()
        for wire in (self._events, self._replies, self._counts):
            wire.close()
        log.info("stopped")

    def _database_answers(self) -> bool:
        try:
            with self.frame.sessions() as session:
                session.execute(text("SELECT 1"))
            return True
        except Exception:
            return False

    def _consumes(self) -> bool:
        extensions = [extension for container in self._runner.containers for extension in container.shared_extensions.values()]
        consuming = [extension.consuming for extension in extensions if isinstance(extension, RawConsumer)]
        return bool(consuming) and all(consuming)

    def _nameko_config(self) -> dict[str, Any]:
        return {
            "AMQP_URI": self.config.amqp_uri,
            "max_workers": self.config.max_workers,
            "HEARTBEAT": HEARTBEAT_S,
            "frame": self.frame,
            "alone": Alone(),
            "events": self._events,
            "replies": self._replies,
        }


def _beat_for(name: str) -> None:
    """Beat for a watchdog, which looks from a real thread, for as long as the loop runs."""
    real = eventlet.patcher.original("threading")
    watchdog = Watchdog(name, real.get_ident())
    real.Thread(target=watchdog.look_on, args=(eventlet.patcher.original("time").sleep,), name="watchdog", daemon=True).start()
    while True:
        watchdog.beat()
        eventlet.sleep(BEAT_S)


def _send_once(event: Any) -> None:
    if not event.ready():
        event.send()


def main(room: str) -> None:
    """Start a service from its room's name and this process' environment."""
    try:
        config = read_config()
    except WrongSetting as error:
        sys.exit(f"{room}: {error}")
    cls = service_class(room)
    if (login := login_of(config.amqp_uri)) != cls.name:  # type: ignore[attr-defined]
        # By its login the others know whose events they are, and would refuse all of them.
        sys.exit(f"{room}: AMQP_URI has the login {login}; a service's login on the broker is its name.")
    configure_logs(cls.name)  # type: ignore[attr-defined]
    logging.getLogger("nameko.containers").addFilter(NoAnswers(Refusal, Unavailable, NotYet))
    asker = BrokerAsker(config.amqp_uri, Signer(cls.name, config.key_file), config.call_timeout_s)  # type: ignore[attr-defined]
    frame = make_frame(cls, config, asker)
    frame.parking = own_parking(cls, config.amqp_uri)
    Server(frame, config).run()


if __name__ == "__main__":
    main(sys.argv[1])
