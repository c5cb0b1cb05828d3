"""Run the worker of one service: `python -m chassis.running.work services.<name>`; `--list` names the services that need one."""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys
import threading

import structlog

from chassis.bare.config import WrongSetting, read_config
from chassis.bare.logs import configure_logs
from chassis.bare.principal import Signer
from chassis.running import observability
from chassis.running.calls import BrokerAsker
from chassis.running.doors import Repeats, Works
from chassis.running.frame import Frame, make_frame
from chassis.running.jobs import do_job
from chassis.running.rooms import service_class
from chassis.running.turns import taking_turns

PAUSE_S = 0.2

log = structlog.get_logger()


def with_workers(package: str = "services") -> list[str]:
    """The rooms whose service class has long work, or something to repeat."""
    found = [f"{package}.{module.name}" for module in pkgutil.iter_modules(importlib.import_module(package).__path__) if module.ispkg]
    return [room for room in found if _works(room)]


def _works(room: str) -> bool:
    cls = service_class(room)
    doors = [door for name in dir(cls) for door in getattr(getattr(cls, name), "doors", [])]
    return any(isinstance(door, (Works, Repeats)) for door in doors)


def run(frame: Frame, stop: threading.Event) -> None:
    """Do jobs and take turns until told to stop; what is at hand is finished."""
    with taking_turns(frame, stop):
        _do_jobs(frame, stop)


def _do_jobs(frame: Frame, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            found = do_job(frame)
        except Exception as error:
            log.warning("no job could be claimed, will try again", error=f"{type(error).__name__}: {error}")
            stop.wait(1)
            continue
        if not found:
            stop.wait(PAUSE_S)


def main(room: str) -> None:
    """Start the worker from its room's name and this process' environment."""
    try:
        config = read_config()
    except WrongSetting as error:
        sys.exit(f"{room} worker: {error}")
    cls, stop = service_class(room), threading.Event()
    configure_logs(f"{cls.name}-worker")  # type: ignore[attr-defined]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    asker = BrokerAsker(config.amqp_uri, Signer(cls.name, config.key_file), config.call_timeout_s)  # type: ignore[attr-defined]
    observability.serve_health(config.health_port, lambda: {"working": not stop.is_set()})
    run(make_frame(cls, config, asker), stop)


if __name__ == "__main__":
    if sys.argv[1] == "--list":
        print("\n".join(with_workers()))
    else:
        main(sys.argv[1])
