"""Bearer credentials (RFC 6750) that name their tenant: a key is found by its digest, and known for a second."""

from collections.abc import Container
from dataclasses import dataclass

from handlers.http import Principal, Request
from models.kernel.connection import LazyConnection
from models.kernel.problems import Unauthenticated
from models.tenancy.tenants import Directory

TOKEN_BYTES_MAX = 512


@dataclass(frozen=True, slots=True)
class Bearer:
    """The subject of a bearer credential: its kind and scopes."""

    kind: str
    scopes: tuple[str, ...]


def bearer(
    request: Request, connection: LazyConnection, directory: Directory, *, api: str, kinds: Container[str]
) -> Principal | None:
    """Who the bearer credential belongs to; None without one.

    Raises Unauthenticated for one that is unknown, revoked, expired on its tenant's clock, of another API, or of no
    kind that opens this one. One that was valid less than a second ago still is.
    """
    header = request.headers.get(b"authorization")
    if header is None:
        return None
    known: Principal | None = directory.cached((api, header))
    if known is not None:
        return known
    scheme, _, token = header.partition(b" ")
    if scheme.lower() != b"bearer":
        return None
    secret = token.strip().decode("latin-1")
    credential = directory.credential(connection, secret) if len(token) <= TOKEN_BYTES_MAX else None
    tenant = directory.tenant_by_id(connection, credential.tenant_id) if credential else None
    if credential is None or tenant is None or tenant.api != api or credential.kind not in kinds:
        raise Unauthenticated("The credential is not valid: it is unknown, revoked or not of this API.")
    if directory.has_expired(credential, tenant):
        raise Unauthenticated("The credential has expired.")
    principal = Principal(tenant, Bearer(credential.kind, credential.scopes))
    directory.remember((api, header), principal)
    return principal
