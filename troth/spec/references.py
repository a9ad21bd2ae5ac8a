"""Following `$ref`s within one document."""

from collections.abc import Callable
from functools import cache
from typing import Any

from models.kernel.pointers import unescape


def resolver(document: dict[str, Any]) -> Callable[[Any], Any]:
    """A function that follows the references of a node of the document; what it leads to keeps its own references.

    The document must not change meanwhile: a start follows the same few references ten thousand times, so where one
    leads is kept.
    """

    @cache
    def find(reference: str) -> Any:
        target: Any = document
        for token in reference.removeprefix("#/").split("/"):
            target = target[unescape(token)]
        return target

    def resolve(node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            node = find(node["$ref"])
        return node

    return resolve
