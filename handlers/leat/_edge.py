"""How the Leat API knows its callers, and how it renders problems.

Every call but the token request takes a personal access token, an API key or an access token as Bearer. Refusals are
HTTP 400 with the vendor's number, and always a JSON object; a body that does not come in time is a 408, so that clients
know to send it again, and one in an unknown content coding a 415. A 401 has no number, so that the vendor's SDK raises
the HTTP client's own error, which integrations test for. Problems of the token request have the shape of RFC 6749.
"""

from handlers.bearer import bearer
from handlers.http import Answer, Principal, Request
from models.kernel.connection import LazyConnection
from models.kernel.pointers import unescape
from models.kernel.problems import (
    FAULTS_REPORTED_MAX,
    BodyTimeout,
    EncodingProblem,
    HttpsRequired,
    InternalProblem,
    InvalidInput,
    Problem,
    RequestProblem,
    TooManyRequests,
    Unauthenticated,
)
from models.leat.problems import AccountInactive, OAuthProblem
from models.leat.settings import tenant_settings
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Directory, Tenant

API = "leat"
PRE_AUTHENTICATION = None
HIDDEN_PARAMETERS: frozenset[str] = frozenset({"x_partner_id"})
KINDS = frozenset({"personal_access_token", "api_key", "access_token"})
INTERNAL_ERROR, INVALID_INPUT = 1000, 1003
TOKEN_REQUEST = "issueAccessToken"  # noqa: S105  an operation
GRANT_POINTER = "/grant_type"
NOBODY = Tenant(id=0, api=API, alias=API, name=API, live=True, project=API, sandbox_id=MAIN, settings={})
"""For the token request, whose account only its body names."""


def _bearer(
    request: Request, _tenant: Tenant | None, connection: LazyConnection, directory: Directory
) -> Principal | None:
    return bearer(request, connection, directory, api=API, kinds=KINDS)


SCHEMES = {"BearerToken": _bearer}


def find_tenant(request: Request, _connection: LazyConnection, _directory: Directory) -> Tenant | None:
    """Credentials name the account; the token request has none yet."""
    return NOBODY if request.operation.operation_id == TOKEN_REQUEST else None


def admit(_request: Request, principal: Principal, _connection: LazyConnection, directory: Directory) -> None:
    """Every credential may do everything in its account, as long as that is active."""
    if not tenant_settings(principal.tenant, directory).account_active:
        raise AccountInactive


def render(problem: Problem, request: Request | None) -> Answer:
    """A problem as `{message, code, status_code, errors?}`, or in the two shapes that OAuth has of its own."""
    if isinstance(problem, Unauthenticated):
        return _unauthenticated(problem)
    is_token_request = request is not None and request.operation.operation_id == TOKEN_REQUEST
    if isinstance(problem, OAuthProblem) or (is_token_request and isinstance(problem, RequestProblem | HttpsRequired)):
        return _oauth(problem)
    status = _status(problem) if isinstance(problem, RequestProblem | HttpsRequired) else problem.status
    body: dict[str, object] = {"message": problem.message, "code": _number(problem), "status_code": status}
    if problem.message == InternalProblem.default_message:
        body["message"] = "Internal error"
    elif isinstance(problem, RequestProblem):
        body["message"] = "Invalid input."
        body["errors"] = _errors(problem)
    return Answer(status, body, headers=problem.headers)


def _errors(problem: RequestProblem) -> dict[str, str]:
    """What is wrong with each parameter; of several faults of one, the first."""
    found: dict[str, str] = {}
    for fault in problem.all[:FAULTS_REPORTED_MAX]:
        found.setdefault(_parameter(fault), fault.message)
    return found


def _status(problem: RequestProblem | HttpsRequired) -> int:
    """400 for whatever is wrong with a request, but for two that may be sent again: 408 did not come to its end, 415
    can be sent uncoded.
    """
    return problem.status if isinstance(problem, BodyTimeout | EncodingProblem) else RequestProblem.status


def _number(problem: Problem) -> int:
    """The vendor's number; without one, whose fault it is: the server's (1000) or the request's (1003)."""
    ours = isinstance(problem, InternalProblem | TooManyRequests) or problem.status >= InternalProblem.status
    return getattr(problem, "number", INTERNAL_ERROR if ours else INVALID_INPUT)


def _parameter(problem: Problem) -> str:
    """The parameter or member that is wrong; `body` when it is all of it, `request` when it cannot even be read."""
    if not isinstance(problem, InvalidInput):
        return "request"
    return problem.missing or unescape(problem.pointer.rpartition("/")[2]) or "body"


def _unauthenticated(problem: Unauthenticated) -> Answer:
    headers = {"WWW-Authenticate": 'Bearer realm="Leat", error="invalid_token"'}
    body = {"message": "Unauthenticated.", "error": "invalid_token", "error_description": problem.message}
    return Answer(Unauthenticated.status, body, headers=headers)


def _oauth(problem: Problem) -> Answer:
    """`{error, error_description, message}` (RFC 6749, section 5.2)."""
    error = problem.error if isinstance(problem, OAuthProblem) else OAuthProblem.error
    status = _status(problem) if isinstance(problem, RequestProblem | HttpsRequired) else problem.status
    message = problem.message
    if isinstance(problem, InvalidInput) and problem.pointer == GRANT_POINTER:
        error = "unsupported_grant_type"
    return Answer(status, {"error": error, "error_description": message, "message": message}, headers=problem.headers)
