"""What others do stands on the page without anybody loading it anew: by the stream of words, and by asking now and then where that is cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from deploy.local.people.acts import agreeing
from deploy.local.people.acts.agreeing import COMMITMENT, FINANCIAL
from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.offices import Offices
from tests.browser.chromium import PATIENCE_MS
from tests.browser.somebody import Somebody
from tests.journeys.played import Played

STREAM = "**/v1/live"
NEVER_ASKS = "window.setInterval = () => 0"
"""Only the stream is left to bring news: whatever would ask now and then does not."""
OFTEN_ASKS = "{ const every = window.setInterval.bind(window); window.setInterval = (act, after) => every(act, Math.min(after, 1000)) }"
MESSAGE, OBJECTIVE = "Bring warm clothes.", "See how the host keeps its laboratory open"


@pytest.fixture(scope="module")
def played(entrance: Entrance, pair: Offices) -> Played:
    """An exchange whose commitment is validated and waits for its signatures."""
    return Played(entrance, pair).validated()


class Reader:
    """The visitor before one part of the exchange, which is loaded once and never again."""

    def __init__(self, one: Somebody, played: Played, part: str) -> None:
        self.one, self.page = one, one.page
        one.logs_in(played.visitor.username).opens(f"{played.link.removeprefix('/v1')}?part={part}")
        self.page.evaluate("window.isTheSame = true")

    def is_where_it_was(self) -> bool:
        """Whether nothing was loaded anew."""
        return bool(self.page.evaluate("window.isTheSame === true"))


@pytest.fixture
def reader(somebody: Callable[..., Somebody], played: Played) -> Callable[..., Reader]:
    """Opens a part; with the stream alone, without it and asking often, or with neither."""

    def open_part(part: str, script: str = NEVER_ASKS, *, cut: bool = False) -> Reader:
        one = somebody("visitor")
        one.window.context.add_init_script(script)
        if cut:
            one.window.context.route(STREAM, lambda route: route.abort())
        return Reader(one, played, part)

    return open_part


WAYS = [pytest.param({"script": NEVER_ASKS}, id="stream"), pytest.param({"script": OFTEN_ASKS, "cut": True}, id="asking")]


@pytest.mark.parametrize("way", WAYS)
def test_a_message_appears_by_itself(reader: Callable[..., Reader], played: Played, way: dict[str, Any]) -> None:
    """While one reads; what one is writing meanwhile stays."""
    reads = reader("talk", **way)
    one, words = reads.one, f"{MESSAGE} ({way.get('cut', False)})"
    one.fills("conversation.write", "I have not finished yet")
    find = lambda: next(iter(played.host.all("/v1/conversations", exchange_id=played.link.rpartition("/")[2])), None)  # noqa: E731
    talk = wait_for(find, "the conversation")["conversation_id"]
    played.host.post(f"/v1/conversations/{talk}/messages", text=words)
    expect(one.within("conversation.title")).to_contain_text(words, timeout=2 * PATIENCE_MS)
    expect(one.field(one.words("conversation.write"))).to_have_value("I have not finished yet")
    assert reads.is_where_it_was()


def test_a_signature_and_then_the_status_appear_by_themselves(reader: Callable[..., Reader], played: Played) -> None:
    """By the stream for one reader and by asking for another, side by side: who signed, who is awaited, and that it is agreed."""
    readers = [reader("agreements", **each.values[0]) for each in WAYS]
    commitments = [each.one.within("agreement.commitment") for each in readers]
    awaited = re.compile(f": {re.escape(readers[0].one.words('agreement.awaited'))}$")
    for commitment in commitments:
        expect(commitment.get_by_text(awaited)).to_have_count(4, timeout=PATIENCE_MS)
    agreeing.sign(played.host, played.link, COMMITMENT)
    for commitment in commitments:
        expect(commitment.get_by_text(awaited)).to_have_count(3, timeout=2 * PATIENCE_MS)
    state = readers[0].one.words("codes.exchange_state.signing")
    for each in readers:
        expect(each.one.shown(state)).to_be_visible(timeout=2 * PATIENCE_MS)
        each.one.keeps_picture("the host signed")
        assert each.is_where_it_was()


def test_what_changed_while_one_reads_is_shown_and_then_signed(reader: Callable[..., Reader], played: Played) -> None:
    """The host amends; the reader sees the lines that differ, above the text as it is now, and signs that."""
    reads = reader("agreements")
    one, commitment = reads.one, reads.one.within("agreement.commitment")
    expect(one.button("agreement.sign", commitment)).to_be_visible(timeout=PATIENCE_MS)
    _amend(played, OBJECTIVE)
    expect(commitment.get_by_text(one.words("agreement.changedMeanwhile"))).to_be_visible(timeout=2 * PATIENCE_MS)
    expect(commitment.locator("ins").filter(has_text=OBJECTIVE)).to_be_visible(timeout=2 * PATIENCE_MS)
    one.keeps_picture("changed while it was read")
    assert reads.is_where_it_was()
    one.presses("agreement.sign", commitment)
    expect(one.button("agreement.sign", commitment)).to_have_count(0, timeout=PATIENCE_MS)
    assert _has_signed(played)


def test_a_text_that_changed_unseen_is_not_signed(reader: Callable[..., Reader], played: Played) -> None:
    """No news came: the signature is refused, the new text is shown with what changed, and the next one is for that."""
    _amend(played, "Write a common outline")
    reads = reader("agreements", cut=True)
    one, commitment = reads.one, reads.one.within("agreement.commitment")
    expect(one.button("agreement.sign", commitment)).to_be_visible(timeout=PATIENCE_MS)
    _amend(played, "Meet the host's members")
    one.presses("agreement.sign", commitment)
    one.sees("agreement.stale")
    expect(commitment.locator("ins").filter(has_text="Meet the host's members")).to_be_visible(timeout=PATIENCE_MS)
    one.keeps_picture("not signed")
    assert not _has_signed(played) and reads.is_where_it_was()
    one.presses("agreement.sign", commitment)
    expect(one.button("agreement.sign", commitment)).to_have_count(0, timeout=PATIENCE_MS)
    assert _has_signed(played)


def test_news_that_were_missed_while_the_stream_was_away_are_fetched_when_it_is_back(reader: Callable[..., Reader], played: Played) -> None:
    """Nothing asks now and then here: coming back is enough."""
    reads = reader("agreements")
    financial = reads.one.within("agreement.financial")
    awaited = re.compile(f": {re.escape(reads.one.words('agreement.awaited'))}$")
    expect(financial.get_by_text(awaited)).to_have_count(2, timeout=PATIENCE_MS)
    reads.one.window.context.set_offline(True)
    agreeing.sign(played.visitor_desk, played.link, FINANCIAL)
    expect(financial.get_by_text(awaited)).to_have_count(2)
    reads.one.window.context.set_offline(False)
    expect(financial.get_by_text(awaited)).to_have_count(1, timeout=2 * PATIENCE_MS)
    assert reads.is_where_it_was()


def _amend(played: Played, objective: str) -> None:
    """A new version of the commitment with one more objective, validated by both partnerships."""
    played.host.post(f"{played.link}/commitment/amendments", reason="other", explanation="One more thing to see.")
    plan = played.host.get(f"{played.link}/commitment").body["plan"]
    agreeing.write_plan(played.host, played.link, plan | {"objectives": [*plan["objectives"], objective]})
    agreeing.submit_plan(played.host, played.link)
    for desk in played.desks:
        agreeing.validate(desk, played.link)


def _has_signed(played: Played) -> bool:
    """Whether the visitor stands under the text that stands."""
    text = played.visitor.get(f"{played.link}/agreements/{COMMITMENT}").body
    return "visitor" in {each["party"] for each in text["signatures"]}
