"""How the Loyalty Core API knows its callers and what they may do, and how it reports problems.

A bearer token names its organization, which is the only one that paths may name; its roles are held against the
operation's own (`x-troth-role`). A user's token has the roles that the user has now. Errors have the shape of the
framework whose controllers the documentation names.
"""

from http import HTTPStatus

from handlers.bearer import Bearer, bearer
from handlers.http import Answer, Principal, Request
from models.kernel.connection import LazyConnection
from models.kernel.problems import InvalidInput, Problem, Unauthenticated
from models.loyalty_core.organization.callers import USER_TOKEN, scopes_now
from models.loyalty_core.organization.roles import ADMIN, ADMIN_ONLY, may
from models.loyalty_core.problems import OtherOrganization, RoleMissing
from models.loyalty_core.settings import organization_id
from models.tenancy.tenants import Directory, Tenant

API = "loyalty_core"
PRE_AUTHENTICATION = None
HIDDEN_PARAMETERS = frozenset({"organization_id"})
KINDS = frozenset({"api_token", USER_TOKEN})


def _token(
    request: Request, _tenant: Tenant | None, connection: LazyConnection, directory: Directory
) -> Principal | None:
    principal = bearer(request, connection, directory, api=API, kinds=KINDS)
    if principal is None or principal.subject.kind != USER_TOKEN:
        return principal
    return _as_user(principal, connection, directory)


def _as_user(token: Principal, connection: LazyConnection, directory: Directory) -> Principal:
    """The token with the roles of its user, looked up at most once a second. Raises Unauthenticated."""
    known: Principal | None = directory.cached((API, token.tenant.id, token.subject.scopes))
    if known is None:
        scopes = scopes_now(connection, token.tenant.id, token.subject.scopes)
        if scopes is None:
            raise Unauthenticated("The user of this token may not sign in.")
        known = Principal(token.tenant, Bearer(USER_TOKEN, scopes))
        directory.remember((API, token.tenant.id, token.subject.scopes), known)
    return known


SCHEMES = {"BearerToken": _token}


def find_tenant(_request: Request, _connection: LazyConnection, _directory: Directory) -> Tenant | None:
    """The token names the organization."""
    return None


def admit(request: Request, principal: Principal, _connection: LazyConnection, directory: Directory) -> None:
    """Only one's own organization, and only what one's roles allow. Raises OtherOrganization, RoleMissing."""
    named = request.path_parameters.get("organizationId")
    own = str(organization_id(principal.tenant, directory))
    if named is not None and named != own:
        raise OtherOrganization(f"The credential is of the organization {own}, and the path names another.")
    held = principal.subject.scopes if isinstance(principal.subject, Bearer) else ()
    # An operation that forgot to say what it needs is for administrators.
    role = request.operation.extensions.get("x-troth-role", ADMIN_ONLY)
    if not may(held, role):
        raise RoleMissing(f"The role {ADMIN if role == ADMIN_ONLY else role} is needed.")


def render(problem: Problem, _request: Request | None) -> Answer:
    """`{"statusCode", "message", "error", "code"}`; the message is a list where the contract is broken, or more than
    one rule is.
    """
    headers = dict(problem.headers or {})
    if isinstance(problem, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="Loyalty Core"'
    message = problem.messages if isinstance(problem, InvalidInput) or problem.others else problem.message_with_pointer
    phrase = HTTPStatus(problem.status).phrase
    body = {"statusCode": problem.status, "message": message, "error": phrase, "code": problem.code}
    return Answer(problem.status, body, headers=headers or None)
