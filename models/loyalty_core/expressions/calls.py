"""Expressions between text and nodes, many in one call. Each takes up to 30 ms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.json_values import FreeForm, Shown
from models.loyalty_core.expressions import ExpressionError, from_json, parse, show, to_json
from models.loyalty_core.expressions.problems import ExpressionInvalid


class TextBody(TypedDict):
    """An expression of a request."""

    expression: str


class TextsBody(TypedDict):
    """Expressions of a request, to be parsed."""

    inputs: list[TextBody]
    annotate: NotRequired[bool]


class TreeBody(TypedDict):
    """A node of a request, with those below it."""

    node: FreeForm


class TreesBody(TypedDict):
    """Nodes of a request, to be written as expressions."""

    inputs: list[TreeBody]
    annotate: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class Texts:
    """Expressions to be parsed; whether their nodes are to be annotated."""

    expressions: Sequence[str]
    annotate: bool


@dataclass(frozen=True, slots=True)
class Trees:
    """Nodes, as JSON, to be written as expressions; whether the nodes are wanted again, annotated."""

    nodes: Sequence[FreeForm]
    annotate: bool


def read_texts(body: TextsBody) -> Texts:
    """The expressions of a request."""
    return Texts([one["expression"] for one in body["inputs"]], body.get("annotate", False))


def read_trees(body: TreesBody) -> Trees:
    """The nodes of a request."""
    return Trees([one["node"] for one in body["inputs"]], body.get("annotate", False))


def parse_all(texts: Texts) -> Iterator[Shown]:
    """The node of each text, one after another.

    Raises RuleViolation for the first that is no expression, with line and column.
    """
    return (
        _parse(text, f"/inputs/{number}/expression", annotate=texts.annotate)
        for number, text in enumerate(texts.expressions)
    )


def show_all(trees: Trees) -> Iterator[Shown]:
    """The text of each node, and its nodes if they are to be annotated, one after another.

    Raises RuleViolation with the pointer of a fault.
    """
    return (_show(node, f"/inputs/{number}/node", annotate=trees.annotate) for number, node in enumerate(trees.nodes))


def _parse(text: str, pointer: str, *, annotate: bool) -> Shown:
    try:
        return to_json(parse(text), annotate=annotate)
    except ExpressionError as error:
        raise ExpressionInvalid(f"{pointer}: {error}") from error


def _show(node: FreeForm, pointer: str, *, annotate: bool) -> Shown:
    try:
        text = show(from_json(node))
    except ExpressionError as error:
        raise ExpressionInvalid(f"{pointer}{error.pointer}: {error.reason}") from error
    return {"expression": text, "node": to_json(parse(text), annotate=True) if annotate else None}
