"""Of which type the value of an expression is, when it is not null: a guess from its form alone."""

from models.loyalty_core.expressions.nodes import (
    Binary,
    Call,
    Conditional,
    Items,
    Lambda,
    Literal,
    Node,
    Path,
    Scalar,
    Unary,
)
from models.loyalty_core.expressions.signatures import ANY, ARRAY, BOOLEAN, NUMBER, SIGNATURES, STRING

NULL = "null"
TYPES = (NULL, BOOLEAN, NUMBER, STRING, ARRAY, ANY)


def infer(node: Node) -> str:
    """One of TYPES; `any` for what only the data knows. A lambda has the type of what it makes."""
    match node:
        case Literal(value=value):
            kind = type_of(value)
        case Path():
            kind = ANY
        case Items():
            kind = ARRAY
        case Binary(operator="+", left=left, right=right):
            kind = next((one for one in (infer(left), infer(right)) if one in (NUMBER, STRING)), ANY)
        case Unary(operator="-") | Binary(operator="-" | "*" | "/" | "%"):
            kind = NUMBER
        case Conditional(then=then, otherwise=otherwise):
            kind = _common(infer(then), infer(otherwise))
        case Lambda(body=body):
            kind = infer(body)
        case Call(function=function):
            kind = SIGNATURES[function].returns
        case _:
            kind = BOOLEAN
    return kind


def type_of(value: Scalar) -> str:
    """The type of a value that is not made of others."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    return STRING if isinstance(value, str) else NUMBER


def _common(one: str, other: str) -> str:
    if other in (one, NULL):
        return one
    return other if one == NULL else ANY
