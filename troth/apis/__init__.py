"""The APIs that this server is.

Another one needs a contract, handlers, a domain, a module here, and its place in the tuple below.
"""

from collections.abc import Collection

from troth.apis import advocacy, control, leat, loyalty_core, public, saasquatch
from troth.apis.api import Api, Domain

__all__ = ["APIS", "Api", "Domain", "api_named", "api_names", "apis_with", "domain_of"]

APIS: tuple[Api, ...] = (saasquatch.API, advocacy.API, leat.API, loyalty_core.API, control.API, public.API)
"""In the order in which people see them."""


def api_names() -> list[str]:
    """The names of the APIs in alphabetical order."""
    return sorted(api.name for api in APIS)


def api_named(name: str, apis: tuple[Api, ...] = APIS) -> Api:
    """An API by its name. Raises ValueError."""
    found = next((api for api in apis if api.name == name), None)
    if found is None:
        raise ValueError(f"there is no API {name!r}; there are {', '.join(api.name for api in apis)}")
    return found


def apis_with(names: Collection[str], apis: tuple[Api, ...] = APIS) -> tuple[Api, ...]:
    """The named APIs that have tenants, and Troth's own, which every server has. Raises ValueError."""
    for name in names:
        domain_of(name, apis)
    return tuple(api for api in apis if api.domain is None or api.name in names)


def domain_of(name: str, apis: tuple[Api, ...] = APIS) -> Domain:
    """The domain of an API that has tenants. Raises ValueError."""
    found = next((api.domain for api in apis if api.name == name), None)
    if found is None:
        names = ", ".join(api.name for api in apis if api.domain is not None)
        raise ValueError(f"there is no API {name!r} that has tenants; there are {names}")
    return found
