"""What one process works with: its service class, database, clock, blobs, keys; and how a door is carried out on it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import eventlet.patcher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

from chassis.bare.blobs import Blobs
from chassis.bare.clock import Clock
from chassis.bare.config import Config
from chassis.bare.principal import Principal, Signer, Verifier, service
from chassis.running import postgres

if TYPE_CHECKING:
    from chassis.running.calls import Asker
    from chassis.running.occasions import Occasion
    from chassis.running.parking import Parking

CHANGES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\b")
"""What no statement says that only reads; `FOR UPDATE` is among it."""
DATABASE_OPTIONS = "-c timezone=UTC -c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000"


_select: Any = eventlet.patcher.original("select")
"""The real one: eventlet's has no `poll`, and looking must not make way for others."""


@dataclass
class Frame:
    """Everything a service's doors stand on in this process."""

    service_class: type
    sessions: sessionmaker[Session]
    clock: Clock
    blobs: Blobs
    signer: Signer
    verifier: Verifier
    asker: Asker
    derived: Path | None = None
    """The service's own folder for what can be made again at any time, shared by its processes; None: it keeps nothing of the kind."""
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    parking: Callable[[], Parking] | None = None
    """Opens the service's own parking, as its own login."""

    @property
    def looking(self) -> sessionmaker[Session]:
        """Sessions for reads alone, in which each statement is its own transaction: a round trip less at both ends."""
        return _looking(self.sessions.kw["bind"])

    @property
    def name(self) -> str:
        """The service's name."""
        return str(self.service_class.name)  # type: ignore[attr-defined]

    @property
    def itself(self) -> Principal:
        """The principal as which listeners, due work and jobs act."""
        return service(self.name)

    def doors(self, kind: Any) -> dict[str, Any]:
        """The service's doors of one kind, by what opens them (a contract's slug or a kind of work)."""
        return doors_of(self.service_class, kind)

    def carry_out(self, door: Any, occasion: Occasion) -> Any:
        """Open a door outside of nameko: for due work, jobs, waiting events and tests."""
        instance = self.service_class()
        for name in dir(self.service_class):
            provider = getattr(self.service_class, name)
            if isinstance(provider, Provided):
                setattr(instance, name, provider.given(self, occasion))
        return getattr(instance, door.method_name)(occasion)

    def committed(self) -> None:
        """Tell whoever waits for new journal rows or jobs."""
        for wake in self.after_commit:
            wake()


@cache
def doors_of(service_class: type, kind: Any) -> dict[str, Any]:
    """The doors of one kind that a service class declares, by what opens them."""
    methods = [getattr(service_class, name) for name in dir(service_class)]
    doors = [door for method in methods for door in getattr(method, "doors", []) if isinstance(door, kind)]
    return {door.opens_on: door for door in doors}


class Provided(ABC):
    """Something a service class declares and gets anew for each occasion."""

    @abstractmethod
    def given(self, frame: Frame, occasion: Occasion) -> Any:
        """What the attribute is on the instance that serves this occasion."""


def make_engine(database_url: str, pool_size: int = 10) -> Engine:
    """An engine in UTC with statement time-outs; a connection that died in the pool is replaced unseen."""
    postgres.register()
    engine = create_engine(
        database_url,
        pool_size=pool_size,
        max_overflow=5,
        pool_timeout=10,
        connect_args={"options": DATABASE_OPTIONS, "connect_timeout": 5},
    )
    event.listen(engine, "checkout", lambda connection, *_: _demand_life(engine, connection))
    return engine


@lru_cache(maxsize=4)
def _looking(engine: Engine) -> sessionmaker[Session]:
    """On the same connections without transactions; what would change something is refused, for nothing could take it back."""
    reading = engine.execution_options(isolation_level="AUTOCOMMIT")
    event.listen(reading, "before_cursor_execute", _refuse_changes)
    return sessionmaker(reading, expire_on_commit=False)


def _refuse_changes(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    if CHANGES.search(statement):
        raise TypeError(f"a unit that only reads would change or lock something: {statement[:60]}")


def _demand_life(engine: Engine, connection: Any) -> None:
    """Look whether the server has ended a connection, and only then ask it: asking each time is a round trip for every unit."""
    if _has_something_to_read(connection) and not _answers(engine, connection):
        raise InvalidatePoolError("the server has ended this connection")


def _has_something_to_read(connection: Any) -> bool:
    """On a connection where nothing was asked that is the server's farewell or the line's end, or at most a notice."""
    looking = _select.poll()
    looking.register(connection.fileno(), _select.POLLIN)
    return bool(looking.poll(0))


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except (DBAPIError, engine.dialect.loaded_dbapi.Error):
        return False


def make_frame(service_class: type, config: Config, asker: Asker) -> Frame:
    """The frame of a real process, from its settings."""
    name: str = service_class.name  # type: ignore[attr-defined]
    engine = make_engine(config.database_url, config.max_workers)
    return Frame(
        service_class=service_class,
        sessions=sessionmaker(engine, expire_on_commit=False),
        clock=Clock(config.clock_file),
        blobs=Blobs(config.blob_folder, name),
        signer=Signer(name, config.key_file),
        verifier=Verifier(config.trust_folder),
        asker=asker,
        derived=config.derived_folder / name if config.derived_folder else None,
    )
