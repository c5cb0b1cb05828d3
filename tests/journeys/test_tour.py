"""The tour: whole exchanges, each person finding the next task in the own mails, notices and lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from rich.console import Console

from deploy.local.exchange.__main__ import tour
from deploy.local.exchange.telling import Teller
from deploy.local.people.offices import Offices
from deploy.local.system import Running

pytestmark = pytest.mark.slow


def test_two_exchanges_are_played_from_the_account_to_the_payment(running: Running, offices: Offices, tmp_path: Path) -> None:
    """Both are paid; and what the visitors could download is there, the signed commitment as a readable document."""
    teller = Teller(Console(quiet=True), every_request=False)
    assert tour(running.here, 2, 4, teller, str(tmp_path)) == 2
    assert [call for call in teller.calls if call.status >= 500] == []
    kept = sorted(tmp_path.glob("*/visitor/commitment-to-quality.pdf"))
    assert len(kept) == 2
    assert "internships" in "".join(page.extract_text() for page in PdfReader(kept[0]).pages)
