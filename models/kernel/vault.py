"""Secrets that must be recovered (keys that sign, webhook secrets), sealed with AES-256-GCM (NIST SP 800-38D)."""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class VaultError(Exception):
    """A sealed secret does not open: it was sealed under another TROTH_SECRET_KEY, or altered."""


class Vault:
    """Seals and opens secrets under one master key; `purpose` is bound as associated data."""

    def __init__(self, secret_key: str) -> None:
        self._mark_key = hashlib.sha256(b"mark|" + secret_key.encode()).digest()
        self._cipher = AESGCM(hashlib.sha256(secret_key.encode()).digest())

    def seal(self, secret: bytes, purpose: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
        except InvalidTag as error:
            raise VaultError(f"a sealed {purpose} does not open: was TROTH_SECRET_KEY changed?") from error

    def mark(self, value: bytes, purpose: str) -> str:
        """A one-way hash under the master key (HMAC-SHA-256), for values that could be guessed."""
        return hmac.new(self._mark_key, purpose.encode() + b"|" + value, hashlib.sha256).hexdigest()


def digest(secret: str | bytes) -> str:
    """SHA-256 of a secret of at least 128 random bits, in hexadecimal: what is kept and looked up."""
    return hashlib.sha256(secret if isinstance(secret, bytes) else secret.encode()).hexdigest()


def same(one: str | bytes, other: str | bytes) -> bool:
    """Whether two secrets are equal, in constant time."""
    return hmac.compare_digest(
        one if isinstance(one, bytes) else one.encode(), other if isinstance(other, bytes) else other.encode()
    )
