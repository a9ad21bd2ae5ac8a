"""Public addresses name no tenant: the token in the path does. Problems have the shape of Troth's own."""

from handlers.http import Principal, Request, Scheme, plain
from models.kernel.connection import LazyConnection
from models.kernel.problems import NotFound
from models.links import find_link
from models.saasquatch.codes.clicks import split_link
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Directory, Tenant

API = "public"
PRE_AUTHENTICATION = None
HIDDEN_PARAMETERS: frozenset[str] = frozenset()
SCHEMES: dict[str, Scheme] = {}
render = plain
NOBODY = Tenant(id=0, api=API, alias=API, name=API, live=True, project=API, sandbox_id=MAIN, settings={})
"""For what belongs to the whole server."""


def find_tenant(request: Request, connection: LazyConnection, directory: Directory) -> Tenant | None:
    """The tenant of the link or file that the path names by its token. Raises NotFound for an unknown one."""
    path = request.path_parameters
    token = path["token"] if "token" in path else split_link(path["code"])[1] if "code" in path else None
    if token is None:
        return NOBODY
    link = find_link(connection, token)
    if link is None:
        raise NotFound
    key = (API, link.tenant_id)
    tenant: Tenant | None = directory.cached(key)
    if tenant is None:
        tenant = directory.tenant_by_id(connection, link.tenant_id)
        if tenant is None:
            raise NotFound
        directory.remember(key, tenant)
    return tenant


def admit(request: Request, principal: Principal, connection: LazyConnection, directory: Directory) -> None:
    """No credential is needed: the address itself grants access."""
