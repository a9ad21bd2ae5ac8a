"""Expressions: a small language for conditions and amounts (docs/expressions.md).

Text, nodes, JSON and values, all bounded.
"""

from models.loyalty_core.expressions.check import check_expression
from models.loyalty_core.expressions.errors import EvaluationError, ExpressionError
from models.loyalty_core.expressions.evaluator import evaluate, evaluate_exactly
from models.loyalty_core.expressions.json_form import from_json, to_json
from models.loyalty_core.expressions.nodes import TEXT_CHARACTERS_MAX, Node
from models.loyalty_core.expressions.parser import compile_expression, parse
from models.loyalty_core.expressions.printer import show
from models.loyalty_core.expressions.values import Steps, as_json, truth

__all__ = [
    "TEXT_CHARACTERS_MAX",
    "EvaluationError",
    "ExpressionError",
    "Node",
    "Steps",
    "as_json",
    "check_expression",
    "compile_expression",
    "evaluate",
    "evaluate_exactly",
    "from_json",
    "parse",
    "show",
    "to_json",
    "truth",
]
