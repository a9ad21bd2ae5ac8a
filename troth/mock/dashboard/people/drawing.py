"""Where the lines and circles of the drawings are: templates write them as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from troth.mock.dashboard.people.facts import Balance, Person, Relation

WIDTH, HEIGHT = 1_000, 100
"""Of the plane that a line is drawn on; it is stretched to the place that it has."""
INDENT, ROW, RADIUS = 28, 38, 6
"""Of a tree, in pixels: how far a generation is moved to the right, the distance of two people, the circles."""
NAME_MAX = 22
"""Characters of a name, so that it fits on a telephone."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A balance over time, from `begin_ms` to `end_ms` and from 0 to `top`, as people read it: the path of its line,
    and of the area below.
    """

    line: str
    area: str
    top: str
    begin_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree with a person's name beside it; `line` leads to it from the one above, None for the first."""

    relation: Relation
    short: str
    is_chosen: bool
    x: int
    y: int
    line: str | None

    @property
    def text_x(self) -> int:
        """Where the name begins."""
        return self.x + RADIUS + 8


@dataclass(frozen=True, slots=True)
class Tree:
    """Who referred a person, and whom that person referred; `left_out` are more than are drawn."""

    nodes: list[Node]
    height: int
    left_out: int


def step_line(balance: Balance, now_ms: int) -> StepLine | None:
    """A balance's line until now; None where nothing has ever changed it."""
    if not balance.points:
        return None
    begin_ms, end_ms = balance.points[0][0], max(now_ms, balance.points[-1][0])
    span_ms = max(1, end_ms - begin_ms)
    top = max(1, *(held for _, held in balance.points))

    def x(at_ms: int) -> int:
        return (at_ms - begin_ms) * WIDTH // span_ms

    def y(held: int) -> int:
        return HEIGHT - max(0, held) * HEIGHT // top

    steps = [f"M0 {HEIGHT}", *(f"H{x(at_ms)}V{y(held)}" for at_ms, held in balance.points), f"H{WIDTH}"]
    line = "".join(steps)
    return StepLine(line, f"{line}V{HEIGHT}Z", balance.shown(top), begin_ms, end_ms)


def tree_of(person: Person, chosen: Relation) -> Tree | None:
    """The referrals of a person; None where there are none. `chosen` is the person."""
    if person.referred_by is None and not person.brought:
        return None
    above = [] if person.referred_by is None else [(person.referred_by, 0)]
    depth = len(above)
    placed = [*above, (chosen, depth), *((one, depth + 1) for one in person.brought)]
    nodes = []
    for row, (relation, generation) in enumerate(placed):
        x, y = RADIUS + 2 + generation * INDENT, ROW // 2 + row * ROW
        parent_row = depth if generation > depth else 0
        from_y = ROW // 2 + parent_row * ROW + RADIUS
        line = f"M{x - INDENT} {from_y}V{y}H{x - RADIUS}" if row else None
        short = relation.name if len(relation.name) <= NAME_MAX else f"{relation.name[: NAME_MAX - 1]}…"
        nodes.append(Node(relation, short, relation is chosen, x, y, line))
    return Tree(nodes, ROW * len(nodes), person.brought_total - len(person.brought))
