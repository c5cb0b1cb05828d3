"""What is random is no difference between two runs of the same thing; everything else is."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from services.identity.model import secrets as links
from services.identity.passwords import hash_password
from services.payments.vault import Vault
from services.registry.model import secrets as systems
from services.registry.model.partner_access import _new_queue
from tests.faults.crash_points.cases import SERVICES_CODE
from tests.faults.crash_points.leftovers import plain
from tests.payments.exchanges import account

VAULT_KEY, EXCHANGE = base64.b64encode(bytes(32)).decode(), uuid4()
RANDOM = re.compile(r"token_(?:hex|urlsafe|bytes)\(|urandom\(|PasswordHasher\(|uuid[14]\(|\bimport random|\bfrom random\b")
"""How a service makes what is another each time; ids of tables come from the chassis."""


def _sealed(folder: Path) -> str:
    (folder / "keys").write_text(VAULT_KEY)
    return f"\\x{Vault(folder / 'keys').seal(account(), EXCHANGE).content.hex()}"


MAKERS: dict[str, dict[str, Callable[[Path], str]]] = {
    "identity/passwords.py": {"password": lambda _: hash_password("an ordinary password")},
    "identity/administrator.py": {},  # its password is said, never kept
    "identity/model/secrets.py": {
        "link": lambda _: f"https://clusterxchange.example/confirm#{links.new_secret()} opens it",
        "link kept": lambda _: links.hashed(links.new_secret()),
    },
    "registry/model/secrets.py": {"secret": lambda _: systems.new_secret(), "secret kept": lambda _: systems.hashed(systems.new_secret())},
    "registry/model/partner_access.py": {"queue": lambda _: _new_queue("partner.blues-0123456789ab")},
    "payments/vault.py": {"sealed": _sealed},
}
"""Every module of a service that makes something random, and how what it keeps of it looks in a row."""


def test_whatever_a_service_makes_at_random_is_known_here() -> None:
    """A new maker must be added, so that what it makes is looked at."""
    makers = {str(file.relative_to(SERVICES_CODE)) for file in SERVICES_CODE.rglob("*.py") if RANDOM.search(file.read_text())}
    assert makers == set(MAKERS)


@pytest.mark.parametrize(("module", "what"), [(module, what) for module, made in MAKERS.items() for what in made])
def test_what_is_random_does_not_count_as_a_difference(module: str, what: str, tmp_path: Path) -> None:
    """Ten of them, none like another, are all the same without what is random."""
    made = [MAKERS[module][what](tmp_path) for _ in range(10)]
    assert len(set(made)) == 10
    assert len({str(plain({"column": [each]})) for each in made}) == 1


def test_how_a_password_is_hashed_still_counts() -> None:
    """Only salt and hash are masked: weaker settings, no hash at all or the password itself are differences."""
    kept = hash_password("an ordinary password")
    assert (
        len({plain(each) for each in (kept, kept.replace("t=2", "t=1"), kept.replace("argon2id", "argon2i"), "", "an ordinary password")})
        == 5
    )


def test_what_stands_where_something_random_may_is_still_a_difference() -> None:
    """Only the end of a partnership's queue is another each time: whose it is, and other rows of sixteen digits, count."""
    queue = _new_queue("partner.blues-0123456789ab")
    others = (queue.replace("blues", "wind"), queue + "0", "1234567890123456", "6543210987654321", "partner.blues-0123456789ab")
    assert len({plain(each) for each in (queue, *others)}) == 1 + len(others)
