"""Access tokens: what a client gets for its id and secret (client credentials grant, RFC 6749, section 4.4).

A client is a credential of the kind client_secret, its id the credential's scope. A token is a credential, too, good
for an hour on the account's clock; several at once are fine, and there is no refresh token.
"""

from models.kernel.clock import HOUR_MS, SECOND_MS
from models.leat.problems import InvalidClient
from models.pruning import delete_some
from models.tenancy.tenants import CredentialRow, Tenant, add_credential, list_credentials
from models.uow import UnitOfWork

API = "leat"
CLIENT_SECRET, ACCESS_TOKEN = "client_secret", "access_token"
LIFETIME_MS = HOUR_MS
LIFETIME_S = LIFETIME_MS // SECOND_MS
TOKEN_BYTES = 32
FIRST_CLIENT_ID = 1_000


def default_client_id(tenant_id: int) -> str:
    """The client id of an account that was given none: an integer as text."""
    return str(FIRST_CLIENT_ID + tenant_id)


def client_ids(uow: UnitOfWork, tenant: Tenant) -> list[str]:
    """The client ids of an account. Secrets that were added later have none of their own, and go with any."""
    rows = [row for row in list_credentials(uow.session, tenant) if row.kind == CLIENT_SECRET]
    return list(dict.fromkeys(scope for row in rows for scope in row.scopes)) or [default_client_id(tenant.id)]


def issue(uow: UnitOfWork, *, client_id: int | str, client_secret: str) -> str:
    """A new access token.

    The unit is nobody's: the client's account is only known from the secret. Raises InvalidClient.
    """
    unit = uow.enter(_account(uow, str(int(client_id)), client_secret))
    token = unit.random.take("access-token", TOKEN_BYTES).hex()
    add_credential(
        unit.session,
        unit.vault,
        unit.tenant,
        token,
        kind=ACCESS_TOKEN,
        now_ms=unit.now_ms,
        expires_ms=unit.now_ms + LIFETIME_MS,
    )
    unit.finish()
    return token


def _account(uow: UnitOfWork, client_id: str, client_secret: str) -> Tenant:
    credential = uow.directory.credential(uow.connection, client_secret)
    if credential is None or credential.kind != CLIENT_SECRET:
        raise InvalidClient
    tenant = uow.directory.tenant_by_id(uow.connection, credential.tenant_id)
    if tenant is None or tenant.api != API or client_id not in (credential.scopes or client_ids(uow, tenant)):
        raise InvalidClient
    if uow.directory.has_expired(credential, tenant):
        raise InvalidClient
    return tenant


def prune(uow: UnitOfWork) -> bool:
    """Forget some access tokens that have expired. Returns whether there may be more."""
    return delete_some(
        uow, CredentialRow.digest, CredentialRow.kind == ACCESS_TOKEN, CredentialRow.expires_ms <= uow.now_ms
    )
