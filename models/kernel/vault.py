"""Secrets that must be recovered (keys that sign, webhook secrets), sealed with AES-256-GCM (NIST SP 800-38D)."""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
PURPOSE, PURPOSE_COLUMN = "sealed_for", "sealed_for_column"
"""In the `info` of a column that holds sealed secrets: the purpose that they are sealed for, or the name of the column
that says it. `models/tenancy/rotation.py` seals every column that says so again when TROTH_SECRET_KEY is changed.
"""


class VaultError(Exception):
    """A sealed secret does not open: it was sealed under another TROTH_SECRET_KEY, or altered."""


class Vault:
    """Seals secrets under a master key, and opens those sealed under it or under a fallback key; `purpose` is bound as
    associated data.

    The fallback is another key that is valid while the master key is being changed (docs/operations.md).
    """

    def __init__(self, secret_key: str, fallback_key: str = "") -> None:
        keys = (secret_key, fallback_key) if fallback_key else (secret_key,)
        self._ciphers = [AESGCM(hashlib.sha256(key.encode()).digest()) for key in keys]
        self._derived_mark_keys = [hashlib.sha256(b"mark|" + key.encode()).digest() for key in keys]
        self._mark_key = self._derived_mark_keys[0]

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """Seal a secret under the master key."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, secret, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Open what was sealed under the master key or the fallback. Raises VaultError."""
        return self._opened(sealed, purpose)[1]

    def resealed(self, sealed: bytes, purpose: str) -> bytes | None:
        """The same secret sealed under the master key; None for one that is sealed under it already.

        Raises VaultError.
        """
        number, secret = self._opened(sealed, purpose)
        return self.seal(secret, purpose) if number else None

    def _opened(self, sealed: bytes, purpose: str) -> tuple[int, bytes]:
        """The number of the key that opens a secret, 0 for the master key, and the secret. Raises VaultError."""
        for number, cipher in enumerate(self._ciphers):
            try:
                return number, cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
            except InvalidTag:
                continue
        raise VaultError(f"a sealed {purpose} does not open: was TROTH_SECRET_KEY changed?")

    def mark(self, value: bytes, purpose: str) -> str:
        """A one-way hash under the key of marks (HMAC-SHA-256), for values that could be guessed."""
        return hmac.new(self._mark_key, purpose.encode() + b"|" + value, hashlib.sha256).hexdigest()

    def mark_key(self, *, of_fallback: bool) -> bytes:
        """The key of marks of a database that stores none: it is derived from the secret key that its secrets are
        sealed under.
        """
        return self._derived_mark_keys[of_fallback and len(self._derived_mark_keys) > 1]

    def mark_with(self, key: bytes) -> None:
        """Make marks with a key that the database stores.

        Unlike secrets, marks cannot be made again under another key: what they were made of is not kept.
        """
        self._mark_key = key

    @property
    def fingerprint(self) -> str:
        """A text that is the same for the same secret key, and reveals nothing of it."""
        return hmac.new(self._derived_mark_keys[0], b"export|troth", hashlib.sha256).hexdigest()


def digest(secret: str | bytes) -> str:
    """SHA-256 of a secret of at least 128 random bits, in hexadecimal: what is kept and looked up."""
    return hashlib.sha256(secret if isinstance(secret, bytes) else secret.encode()).hexdigest()


def same(one: str | bytes, other: str | bytes) -> bool:
    """Whether two secrets are equal, in constant time."""
    return hmac.compare_digest(
        one if isinstance(one, bytes) else one.encode(), other if isinstance(other, bytes) else other.encode()
    )
