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

    What a path does not find is null. Evaluations may share their steps. Raises EvaluationError, and nothing else for
    any expression and any JSON.
    """
    return as_json(evaluate_exactly(node, context, now_ms=now_ms, steps=steps))


def evaluate_exactly(node: Node, context: Mapping[str, Value], *, now_ms: int, steps: Steps | None = None) -> Value:
    """The same with numbers as they were calculated: int or Decimal, and float where one comes from the data as it
    is.
    """
    steps = steps or Steps()
    return check_result(steps, _Evaluation(context, now_ms, steps).value(node))


class _Evaluation:
    """One evaluation.

    `bound` has the item of each lambda that is being looked at: whatever the names of the data are, and however many,
    an item takes one entry of it.
    """

    def __init__(self, context: Mapping[str, Value], now_ms: int, steps: Steps) -> None:
        self.context, self.now_ms, self.steps = context, now_ms, steps
        self.bound: dict[str, Value] = {}

    def value(self, node: Node) -> Value:
        self.steps.spend()
        return _KINDS[type(node)](self, node)

    def literal(self, node: Literal) -> Value:
        return node.value

    def items(self, node: Items) -> Value:
        return [self.value(item) for item in node.items]

    def path(self, node: Path) -> Value:
        first, *further = node.steps
        self.steps.spend()
        value = self.bound[first] if first in self.bound else self.context.get(str(first))
        for step in further:
            if value is None:
                break
            self.steps.spend()
            value = self._step(value, step)
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

    def unary(self, node: Unary) -> Value:
        value = self.value(node.operand)
        return negate(value) if node.operator == "-" else not truth(value)

    def binary(self, node: Binary) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        return (calculate if node.operator in ARITHMETIC else compare)(self.steps, node.operator, left, right)

    def logical(self, node: Logical) -> Value:
        decisive = node.operator == "or"
        return any(truth(self.value(operand)) == decisive for operand in node.operands) == decisive

    def conditional(self, node: Conditional) -> Value:
        return self.value(node.then if truth(self.value(node.condition)) else node.otherwise)

    def call(self, node: Call) -> Value:
        each, arguments = self._apart(node)
        try:
            return FUNCTIONS[node.function](self, arguments, each)
        except EvaluationError as error:
            raise EvaluationError(error.reason, function=error.function or node.function) from None

    def _apart(self, node: Call) -> tuple[Each | None, list[Value]]:
        """What the lambda of a call makes of an item, and the values of the other arguments."""
        each, arguments = None, []
        for argument in node.arguments:
            if isinstance(argument, Lambda):
                each = self._each(argument)
            else:
                arguments.append(self.value(argument))
        return each, arguments

    def _each(self, node: Lambda) -> Each:
        outer = self.bound.get(node.parameter, _NOT_BOUND)

        def each(item: Value) -> Value:
            self.bound[node.parameter] = item
            made_of_it = self.value(node.body)
            # The same name of a lambda outside means that lambda's item again.
            if outer is _NOT_BOUND:
                del self.bound[node.parameter]
            else:
                self.bound[node.parameter] = outer
            return made_of_it

        return each


_NOT_BOUND = object()
_KINDS: dict[type[Node], Callable[[_Evaluation, Any], Value]] = {
    Literal: _Evaluation.literal,
    Items: _Evaluation.items,
    Path: _Evaluation.path,
    Unary: _Evaluation.unary,
    Binary: _Evaluation.binary,
    Logical: _Evaluation.logical,
    Conditional: _Evaluation.conditional,
    Call: _Evaluation.call,
}
