"""How the Loyalty Core API knows its callers and what they may do, and how it tells problems.

A bearer token names its organization, which is the only one that paths may name; its roles are held against the
operation's own (`x-troth-role`). Errors have the shape of the framework whose controllers the documentation names.
"""

from http import HTTPStatus

from handlers.bearer import Bearer, bearer
from handlers.http import Answer, Principal, Request
from models.loyalty_core.problems import OtherOrganization, RoleMissing
from models.loyalty_core.roles import ADMIN_ONLY, may
from models.loyalty_core.settings import organization_id
from models.problems import InvalidInput, Problem, Unauthenticated
from models.tenants import Directory, Tenant
from models.uow import SessionBox

API = "loyalty_core"
GATE = None
HIDDEN_PARAMETERS = frozenset({"organization_id"})
KINDS = frozenset({"api_token", "user_token"})


def _token(request: Request, _tenant: Tenant | None, box: SessionBox, directory: Directory) -> Principal | None:
    return bearer(request, box, directory, api=API, kinds=KINDS)


SCHEMES = {"BearerToken": _token}


def find_tenant(_request: Request, _box: SessionBox, _directory: Directory) -> Tenant | None:
    """The token names the organization."""
    return None


def admit(request: Request, principal: Principal, _box: SessionBox, directory: Directory) -> None:
    """Only one's own organization, and only what one's roles allow. Raises OtherOrganization, RoleMissing."""
    named = request.path_parameters.get("organizationId")
    if named is not None and named != str(organization_id(principal.tenant, directory)):
        raise OtherOrganization
    held = principal.subject.scopes if isinstance(principal.subject, Bearer) else ()
    # An operation that forgot to say what it needs is for administrators.
    if not may(held, request.operation.extensions.get("x-troth-role", ADMIN_ONLY)):
        raise RoleMissing


def render(problem: Problem, _request: Request | None) -> Answer:
    """`{"statusCode", "message", "error"}`; what breaks the contract is told as a list of messages."""
    headers = dict(problem.headers or {})
    if isinstance(problem, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="Loyalty Core"'
    message = [problem.message] if isinstance(problem, InvalidInput) else problem.message
    body = {"statusCode": problem.status, "message": message, "error": HTTPStatus(problem.status).phrase}
    return Answer(problem.status, body, headers=headers or None)
