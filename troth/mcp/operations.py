"""The tools for the operations of the APIs: search, describe, call."""

import re
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from troth.mcp import contracts
from troth.mcp.arguments import Limit, OfApi, Sandbox
from troth.mcp.arguments import Operation as OperationId
from troth.mcp.contracts import Operation
from troth.mcp.plane import Plane
from troth.mock.remote import MAIN, Json
from troth.mock.triggers import authorization
from troth.spec.names import snake_case

_NAME = re.compile(r"\{([^}]+)\}")


class Operations:
    def __init__(self, plane: Plane) -> None:
        self._plane = plane

    def tools(self) -> list[Callable[..., Any]]:
        return [self.list_operations, self.describe_operation, self.call_operation]

    def list_operations(
        self,
        words: Annotated[str, Field(description="Words that id, path, texts or parameters must contain.")] = "",
        api: OfApi = None,
        limit: Limit = 20,
    ) -> Json:
        """Search the operations of the mocked APIs; all of `words` must occur, the best come first.

        Example: {"words": "user code", "api": "saasquatch"}
        """
        apis = list(self._plane.facts(MAIN))
        if api is not None and api not in apis:
            raise ToolError(f"the mock has no API {api!r}; it has {', '.join(apis)}")
        found = contracts.search(apis if api is None else [api], words)
        return {"total": len(found), "operations": [one.row for one in found[:limit]]}

    def describe_operation(self, operation: OperationId, api: OfApi = None) -> Json:
        """Show an operation: parameters, schema of the body, of the answer, and arguments of call_operation as an
        example.

        `$ref` names a schema under `schemas`. Example: {"operation": "openUserUpsert"}
        """
        facts = self._plane.facts(MAIN)
        found = contracts.find(list(facts), operation, api)
        return contracts.describe(found, set(_filled(found, facts[found.api])))

    def call_operation(
        self,
        operation: OperationId,
        api: OfApi = None,
        path_parameters: Annotated[Json | None, Field(description="Parameters of the path by name.")] = None,
        query: Annotated[Json | None, Field(description="Parameters of the query by name; lists are repeated.")] = None,
        headers: Annotated[
            dict[str, str] | None,
            Field(description="Further headers, e.g. `Prefer: dry-run`, or an `Authorization` of your own."),
        ] = None,
        body: Annotated[Any, Field(description="The body, which is sent as JSON.")] = None,
        sandbox: Sandbox = MAIN,
    ) -> Json:
        """Call an operation with the sandbox's live credentials; status, headers and body of the answer, whatever the
        status.

        The mock checks the request against the contract. Tenant or organization are filled in where they are left out.
        Example: {"operation": "getUser", "path_parameters": {"accountId": "acme", "userId": "ana"}}
        """
        apis = self._plane.facts(sandbox)
        found = contracts.find(list(apis), operation, api)
        facts = apis[found.api]
        sent = dict(headers or {})
        if found.content.get("security") != [] and "authorization" not in {name.lower() for name in sent}:
            sent["Authorization"] = authorization(found.api, facts["credentials"])
        path = _path(found, {**_filled(found, facts), **(path_parameters or {})})
        options: Json = {"headers": sent, "params": _texts(query or {}) or None}
        if body is not None:
            options["json"] = body
        return self._plane.send(found.method, facts["base_url"], path, **options)


def _filled(operation: Operation, facts: Json) -> dict[str, str]:
    """The parameters of the path that a credential of the same name answers: `tenant_alias`, `organizationId`."""
    known = facts["credentials"]
    names = [one["name"] for one in operation.parameters_in("path")]
    return {name: known[snake_case(name)] for name in names if snake_case(name) in known}


def _path(operation: Operation, given: Json) -> str:
    """The path with its parameters. Raises ToolError for one that is missing or unknown."""
    names = _NAME.findall(operation.path)
    missing = [name for name in names if name not in given]
    if missing:
        raise ToolError(f"path_parameters lacks {', '.join(missing)} of {operation.path}")
    unknown = [name for name in given if name not in names]
    if unknown:
        raise ToolError(f"{operation.path} has no {', '.join(unknown)}; it has {', '.join(names) or 'no parameters'}")
    return _NAME.sub(lambda found: quote(_text(given[found[1]]), safe=""), operation.path)


def _texts(query: Json) -> dict[str, Any]:
    return {
        name: [_text(item) for item in value] if isinstance(value, list) else _text(value)
        for name, value in query.items()
        if value is not None
    }


def _text(value: Any) -> str:
    """A value of JSON as it stands in an address: true and false in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)
