"""Evaluation that counts against the budget of the request: what every rule that decides something goes through."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from models.loyalty_core.expressions import Steps, compile_expression, evaluate_exactly
from models.loyalty_core.expressions.values import Value
from models.uow import UnitOfWork

Result = TypeVar("Result")
CAMPAIGN_STEPS = 100
"""What reading a campaign and its conditions counts for: as long as so many steps of an evaluation take."""
ACTION_STEPS = 100
"""What reading a running action of a campaign counts for, before its rules are parsed."""
STEPS_PER_CHARACTER = 3
"""What parsing an expression counts for, by its length: about 4 us a character. Also where it is still known from
before: the same requests come to the same end, whatever the server did before them.
"""
AUDIENCE_STEPS = 500
"""What looking up audiences counts for, for each statement."""
MISSION_STEPS = 1_000
"""What looking at a mission for an event counts for: several statements."""


def metered(uow: UnitOfWork, work: Callable[[Steps], Result], *, limit: int) -> Result:
    """Do work that takes so many steps at most, and count them.

    Raises LimitExceeded when the request has no more steps. Work that exceeds its own limit, while the request has
    steps left, gets an EvaluationError.
    """
    budget = uow.budget
    steps = Steps(max(0, min(limit, budget.limits.steps - budget.steps)))
    try:
        return work(steps)
    finally:
        budget.spend_steps(steps.used)


def spend_parsing(uow: UnitOfWork, characters: int) -> None:
    """Count the parsing of so many characters of expressions, before they are parsed. Raises LimitExceeded."""
    uow.budget.spend_steps(STEPS_PER_CHARACTER * characters)


def value_of(
    uow: UnitOfWork, text: str, context: Mapping[str, Value], *, now_ms: int, is_counted: bool = False
) -> Value:
    """The value of an expression that was checked before, with its decimal numbers as they were calculated (`as_json`
    makes them JSON); `is_counted` where its parsing was counted with that of others.

    Raises EvaluationError, LimitExceeded.
    """
    if not is_counted:
        spend_parsing(uow, len(text))
    return metered(
        uow,
        lambda steps: evaluate_exactly(compile_expression(text), context, now_ms=now_ms, steps=steps),
        limit=uow.budget.limits.expression_steps,
    )
