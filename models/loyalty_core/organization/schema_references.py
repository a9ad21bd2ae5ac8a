"""Where the references of a JSON Schema may lead."""

from collections.abc import Sequence
from urllib.parse import unquote

from models.kernel.pointers import unescape
from models.kernel.whole_numbers import read_whole


class Targets:
    """Where references may lead.

    A reference within an embedded schema with an `$id` may mean several places: all of them count.
    """

    def __init__(self, schema: object) -> None:
        self.resources: list[tuple[str, dict[str, object]]] = []
        self.anchors: dict[str, list[dict[str, object]]] = {}
        self.root = schema
        waiting: list[dict[str, object] | list[object]] = [schema] if isinstance(schema, dict | list) else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                self._note(node)
            waiting += [
                part for part in (node.values() if isinstance(node, dict) else node) if isinstance(part, dict | list)
            ]
        self.found: dict[str, list[dict[str, object]]] = {}

    def _note(self, node: dict[str, object]) -> None:
        for name in ("$anchor", "$dynamicAnchor", "$id", "id"):
            if isinstance(named := node.get(name), str):
                self.anchors.setdefault(named.rpartition("#")[2], []).append(node)
        for name in ("$id", "id"):
            if isinstance(named := node.get(name), str):
                self.resources.append((_last_step(named), node))

    def of(self, reference: object) -> Sequence[object]:
        """The subschemas that a reference may name; none for those of the drafts themselves."""
        if not isinstance(reference, str):
            return []
        if reference not in self.found:
            address, _, fragment = reference.partition("#")
            roots: list[object] = [node for step, node in self.resources if not address or step == _last_step(address)]
            if not address:
                roots = [self.root, *(node for node in roots if node is not self.root)]
            if fragment and not fragment.startswith("/"):
                self.found[reference] = self.anchors.get(fragment, [])
            else:
                self.found[reference] = [found for root in roots if isinstance(found := _at(root, fragment), dict)]
        return self.found[reference]


def _last_step(address: str) -> str:
    return address.partition("#")[0].rpartition("/")[2]


def _at(root: object, pointer: str) -> object:
    """What is at a JSON pointer (RFC 6901, percent-encoded) below a node; None where there is nothing."""
    node = root
    for step in unquote(pointer).split("/")[1:]:
        name = unescape(step)
        if isinstance(node, list):
            index = read_whole(name, len(node) - 1)
            node = None if index is None else node[index]
        else:
            node = node.get(name) if isinstance(node, dict) else None
    return node
