"""How the SaaSquatch API knows its callers, and how it reports problems.

Credentials (facts: section 2 of the API's digest): the API key as Basic password with any user name, or as user name
with an empty password; a user token (JWT, HS256 under the tenant's API key) in `X-SaaSquatch-User-Token` or as Bearer.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from handlers.http import Answer, Principal, Request
from models.kernel.clock import DAY_MS, HOUR_MS, SECOND_MS
from models.kernel.connection import LazyConnection
from models.kernel.jws import verified
from models.kernel.limits import Budget, caller_of
from models.kernel.problems import (
    HttpsRequired,
    InvalidInput,
    MediaTypeProblem,
    Problem,
    RequestProblem,
    TooManyRequests,
    Unauthenticated,
)
from models.saasquatch.problems import (
    BadToken,
    NoCredentials,
    NotYourUser,
    OpenEndpointsOff,
    RateLimited,
    ReadTokenCannotWrite,
    SaasquatchProblem,
    UnknownTenant,
)
from models.saasquatch.settings import Settings, parse_settings
from models.tenancy.tenants import Directory, Tenant

API = "saasquatch"
KEY_KIND = "api_key"
API_KEY = "APIKey"
PRE_AUTHENTICATION = None
HIDDEN_PARAMETERS = frozenset({"tenant_alias"})
OFF_BY_DEFAULT = "off by default"
"""What `x-troth-open-endpoint` is for the operations that the vendor documents as off by default; true for the other
open ones.
"""
READ_CLAIMS = {"id", "accountId"}
BASIC_CHALLENGE, BEARER_CHALLENGE = 'Basic realm="SaaSquatch"', 'Bearer realm="SaaSquatch"'
TOKEN_BYTES_MAX = 8_192
CREATE_PER_DAY = 50
CALLS_PER_HOUR = 100
_SUBJECT = re.compile(r"(?P<account>[^:]*):(?P<user>.*)@(?P<tenant>[^@]+)[:/]users", re.DOTALL)


@dataclass(frozen=True, slots=True)
class UserToken:
    """Whom a user token speaks for, and the members of a user that it carries: its `user` claim, nothing for a `sub`
    token.
    """

    account_id: str
    user_id: str
    can_write: bool
    members: Mapping[str, object] = field(default_factory=dict)


def find_tenant(request: Request, connection: LazyConnection, directory: Directory) -> Tenant | None:
    """The tenant of the path. An unknown alias is a 404 whatever the credentials."""
    alias = request.path_parameters.get("tenant_alias", "")
    tenant: Tenant | None = directory.cached((API, alias))
    if tenant is None:
        tenant = directory.tenant(connection, API, alias)
        if tenant is None:
            raise UnknownTenant
        directory.remember((API, alias), tenant)
    return tenant


def _api_key(
    request: Request, tenant: Tenant | None, connection: LazyConnection, directory: Directory
) -> Principal | None:
    header = request.headers.get(b"authorization")
    if header is None or tenant is None:
        return None
    known: Principal | None = directory.cached((tenant.id, header))
    if known is not None:
        return known
    kind, _, value = header.partition(b" ")
    if kind.lower() != b"basic":
        return None
    try:
        name, _, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise NoCredentials("The Authorization header cannot be read.") from error
    credential = directory.credential(connection, password or name)
    if credential is None or credential.tenant_id != tenant.id or credential.kind != KEY_KIND:
        raise NoCredentials("The API key is not one of this tenant's.")
    if directory.has_expired(credential, tenant):
        raise NoCredentials("The API key has expired.")
    principal = Principal(tenant, scheme=API_KEY)
    directory.remember((tenant.id, header), principal)
    return principal


def _token_header(
    request: Request, tenant: Tenant | None, connection: LazyConnection, directory: Directory
) -> Principal | None:
    token = request.headers.get(b"x-saasquatch-user-token")
    return _token(token, tenant, connection, directory) if token is not None and tenant is not None else None


def _token_bearer(
    request: Request, tenant: Tenant | None, connection: LazyConnection, directory: Directory
) -> Principal | None:
    kind, _, token = request.headers.get(b"authorization", b"").partition(b" ")
    return _token(token, tenant, connection, directory) if kind.lower() == b"bearer" and tenant is not None else None


SCHEMES = {API_KEY: _api_key, "UserJWT": _token_header, "UserJWTBearer": _token_bearer}


def _token(token: bytes, tenant: Tenant, connection: LazyConnection, directory: Directory) -> Principal:
    """Verify a user token with any active key of the tenant."""
    if len(token) > TOKEN_BYTES_MAX:
        raise BadToken("The user token is too long.")
    for key in directory.secrets(connection, tenant, KEY_KIND):
        found = verified(token.strip(), key, ["HS256"])
        if found is not None:
            return Principal(tenant, _subject(_claims(found.payload), tenant, directory.current_times_ms(tenant)))
    raise BadToken


def _claims(payload: str) -> Mapping[str, object]:
    """The claims of a token. Raises BadToken for what is no JSON object."""
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise BadToken from error
    if not isinstance(claims, dict):
        raise BadToken
    return claims


def _instant_ms(claims: Mapping[str, object], name: str) -> float | None:
    """A claim of time, which is in seconds; None where there is none. Raises BadToken for what is no time."""
    value = claims.get(name)
    if value is None:
        return None
    # Integers of Python may be too large for a float, which `isfinite` makes of them.
    if isinstance(value, int) and not isinstance(value, bool):
        return value * SECOND_MS
    if not isinstance(value, float) or not isfinite(value):
        raise BadToken(f"The claim {name} is not a number.")
    return value * SECOND_MS


def _subject(claims: Mapping[str, object], tenant: Tenant, current_times_ms: Sequence[int]) -> UserToken:
    """The user of a token: exactly one of the claims `user` and `sub`.

    `exp` and `nbf` (seconds; RFC 7519, sections 4.1.4 and 4.1.5) hold where they do at one of the presents.
    """
    expires_ms, begins_ms = _instant_ms(claims, "exp"), _instant_ms(claims, "nbf")
    if expires_ms is not None and expires_ms <= min(current_times_ms):
        raise BadToken("The user token has expired.")
    if begins_ms is not None and begins_ms > max(current_times_ms):
        raise BadToken("The user token is not valid yet.")
    user, subject = claims.get("user"), claims.get("sub")
    if isinstance(user, dict) and subject is None:
        account_id, user_id = user.get("accountId"), user.get("id")
        if isinstance(account_id, str) and isinstance(user_id, str):
            return UserToken(account_id, user_id, can_write=not set(user) <= READ_CLAIMS, members=user)
    elif isinstance(subject, str) and user is None:
        found = _SUBJECT.fullmatch(subject)
        if found is not None and found["tenant"] == tenant.alias:
            return UserToken(found["account"], found["user"], can_write=True)
    raise BadToken("The user token names no user.")


def tenant_settings(tenant: Tenant, directory: Directory) -> Settings:
    """The tenant's settings, parsed at most once a second."""
    return directory.settings(tenant, parse_settings)


def admit(request: Request, principal: Principal, connection: LazyConnection, directory: Directory) -> None:
    """Open endpoints that are off by default must be on, and all of them for callers without the API key; a user token
    reaches its own user only, and writes only with more than ids in it.
    """
    extensions = request.operation.extensions
    kind = extensions.get("x-troth-open-endpoint")
    if not kind:
        return
    tenant, token = principal.tenant, principal.subject
    settings = tenant_settings(tenant, directory)
    if not settings.openEndpointsEnabled and (kind == OFF_BY_DEFAULT or principal.scheme != API_KEY):
        raise OpenEndpointsOff
    if token is not None:
        path = request.path_parameters
        if "userId" in path and (path["accountId"], path["userId"]) != (token.account_id, token.user_id):
            raise NotYourUser
        if extensions.get("x-troth-user-token") == "write" and not token.can_write:
            raise ReadTokenCannotWrite
    if settings.rateLimitsEnabled and tenant.live and not _has_key(request, principal, connection, directory):
        _limit(request, tenant, settings, directory)


def _has_key(request: Request, principal: Principal, connection: LazyConnection, directory: Directory) -> bool:
    """Whether a call carries the API key.

    Operations without security have not looked for it; a wrong key is none there.
    """
    if principal.scheme == API_KEY:
        return True
    if principal.subject is not None:
        return False
    try:
        return _api_key(request, principal.tenant, connection, directory) is not None
    except NoCredentials:
        return False


def _limit(request: Request, tenant: Tenant, settings: Settings, directory: Directory) -> None:
    """The documented limits of live tenants, by client address, for callers without an API key."""
    creates = request.operation.operation_id in ("openCreateUser", "openUserUpsert")
    limit, window_ms = (CREATE_PER_DAY, DAY_MS) if creates else (CALLS_PER_HOUR, HOUR_MS)
    key = f"{tenant.id}|{caller_of(request.client_ip)}|{'create' if creates else 'other'}"
    budget = Budget(int(limit * settings.rateLimitMultiplier), window_ms // SECOND_MS)
    spent = directory.limiter.spend(key, [budget], directory.now_ms(tenant))
    if spent.retry_after_s is not None:
        raise RateLimited(retry_after_s=spent.retry_after_s, stands_still=directory.stands_still(tenant))


def render(problem: Problem, request: Request | None) -> Answer:
    """`{statusCode, message, apiErrorCode, rsCode}` for everything, the framework's own problems included."""
    status, rs_code = problem.status, None
    headers = dict(problem.headers or {})
    body: dict[str, object] = {}
    if isinstance(problem, SaasquatchProblem):
        rs_code = problem.rs_code
    elif isinstance(problem, MediaTypeProblem):
        status, rs_code = 400, "RS046"
    elif isinstance(problem, InvalidInput):
        rs_code = problem.vendor_code
        body["validationErrors"] = problem.messages
    elif isinstance(problem, Unauthenticated):
        rs_code = NoCredentials.rs_code
    elif isinstance(problem, HttpsRequired):
        rs_code = "RS047"
    elif isinstance(problem, TooManyRequests):
        rs_code = RateLimited.rs_code
    code = "BAD_REQUEST" if type(problem) in (RequestProblem, MediaTypeProblem) else problem.code
    if status == Unauthenticated.status:
        # A browser would ask its user for the password in a dialog, and send it from then on by itself, for any page.
        from_a_page = request is not None and b"origin" in request.headers
        headers["WWW-Authenticate"] = BEARER_CHALLENGE if from_a_page else f"{BASIC_CHALLENGE}, {BEARER_CHALLENGE}"
    return Answer(
        status,
        {"statusCode": status, "message": problem.message, "apiErrorCode": code, "rsCode": rs_code, **body},
        headers=headers or None,
    )
