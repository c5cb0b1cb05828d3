"""Small lists of one row come in one statement, and are the ones that a loader for each would have brought."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, ForeignKey, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from chassis.running.lists import Lists


class Base(DeclarativeBase):
    """Tables of this test."""

    metadata = MetaData()


class Shelf(Base):
    """Something with two lists."""

    __tablename__ = "shelf"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list[Book]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="Book.title")
    jars: Mapped[list[Jar]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="Jar.label")


class Book(Base):
    """In one list."""

    __tablename__ = "book"
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelf.id"), primary_key=True)
    title: Mapped[str] = mapped_column(primary_key=True)


class Jar(Base):
    """In the other."""

    __tablename__ = "jar"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelf.id"))
    label: Mapped[str | None]


LISTS = Lists(Shelf.books, Shelf.jars)


@pytest.fixture
def session(tiny_engine: Engine) -> Iterator[Session]:
    """Two shelves: one with three books and two jars, one with nothing."""
    Base.metadata.drop_all(tiny_engine)
    Base.metadata.create_all(tiny_engine)
    with Session(tiny_engine) as session:
        books = [Book(title=title) for title in "acb"]
        session.add(Shelf(id=1, books=books, jars=[Jar(id=1, label="plums"), Jar(id=2, label="figs")]))
        session.add(Shelf(id=2, books=[], jars=[]))
        session.commit()
    with Session(tiny_engine) as session:
        yield session
    Base.metadata.drop_all(tiny_engine)


def filled(session: Session, shelf_id: int) -> Shelf:
    """A shelf with its lists."""
    shelf = session.get_one(Shelf, shelf_id)
    LISTS.fill(session, shelf)
    return shelf


def test_each_list_is_whole_and_in_its_order(session: Session, tiny_engine: Engine) -> None:
    """In one statement, and empty where there is nothing."""
    statements: list[Any] = []
    shelf = session.get_one(Shelf, 1)
    event.listen(tiny_engine, "before_cursor_execute", lambda *told: statements.append(told))
    LISTS.fill(session, shelf)
    assert [book.title for book in shelf.books] == ["a", "b", "c"] and [jar.label for jar in shelf.jars] == ["figs", "plums"]
    assert len(statements) == 1
    other = filled(session, 2)
    assert (other.books, other.jars) == ([], [])


def test_lists_are_changed_as_any_other(session: Session) -> None:
    """What is taken out is deleted, what is put in is added; what was not touched is not written."""
    shelf = filled(session, 1)
    assert not session.dirty and not session.new
    shelf.books.pop(0)
    shelf.jars = [Jar(id=3, label="pears")]
    session.commit()
    session.expire_all()
    shelf = filled(session, 1)
    assert [book.title for book in shelf.books] == ["b", "c"] and [jar.label for jar in shelf.jars] == ["pears"]
