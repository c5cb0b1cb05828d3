"""The first administrator is made by a command, by the rules, with a trail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.identity.conftest import PASSWORD, IdentityRoom

WHO = ("--e-mail", "chief@example.org", "--username", "chief")


def make(identity: IdentityRoom, tmp_path: Path, *asked: str, password: str | None = PASSWORD) -> subprocess.CompletedProcess[str]:
    """Run the command in an environment like a service's."""
    key_file = next(tmp_path.rglob("identity.key"))
    told = {
        "PATH": os.environ["PATH"], "AMQP_URI": "amqp://nowhere", "DATABASE_URL": identity.room.engine.url.render_as_string(hide_password=False),
        "KEY_FILE": str(key_file), "TRUST_FOLDER": str(key_file.parent / "trust"), "BLOB_FOLDER": str(tmp_path),
    }  # fmt: skip
    told |= {"ADMINISTRATOR_PASSWORD": password} if password else {}
    command = [sys.executable, "-W", "ignore", "-m", "services.identity.administrator", *asked]
    return subprocess.run(command, env=told, capture_output=True, text=True, timeout=60, check=False)


def test_administrator_can_log_in_and_leaves_a_trail(identity: IdentityRoom, tmp_path: Path) -> None:
    """Confirmed at once, with the role, by the service itself."""
    done = make(identity, tmp_path, *WHO, "--title", "Dr")
    assert (done.returncode, done.stdout) == (0, "administrator chief <chief@example.org>\n"), done.stderr
    assert identity.principal(identity.log_in("chief")).roles == frozenset({("administrator", None)})
    assert [fact.type for fact in identity.room.facts()] == ["account_created", "account_confirmed", "role_granted"]
    with identity.room.unit() as unit:
        person_id = identity.log_in("chief")["person_id"]
        assert {row.actor for row in unit.history(f"person/{person_id}")} == {"service:identity"}


def test_password_is_made_and_said_once_where_none_is_given(identity: IdentityRoom, tmp_path: Path) -> None:
    """It opens the account; the address alone is enough to ask for."""
    done = make(identity, tmp_path, "chief@example.org", password=None)
    said, _, password = done.stdout.strip().partition(" with password ")
    assert said == "administrator chief <chief@example.org>" and identity.log_in("chief", password)


@pytest.mark.parametrize(
    ("asked", "password", "said"),
    [
        (("--e-mail", "nobody"), PASSWORD, "e_mail"),
        (("--e-mail", "chief@example.org", "--username", "a@b"), PASSWORD, "username"),
        (WHO, "short", "password"),
        (WHO, "chief chief chief", "easy to guess"),
    ],
)
def test_what_is_not_acceptable_is_refused_in_a_line(
    identity: IdentityRoom, tmp_path: Path, asked: tuple[str, ...], password: str, said: str
) -> None:
    """By the rules that everybody's account goes through."""
    done = make(identity, tmp_path, *asked, password=password)
    assert done.returncode == 1 and said in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert identity.room.facts() == []


def test_second_administrator_is_made_only_when_asked_for(identity: IdentityRoom, tmp_path: Path) -> None:
    """Later ones are made by administrators; and never with an address or name that is taken."""
    assert make(identity, tmp_path, *WHO).returncode == 0
    another = ("--e-mail", "second@example.org", "--username", "second")
    refused = make(identity, tmp_path, *another)
    assert refused.returncode == 1 and "--another" in refused.stderr and len(refused.stderr.strip().splitlines()) == 1
    assert make(identity, tmp_path, *WHO, "--another").returncode == 1
    assert make(identity, tmp_path, "--e-mail", "third@example.org", "--username", "Chief", "--another").returncode == 1
    assert make(identity, tmp_path, *another, "--another").returncode == 0
    assert len(identity.room.facts("role_granted")) == 2
