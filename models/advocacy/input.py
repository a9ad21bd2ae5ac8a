"""Requests of the advocacy API, read from bodies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from models.advocacy.problems import Invalid
from models.kernel.json_values import FreeForm


@dataclass(frozen=True, slots=True)
class AdvocateInput:
    """An advocate to be added; `details` is free metadata."""

    email: str
    name: str | None
    details: FreeForm


@dataclass(frozen=True, slots=True)
class AdvocateChange:
    """Changes of an advocate."""

    columns: Mapping[str, object]
    """New values of `name` and `tier`; those that stay are not in it."""
    changes_details: bool
    details: FreeForm | None = None
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


# Bodies, without the nulls that the contract ignores.


class AdvocateBody(TypedDict):
    """The body of an advocate's creation."""

    email: str
    name: NotRequired[str | None]
    metadata: NotRequired[FreeForm]


class AdvocateChangeBody(TypedDict, total=False):
    """The body of an advocate's change."""

    name: str | None
    tier: str
    metadata: FreeForm | None


class PointsBody(TypedDict):
    """The body of a change of points by hand."""

    amount: int
    description: NotRequired[str | None]
    type: NotRequired[str]


class RewardBody(TypedDict):
    """The body of a reward's creation."""

    name: str
    description: NotRequired[str | None]
    pointsCost: int
    type: NotRequired[str]
    stock: NotRequired[int | None]


class RedemptionBody(TypedDict):
    """The body of a redemption."""

    advocateId: str


class TaskBody(TypedDict):
    """A task in the body of a quest."""

    title: str
    description: NotRequired[str | None]
    type: NotRequired[str]
    points: NotRequired[int]
    url: NotRequired[str | None]


class QuestReward(TypedDict):
    """What doing all tasks of a quest pays."""

    points: int


class QuestBody(TypedDict):
    """The body of a quest's creation."""

    title: str
    description: NotRequired[str | None]
    tasks: list[TaskBody]
    reward: NotRequired[QuestReward | int | None]


class CompletionBody(TypedDict):
    """The body of the completion of a task."""

    advocateId: str
    taskId: str


class ClickBody(TypedDict):
    """The body of a visit through a referral code."""

    code: str
    visitorId: str


class ConversionBody(TypedDict):
    """The body of an order through a referral code; its value is in major units."""

    code: str
    orderId: str
    orderValue: float


class StatusBody(TypedDict):
    """The body of a decision on a testimonial, or of the move of an idea."""

    status: str


class RecognitionBody(TypedDict):
    """The body of a single sign-on; the timestamp is in seconds, the signature in hexadecimal."""

    businessId: str
    externalCustomerId: str
    timestamp: int
    signature: str


class MappingBody(TypedDict):
    """The body of a customer's mapping."""

    advocateId: str
    externalCustomerId: str
    externalEmail: NotRequired[str | None]
    externalName: NotRequired[str | None]


def read_advocate(body: AdvocateBody) -> AdvocateInput:
    """An advocate from the body of the creation."""
    return AdvocateInput(body["email"], body.get("name"), body.get("metadata") or {})


def read_advocate_change(body: AdvocateChangeBody) -> AdvocateChange:
    """The changes of an advocate from their body. Raises Invalid when there are none."""
    if not body.keys() & {"name", "tier", "metadata"}:
        raise Invalid("One of name, tier and metadata is required.")
    given: Mapping[str, object] = body
    columns = {name: given[name] for name in ("name", "tier") if name in given}
    return AdvocateChange(columns, "metadata" in body, body.get("metadata"))


def read_points(body: PointsBody) -> PointsChange:
    """A change of points from its body."""
    return PointsChange(body["amount"], body.get("description"), body.get("type"))


def read_reward(body: RewardBody) -> RewardInput:
    """A reward from the body of its creation."""
    return RewardInput(
        body["name"], body.get("description"), body["pointsCost"], body.get("type", "custom"), body.get("stock")
    )


def read_quest(body: QuestBody) -> QuestInput:
    """A quest from the body of its creation; its reward is an object, a bare number, or left out."""
    given = body.get("reward")
    points: int = given["points"] if isinstance(given, dict) else given or 0
    return QuestInput(body["title"], body.get("description"), points, tuple(_read_task(one) for one in body["tasks"]))


def _read_task(body: TaskBody) -> TaskInput:
    return TaskInput(
        body["title"], body.get("description"), body.get("type", "custom"), body.get("points", 0), body.get("url")
    )


def read_mapping(body: MappingBody) -> MappingInput:
    """A mapping of a customer from its body."""
    return MappingInput(
        body["advocateId"], body["externalCustomerId"], body.get("externalEmail"), body.get("externalName")
    )
