"""The passwords of one state folder: made when first asked for, then always the same."""

import secrets
from pathlib import Path

from deploy.local.remembered import Remembered


class Passwords:
    """Random passwords by name, kept in a file that only its owner reads."""

    def __init__(self, folder: Path) -> None:
        self._known: Remembered[str] = Remembered(folder / "passwords.json")

    def of(self, name: str) -> str:
        """The password under this name; letters and digits only, so that it fits into any URL and file."""
        return self._known.of(name, lambda _: secrets.token_hex(24))

    def know(self, name: str) -> bool:
        """Whether there is one under this name already."""
        return name in self._known
