"""From nodes to text: one text for each expression, which parses back to it."""

import re
from collections.abc import Sequence

import orjson

from models.loyalty_core.expressions.nodes import (
    RESERVED,
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
)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CONDITIONAL, OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGNED, ATOM = range(9)
"""The precedence of nodes; one of a lower precedence than its place needs is put into brackets."""
_BINARY = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT}


def is_name(text: str) -> bool:
    """Whether a text can stand as a name without quotes."""
    return _NAME.fullmatch(text) is not None and text not in RESERVED


def show(node: Node) -> str:
    """The canonical text of an expression."""
    return _show(node, CONDITIONAL)


def _show(node: Node, least: int) -> str:
    text, level = _text(node)
    return text if level >= least else f"({text})"


def _text(node: Node) -> tuple[str, int]:
    """The text of a node, and how tightly it binds."""
    text, level = "", ATOM
    match node:
        case Literal(value=value):
            text = orjson.dumps(value).decode()
            level = SIGNED if text.startswith("-") else ATOM
        case Items(items=items):
            text = f"[{_listed(items)}]"
        case Path(steps=steps):
            text = str(steps[0]) + "".join(map(_step, steps[1:]))
        case Unary(operator=operator, operand=operand):
            text, level = _unary(operator, operand)
        case Binary(operator=operator, left=left, right=right):
            level = _BINARY.get(operator, COMPARISON)
            # Comparisons do not chain, the others group from the left.
            text = f"{_show(left, level + (level == COMPARISON))} {operator} {_show(right, level + 1)}"
        case Logical(operator=operator, operands=operands):
            level = OR if operator == "or" else AND
            text = f" {operator} ".join(_show(operand, level + 1) for operand in operands)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            text, level = f"if {show(condition)} then {show(then)} else {show(otherwise)}", CONDITIONAL
        case Lambda(parameter=parameter, body=body):
            text = f"{parameter} => {show(body)}"
        case Call(function=function, arguments=arguments):
            text = f"{function}({_listed(arguments)})"
    return text, level


def _unary(operator: str, operand: Node) -> tuple[str, int]:
    if operator == "not":
        return f"not {_show(operand, NOT)}", NOT
    # A number right behind the sign would be read as a negative number.
    inner = _show(operand, SIGNED)
    return f"-({inner})" if inner[0].isdigit() else f"-{inner}", SIGNED


def _listed(nodes: Sequence[Node]) -> str:
    return ", ".join(map(show, nodes))


def _step(step: str | int) -> str:
    return f".{step}" if isinstance(step, str) and is_name(step) else f"[{orjson.dumps(step).decode()}]"
