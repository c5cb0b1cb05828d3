"""The passwords of one state folder: made when first asked for, then always the same."""

import json
import secrets
from pathlib import Path

from deploy.local.files import write_atomically


class Passwords:
    """Random passwords by name, kept in a file that only its owner reads."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "passwords.json"
        self._known: dict[str, str] = self._read()

    def of(self, name: str) -> str:
        """The password under this name; letters and digits only, so that it fits into any URL and file."""
        if name not in self._known:
            self._known = {name: secrets.token_hex(24)} | self._read()  # the file may have grown under another's hand
            write_atomically(self._file, json.dumps(self._known, indent=1))
        return self._known[name]

    def _read(self) -> dict[str, str]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}
