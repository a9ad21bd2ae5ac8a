"""How much work one request may cause: steps of evaluation, effects, and events that are evaluated.

The limits count work, never time, so that the same requests come to the same end on every machine. What a request
causes in later units of work (events that are evaluated as jobs) counts against the same budget: the code that
evaluates them stores what was used with the first event of their chain (`models/loyalty_core/engine/evaluation.py`).
"""

from dataclasses import dataclass

from models.kernel.problems import Problem

LIMITS = "limits"
"""The name of the limits among a unit's services."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cause. The defaults are measured: a step takes 0.4 to 1.1 µs and an effect 0.8 to 1.1 ms.

    So the largest event keeps one unit of work busy for about 0.1 s, and a single expression for 10 to 20 ms.
    """

    expression_steps: int = 20_000
    """Steps of one evaluation of one expression."""
    member_steps: int = 5_000
    """Steps of the rule of an audience for one member. Lower, since a count takes them for every member."""
    steps: int = 100_000
    """Steps of all evaluation that the request causes."""
    effects: int = 100
    events: int = 100
    """Events that come of one event and are evaluated."""


class LimitExceeded(Problem):
    """A request would cause more work than it may. What exceeds the limit is undone as a whole."""

    status = 400
    code = "LIMIT_EXCEEDED"
    default_message = "The request causes more work than it may."


class Budget:
    """What one request has used of its limits. Counts only go up: undone work was work too."""

    __slots__ = ("effects", "events", "limits", "steps")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.steps = self.effects = self.events = 0

    @property
    def used(self) -> tuple[int, int, int]:
        """(steps, effects, events) so far, those that were refused included."""
        return self.steps, self.effects, self.events

    def resume(self, used: tuple[int, int, int]) -> None:
        """Continue from what earlier units of work have used."""
        self.steps, self.effects, self.events = used

    def spend_steps(self, count: int) -> None:
        """Raises LimitExceeded when there are not so many left."""
        self.steps += count
        if self.steps > self.limits.steps:
            raise LimitExceeded(self._reason("steps of evaluation", self.limits.steps))

    def spend_effects(self, count: int = 1) -> None:
        """Raises LimitExceeded when there are not so many left."""
        self.effects += count
        if self.effects > self.limits.effects:
            raise LimitExceeded(self._reason("effects", self.limits.effects))

    def spend_event(self) -> None:
        """Count an event that is going to be evaluated. Raises LimitExceeded when none is left."""
        self.events += 1
        if self.events > self.limits.events:
            raise LimitExceeded(self._reason("events to evaluate", self.limits.events))

    def check(self) -> None:
        """Raises LimitExceeded when a limit of steps or effects was exceeded before: then nothing more is evaluated."""
        self.spend_steps(0)
        self.spend_effects(0)

    def _reason(self, what: str, limit: int) -> str:
        return f"One request causes at most {limit} {what}: this is beyond that limit."
