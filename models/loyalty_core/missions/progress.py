"""The arithmetic of missions: how far a count leads. Nothing here knows of a database or a clock."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a count led to: what of it was counted, the achievements, and what counts towards the next one."""

    counted: int
    achieved: int
    progress: int


def advance(progress: int, amount: int, *, goal: int, room: int) -> Outcome:
    """Count `amount` towards achievements of `goal` each, of which `room` more are allowed.

    What is left when the last of these is reached is not counted. Of what counted before the goal was lowered as much
    stays as lacks one of the new goal: so a lowered goal is reached with the next count, and once.
    """
    if room <= 0:
        return Outcome(0, 0, progress)
    start = min(progress, goal - 1)
    achieved = min((start + amount) // goal, room)
    left = start + amount - achieved * goal
    if achieved == room:
        return Outcome(amount - left, achieved, 0)
    return Outcome(amount, achieved, left)
