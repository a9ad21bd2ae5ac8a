"""Expressions in requests: refused when they are none."""

from models.loyalty_core.expressions.errors import ExpressionError
from models.loyalty_core.expressions.parser import compile_expression
from models.loyalty_core.expressions.problems import ExpressionInvalid


def check_expression(text: str) -> None:
    """Refuse a text that is no expression: raises RuleViolation, which states line and column."""
    try:
        compile_expression(text)
    except ExpressionError as error:
        raise ExpressionInvalid(f"The expression cannot be read: {error}.") from error
