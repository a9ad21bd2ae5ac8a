"""The value of an expression: a walk over its nodes and over JSON values, and nothing else of Python.

It ends, whatever it is given: nodes and depth are bounded, and so are steps, texts, numbers and the result.
"""

from collections.abc import Callable, Mapping
from typing import Any

from models.loyalty_core.expressions.decimals import ARITHMETIC
from models.loyalty_core.expressions.errors import EvaluationError
from models.loyalty_core.expressions.functions import FUNCTIONS, Each
from models.loyalty_core.expressions.nodes import (
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
from models.loyalty_core.expressions.operators import calculate, compare, negate
from models.loyalty_core.expressions.values import Steps, Value, as_json, check_result, truth


def evaluate(node: Node, context: Mapping[str, Value], *, now_ms: int, steps: Steps | None = None) -> Value:
    """The value of an expression with these names bound, at this time, as JSON has it.

    What a path does not find is null. Evaluations may share their steps. Raises EvaluationError, and nothing else for any expression
    and any JSON.
    """
    return as_json(evaluate_exactly(node, context, now_ms=now_ms, steps=steps))


def evaluate_exactly(node: Node, context: Mapping[str, Value], *, now_ms: int, steps: Steps | None = None) -> Value:
    """The same with numbers as they were calculated: int or Decimal, and float where one comes from the data as it is."""
    steps = steps or Steps()
    return check_result(steps, _Evaluation(now_ms, steps).value(node, context))


class _Evaluation:
    def __init__(self, now_ms: int, steps: Steps) -> None:
        self.now_ms, self.steps = now_ms, steps
        self.kinds: dict[type[Node], Callable[[Any, Mapping[str, Value]], Value]] = {
            Literal: lambda node, _names: node.value,
            Items: self._items,
            Path: self._path,
            Unary: self._unary,
            Binary: self._binary,
            Logical: self._logical,
            Conditional: self._conditional,
            Call: self._call,
        }

    def value(self, node: Node, names: Mapping[str, Value]) -> Value:
        self.steps.spend()
        return self.kinds[type(node)](node, names)

    def _items(self, node: Items, names: Mapping[str, Value]) -> Value:
        return [self.value(item, names) for item in node.items]

    def _path(self, node: Path, names: Mapping[str, Value]) -> Value:
        value: Value = names
        for step in node.steps:
            self.steps.spend()
            value = self._step(value, step)
            if value is None:
                return None
        return value

    def _step(self, value: Value, step: str | int) -> Value:
        if isinstance(step, int):
            return value[step] if isinstance(value, list) and step < len(value) else None
        if isinstance(value, Mapping):
            return value.get(step)
        return self._project(value, step) if isinstance(value, list) else None

    def _project(self, items: list[Value], name: str) -> list[Value]:
        self.steps.spend(len(items))
        found: list[Value] = []
        for item in items:
            member = item.get(name) if isinstance(item, dict) else None
            if isinstance(member, list):
                self.steps.spend(len(member))
                found += member
            elif member is not None:
                found.append(member)
        return found

    def _unary(self, node: Unary, names: Mapping[str, Value]) -> Value:
        value = self.value(node.operand, names)
        return negate(value) if node.operator == "-" else not truth(value)

    def _binary(self, node: Binary, names: Mapping[str, Value]) -> Value:
        left, right = self.value(node.left, names), self.value(node.right, names)
        return (calculate if node.operator in ARITHMETIC else compare)(self.steps, node.operator, left, right)

    def _logical(self, node: Logical, names: Mapping[str, Value]) -> Value:
        decisive = node.operator == "or"
        return any(truth(self.value(operand, names)) == decisive for operand in node.operands) == decisive

    def _conditional(self, node: Conditional, names: Mapping[str, Value]) -> Value:
        return self.value(node.then if truth(self.value(node.condition, names)) else node.otherwise, names)

    def _call(self, node: Call, names: Mapping[str, Value]) -> Value:
        each: Each | None = None
        arguments = []
        for argument in node.arguments:
            if isinstance(argument, Lambda):
                each = self._each(argument, names)
            else:
                arguments.append(self.value(argument, names))
        try:
            return FUNCTIONS[node.function](self, arguments, each)
        except EvaluationError as error:
            raise EvaluationError(error.reason, function=error.function or node.function) from None

    def _each(self, node: Lambda, names: Mapping[str, Value]) -> Each:
        return lambda item: self.value(node.body, {**names, node.parameter: item})
