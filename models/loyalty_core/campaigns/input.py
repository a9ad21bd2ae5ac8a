"""What callers say of campaigns and their actions, read from the bodies of requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.loyalty_core.campaigns.effect_catalogue import with_integers
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


@dataclass(frozen=True, slots=True)
class CampaignInput:
    """A campaign as it is asked for."""

    code: str
    columns: Mapping[str, Any]
    """All that is said of it, by column; what is left out is not there."""
    rewards_ledger_id: int | None
    rewards_account_id: int | None
    """Where its smart rewards are to be paid."""


@dataclass(frozen=True, slots=True)
class ActionInput:
    """An action of a campaign as it is asked for."""

    expression: str
    """Of its rules; empty where there are none."""
    effects: Sequence[Mapping[str, Any]]
    columns: Mapping[str, Any]
    """All that is said of it, by column; what is left out is not there."""


def read_campaign(body: Mapping[str, Any]) -> CampaignInput:
    """A campaign of a request. Raises InvalidInput for a date that cannot be read, RuleViolation for an amount with too many decimals."""
    columns = read_columns(body, CAMPAIGN_COLUMNS, CAMPAIGN_INSTANTS)
    if "loyaltyProgramId" in body:
        columns["program_id"] = body["loyaltyProgramId"]
    if "minSpendValue" in body:
        columns["min_spend"] = optional_units(body["minSpendValue"], "/minSpendValue")
    rewards = body.get("smartRewards", {})
    return CampaignInput(body["code"], columns, rewards.get("ledgerId"), rewards.get("ledgerAccountId"))


def read_action(body: Mapping[str, Any]) -> ActionInput:
    """An action of a request."""
    rules, columns = body.get("rules"), read_columns(body, ACTION_COLUMNS)
    effects = [_effect(item) for item in body["effects"]["items"]]
    columns["effects"] = {**body["effects"], "items": effects}
    return ActionInput(rules["expression"] if rules else "", effects, columns)


def _effect(item: Mapping[str, Any]) -> Mapping[str, Any]:
    if "parameters" not in item:
        return item
    return {**item, "parameters": with_integers(item["effectId"], item["parameters"])}
