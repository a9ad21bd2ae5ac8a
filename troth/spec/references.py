"""Following `$ref`s within one document."""

from collections.abc import Callable
from typing import Any

from models.kernel.pointers import unescape


def resolver(document: dict[str, Any]) -> Callable[[Any], Any]:
    """A function that follows the references of a node of the document; what it leads to keeps its own references."""

    def resolve(node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            target: Any = document
            for token in node["$ref"].removeprefix("#/").split("/"):
                target = target[unescape(token)]
            node = target
        return node

    return resolve
