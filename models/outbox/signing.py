"""The key that signs webhooks: one RSA key for the host, sealed in the vault, published as JSON Web Key (RFC 7517).

The newest key that is not retired signs. A retired key is published no longer, so what it signed verifies no longer;
to change keys without that, a newer key is added first and the old one retired when its deliveries are over.
"""

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.kernel.base import Base
from models.kernel.ids import SystemRandom, uuid4
from models.kernel.vault import PURPOSE, Vault
from models.uow import UnitOfWork

KEY_BITS = 2_048
PUBLIC_EXPONENT = 65_537
SEAL_PURPOSE = "signing_key"
_BASE64URL = re.compile("[A-Za-z0-9_-]*")
DEMO_KID = "5c1f7a52-6f0e-4b8e-9d43-2f6f0a7f4e11"
"""The id of the published key of mock mode (fixtures/demo_signing_key.pem)."""


class SigningKeyRow(Base):
    """An RSA key pair of the host."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info={PURPOSE: SEAL_PURPOSE})
    """The private key as PEM (PKCS#8), sealed."""
    public_jwk: Mapped[dict[str, Any]]
    created_ms: Mapped[int]
    retired_ms: Mapped[int | None]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, opened. Its text never leaves the process."""

    kid: str
    pem: bytes

    def sign(self, data: bytes) -> bytes:
        """RS256 (RFC 7518, section 3.3): RSASSA-PKCS1-v1_5 with SHA-256."""
        return _private_key(self.pem).sign(data, padding.PKCS1v15(), hashes.SHA256())

    def __repr__(self) -> str:
        return f"SigningKey(kid={self.kid!r})"


@lru_cache(maxsize=8)
def _private_key(pem: bytes) -> rsa.RSAPrivateKey:
    """A parsed key.

    It is one that `generate_pem` or the demo made: its primes, whose test costs far more than a signature, are not
    tested.
    """
    key = serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the signing key is not an RSA key")
    return key


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_decode(text: str) -> bytes:
    """The bytes of base64url without padding or other characters (RFC 7515, section 2). Raises ValueError."""
    if _BASE64URL.fullmatch(text) is None:
        raise ValueError("it is not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(value: int) -> str:
    return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def add_signing_key(session: Session, vault: Vault, *, kid: str, pem: bytes, now_ms: int) -> SigningKey:
    """Store a key pair; it signs from now on."""
    numbers = _private_key(pem).public_key().public_numbers()
    session.add(
        SigningKeyRow(
            kid=kid,
            sealed=vault.seal(pem, SEAL_PURPOSE),
            created_ms=now_ms,
            public_jwk={
                "kty": "RSA",
                "use": "sig",
                "alg": "RS256",
                "kid": kid,
                "n": _number(numbers.n),
                "e": _number(numbers.e),
            },
        )
    )
    session.flush()
    return SigningKey(kid, pem)


def generate_pem() -> bytes:
    """A new private key as PEM (PKCS#8)."""
    return rsa.generate_private_key(PUBLIC_EXPONENT, KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def signing_key(session: Session, vault: Vault, now_ms: int) -> SigningKey:
    """The key that signs: the newest that is not retired, made now when there is none."""
    row = session.scalars(
        select(SigningKeyRow)
        .where(SigningKeyRow.retired_ms.is_(None))
        .order_by(SigningKeyRow.created_ms.desc(), SigningKeyRow.kid)
        .limit(1)
    ).first()
    if row is not None:
        return SigningKey(row.kid, vault.open(row.sealed, SEAL_PURPOSE))
    return add_signing_key(session, vault, kid=uuid4(SystemRandom(), "kid"), pem=generate_pem(), now_ms=now_ms)


def list_signing_keys(session: Session) -> list[SigningKeyRow]:
    """All keys, oldest first, retired ones too."""
    return list(session.scalars(select(SigningKeyRow).order_by(SigningKeyRow.created_ms, SigningKeyRow.kid)))


def rotate_signing_key(session: Session, vault: Vault, now_ms: int) -> SigningKey:
    """Add a key that signs from now on. The others stay published, so that what they have signed still verifies."""
    known = list_signing_keys(session)
    # Later than any other, also when the clock was set back: the newest one signs.
    created_ms = max(now_ms, known[-1].created_ms + 1) if known else now_ms
    return add_signing_key(session, vault, kid=uuid4(SystemRandom(), "kid"), pem=generate_pem(), now_ms=created_ms)


def retire_signing_key(session: Session, kid: str, now_ms: int) -> None:
    """Publish a key no longer.

    Raises ValueError for one that is not there, is retired already, or is the one that signs.
    """
    active = _published(session)
    if kid not in {row.kid for row in active}:
        raise ValueError(f"there is no signing key {kid!r} that is not retired")
    if kid == active[-1].kid:
        raise ValueError(f"{kid} signs webhooks: rotate first, and retire it when receivers know the new key")
    session.get_one(SigningKeyRow, kid).retired_ms = now_ms
    session.flush()


def ensure_demo_key(session: Session, vault: Vault, pem: bytes, now_ms: int) -> None:
    """Make the published key of mock mode the one that signs, unless the database has a key already."""
    if session.scalar(select(SigningKeyRow.kid).limit(1)) is None:
        add_signing_key(session, vault, kid=DEMO_KID, pem=pem, now_ms=now_ms)


def has_demo_key(session: Session) -> bool:
    """Whether the database holds mock mode's published key, which production refuses to serve."""
    return session.get(SigningKeyRow, DEMO_KID) is not None


def jwks(uow: UnitOfWork) -> dict[str, Any]:
    """The public keys that signatures verify with, oldest first, as a JWK Set (RFC 7517, section 5)."""
    signing_key(uow.session, uow.vault, uow.now_ms)
    return {"keys": [row.public_jwk for row in _published(uow.session)]}


def _published(session: Session) -> list[SigningKeyRow]:
    """The keys that are not retired, oldest first."""
    return [row for row in list_signing_keys(session) if row.retired_ms is None]


def verify(session: Session, kid: str, data: bytes, signature: bytes) -> bool:
    """Whether a published key of this host has signed the data."""
    # Compared here, not by the database: PostgreSQL takes no text with a NUL, which the sender of a token may have put.
    row = next((one for one in _published(session) if one.kid == kid), None)
    if row is None:
        return False
    numbers = rsa.RSAPublicNumbers(
        n=int.from_bytes(base64url_decode(row.public_jwk["n"]), "big"),
        e=int.from_bytes(base64url_decode(row.public_jwk["e"]), "big"),
    )
    try:
        numbers.public_key().verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
