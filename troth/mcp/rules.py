"""The tools for answers, delays and faults at will."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field

from troth.mcp.arguments import OfApi, Operation, Sandbox, only
from troth.mcp.plane import Plane
from troth.mock.remote import MAIN, Json, segment

Positive = Annotated[int | None, Field(ge=1)]


class Rules:
    def __init__(self, plane: Plane) -> None:
        self._plane = plane

    def tools(self) -> list[Callable[..., Any]]:
        return [self.add_rule, self.list_rules, self.delete_rule]

    def add_rule(
        self,
        operation: Operation | None = None,
        api: OfApi = None,
        method: Annotated[str | None, Field(description="Only calls with this method, e.g. `POST`.")] = None,
        path: Annotated[str | None, Field(description="Only calls to such paths; `*` stands for anything.")] = None,
        tenant: Annotated[str | None, Field(description="Only calls in this tenant, by its alias.")] = None,
        body: Annotated[Json | None, Field(description="Only calls whose body holds this.")] = None,
        target: Annotated[
            Literal["calls", "webhooks"] | None, Field(description="Calls to the sandbox, or webhooks that it sends.")
        ] = None,
        url: Annotated[str | None, Field(description="Only webhooks to such addresses.")] = None,
        answer: Annotated[
            Json | None, Field(description="`code` and perhaps `example`, `dynamic`, `seed`, `body` of the answer.")
        ] = None,
        delay: Annotated[
            Json | None, Field(description="`ms`; `min_ms` and `max_ms`; or `median_ms` and `sigma`.")
        ] = None,
        fault: Literal["empty", "truncated", "malformed", "dropped"] | None = None,
        bytes_per_s: Positive = None,
        times: Annotated[Positive, Field(description="It ends after so many applications.")] = None,
        every: Annotated[Positive, Field(description="Every so many-th call.")] = None,
        skip: Annotated[int | None, Field(description="So many calls are let through first.", ge=0)] = None,
        probability: Annotated[float | None, Field(description="Share of the calls.", ge=0, le=1)] = None,
        for_ms: Annotated[Positive, Field(description="It ends after so long on the sandbox's clock.")] = None,
        sandbox: Sandbox = MAIN,
    ) -> Json:
        """Make calls fail, wait or break off, or answer as the contract's examples do, without touching the client.

        Example: {"operation": "openUserUpsert", "answer": {"code": 503}, "times": 2}
        """
        given = only(operation=operation, api=api, method=method, path=path, tenant=tenant, body=body, url=url)
        given |= only(target=target, answer=answer, delay=delay, fault=fault, bytes_per_s=bytes_per_s)
        given |= only(times=times, every=every, skip=skip, probability=probability, for_ms=for_ms)
        return self._plane.call("POST", "/rules", sandbox=sandbox, body=given)

    def list_rules(self, sandbox: Sandbox = MAIN) -> Json:
        """List the rules of a sandbox and how often each was applied. Example: {}"""
        return self._plane.call("GET", "/rules", sandbox=sandbox)

    def delete_rule(self, rule: Annotated[str, Field(description="Id of the rule.")], sandbox: Sandbox = MAIN) -> Json:
        """Delete a rule. Example: {"rule": "rule-1"}"""
        return self._plane.call("DELETE", f"/rules/{segment(rule)}", sandbox=sandbox)
