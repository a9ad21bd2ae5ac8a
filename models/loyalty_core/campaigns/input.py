"""What callers say of campaigns and their actions, read from the bodies of requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.json_values import FreeForm
from models.loyalty_core.campaigns.effect_catalogue import with_integers
from models.loyalty_core.campaigns.tables import ActionEffects, ActionRules, EffectItem, SmartRewards
from models.loyalty_core.columns import read_columns
from models.loyalty_core.money import optional_units

CAMPAIGN_COLUMNS = {
    "code": "code",
    "name": "name",
    "description": "description",
    "pictureUrl": "picture_url",
    "type": "type",
    "active": "active",
    "eventType": "event_type",
    "enabledTopics": "enabled_topics",
    "audienceKeys": "audience_keys",
    "loyaltyTierKeys": "tier_keys",
    "daysOfWeek": "days_of_week",
    "locationCodes": "location_codes",
    "pointsMonthlyLimitPerMember": "points_monthly_limit",
    "allowPartialApplicationOnLimit": "allow_partial",
    "smartRewards": "smart_rewards",
    "tags": "tags",
    "customAttributes": "custom_attributes",
}
"""Members of a campaign that are a column as they are."""
CAMPAIGN_INSTANTS = {"validFrom": "valid_from_ms", "validTo": "valid_to_ms"}
ACTION_COLUMNS = {
    "name": "name",
    "status": "status",
    "abortEvaluationIfFalse": "abort_if_false",
    "abortEvaluationOnError": "abort_on_error",
    "rules": "rules",
    "effects": "effects",
    "actionIndex": "action_index",
}
"""Members of an action that are a column as they are."""


class CampaignBody(TypedDict):
    """A campaign of a request."""

    code: str
    name: str
    description: NotRequired[str | None]
    pictureUrl: NotRequired[str | None]
    type: NotRequired[str | None]
    active: NotRequired[bool]
    loyaltyProgramId: NotRequired[int | None]
    eventType: NotRequired[str | None]
    enabledTopics: NotRequired[list[str]]
    audienceKeys: NotRequired[list[str]]
    loyaltyTierKeys: NotRequired[list[str]]
    daysOfWeek: NotRequired[list[str]]
    locationCodes: NotRequired[list[str]]
    minSpendValue: NotRequired[float | None]
    validFrom: NotRequired[str | None]
    validTo: NotRequired[str | None]
    pointsMonthlyLimitPerMember: NotRequired[int | None]
    allowPartialApplicationOnLimit: NotRequired[bool]
    smartRewards: NotRequired[SmartRewards]
    tags: NotRequired[list[str]]
    customAttributes: NotRequired[FreeForm]


class ActionBody(TypedDict):
    """An action of a request."""

    name: str
    status: str
    abortEvaluationIfFalse: NotRequired[bool]
    abortEvaluationOnError: NotRequired[bool]
    rules: NotRequired[ActionRules]
    effects: ActionEffects
    actionIndex: NotRequired[int]


@dataclass(frozen=True, slots=True)
class CampaignInput:
    """A campaign of a request."""

    code: str
    columns: Mapping[str, object]
    """All that is said of it, by column; what is left out is not there."""
    rewards_ledger_id: int | None
    rewards_account_id: int | None
    """Where its smart rewards are to be paid."""


@dataclass(frozen=True, slots=True)
class ActionInput:
    """An action of a campaign of a request."""

    expression: str
    """Of its rules; empty where there are none."""
    effects: Sequence[EffectItem]
    columns: Mapping[str, object]
    """All that is said of it, by column; what is left out is not there."""


def read_campaign(body: CampaignBody) -> CampaignInput:
    """A campaign of a request.

    Raises InvalidInput for a date that cannot be read, RuleViolation for an amount with too many decimals.
    """
    columns = read_columns(body, CAMPAIGN_COLUMNS, CAMPAIGN_INSTANTS)
    if "loyaltyProgramId" in body:
        columns["program_id"] = body["loyaltyProgramId"]
    if "minSpendValue" in body:
        columns["min_spend"] = optional_units(body["minSpendValue"], "/minSpendValue")
    rewards = body.get("smartRewards", {})
    return CampaignInput(body["code"], columns, rewards.get("ledgerId"), rewards.get("ledgerAccountId"))


def read_action(body: ActionBody) -> ActionInput:
    """An action of a request."""
    rules, columns = body.get("rules"), read_columns(body, ACTION_COLUMNS)
    effects = [_effect(item) for item in body["effects"]["items"]]
    columns["effects"] = {**body["effects"], "items": effects}
    return ActionInput(rules["expression"] if rules else "", effects, columns)


def _effect(item: EffectItem) -> EffectItem:
    if "parameters" not in item:
        return item
    return {**item, "parameters": with_integers(item["effectId"], item["parameters"])}
