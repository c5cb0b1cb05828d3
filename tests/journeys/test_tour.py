"""The tour: whole exchanges, each person finding the next task in the own mails, notices and lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from rich.console import Console

from deploy.local.exchange.__main__ import tour
from deploy.local.exchange.telling import Teller
from deploy.local.people import offices as offices_of_the_tour
from deploy.local.people.offices import Offices
from deploy.local.system import Running
from tests.journeys.remembering import Remembering

pytestmark = pytest.mark.slow


def test_two_exchanges_are_played_from_the_account_to_the_payment(
    running: Running, offices: Offices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are paid, and nobody named an id that nobody had told; what each could download is there, the commitment as a readable PDF."""
    monkeypatch.setattr(offices_of_the_tour, "Person", Remembering)
    Remembering.forget()
    teller = Teller(Console(quiet=True), every_request=False)
    assert tour(running.here, 2, 4, teller, str(tmp_path)) == 2
    # 503 is no failure: it asks to come again, as where two waited for each other and one had to make way.
    assert [call for call in teller.calls if call.status >= 500 and call.status != 503] == []
    assert Remembering.passed_on == []
    assert len(Remembering.named) > 100 and len(set(Remembering.named)) > 20
    kept = sorted(tmp_path.glob("*/visitor/commitment-to-quality.pdf"))
    assert len(kept) == 2
    assert "internships" in "".join(page.extract_text() for page in PdfReader(kept[0]).pages)
    for exchange in tmp_path.iterdir():
        assert {each.name for each in exchange.iterdir()} == {
            "visitor", "host", "visitor-desk", "host-desk", "paying-officer", "support-officer",
        }  # fmt: skip
        assert exchange.name in (exchange / "support-officer" / "dossier.json").read_text()
