"""The keys of one installation: who issues tokens has a private key, and everyone has all the public ones."""

import base64
import secrets
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.files import private_folder, write_atomically


class Keys:
    """The key folders of a state folder."""

    def __init__(self, state: Path) -> None:
        self._own = state / "keys"
        self.trust_folder = state / "trust"

    def make(self, issuers: Iterable[str]) -> None:
        """Make what is missing; a key that is there stays, else nobody's token would hold after a restart."""
        for folder in (self._own, self.trust_folder):
            private_folder(folder)
        for issuer in issuers:
            if not self.key_file(issuer).exists():
                self._make(issuer)
        if not self.field_key_file.exists():
            write_atomically(self.field_key_file, base64.b64encode(secrets.token_bytes(32)) + b"\n")

    def key_file(self, issuer: str) -> Path:
        """An issuer's own private key (EC P-256, PEM)."""
        return self._own / f"{issuer}.pem"

    @property
    def field_key_file(self) -> Path:
        """The key under which payments encrypts bank details: 32 bytes, base64."""
        return self._own / "fields.key"

    def _make(self, issuer: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        # The public half first: once the private one is there, both are.
        write_atomically(self.trust_folder / f"{issuer}.pem", public)
        write_atomically(
            self.key_file(issuer),
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        )
