"""What can be wrong with an expression: its syntax, and its evaluation."""


class ExpressionError(Exception):
    """A text that is no expression, with line and column from 1, or a JSON node that is none, with its JSON pointer."""

    def __init__(
        self, reason: str, *, line: int | None = None, column: int | None = None, pointer: str | None = None
    ) -> None:
        self.reason, self.line, self.column, self.pointer = reason, line, column, pointer
        super().__init__(reason if line is None else f"line {line}, column {column}: {reason}")


class EvaluationError(Exception):
    """An expression that has no value for what it was given: a wrong type, a number out of bounds, too much work."""

    def __init__(self, reason: str, *, function: str | None = None) -> None:
        self.reason, self.function = reason, function
        super().__init__(reason if function is None else f"{function}: {reason}")
