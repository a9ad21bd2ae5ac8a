"""Tokens that others have signed (JSON Web Signature, RFC 7515), in their compact form and under a shared secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from joserfc.jws import JWSRegistry


@dataclass(frozen=True, slots=True)
class Verified:
    """A token whose signature is right: its header, and its payload as text."""

    header: Mapping[str, object]
    payload: str


def has_extensions(header: Mapping[str, object]) -> bool:
    """Whether a header demands extensions, none of which is understood here: a token with such a header is refused.

    `crit` lists them, and must not be empty (RFC 7515, section 4.1.11). `b64` of false is an unencoded payload, which a
    JSON Web Token must not have (RFC 7797, section 7).
    """
    return "crit" in header or header.get("b64", True) is not True


def verified(token: bytes, secret: str, algorithms: Collection[str]) -> Verified | None:
    """A token that the secret verifies under one of the algorithms; None for any other.

    Header parameters that are not known are ignored (section 4).
    """
    from joserfc import jws  # at the first token: a server without any starts sooner
    from joserfc.errors import JoseError
    from joserfc.jwk import OctKey

    try:
        found = jws.deserialize_compact(token, OctKey.import_key(secret), registry=_registry(algorithms))
        payload = found.payload.decode()
    except (JoseError, ValueError, TypeError, RecursionError):
        return None
    header = found.headers()
    return None if has_extensions(header) else Verified(header, payload)


def signed(header: Mapping[str, object], payload: bytes, secret: str, algorithms: Collection[str]) -> str:
    """A token with this header, whose `alg` is one of the algorithms, and payload."""
    from joserfc import jws
    from joserfc.jwk import OctKey

    return jws.serialize_compact(dict(header), payload, OctKey.import_key(secret), registry=_registry(algorithms))


def _registry(algorithms: Collection[str]) -> JWSRegistry:
    from joserfc.jws import JWSRegistry

    return JWSRegistry(algorithms=algorithms, strict_check_header=False)
