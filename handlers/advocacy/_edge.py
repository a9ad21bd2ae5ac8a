"""How the advocacy API knows its callers, enforces their plan's rate limits, and renders problems.

The order of checks is the API's own: HTTPS, key, rate limit, then path, body and rules. So only
known callers get a 404 for an unknown path, and it counts (facts: conventions and rate limits of the API's digest).
"""

import re

from handlers.bearer import Bearer, bearer
from handlers.http import Answer, Principal, Request
from models.advocacy.problems import AdvocacyProblem, RateLimited, ReadOnlyKey, Suspended
from models.advocacy.settings import Settings, parse_settings
from models.kernel.connection import LazyConnection
from models.kernel.pointers import escape, unescape
from models.kernel.problems import (
    BodyTimeout,
    CredentialMissing,
    EncodingProblem,
    HttpsRequired,
    InternalProblem,
    InvalidInput,
    MethodNotAllowed,
    Problem,
    RequestProblem,
    Unauthenticated,
    Unavailable,
)
from models.provisioning import READ_ONLY
from models.tenancy.tenants import Directory, Tenant

API = "advocacy"
HIDDEN_PARAMETERS = frozenset({"idempotency_key"})
KINDS = frozenset({"api_key"})
READ_METHODS = frozenset({"GET", "HEAD"})
_INDEX = re.compile(r"/([0-9]+)(?=/|$)")


def _key(
    request: Request, _tenant: Tenant | None, connection: LazyConnection, directory: Directory
) -> Principal | None:
    return bearer(request, connection, directory, api=API, kinds=KINDS)


SCHEMES = {"BearerKey": _key}


def find_tenant(_request: Request, _connection: LazyConnection, _directory: Directory) -> Tenant | None:
    """The key names the business."""
    return None


def admit(request: Request, principal: Principal, _connection: LazyConnection, directory: Directory) -> None:
    """Spend one call of the business's plan; a read-only key may not write."""
    tenant = principal.tenant
    if request.answer_headers is None:
        _spend(request, tenant, tenant_settings(tenant, directory), directory)
    if tenant_settings(tenant, directory).suspended:
        raise Suspended
    subject = principal.subject
    if isinstance(subject, Bearer) and READ_ONLY in subject.scopes and request.method not in READ_METHODS:
        raise ReadOnlyKey


def tenant_settings(tenant: Tenant, directory: Directory) -> Settings:
    """The business's settings, parsed at most once a second."""
    return directory.settings(tenant, parse_settings)


def _spend(request: Request, tenant: Tenant, settings: Settings, directory: Directory) -> None:
    """Count the call in the windows of the minute and the day, which all keys of a business share."""
    spent = directory.limiter.spend(
        f"{API}|{tenant.id}", settings.budgets, directory.now_ms(tenant), enforce=settings.rate_limits == "enforce"
    )
    request.answer_headers = {
        "x-ratelimit-limit": str(spent.limit),
        "x-ratelimit-remaining": str(spent.remaining),
        "x-ratelimit-reset": str(spent.reset_s),
    }
    if spent.retry_after_s is not None:
        raise RateLimited(retry_after_s=spent.retry_after_s, stands_still=directory.stands_still(tenant))


def PRE_AUTHENTICATION(request: Request, connection: LazyConnection, directory: Directory) -> None:  # noqa: N802  a part of the edge's protocol
    """A caller of an unknown path needs a key, and spends a call."""
    principal = _key(request, None, connection, directory)
    if principal is None:
        raise CredentialMissing
    _spend(request, principal.tenant, tenant_settings(principal.tenant, directory), directory)


def render(problem: Problem, _request: Request | None) -> Answer:
    """`{"error": {"code", "message", "field"?}}` for everything, the framework's own problems included."""
    status, code, field = problem.status, problem.code, None
    headers = dict(problem.headers or {})
    if isinstance(problem, AdvocacyProblem):
        field = problem.field
    elif isinstance(problem, RequestProblem):
        # Content types, sizes and broken JSON are all the same fault in this API. A body that came too late keeps its
        # 408: it may be sent again as it is. One in a content coding keeps its 415: it may be sent again without.
        status = problem.status if isinstance(problem, BodyTimeout | EncodingProblem) else RequestProblem.status
        code = "VALIDATION_ERROR"
        field = field_of(problem) if isinstance(problem, InvalidInput) else None
    elif isinstance(problem, MethodNotAllowed):
        code = "NOT_FOUND"
    elif isinstance(problem, HttpsRequired):
        code = "FORBIDDEN"
    elif isinstance(problem, InternalProblem | Unavailable):  # the vendor publishes a closed list of codes
        code = "INTERNAL_ERROR"
    if isinstance(problem, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="advocacy"'
    error: dict[str, object] = {"code": code, "message": problem.message}
    if field:
        error["field"] = field
    return Answer(status, {"error": error}, headers=headers or None)


def field_of(problem: InvalidInput) -> str | None:
    """The member that broke the contract, as the API writes it: `/tasks/0/title` is tasks[0].title."""
    pointer = problem.pointer if problem.missing is None else f"{problem.pointer}/{escape(problem.missing)}"
    return unescape(_INDEX.sub(r"[\1]", pointer).replace("/", ".").removeprefix(".")) or None
