"""Security requirements of an operation, as Connexion resolved them, over the edge's own schemes.

Alternatives (OR) are tried in the contract's order and the first that succeeds wins; where none does, a credential that
was recognised but refused (403) is reported before one that was wrong or missing (401). Within an alternative (AND)
every scheme must succeed.
"""

from collections.abc import Mapping

from handlers.http import Principal, Request, Scheme
from models.kernel.connection import LazyConnection
from models.kernel.problems import CredentialMissing, Forbidden, Problem, Unauthenticated
from models.tenancy.tenants import Directory, Tenant


class Security:
    """The compiled security of one operation. No requirement at all means that anybody may call."""

    def __init__(self, requirements: list[dict[str, list[str]]] | None, schemes: Mapping[str, Scheme]) -> None:
        self._alternatives = [tuple(schemes[name] for name in requirement) for requirement in requirements or ()]
        single = len(self._alternatives) == 1 and len(self._alternatives[0]) == 1
        self._only: Scheme | None = self._alternatives[0][0] if single else None

    def principal(
        self, request: Request, tenant: Tenant | None, connection: LazyConnection, directory: Directory
    ) -> Principal:
        """Who is calling. Raises Unauthenticated or Forbidden."""
        if self._only is not None:
            principal = self._only(request, tenant, connection, directory)
            if principal is None:
                raise CredentialMissing
            return principal
        return self._first(request, tenant, connection, directory)

    def _first(
        self, request: Request, tenant: Tenant | None, connection: LazyConnection, directory: Directory
    ) -> Principal:
        """The principal of the first alternative that succeeds."""
        refusal: Problem | None = None
        for alternative in self._alternatives:
            try:
                principal = None
                for scheme in alternative:
                    principal = scheme(request, tenant, connection, directory)
                    if principal is None:
                        break
            except (Unauthenticated, Forbidden) as problem:
                if refusal is None or isinstance(problem, Forbidden):
                    refusal = problem
                continue
            if principal is not None:
                return principal
            if not alternative and tenant is not None:
                return Principal(tenant)
        if self._alternatives:
            raise refusal or CredentialMissing()
        if tenant is None:
            raise CredentialMissing
        return Principal(tenant)
