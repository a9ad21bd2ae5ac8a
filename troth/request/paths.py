"""Finding the operation of a path: a tree of segments, so that the cost does not grow with the number of operations."""

import re
from typing import Generic, TypeVar
from urllib.parse import unquote_to_bytes

from models.kernel.problems import UnknownPath

Leaf = TypeVar("Leaf")

_TEMPLATE = re.compile(r"^([^{}]*)\{([^{}]+)\}([^{}]*)$")


class BadPath(Exception):
    """The path holds bytes that are not UTF-8."""


class PathTree(Generic[Leaf]):
    """Maps (method, path) to a leaf. A fixed segment wins over a parameter, method by method."""

    def __init__(self) -> None:
        self._root: _Node[Leaf] = _Node()
        self.find = self._root.seek
        """`find(method, segments)`: the leaf and the path parameters, or None."""

    def add(self, method: str, path: str, leaf: Leaf, integers: frozenset[str] = frozenset()) -> None:
        """Register a template such as `/a/{id}/b`. Parameters in `integers` only match decimal integers."""
        node = self._root
        names: list[str] = []
        for segment in path.strip("/").split("/"):
            found = _TEMPLATE.match(segment)
            if found is None:
                if "{" in segment:
                    raise ValueError(f"{path}: a segment may hold one parameter only")
                node = node.fixed.setdefault(segment, _Node())
                continue
            prefix, name, suffix = found.groups()
            names.append(name)
            node = node.child(prefix, suffix, integer=name in integers)
        node.methods[method] = (leaf, tuple(names))

    def methods(self, segments: list[str]) -> list[str]:
        """The methods that the contract has for a path, for a 405's Allow; empty when no template matches.

        Of several templates they are those of the most specific one (OpenAPI, Path Templating Matching), though `find`
        goes on to the next for another method.
        """
        found = self._root.methods_at(segments, 0)
        if "GET" in found:
            found.add("HEAD")
        return sorted(found)


class _Node(Generic[Leaf]):
    __slots__ = ("fixed", "methods", "parameter", "patterns")

    def __init__(self) -> None:
        self.fixed: dict[str, _Node[Leaf]] = {}
        self.parameter: _Node[Leaf] | None = None
        self.patterns: list[tuple[re.Pattern[str], _Node[Leaf]]] = []
        self.methods: dict[str, tuple[Leaf, tuple[str, ...]]] = {}

    def child(self, prefix: str, suffix: str, *, integer: bool) -> "_Node[Leaf]":
        if not (prefix or suffix or integer):
            if self.parameter is None:
                self.parameter = _Node()
            return self.parameter
        inner = "-?[0-9]+" if integer else ".+"
        pattern = f"{re.escape(prefix)}({inner}){re.escape(suffix)}"
        for known, child in self.patterns:
            if known.pattern == pattern:
                return child
        node: _Node[Leaf] = _Node()
        self.patterns.append((re.compile(pattern), node))
        return node

    def seek(
        self, method: str, segments: list[str], at: int = 0, values: tuple[str, ...] = ()
    ) -> tuple[Leaf, dict[str, str]] | None:
        """The leaf below this node that takes the method, the most fixed way first.

        Where there is one way only, which is nearly everywhere, it goes on in the loop; it calls itself for the others.
        """
        node, end = self, len(segments)
        while at < end:
            segment = segments[at]
            at += 1
            fixed = node.fixed.get(segment)
            if fixed is not None:
                if node.parameter is None and not node.patterns:
                    node = fixed
                    continue
                found = fixed.seek(method, segments, at, values)
                if found is not None:
                    return found
            for pattern, child in node.patterns:
                match = pattern.fullmatch(segment)
                if match is not None:
                    found = child.seek(method, segments, at, (*values, match.group(1)))
                    if found is not None:
                        return found
            if node.parameter is None or not segment:
                return None
            values = (*values, segment)
            node = node.parameter
        entry = node.methods.get(method)
        if entry is None:
            return None
        leaf, names = entry
        return leaf, {names[0]: values[0]} if len(names) == 1 else dict(zip(names, values, strict=True))

    def methods_at(self, segments: list[str], at: int) -> set[str]:
        """The methods of the nodes that the segments lead to; those of parameters only where no fixed segment leads to
        any.
        """
        if at == len(segments):
            return set(self.methods)
        segment = segments[at]
        found = self.fixed[segment].methods_at(segments, at + 1) if segment in self.fixed else set()
        if found:
            return found
        ways = [node for pattern, node in self.patterns if pattern.fullmatch(segment)]
        if self.parameter is not None and segment:
            ways.append(self.parameter)
        return found.union(*(node.methods_at(segments, at + 1) for node in ways))


def unknown_path(tree: PathTree[Leaf], segments: list[str]) -> UnknownPath:
    """The refusal of a path that no template matches; says so where one matches the path without a slash at its end."""
    if len(segments) > 1 and not segments[-1] and tree.methods(segments[:-1]):
        return UnknownPath(f"{UnknownPath.default_message[:-1]}, but there is without the slash at its end.")
    return UnknownPath()


def split(raw_path: bytes) -> list[str]:
    """The segments of a path, split first and decoded after: a segment may hold an encoded slash."""
    try:
        if b"%" not in raw_path:
            return raw_path[1:].decode().split("/")
        return [unquote_to_bytes(segment).decode() for segment in raw_path[1:].split(b"/")]
    except UnicodeDecodeError as error:
        raise BadPath from error
