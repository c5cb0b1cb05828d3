"""What is kept encrypted: accounts and payment lists are sealed with AES-GCM under a key from a file, and bound to what they belong to.

The key file (FIELD_KEY_FILE) holds one key a line, 32 bytes in base64; the last one seals, all of them open. To change keys add
a line; old rows open with the old one, which is named beside them by the first signs of its own hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.bare.config import WrongSetting

NONCE_BYTES = 12
LIST = b"payment list"
"""Tells a list's binding from an account's."""


@dataclass(frozen=True)
class Account:
    """An account in the clear: the IBAN, or another account in words; holder and address in parts."""

    account: str
    by_hand: bool
    bic: str | None
    holder: str
    address: dict[str, str]

    @property
    def masked(self) -> str:
        """The account as anybody but the paying officer sees it: country, check digits and the last four signs."""
        return "**** (by hand)" if self.by_hand else f"{self.account[:4]} **** {self.account[-4:]}"


@dataclass(frozen=True)
class Sealed:
    """Something encrypted and the id of the key."""

    key_id: str
    content: bytes


class Vault:
    """Seals and opens accounts and payment lists with the keys of a file."""

    def __init__(self, key_file: Path) -> None:
        self._keys = dict(_key(line) for line in _lines(key_file))
        self._newest = list(self._keys)[-1]

    def seal(self, account: Account, exchange_id: UUID) -> Sealed:
        """Encrypt an account; it opens for this exchange only, so that rows cannot be swapped."""
        return self._encrypt(json.dumps(asdict(account)).encode(), exchange_id.bytes)

    def open(self, sealed: Sealed, exchange_id: UUID) -> Account:
        """Decrypt an account; raises WrongSetting without its key, InvalidTag when it was tampered with."""
        return Account(**json.loads(self._decrypt(sealed, exchange_id.bytes)))

    def seal_list(self, content: bytes, batch_id: UUID) -> Sealed:
        """Encrypt the file of a payment list; it opens for this list only."""
        return self._encrypt(content, LIST + batch_id.bytes)

    def open_list(self, sealed: Sealed, batch_id: UUID) -> bytes:
        """Decrypt the file of a payment list; raises WrongSetting without its key, InvalidTag when it was tampered with."""
        return self._decrypt(sealed, LIST + batch_id.bytes)

    def _encrypt(self, content: bytes, bound_to: bytes) -> Sealed:
        nonce = os.urandom(NONCE_BYTES)
        return Sealed(self._newest, nonce + self._keys[self._newest].encrypt(nonce, content, bound_to))

    def _decrypt(self, sealed: Sealed, bound_to: bytes) -> bytes:
        if sealed.key_id not in self._keys:
            raise WrongSetting(f"FIELD_KEY_FILE lacks the key {sealed.key_id}, with which accounts are sealed")
        nonce, content = sealed.content[:NONCE_BYTES], sealed.content[NONCE_BYTES:]
        return self._keys[sealed.key_id].decrypt(nonce, content, bound_to)


def open_vault() -> Vault:
    """The vault of this process, read anew each time so that a key added to the file is used at once; raises WrongSetting."""
    path = os.environ.get("FIELD_KEY_FILE")
    if not path:
        raise WrongSetting("FIELD_KEY_FILE is missing: payments keeps bank details encrypted with the key in it")
    return Vault(Path(path))


def _lines(key_file: Path) -> list[str]:
    try:
        lines = [line for line in key_file.read_text().split() if line]
    except OSError as error:
        raise WrongSetting(f"FIELD_KEY_FILE cannot be read: {error.strerror}") from error
    if not lines:
        raise WrongSetting("FIELD_KEY_FILE is empty: it needs 32 random bytes in base64")
    return lines


def _key(line: str) -> tuple[str, AESGCM]:
    try:
        key = base64.b64decode(line, validate=True)
        return hashlib.sha256(key).hexdigest()[:12], _aes_256(key)
    except ValueError as error:
        raise WrongSetting("FIELD_KEY_FILE must hold 32 random bytes in base64 on each line") from error


def _aes_256(key: bytes) -> AESGCM:
    if len(key) != 32:
        raise ValueError("not 32 bytes")
    return AESGCM(key)
