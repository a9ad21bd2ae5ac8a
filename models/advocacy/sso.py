"""Single sign-on: which advocate a customer of the business's own site is (facts: sso of the API's digest).

The site's server signs `businessId.externalCustomerId.timestamp` with HMAC-SHA256 (RFC 2104) under one of the
business's SSO secrets. A signature opens one session.
"""

import base64
import hashlib
import hmac

from models.advocacy.advocates import find_advocate
from models.advocacy.ids import new_id
from models.advocacy.input import MappingInput
from models.advocacy.pages import whole
from models.advocacy.problems import Conflict, NotFound, OtherBusiness, SignatureRefused
from models.advocacy.queries import INSERT_MAPPING, INSERT_SESSION, INSERT_SIGNATURE, MAPPING_OF, USED_SIGNATURE
from models.advocacy.tables import Mapping
from models.advocacy.webhooks import business_id
from models.kernel.clock import HOUR_MS, SECOND_MS
from models.kernel.json_values import Shown
from models.kernel.statements import row_of
from models.kernel.times import iso
from models.kernel.vault import digest, same
from models.uow import UnitOfWork

SECRET_KIND = "sso_secret"  # noqa: S105  the kind of a credential
WINDOW_S = 300
"""How far a timestamp may be from the present, both ways;
in mock mode from that of the wall or of the tenant's clock.
"""
USED_KEPT_MS = 600 * SECOND_MS
"""How long after its timestamp a used signature is remembered."""
SESSION_MS = HOUR_MS
TOKEN_PREFIX = "sess_"  # noqa: S105  what all tokens begin with
TOKEN_BYTES = 32


def recognize(uow: UnitOfWork, *, business: str, customer: str, timestamp_s: int, signature: str) -> tuple[str, str]:
    """The advocate that a signed customer is, and the token of a new session. `signature` is in hexadecimal.

    Raises, in this order, OtherBusiness; SignatureRefused for a timestamp out of its window, a signature that no active
    secret makes, one that was used; NotFound for a customer without a mapping. Whatever is refused is not used up.
    """
    if business != business_id(uow.tenant):
        raise OtherBusiness(field="businessId")
    if all(abs(now_ms // SECOND_MS - timestamp_s) > WINDOW_S for now_ms in uow.directory.current_times_ms(uow.tenant)):
        raise SignatureRefused("The timestamp is more than 300 seconds from now.", field="timestamp")
    given = bytes.fromhex(signature)
    if not _is_ours(uow, f"{business}.{customer}.{timestamp_s}", given):
        raise SignatureRefused(field="signature")
    # Kept in lower case: the same digest in capitals is the same signature.
    if uow.first(USED_SIGNATURE, signature=given.hex()) is not None:
        raise SignatureRefused("This signature was used already.", field="signature")
    mapping = uow.first(MAPPING_OF, customer=customer)
    if mapping is None:
        raise NotFound("This customer is not mapped to an advocate.", field="externalCustomerId")
    # Several calls at once may all have found it unused. The first inserts its key; the others wait for that commit,
    # fail on the key, are tried again as a whole, and find it used. Counted from the later of the two times: a
    # timestamp of wall time may be long past on the tenant's clock, which prunes.
    until_ms = max(timestamp_s * SECOND_MS, uow.now_ms) + USED_KEPT_MS
    uow.insert(INSERT_SIGNATURE, signature=given.hex(), until_ms=until_ms)
    return mapping.advocate_id, _open_session(uow, mapping.advocate_id)


def _is_ours(uow: UnitOfWork, message: str, given: bytes) -> bool:
    """Whether one of the business's active secrets makes this signature. Every secret is tried, in constant time."""
    secrets = uow.directory.secrets(uow.connection, uow.tenant, SECRET_KIND)
    matches = [same(hmac.digest(secret.encode(), message.encode(), hashlib.sha256), given) for secret in secrets]
    return any(matches)


def _open_session(uow: UnitOfWork, advocate_id: str) -> str:
    """Open a session for an hour; its token, of which only the digest is kept."""
    drawn = base64.urlsafe_b64encode(uow.random.take("session", TOKEN_BYTES)).rstrip(b"=")
    token = TOKEN_PREFIX + drawn.decode()
    uow.insert(
        INSERT_SESSION,
        digest=digest(token),
        advocate_id=advocate_id,
        created_ms=uow.now_ms,
        expires_ms=uow.now_ms + SESSION_MS,
    )
    return token


def list_mappings(uow: UnitOfWork) -> list[Mapping]:
    """All mappings, newest first."""
    return whole(uow, Mapping)


def create_mapping(uow: UnitOfWork, given: MappingInput) -> Mapping:
    """Map a customer without a mapping to an advocate.

    Raises NotFound for the advocate, Conflict for the customer.
    """
    find_advocate(uow, given.advocate_id, field="advocateId")
    if uow.first(MAPPING_OF, customer=given.customer) is not None:
        raise Conflict("This customer is mapped to an advocate already.", field="externalCustomerId")
    values = {
        "id": new_id(uow, "map"),
        "advocate_id": given.advocate_id,
        "external_customer_id": given.customer,
        "external_email": given.email,
        "external_name": given.name,
        "created_ms": uow.now_ms,
    }
    # A call that maps the customer at the same time fails on the unique key, is tried again, and finds this row.
    uow.insert(INSERT_MAPPING, **values)
    return row_of(Mapping, tenant_id=uow.tenant_id, **values)


def show_mapping(row: Mapping) -> Shown:
    """A mapping as the contract's `CustomerMapping`."""
    return {
        "id": row.id,
        "advocateId": row.advocate_id,
        "externalCustomerId": row.external_customer_id,
        "externalEmail": row.external_email,
        "externalName": row.external_name,
        "createdAt": iso(row.created_ms),
    }
