"""The nodes of expressions: immutable, compared by what they mean and not by where they stood."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from models.loyalty_core.expressions.errors import ExpressionError

TEXT_CHARACTERS_MAX = 4_096
DEPTH_MAX = 30
"""As JSON a level may take two, and a body has 64."""
NODES_MAX = 500
NUMBER_MAX = 2**53 - 1
RESERVED = frozenset({"and", "or", "not", "in", "if", "then", "else", "true", "false", "null"})

Scalar = str | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any node; line and column are where it begins in the text, None for one that was never in a text."""

    line: int | None = field(default=None, compare=False)
    column: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Scalar


@dataclass(frozen=True, slots=True)
class Items(Node):
    """A list that is written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A way into the data: a name, then names of members and places in lists."""

    steps: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`not` or `-`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Arithmetic and comparison."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logical(Node):
    """`and` or `or` of two operands or more."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """What a call does with each item of a list; only ever an argument."""

    parameter: str
    body: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: str
    arguments: tuple[Node, ...]


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below a node."""
    below: tuple[Node, ...] = ()
    match node:
        case Items(items=nodes) | Logical(operands=nodes) | Call(arguments=nodes):
            below = nodes
        case Unary(operand=node) | Lambda(body=node):
            below = (node,)
        case Binary(left=left, right=right):
            below = (left, right)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            below = (condition, then, otherwise)
    return below


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """All nodes with their depth from 1, each before those below it; not recursive, whatever the depth."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in reversed(children(node))]


def check_size(root: Node) -> None:
    """Refuse an expression that is too deep or has too many nodes: raises ExpressionError."""
    for number, (node, depth) in enumerate(walk(root), start=1):
        if depth > DEPTH_MAX:
            raise ExpressionError(f"it is nested deeper than {DEPTH_MAX} levels", line=node.line, column=node.column)
        if number > NODES_MAX:
            raise ExpressionError(f"it has more than {NODES_MAX} nodes", line=node.line, column=node.column)
