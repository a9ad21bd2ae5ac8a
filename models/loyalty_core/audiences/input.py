"""What callers say of audiences, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.loyalty_core.columns import read_columns

_COLUMNS = {"name": "name", "description": "description", "active": "active", "matcherType": "matcher_type"}


@dataclass(frozen=True, slots=True)
class AudienceInput:
    """An audience as it is asked for. `organization_id` is the one that the body names, if it does."""

    organization_id: int | None
    columns: Mapping[str, Any]
    """What is said of it, by column; what is left out is not there."""
    segment_key: str | None
    matcher: dict[str, Any] | None
    """None where it is left out."""


@dataclass(frozen=True, slots=True)
class DescribedMember:
    """A member who need not exist, as expressions see one, and the audiences that are asked for."""

    audience_ids: list[int]
    member: dict[str, Any]


def read_audience(body: Mapping[str, Any]) -> AudienceInput:
    """An audience of a request."""
    return AudienceInput(
        body.get("organizationId"), read_columns(body, _COLUMNS), body.get("segmentKey"), body.get("matcher")
    )


def read_described_member(body: Mapping[str, Any]) -> DescribedMember:
    """The described member of a request; each audience counts once."""
    return DescribedMember(list(dict.fromkeys(body["audienceIds"])), body["member"])
