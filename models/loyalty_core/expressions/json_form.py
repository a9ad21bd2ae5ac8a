"""Nodes as JSON, in both directions.

The contract's schema of a node says the same; here a fault has its exact place.
"""

import math
from collections.abc import Callable

from models.kernel.json_values import FreeForm, Shown
from models.loyalty_core.expressions.errors import ExpressionError
from models.loyalty_core.expressions.inference import infer
from models.loyalty_core.expressions.nodes import (
    DEPTH_MAX,
    NUMBER_MAX,
    TEXT_CHARACTERS_MAX,
    Binary,
    Call,
    Conditional,
    Items,
    Lambda,
    Literal,
    Logical,
    Node,
    Path,
    Unary,
    check_size,
)
from models.loyalty_core.expressions.printer import is_name, show
from models.loyalty_core.expressions.signatures import fault_of

UNARY = ("-", "not")
BINARY = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "not in")
LOGICAL = ("and", "or")


def to_json(node: Node, *, annotate: bool = False) -> Shown:
    """A node with those below it; `annotate` adds to each where it began and of which type its value is."""
    shown = _members(node, lambda child: to_json(child, annotate=annotate))
    if annotate:
        shown["position"] = None if node.line is None else {"line": node.line, "column": node.column}
        shown["valueType"] = infer(node)
    return shown


def from_json(value: object) -> Node:
    """The expression that JSON nodes say; members that nodes do not have are passed over.

    Raises ExpressionError with the pointer of what is wrong.
    """
    root = _read(value, "", 1)
    try:
        check_size(root)
    except ExpressionError as error:
        raise ExpressionError(error.reason, pointer="") from None
    if len(show(root)) > TEXT_CHARACTERS_MAX:
        raise ExpressionError(f"its text has more than {TEXT_CHARACTERS_MAX} characters", pointer="")
    return root


def _members(node: Node, render: Callable[[Node], Shown]) -> Shown:
    """A node's own members; `render` makes those of the nodes below it."""
    members: Shown = {}
    match node:
        case Literal(value=value):
            members = {"type": "literal", "value": value}
        case Items(items=items):
            members = {"type": "list", "items": [render(item) for item in items]}
        case Path(steps=steps):
            members = {"type": "path", "steps": list(steps)}
        case Unary(operator=operator, operand=operand):
            members = {"type": "unary", "operator": operator, "operand": render(operand)}
        case Binary(operator=operator, left=left, right=right):
            members = {"type": "binary", "operator": operator, "left": render(left), "right": render(right)}
        case Logical(operator=operator, operands=operands):
            members = {"type": "logical", "operator": operator, "operands": [render(operand) for operand in operands]}
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            members = {
                "type": "conditional",
                "condition": render(condition),
                "then": render(then),
                "else": render(otherwise),
            }
        case Lambda(parameter=parameter, body=body):
            members = {"type": "lambda", "parameter": parameter, "body": render(body)}
        case Call(function=function, arguments=arguments):
            members = {"type": "call", "function": function, "arguments": [render(argument) for argument in arguments]}
    return members


class _Reader:
    """One JSON node, at its place."""

    def __init__(self, value: FreeForm, pointer: str, depth: int) -> None:
        self.value, self.pointer, self.depth = value, pointer, depth

    def member(self, name: str) -> object:
        """The value of a member. Raises ExpressionError where it is missing."""
        if name not in self.value:
            raise ExpressionError(f"{name} is missing", pointer=self.pointer)
        return self.value[name]

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        """A member that is one of some texts. Raises ExpressionError."""
        value = self.member(name)
        if not isinstance(value, str) or value not in known:
            raise ExpressionError(f"{name} is one of {', '.join(known)}", pointer=f"{self.pointer}/{name}")
        return value

    def name(self, name: str) -> str:
        """A member that is a name of the language. Raises ExpressionError."""
        value = self.member(name)
        if not isinstance(value, str) or not is_name(value):
            raise ExpressionError(
                f"{name} is a name of letters, digits and _, and none of the language's words",
                pointer=f"{self.pointer}/{name}",
            )
        return value

    def node(self, name: str) -> Node:
        """The node in a member. Raises ExpressionError."""
        return _read(self.member(name), f"{self.pointer}/{name}", self.depth + 1)

    def array(self, name: str, least: int = 0) -> list[object]:
        """A member that is a list of at least so many items. Raises ExpressionError."""
        value = self.member(name)
        if not isinstance(value, list) or len(value) < least:
            raise ExpressionError(f"{name} is a list of at least {least}", pointer=f"{self.pointer}/{name}")
        return value

    def nodes(self, name: str, least: int = 0, *, lambdas: bool = False) -> tuple[Node, ...]:
        """The nodes in a list of at least so many. Raises ExpressionError."""
        return tuple(
            _read(item, f"{self.pointer}/{name}/{number}", self.depth + 1, lambdas=lambdas)
            for number, item in enumerate(self.array(name, least))
        )


def _read(value: object, pointer: str, depth: int, *, lambdas: bool = False) -> Node:
    if depth > DEPTH_MAX:
        raise ExpressionError(f"it is nested deeper than {DEPTH_MAX} levels", pointer=pointer)
    if not isinstance(value, dict):
        raise ExpressionError("a node is an object", pointer=pointer)
    reader = _Reader(value, pointer, depth)
    kind = reader.one_of("type", tuple(_KINDS))
    if kind == "lambda" and not lambdas:
        raise ExpressionError("a lambda is an argument of a call", pointer=pointer)
    return _KINDS[kind](reader)


def _literal(reader: _Reader) -> Node:
    value = reader.member("value")
    if isinstance(value, str):
        _check_text(value, f"{reader.pointer}/value")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError("a number is finite", pointer=f"{reader.pointer}/value")
    elif isinstance(value, int) and abs(value) > NUMBER_MAX:
        raise ExpressionError(f"whole numbers are at most {NUMBER_MAX}", pointer=f"{reader.pointer}/value")
    elif value is not None and not isinstance(value, int | float):
        raise ExpressionError("a literal is null, a boolean, a number or a string", pointer=f"{reader.pointer}/value")
    return Literal(value)


def _path(reader: _Reader) -> Node:
    steps: list[str | int] = []
    for number, step in enumerate(reader.array("steps", 1)):
        at = f"{reader.pointer}/steps/{number}"
        if number == 0 and not (isinstance(step, str) and is_name(step)):
            raise ExpressionError("a path begins with a name of letters, digits and _", pointer=at)
        if isinstance(step, str):
            _check_text(step, at)
        elif not isinstance(step, int) or isinstance(step, bool) or not 0 <= step <= NUMBER_MAX:
            raise ExpressionError("a step is a name, or a place in a list from 0", pointer=at)
        steps.append(step)
    return Path(tuple(steps))


def _call(reader: _Reader) -> Node:
    function, arguments = reader.member("function"), reader.nodes("arguments", lambdas=True)
    if not isinstance(function, str):
        raise ExpressionError("function is a text", pointer=f"{reader.pointer}/function")
    fault = fault_of(function, arguments)
    if fault is not None:
        raise ExpressionError(fault, pointer=f"{reader.pointer}/function")
    return Call(function, arguments)


_KINDS: dict[str, Callable[[_Reader], Node]] = {
    "literal": _literal,
    "list": lambda reader: Items(reader.nodes("items")),
    "path": _path,
    "unary": lambda reader: Unary(reader.one_of("operator", UNARY), reader.node("operand")),
    "binary": lambda reader: Binary(reader.one_of("operator", BINARY), reader.node("left"), reader.node("right")),
    "logical": lambda reader: Logical(reader.one_of("operator", LOGICAL), reader.nodes("operands", 2)),
    "conditional": lambda reader: Conditional(reader.node("condition"), reader.node("then"), reader.node("else")),
    "lambda": lambda reader: Lambda(reader.name("parameter"), reader.node("body")),
    "call": _call,
}


def _check_text(text: str, pointer: str) -> None:
    if "\0" in text:
        raise ExpressionError("the character NUL is not taken", pointer=pointer)
    if any("\ud800" <= one <= "\udfff" for one in text):
        raise ExpressionError("half of a surrogate pair is not a character", pointer=pointer)
