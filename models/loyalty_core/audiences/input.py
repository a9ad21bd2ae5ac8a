"""What callers say of audiences, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.json_values import FreeForm
from models.loyalty_core.audiences.tables import AudienceMatcher
from models.loyalty_core.columns import read_columns

_COLUMNS = {"name": "name", "description": "description", "active": "active", "matcherType": "matcher_type"}


class AudienceBody(TypedDict, total=False):
    """Changes of an audience of a request."""

    organizationId: int
    name: str
    description: str | None
    active: bool
    matcherType: str
    matcher: AudienceMatcher
    segmentKey: str


class NewAudienceBody(TypedDict):
    """A new audience of a request."""

    organizationId: int
    name: str
    description: NotRequired[str | None]
    active: bool
    matcherType: str
    matcher: NotRequired[AudienceMatcher]
    segmentKey: NotRequired[str]


class DescribedMemberBody(TypedDict):
    """A member whom a request describes, and the audiences that it asks for."""

    audienceIds: list[int]
    member: FreeForm


@dataclass(frozen=True, slots=True)
class AudienceInput:
    """An audience of a request. `organization_id` is the one that the body names, if it does."""

    organization_id: int | None
    columns: Mapping[str, object]
    """What is said of it, by column; what is left out is not there."""
    segment_key: str | None
    matcher: AudienceMatcher | None
    """None where it is left out."""


@dataclass(frozen=True, slots=True)
class NewAudience(AudienceInput):
    """A new audience of a request."""

    name: str
    description: str | None
    matcher_type: str


@dataclass(frozen=True, slots=True)
class DescribedMember:
    """A member who need not exist, as expressions see one, and the audiences that are asked for."""

    audience_ids: list[int]
    member: FreeForm


def read_new_audience(body: NewAudienceBody) -> NewAudience:
    """A new audience of a request."""
    return NewAudience(
        body["organizationId"],
        read_columns(body, _COLUMNS),
        body.get("segmentKey"),
        body.get("matcher"),
        body["name"],
        body.get("description"),
        body["matcherType"],
    )


def read_audience(body: AudienceBody) -> AudienceInput:
    """Changes of an audience of a request."""
    return AudienceInput(
        body.get("organizationId"), read_columns(body, _COLUMNS), body.get("segmentKey"), body.get("matcher")
    )


def read_described_member(body: DescribedMemberBody) -> DescribedMember:
    """The described member of a request; each audience counts once."""
    return DescribedMember(list(dict.fromkeys(body["audienceIds"])), body["member"])
