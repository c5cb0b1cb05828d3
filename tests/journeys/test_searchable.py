"""A change is searchable: what one writes into its profile, another finds, over the whole way."""

from __future__ import annotations

import pytest

from deploy.local.people.acts.matching import patiently
from tests.journeys.played import Played
from tests.load.searchable import Changing

pytestmark = pytest.mark.slow


def test_a_changed_profile_is_found_by_the_search_of_somebody_else_and_its_old_words_no_more(played: Played) -> None:
    """However long it takes here; `make bench` says how long. Through the registry's commit, the broker and the index, texts and all."""
    played.accepted()
    patiently(lambda: played.visitor.get("/v1/catalogue"))
    found = Changing(played.host, played.registrations["host"], played.visitor)
    words = [found.change()[0] for _ in range(3)]
    assert [found.is_found(each) for each in words] == [False, False, True]
