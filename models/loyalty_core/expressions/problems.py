"""Refusals of expressions."""

from models.loyalty_core.problems import RuleViolation


class ExpressionInvalid(RuleViolation):
    """An expression, or its tree, cannot be read."""

    code = "EXPRESSION_INVALID"
