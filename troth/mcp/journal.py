"""The tools for the calls that a sandbox has answered."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from troth.mcp.arguments import Limit, OfApi, Operation, Sandbox, only
from troth.mcp.plane import Plane
from troth.mock.remote import MAIN, Json

COLUMNS = ("number", "at", "method", "url", "api", "operation", "tenant", "status", "code", "rule")
Status = Annotated[str | None, Field(description="A status such as `409`, or a class such as `4xx`.")]
Tenant = Annotated[str | None, Field(description="The tenant by its alias, or by API and alias.")]
Count = Annotated[int | None, Field(ge=0)]


class Journal:
    def __init__(self, plane: Plane) -> None:
        self._plane = plane

    def tools(self) -> list[Callable[..., Any]]:
        return [self.list_calls, self.show_call, self.verify_calls]

    def list_calls(
        self,
        api: OfApi = None,
        operation: Operation | None = None,
        status: Status = None,
        tenant: Tenant = None,
        text: Annotated[str | None, Field(description="A text in the address or a body.")] = None,
        after: Annotated[int | None, Field(description="Calls beyond this number, oldest first.")] = None,
        limit: Limit = 20,
        sandbox: Sandbox = MAIN,
    ) -> Json:
        """List the calls that a sandbox has answered, the newest first; show_call shows all of one.

        Example: {"operation": "openUserUpsert", "status": "4xx"}
        """
        query = only(api=api, operation=operation, status=status, tenant=tenant, text=text, after=after, limit=limit)
        page = self._plane.call("GET", "/journal", sandbox=sandbox, query=query)
        calls = [{name: call[name] for name in COLUMNS if name in call} for call in page["calls"]]
        return {**page, "calls": calls}

    def show_call(
        self, number: Annotated[int, Field(description="Number of the call.")], sandbox: Sandbox = MAIN
    ) -> Json:
        """Show a call: request, answer, breaches of the contract, and what it caused (events, postings, deliveries).

        Example: {"number": 1}
        """
        return self._plane.call("GET", f"/journal/{number}", sandbox=sandbox)

    def verify_calls(
        self,
        operation: Operation,
        api: OfApi = None,
        count: Annotated[Count, Field(description="Exactly so many; without any number, one or more.")] = None,
        at_least: Count = None,
        at_most: Count = None,
        body: Annotated[Json | None, Field(description="What the request's body holds.")] = None,
        answer: Annotated[Json | None, Field(description="What the answer's body holds.")] = None,
        query: Annotated[dict[str, str] | None, Field(description="Parameters of the query.")] = None,
        headers: Annotated[dict[str, str] | None, Field(description="Headers of the request.")] = None,
        status: Status = None,
        tenant: Tenant = None,
        sandbox: Sandbox = MAIN,
    ) -> Json:
        """Check which calls were made: an error names the nearest calls and how they differ.

        Example: {"operation": "openUserUpsert", "count": 1, "body": {"id": "zoe"}}
        """
        expected = only(
            operation=operation,
            api=api,
            count=count,
            at_least=at_least,
            at_most=at_most,
            body=body,
            answer=answer,
            query=query,
            headers=headers,
            status=status,
            tenant=tenant,
        )
        return self._plane.call("POST", "/journal/verify", sandbox=sandbox, body=expected)
