"""Runs Hypothesis state machines, all in one way."""

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import Phase, settings
from hypothesis.internal.conjecture import engine
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

SHRINKING_S = 10
"""How long a failure is made smaller. Hypothesis does so for five minutes, and each try is a whole story against a
server.
"""


def run_machine(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Run a machine with the same draws at each run.

    Raises the failure of the smallest story that was found in the time.
    """
    with _shrinking_ends():
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[Phase.generate, Phase.shrink],
                report_multiple_bugs=False,
            ),
        )


@contextmanager
def _shrinking_ends() -> Iterator[None]:
    """Hypothesis has no setting for it."""
    before = engine.MAX_SHRINKING_SECONDS
    engine.MAX_SHRINKING_SECONDS = SHRINKING_S
    try:
        yield
    finally:
        engine.MAX_SHRINKING_SECONDS = before
