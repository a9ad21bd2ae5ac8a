"""From text to nodes."""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Protocol, TypedDict

from models.loyalty_core.expressions.errors import ExpressionError
from models.loyalty_core.expressions.grammar import GRAMMAR
from models.loyalty_core.expressions.nodes import (
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
from models.loyalty_core.expressions.signatures import fault_of

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.exceptions import UnexpectedInput

QUOTED_CHARACTERS_MAX = 40
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")
_ESCAPED = {'"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Location(TypedDict):
    """Line and column, as members of a node or an error."""

    line: int | None
    column: int | None


class Located(Protocol):
    """A token or node, with where it begins."""

    @property
    def line(self) -> int | None: ...
    @property
    def column(self) -> int | None: ...


def parse(text: str) -> Node:
    """The expression that a text says. Raises ExpressionError with line and column."""
    from lark.exceptions import UnexpectedInput

    if len(text) > TEXT_CHARACTERS_MAX:
        raise ExpressionError(f"it has more than {TEXT_CHARACTERS_MAX} characters", line=1, column=1)
    try:
        root: Node = _parser().parse(text)  # type: ignore[assignment]  # the builder makes nodes of trees
    except UnexpectedInput as error:
        raise _fault(text, error) from None
    check_size(root)
    return root


@lru_cache(maxsize=1024)
def compile_expression(text: str) -> Node:
    """`parse`, remembered."""
    return parse(text)


@lru_cache(maxsize=1)
def _parser() -> "Lark":
    """Built at the first use: who never calls for an expression does not wait for it."""
    from lark import Lark

    builders = {name: (lambda parts, build=build: build(*parts)) for name, build in _BUILDERS.items()}
    return Lark(
        GRAMMAR, parser="lalr", lexer="basic", transformer=SimpleNamespace(**builders), maybe_placeholders=False
    )


def _path(name: "Token", *steps: str | int) -> Node:
    return Path((str(name), *steps), **_at(name))


def _call(name: "Token", *arguments: Node) -> Node:
    fault = fault_of(name, arguments)
    if fault is not None:
        raise ExpressionError(fault, **_at(name))
    return Call(str(name), arguments, **_at(name))


def _member(*tokens: "Token") -> str:
    name = tokens[-1]
    return str(name) if name.type == "NAME" else _string(name)


def _place(at: "Token", digits: "Token") -> int:
    place = _number(digits)
    if not isinstance(place, int):
        raise ExpressionError("a place in a list is a whole number", **_at(at))
    return place


_BUILDERS: dict[str, Callable[..., Node | str | int]] = {
    "conditional": lambda at, condition, then, otherwise: Conditional(condition, then, otherwise, **_at(at)),
    "disjunction": lambda *operands: Logical("or", operands, **_at(operands[0])),
    "conjunction": lambda *operands: Logical("and", operands, **_at(operands[0])),
    "negation": lambda operator, operand: Unary(str(operator), operand, **_at(operator)),
    "binary": lambda left, operator, right: Binary(str(operator), left, right, **_at(left)),
    "not_in": lambda left, _not, _in, right: Binary("not in", left, right, **_at(left)),
    "number": lambda digits: Literal(_number(digits), **_at(digits)),
    "negative": lambda minus, digits: Literal(-_number(digits), **_at(minus)),
    "string": lambda quoted: Literal(_string(quoted), **_at(quoted)),
    "true": lambda at: Literal(True, **_at(at)),
    "false": lambda at: Literal(False, **_at(at)),
    "null": lambda at: Literal(None, **_at(at)),
    "items": lambda at, *items: Items(items, **_at(at)),
    "path": _path,
    "call": _call,
    "lambda": lambda name, body: Lambda(str(name), body, **_at(name)),
    "member": _member,
    "place": _place,
}
"""Who builds what, by the names behind the arrows of the grammar."""


def _at(item: Located) -> Location:
    """Where a token or node begins, as members of a node or an error."""
    return {"line": item.line, "column": item.column}


def _number(digits: "Token") -> int | float:
    exact = digits.isdigit()
    if exact and len(digits) <= len(str(NUMBER_MAX)) and int(digits) <= NUMBER_MAX:
        return int(digits)
    if exact or not math.isfinite(float(digits)):
        raise ExpressionError(
            f"numbers are at most {NUMBER_MAX}, with a fraction or exponent at most 1.8e308", **_at(digits)
        )
    return float(digits)


def _string(quoted: "Token") -> str:
    def replaced(found: re.Match[str]) -> str:
        code = found[1]
        if len(code) > 1:
            return chr(int(code[1:], 16))
        if code not in _ESCAPED:
            raise ExpressionError(f"\\{code} is not an escape", **_at(quoted))
        return _ESCAPED[code]

    plain = _ESCAPE.sub(replaced, quoted[1:-1])
    try:
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise ExpressionError("half of a surrogate pair is not a character", **_at(quoted)) from None
    if "\0" in plain:
        raise ExpressionError("the character NUL is not taken", **_at(quoted))
    return plain


def _fault(text: str, error: "UnexpectedInput") -> ExpressionError:
    token = getattr(error, "token", None)
    if token is None:
        return ExpressionError("this character is not expected here", line=error.line, column=error.column)
    if token.type == "$END":
        return ExpressionError(
            "the text ends too early", line=text.count("\n") + 1, column=len(text) - text.rfind("\n")
        )
    return ExpressionError(f"{str(token)[:QUOTED_CHARACTERS_MAX]} is not expected here", **_at(token))
