"""What an expression names: the paths into the data that it is given, and texts and numbers that it compares with what
is there.
"""

from collections.abc import Iterator, Mapping

from models.loyalty_core.expressions.nodes import Binary, Call, Items, Lambda, Literal, Node, Path, Scalar, children

Bound = Mapping[str, tuple[str | int, ...] | None]
"""Parameters of lambdas: the path whose items each of them stands for, None for what is no path."""


def free_paths(root: Node) -> Iterator[Path]:
    """The paths that begin in the data, and not with the parameter of a lambda."""
    for node, bound in _walk(root, {}):
        if isinstance(node, Path) and node.steps[0] not in bound:
            yield node


def compared_with(root: Node, *steps: str) -> Iterator[Scalar]:
    """The texts, numbers and so on that an expression compares with what is at a path, or with the items of a list
    there.
    """
    for node, bound in _walk(root, {}):
        pair: tuple[Node, ...] = ()
        match node:
            case Binary(left=left, right=right):
                pair = left, right
            case Call(function="contains", arguments=(left, right)):
                pair = left, right
        for one, other in (pair, pair[::-1]) if pair else ():
            if _place(one, bound)[: len(steps)] == steps:
                yield from _scalars(other)


def _walk(node: Node, bound: Bound) -> Iterator[tuple[Node, Bound]]:
    """All nodes with the parameters that are known there. Expressions have at most 30 levels."""
    yield node, bound
    for child in children(node):
        within = bound
        if isinstance(child, Lambda):
            assert isinstance(node, Call), "a lambda is an argument"
            within = {**bound, child.parameter: _place(node.arguments[0], bound) or None}
        yield from _walk(child, within)


def _place(node: Node, bound: Bound) -> tuple[str | int, ...]:
    """The path that a node is, from the data on; empty for what is none."""
    if not isinstance(node, Path):
        return ()
    name, *further = node.steps
    if name not in bound:
        return node.steps
    return (*(bound[str(name)] or ()), *further)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Literal):
        yield node.value
    elif isinstance(node, Items):
        for item in node.items:
            yield from _scalars(item)
