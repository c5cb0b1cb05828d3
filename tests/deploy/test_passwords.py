"""A password is made once, whoever asks, and however many at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.local.passwords import Passwords


def test_password_is_kept_from_start_to_start(tmp_path: Path) -> None:
    """A database that was made with it asks for it again, and nobody else can read it."""
    password = Passwords(tmp_path).of("database/identity")
    assert Passwords(tmp_path).of("database/identity") == password
    assert (tmp_path / "passwords.json").stat().st_mode & 0o077 == 0


def test_passwords_made_by_many_threads_are_all_kept(tmp_path: Path) -> None:
    """Migrations and the broker's logins are prepared side by side."""
    passwords, names = Passwords(tmp_path), [str(number) for number in range(200)]
    with ThreadPoolExecutor(16) as threads:
        made = dict(zip(names, threads.map(passwords.of, names), strict=True))
    assert {name: Passwords(tmp_path).of(name) for name in names} == made


def test_two_hands_on_one_file_lose_nothing(tmp_path: Path) -> None:
    """A private broker and a private database of a test share a folder."""
    one, two = Passwords(tmp_path), Passwords(tmp_path)
    made = {"a": one.of("a"), "b": two.of("b"), "c": one.of("c")}
    assert {name: Passwords(tmp_path).of(name) for name in made} == made


def test_value_that_another_made_meanwhile_is_taken_as_it_is(tmp_path: Path) -> None:
    """Two commands on one state folder: the second one must not make a new password over the first one's."""
    first, second = Passwords(tmp_path), Passwords(tmp_path)
    assert first.of("database/identity") == second.of("database/identity")
