"""Newsletters: in by two steps, out by one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from chassis.bare.principal import anonymous
from chassis.bare.refusals import InvalidFields
from contracts.identity.accounts import ReadMe
from contracts.identity.newsletters import ConfirmSubscription, Subscribe, Unsubscribe
from contracts.identity.refusals import LinkNotGood, TooManyAttempts
from services.identity.model import Subscription
from tests.identity.conftest import IdentityRoom

READER = "reader@example.org"


def letters(identity: IdentityRoom) -> dict[str, list[str]]:
    """What goes to whom."""
    with identity.room.frame.sessions() as session:
        return {row.e_mail_key: row.letters for row in session.scalars(select(Subscription))}


def subscribe(identity: IdentityRoom, *wanted: str, e_mail: str = READER) -> dict[str, Any]:
    """Ask for letters."""
    return identity.ask(Subscribe, anonymous(), e_mail=e_mail, letters=list(wanted))


def confirm(identity: IdentityRoom) -> dict[str, Any]:
    """Follow the newest link."""
    return identity.ask(ConfirmSubscription, anonymous(), secret=identity.secret(READER))


def test_nothing_is_sent_before_the_address_confirmed(identity: IdentityRoom) -> None:
    """Anybody can type anybody's address."""
    subscribe(identity, "monthly")
    assert letters(identity) == {READER: []}
    confirm(identity)
    assert letters(identity) == {READER: ["monthly"]}


def test_link_may_be_followed_again(identity: IdentityRoom) -> None:
    """A mail scanner does so; nothing changes."""
    subscribe(identity, "monthly")
    assert confirm(identity) == confirm(identity)


def test_second_letter_adds_to_the_first(identity: IdentityRoom) -> None:
    """Confirmed by its own mail; the older link is good no more."""
    subscribe(identity, "monthly")
    old = identity.secret(READER)
    confirm(identity)
    subscribe(identity, "quarterly")
    with pytest.raises(LinkNotGood):
        identity.ask(ConfirmSubscription, anonymous(), secret=old)
    assert letters(identity) == {READER: ["monthly"]}
    confirm(identity)
    assert letters(identity) == {READER: ["monthly", "quarterly"]}


@pytest.mark.parametrize(("left", "stay"), [(["monthly"], ["quarterly"]), (["monthly", "quarterly"], [])])
def test_leaving_takes_one_step(identity: IdentityRoom, left: list[str], stay: list[str]) -> None:
    """For one letter or for all, whatever case the address is typed in."""
    subscribe(identity, "monthly", "quarterly")
    confirm(identity)
    identity.ask(Unsubscribe, anonymous(), e_mail=READER.upper(), letters=left)
    assert letters(identity) == {READER: stay}


def test_old_link_does_not_bring_back_who_left(identity: IdentityRoom) -> None:
    """Whoever left stays away until they ask again."""
    subscribe(identity, "monthly")
    confirm(identity)
    identity.ask(Unsubscribe, anonymous(), e_mail=READER)
    confirm(identity)
    assert letters(identity) == {READER: []}


def test_leaving_is_said_alike_to_known_and_unknown(identity: IdentityRoom) -> None:
    """Nobody learns who reads."""
    subscribe(identity, "monthly")
    known, unknown = (identity.ask(Unsubscribe, anonymous(), e_mail=address) for address in (READER, "nobody@example.org"))
    assert known == unknown


def test_leaving_counts_for_the_account_of_the_address_too(identity: IdentityRoom) -> None:
    """One address, one will."""
    who = identity.logged_in()
    assert identity.ask(ReadMe, who)["newsletters"] == ["monthly"]
    identity.ask(Unsubscribe, anonymous(), e_mail="textile@example.org")
    assert identity.ask(ReadMe, who)["newsletters"] == []


def test_made_up_link_is_refused(identity: IdentityRoom) -> None:
    """And so is one without letters."""
    with pytest.raises(LinkNotGood):
        identity.ask(ConfirmSubscription, anonymous(), secret="made up")
    with pytest.raises(InvalidFields):
        subscribe(identity)


def test_strangers_cannot_flood_a_mailbox(identity: IdentityRoom) -> None:
    """The same count as for every mail that anybody can cause."""
    with pytest.raises(TooManyAttempts):
        for _ in range(6):
            subscribe(identity, "monthly")


def test_confirmation_comes_in_the_language_of_the_page(identity: IdentityRoom) -> None:
    """With the same link."""
    identity.ask(Subscribe, anonymous(), e_mail=READER, letters=["monthly"], language="fr")
    mail = identity.mails(READER)[-1]
    assert mail.title == "Veuillez confirmer vos lettres d’information"
    assert "https://tool.example.org/newsletter/confirmation?secret=" in mail.text
