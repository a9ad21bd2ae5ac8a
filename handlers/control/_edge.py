"""The control plane's edge: one tenant of its own, no credentials, `{"error": {code, message}}` for every problem."""

from handlers.http import Answer, Principal, Request, Scheme, plain
from models.kernel.connection import LazyConnection
from models.kernel.problems import Problem
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import CONTROL_TENANT_ID, Directory, Tenant

CONTROL = Tenant(
    id=CONTROL_TENANT_ID,
    api="control",
    alias="control",
    name="Control plane",
    live=False,
    project="control",
    sandbox_id=MAIN,
    settings={},
)

SCHEMES: dict[str, Scheme] = {}
PRE_AUTHENTICATION = None
HIDDEN_PARAMETERS: frozenset[str] = frozenset()


def render(problem: Problem, request: Request | None) -> Answer:
    """A problem, with its details where it has some."""
    answer = plain(problem, request)
    answer.body["error"] |= getattr(problem, "details", {})
    return answer


def find_tenant(_request: Request, _connection: LazyConnection, _directory: Directory) -> Tenant | None:
    """The control plane's own tenant, which has no row."""
    return CONTROL


def admit(request: Request, principal: Principal, connection: LazyConnection, directory: Directory) -> None:
    """Everybody may call: the control plane exists in mock mode only."""
