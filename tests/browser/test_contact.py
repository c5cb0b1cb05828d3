"""What two do with each other in the browser besides writing: files, complaints, blocks, and an agreement that was made elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.local.people.acts import matching
from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.offices import Offices
from deploy.local.people.papers import pdf
from tests.browser.chromium import PATIENCE_MS
from tests.browser.somebody import Somebody
from tests.journeys.played import Played

ADVERTISING = "Buy our furniture for your laboratories, this week only."


@pytest.fixture
def played(entrance: Entrance, pair: Offices) -> Played:
    """A visitor and a host who are in the lists by now."""
    played = Played(entrance, pair).accepted()
    matching.patiently(lambda: played.visitor.get(f"/v1/catalogue/{_id(played, 'host')}"))
    return played


@pytest.fixture
def contact(played: Played) -> str:
    """The address of their contact, which was accepted."""
    link = matching.ask(played.visitor, _id(played, "visitor"), _id(played, "host"), "visitor", "We would like to see how you work.")
    played.host.post(f"{link}/acceptance")
    return link.removeprefix("/v1")


def test_a_file_is_sent_with_a_message_and_taken_by_the_other(
    somebody: Callable[..., Somebody], played: Played, contact: str, tmp_path: Path
) -> None:
    """It arrives byte for byte, and whoever sent it sees that the other one has read it."""
    paper = pdf(["The programme of our week"])
    visitor, host = _sit_down(somebody, played)
    visitor.opens(contact).fills("conversation.write", "Here is our programme.")
    visitor.gives_file(paper, "programme.pdf").presses("form.send")
    expect(_log(visitor).get_by_role("link", name="programme.pdf")).to_be_visible(timeout=PATIENCE_MS)
    host.opens(contact)
    with host.page.expect_download() as downloading:
        _log(host).get_by_role("link", name="programme.pdf").click()
    downloading.value.save_as(tmp_path / "taken.pdf")
    assert (tmp_path / "taken.pdf").read_bytes() == paper
    read = visitor.words("conversation.readBy", sides=visitor.words("codes.side.host"))
    expect(_log(visitor).get_by_text(read)).to_be_visible(timeout=PATIENCE_MS)


def test_a_message_is_complained_of_and_its_writer_blocked_and_let_in_again(
    somebody: Callable[..., Somebody], played: Played, contact: str
) -> None:
    """The support office has the complaint; the block ends the contact, stands on a list, and is lifted there."""
    matching.write(played.visitor, played.visitor.get(f"/v1{contact}").body, ADVERTISING)
    _, host = _sit_down(somebody, played)
    host.opens(contact)
    message = _log(host).get_by_role("article").filter(has_text=ADVERTISING)
    host.presses("complaint.complain", message)
    form = _dialog(host.page)
    form.get_by_label(host.words("complaint.reason")).select_option("advertising")
    form.get_by_label(host.words("complaint.words")).fill("This has nothing to do with an exchange.")
    host.presses("complaint.send", form)
    expect(form.get_by_text(host.words("complaint.sent"))).to_be_visible(timeout=PATIENCE_MS)
    (complaint,) = played.host.all("/v1/complaints")
    assert (complaint["kind"], complaint["reason"], complaint["state"]) == ("message", "advertising", "received")

    host.opens(contact).presses("block.block").presses("block.block", _dialog(host.page))
    host.page.wait_for_url(re.compile("/blocks$"))
    card = host.waits().card(played.visiting.legal_name)
    expect(card).to_contain_text(host.words("codes.block_state.active"), timeout=PATIENCE_MS)
    wait_for(lambda: played.visitor.get(f"/v1{contact}").body["state"] == "closed" or None, "the contact to end")
    host.presses("block.lift", card)
    expect(card).to_contain_text(host.words("codes.block_state.lifted"), timeout=PATIENCE_MS)


def test_an_agreement_made_elsewhere_is_brought_in_by_one_and_confirmed_by_the_other(
    somebody: Callable[..., Somebody], played: Played
) -> None:
    """From the other's page in the catalogue; with the confirmation there is an exchange."""
    visitor, host = _sit_down(somebody, played)
    visitor.opens(f"/catalogue/{_id(played, 'host')}").presses("prior.open")
    form = _dialog(visitor.page)
    form.get_by_label(visitor.words("prior.words")).fill("At the fair in spring we agreed on a week in your laboratory.")
    visitor.presses("prior.send", form)
    visitor.page.wait_for_url(re.compile(r"/contacts/[0-9a-f-]{36}"))
    visitor.waits().sees("contact.broughtIn")
    host.opens(visitor.page.url).presses("contact.moves.confirm_match").sees("contact.agreed")
    assert played.host.get(f"/v1/contacts/{visitor.page.url.rpartition('/')[2]}").body["exchange_id"]


def _sit_down(somebody: Callable[..., Somebody], played: Played) -> tuple[Somebody, Somebody]:
    return tuple(somebody(one.acts_as).logs_in(one.username) for one in (played.visitor, played.host))  # type: ignore[return-value]


def _id(played: Played, side: str) -> str:
    return played.registrations[side].rpartition("/")[2]


def _log(one: Somebody) -> Locator:
    return one.page.get_by_role("log")


def _dialog(page: Page) -> Locator:
    return page.locator("dialog[open]")
