"""Campaigns at work: which ones an event is for, and what they do."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.orm import load_only

from models.loyalty_core.audiences.audiences import is_in_any
from models.loyalty_core.campaigns.effects import Scene, mint, perform
from models.loyalty_core.campaigns.smart_rewards import points_of
from models.loyalty_core.campaigns.tables import RUNNING, Campaign, CampaignAction
from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.subscriptions import CAMPAIGN, listening
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.expressions import EvaluationError, truth
from models.loyalty_core.expressions.metering import ACTION_STEPS, CAMPAIGN_STEPS, spend_parsing, value_of
from models.loyalty_core.members.event_context import EventContext
from models.loyalty_core.money import to_units
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.periods import weekday
from models.uow import UnitOfWork

RuleErrors = list[dict[str, Any]]
READ_AT_ONCE = 50
"""Campaigns that one statement reads: what their lists count for is known only then."""
_CONDITIONS = load_only(
    Campaign.program_id,
    Campaign.code,
    Campaign.days_of_week,
    Campaign.location_codes,
    Campaign.min_spend,
    Campaign.tier_keys,
    Campaign.audience_keys,
    Campaign.points_monthly_limit,
    Campaign.allow_partial,
    Campaign.smart_rewards,
)
"""What the evaluation needs of a campaign: its texts and custom attributes may have a megabyte."""
_RULES = load_only(
    CampaignAction.campaign_id, CampaignAction.rules, CampaignAction.abort_if_false, CampaignAction.abort_on_error
)
"""What decides whether an action acts; its effects are read when it does."""


def run_campaigns(uow: UnitOfWork, context: EventContext, errors: RuleErrors) -> list[dict[str, Any]]:
    """Let all campaigns that an event is for do what they do, the oldest first; their effects.

    Rules that have no value are added to `errors`. Raises the Problem of an effect that fails, LimitExceeded.
    """
    numbers = [number for number in listening(uow, CAMPAIGN, context.names) if _label(number) not in context.causes]
    uow.budget.spend_steps(CAMPAIGN_STEPS * len(numbers))  # before they are read: there may be thousands
    campaigns = [campaign for campaign in _valid(uow, numbers, context.at_ms) if _is_for(uow, campaign, context)]
    actions = _running(uow, [campaign.id for campaign in campaigns])
    effects: list[dict[str, Any]] = []
    for campaign in campaigns:
        with causing(uow, _label(campaign.id)):
            program = (
                None if campaign.program_id is None else uow.session.get(Program, (uow.tenant_id, campaign.program_id))
            )
            scene = Scene(uow, context, campaign, program)
            effects += _reward(scene) + _act(scene, actions.get(campaign.id, ()), errors)
    return effects


def _label(campaign_id: int) -> str:
    return f"{CAMPAIGN}/{campaign_id}"


def _valid(uow: UnitOfWork, numbers: Sequence[int], at_ms: int) -> list[Campaign]:
    """Active campaigns among these that are valid at a time. Raises LimitExceeded."""
    found: list[Campaign] = []
    for begin in range(0, len(numbers), READ_AT_ONCE):
        rows = uow.session.scalars(
            uow.scoped(Campaign)
            .where(
                Campaign.id.in_(numbers[begin : begin + READ_AT_ONCE]),
                Campaign.active,
                or_(Campaign.valid_from_ms.is_(None), Campaign.valid_from_ms <= at_ms),
                or_(Campaign.valid_to_ms.is_(None), Campaign.valid_to_ms >= at_ms),
            )
            .order_by(Campaign.id)
            .options(_CONDITIONS)
        ).all()
        uow.budget.spend_steps(sum(len(row.location_codes) for row in rows))
        found += rows
    return found


def _running(uow: UnitOfWork, numbers: Collection[int]) -> dict[int, list[CampaignAction]]:
    """The running actions of campaigns, each campaign's in their order.

    All of them count, those too that an earlier one will keep from being looked at: so an event that would exceed the limit costs
    nothing but two statements. Raises LimitExceeded.
    """
    if not numbers:
        return {}
    running = uow.scoped(CampaignAction).where(
        CampaignAction.campaign_id.in_(numbers), CampaignAction.status == RUNNING
    )
    count = uow.session.scalar(running.with_only_columns(func.count())) or 0
    uow.budget.spend_steps(ACTION_STEPS * count)
    rows = uow.session.scalars(
        running.order_by(CampaignAction.campaign_id, CampaignAction.action_index, CampaignAction.id).options(_RULES)
    ).all()
    spend_parsing(uow, sum(len(row.rules["expression"]) for row in rows if row.rules))
    return {campaign_id: list(group) for campaign_id, group in groupby(rows, lambda row: row.campaign_id)}


def _is_for(uow: UnitOfWork, campaign: Campaign, context: EventContext) -> bool:
    """Whether all other conditions of a campaign hold for an event; one that is not set holds."""
    member, order = context.context["member"], context.context.get("order") or {}
    spend = spend_of(context)
    return (
        (campaign.program_id is None or campaign.program_id in member["loyaltyPrograms"])
        and (campaign.program_id is None or order.get("loyaltyProgramId") in (None, campaign.program_id))
        and (not campaign.days_of_week or weekday(context.at_ms) in campaign.days_of_week)
        and (not campaign.location_codes or _location(context) in campaign.location_codes)
        and (campaign.min_spend is None or (spend is not None and spend >= campaign.min_spend))
        and (not campaign.tier_keys or not set(campaign.tier_keys).isdisjoint(member["tiers"]))
        and (not campaign.audience_keys or is_in_any(uow, campaign.audience_keys, member))
    )


def spend_of(context: EventContext) -> int | None:
    """What the member spent, in ten-thousandths: an order's discounted total, or its total; None without an order."""
    order = context.context.get("order")
    if order is None:
        return None
    return to_units(order["total"] if order["discountedTotal"] is None else order["discountedTotal"])


def _location(context: EventContext) -> Any:
    """Where it happened: `locationCode` of a tracked event's payload, or of an order's custom attributes."""
    order, payload = context.context.get("order"), context.context["event"]["payload"]
    where = order["customAttributes"] if order is not None else payload or {}
    return where.get("locationCode")


def _reward(scene: Scene) -> list[dict[str, Any]]:
    """What the campaign's smart rewards give."""
    rewards = scene.campaign.smart_rewards
    points = points_of(rewards, spend_of(scene.context) or 0)
    if not points:
        return []
    scene.uow.budget.spend_effects()
    where: dict[str, Any] = {name: rewards[name] for name in ("ledgerId", "ledgerAccountId") if name in rewards}
    return [show_effect("mint-points", CAMPAIGN, scene.campaign.id, mint(scene, {"amount": points, **where}))]


def _act(scene: Scene, actions: Sequence[CampaignAction], errors: RuleErrors) -> list[dict[str, Any]]:
    """What the campaign's running actions do, until one of them ends it."""
    effects: list[dict[str, Any]] = []
    for action in actions:
        try:
            holds = _holds(scene, action)
        except EvaluationError as error:
            errors.append({"campaignId": scene.campaign.id, "actionId": action.id, "message": str(error)[:500]})
            if action.abort_on_error:
                break
            continue
        if holds:
            effects += [perform(scene, item, action.id) for item in action.effects["items"]]
        elif action.abort_if_false:
            break
    return effects


def _holds(scene: Scene, action: CampaignAction) -> bool:
    """Whether an action's rules hold; they do where there are none. Raises EvaluationError, LimitExceeded."""
    if not action.rules:
        return True
    context = scene.context
    return truth(
        value_of(scene.uow, action.rules["expression"], context.context, now_ms=context.at_ms, is_counted=True)
    )
