"""Expressions between text and nodes, many in one call. Each takes up to 30 ms."""

from collections.abc import Iterator
from typing import Any

from models.loyalty_core.expressions import ExpressionError, from_json, parse, show, to_json
from models.loyalty_core.problems import RuleViolation


def parse_all(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The node of each text, one after another. Raises RuleViolation for the first that is no expression, with line and column."""
    annotate = body.get("annotate", False)
    return (
        _parse(one["expression"], f"/inputs/{number}/expression", annotate=annotate)
        for number, one in enumerate(body["inputs"])
    )


def show_all(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The text of each node, and its nodes if they are to be annotated, one after another. Raises RuleViolation with the pointer of a fault."""
    annotate = body.get("annotate", False)
    return (
        _show(one["node"], f"/inputs/{number}/node", annotate=annotate) for number, one in enumerate(body["inputs"])
    )


def _parse(text: str, pointer: str, *, annotate: bool) -> dict[str, Any]:
    try:
        return to_json(parse(text), annotate=annotate)
    except ExpressionError as error:
        raise RuleViolation(f"{pointer}: {error}") from error


def _show(node: dict[str, Any], pointer: str, *, annotate: bool) -> dict[str, Any]:
    try:
        text = show(from_json(node))
    except ExpressionError as error:
        raise RuleViolation(f"{pointer}{error.pointer}: {error.reason}") from error
    return {"expression": text, "node": to_json(parse(text), annotate=True) if annotate else None}
