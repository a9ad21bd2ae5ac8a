"""One contract as the compiled request path has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connexion.middleware.abstract import AbstractRoutingAPI

from handlers.http import Edge, OperationInfo
from troth.request.operation import CompiledOperation
from troth.request.schemas import SchemaSet
from troth.spec.references import resolver

if TYPE_CHECKING:
    from collections.abc import Callable

    from troth.request.paths import PathTree
    from troth.runtime import Runtime


class CompiledAPI(AbstractRoutingAPI[CompiledOperation]):  # type: ignore[misc]  # Connexion has no types
    """One contract: Connexion's operations, compiled and put into the tree of all.

    `bases` are the paths that an API is served under.
    """

    def __init__(
        self,
        specification: Any,
        *,
        runtime: Runtime,
        tree: PathTree[CompiledOperation],
        bases: Callable[[str, str], list[str]],
        api: str,
        edge: Edge,
        **options: Any,
    ) -> None:
        self._runtime, self._tree, self._bases = runtime, tree, bases
        self.api = api
        self.edge = edge
        self.compiled: list[CompiledOperation] = []
        self.raw = specification.raw
        self.schemas = SchemaSet(self.raw)
        self.resolve = resolver(self.raw)
        super().__init__(specification, **options)

    def make_operation(self, operation: Any) -> CompiledOperation:
        raw = self.raw["paths"][operation.path][operation.method]
        info = OperationInfo(
            api=self.api,
            operation_id=operation.operation_id,
            method=operation.method.upper(),
            path=operation.path,
            tags=tuple(raw.get("tags", ())),
            extensions={k: v for k, v in raw.items() if k.startswith("x-troth-")},
        )
        compiled = CompiledOperation(
            self._runtime,
            self.edge,
            info,
            operation.function,
            raw,
            operation.security,
            self.schemas,
            self.resolve,
            getattr(operation.function, "troth_source", "stateful"),
        )
        self.compiled.append(compiled)
        return compiled

    @staticmethod
    def _framework_path_and_name(_operation: Any, path: str) -> tuple[str, str]:
        return path, path

    def _add_operation_internal(
        self,
        method: str,
        path: str,
        operation: CompiledOperation,
        name: str | None = None,  # noqa: ARG002  Connexion's signature
    ) -> None:
        raw = [self.resolve(parameter) for parameter in self.raw["paths"][path][method].get("parameters", ())]
        integers = frozenset(p["name"] for p in raw if p["in"] == "path" and p["schema"].get("type") == "integer")
        for base in self._bases(self.api, self.base_path):
            self._tree.add(method.upper(), base + path, operation, integers)
