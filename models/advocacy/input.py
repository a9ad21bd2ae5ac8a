"""Requests of the advocacy API, read from bodies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.advocacy.problems import Invalid


@dataclass(frozen=True, slots=True)
class AdvocateInput:
    """An advocate to be added; `details` is free metadata."""

    email: str
    name: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AdvocateChange:
    """Changes of an advocate."""

    columns: Mapping[str, Any]
    """New values of `name` and `tier`; those that stay are not in it."""
    changes_details: bool
    details: Mapping[str, Any] | None = None
    """Changes of the metadata by key, null for a key to remove; None removes all of it."""


@dataclass(frozen=True, slots=True)
class PointsChange:
    """Points to be awarded or deducted by hand; without a kind the sign of the amount decides."""

    amount: int
    description: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class RewardInput:
    """A reward to be added; `stock` is None for no limit."""

    name: str
    description: str | None
    points_cost: int
    type: str
    stock: int | None


@dataclass(frozen=True, slots=True)
class TaskInput:
    """A task of a quest to be added."""

    title: str
    description: str | None
    type: str
    points: int
    url: str | None


@dataclass(frozen=True, slots=True)
class QuestInput:
    """A quest to be added, with its tasks in order; `reward_points` are paid for doing them all."""

    title: str
    description: str | None
    reward_points: int
    tasks: tuple[TaskInput, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class MappingInput:
    """A customer of the business's own system, and the advocate whom the customer is."""

    advocate_id: str
    customer: str
    email: str | None
    name: str | None


def read_advocate(body: Mapping[str, Any]) -> AdvocateInput:
    """An advocate from the body of the creation."""
    return AdvocateInput(body["email"], body.get("name"), body.get("metadata") or {})


def read_advocate_change(body: Mapping[str, Any]) -> AdvocateChange:
    """The changes of an advocate from their body. Raises Invalid when there are none."""
    if not body.keys() & {"name", "tier", "metadata"}:
        raise Invalid("One of name, tier and metadata is required.")
    columns = {name: body[name] for name in ("name", "tier") if name in body}
    return AdvocateChange(columns, "metadata" in body, body.get("metadata"))


def read_points(body: Mapping[str, Any]) -> PointsChange:
    """A change of points from its body."""
    return PointsChange(body["amount"], body.get("description"), body.get("type"))


def read_reward(body: Mapping[str, Any]) -> RewardInput:
    """A reward from the body of its creation."""
    return RewardInput(
        body["name"], body.get("description"), body["pointsCost"], body.get("type", "custom"), body.get("stock")
    )


def read_quest(body: Mapping[str, Any]) -> QuestInput:
    """A quest from the body of its creation; its reward is an object, a bare number, or left out."""
    given = body.get("reward")
    points: int = given["points"] if isinstance(given, dict) else given or 0
    return QuestInput(body["title"], body.get("description"), points, tuple(_read_task(one) for one in body["tasks"]))


def _read_task(body: Mapping[str, Any]) -> TaskInput:
    return TaskInput(
        body["title"], body.get("description"), body.get("type", "custom"), body.get("points", 0), body.get("url")
    )


def read_mapping(body: Mapping[str, Any]) -> MappingInput:
    """A mapping of a customer from its body."""
    return MappingInput(
        body["advocateId"], body["externalCustomerId"], body.get("externalEmail"), body.get("externalName")
    )
