"""Campaigns at work: which ones an event is for, and what they do."""

from typing import Any

from models.loyalty_core.audiences import is_in_any
from models.loyalty_core.campaign_tables import RUNNING, Campaign, CampaignAction
from models.loyalty_core.chains import causing
from models.loyalty_core.effects import Scene, mint, perform
from models.loyalty_core.expressions import EvaluationError, compile_expression, evaluate, truth
from models.loyalty_core.happenings import Happening, told
from models.loyalty_core.listeners import CAMPAIGN, listening
from models.loyalty_core.money import to_units
from models.loyalty_core.periods import weekday
from models.loyalty_core.smart_rewards import points_of
from models.uow import UnitOfWork

RuleErrors = list[dict[str, Any]]


def run_campaigns(uow: UnitOfWork, happening: Happening, errors: RuleErrors) -> list[dict[str, Any]]:
    """Let all campaigns that an event is for do what they do, the oldest first; their effects.

    Rules that have no value are added to `errors`. Raises the Problem of an effect that fails.
    """
    effects: list[dict[str, Any]] = []
    for campaign_id in listening(uow, CAMPAIGN, happening.names):
        campaign = uow.session.get(Campaign, (uow.tenant_id, campaign_id))
        label = f"{CAMPAIGN}/{campaign_id}"
        if campaign is None or label in happening.causes or not _is_for(uow, campaign, happening):
            continue
        with causing(uow, *happening.causes, label):
            scene = Scene(uow, happening, campaign)
            effects += _reward(scene) + _act(scene, errors)
    return effects


def _is_for(uow: UnitOfWork, campaign: Campaign, happening: Happening) -> bool:
    """Whether all conditions of a campaign hold for an event; one that is not set holds."""
    member = happening.context["member"]
    spend = spend_of(happening)
    return (
        campaign.active
        and (campaign.valid_from_ms is None or campaign.valid_from_ms <= uow.now_ms)
        and (campaign.valid_to_ms is None or uow.now_ms <= campaign.valid_to_ms)
        and (campaign.program_id is None or campaign.program_id in member["loyaltyPrograms"])
        and (not campaign.days_of_week or weekday(uow.now_ms) in campaign.days_of_week)
        and (not campaign.location_codes or _location(happening) in campaign.location_codes)
        and (campaign.min_spend is None or (spend is not None and spend >= campaign.min_spend))
        and (not campaign.tier_keys or not set(campaign.tier_keys).isdisjoint(member["tiers"]))
        and (not campaign.audience_keys or is_in_any(uow, campaign.audience_keys, member)))


def spend_of(happening: Happening) -> int | None:
    """What the member spent, in ten-thousandths: an order's discounted total, or its total; None without an order."""
    order = happening.context.get("order")
    if order is None:
        return None
    return to_units(order["total"] if order["discountedTotal"] is None else order["discountedTotal"])


def _location(happening: Happening) -> Any:
    """Where it happened: `locationCode` of a tracked event's payload, or of an order's custom attributes."""
    order, payload = happening.context.get("order"), happening.context["event"]["payload"]
    where = order["customAttributes"] if order is not None else payload or {}
    return where.get("locationCode")


def _reward(scene: Scene) -> list[dict[str, Any]]:
    """What the campaign's smart rewards give."""
    rewards = scene.campaign.smart_rewards
    points = points_of(rewards, spend_of(scene.happening) or 0)
    if not points:
        return []
    where: dict[str, Any] = {name: rewards[name] for name in ("ledgerId", "ledgerAccountId") if name in rewards}
    return [told("mint-points", CAMPAIGN, scene.campaign.id, mint(scene, {"amount": points, **where}))]


def _act(scene: Scene, errors: RuleErrors) -> list[dict[str, Any]]:
    """What the campaign's running actions do, in their order, until one of them ends it."""
    uow, effects = scene.uow, []
    actions = uow.session.scalars(
        uow.scoped(CampaignAction).where(CampaignAction.campaign_id == scene.campaign.id, CampaignAction.status == RUNNING)
        .order_by(CampaignAction.action_index, CampaignAction.id)).all()
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
    """Whether an action's rules hold; they do where there are none. Raises EvaluationError."""
    if not action.rules:
        return True
    node = compile_expression(action.rules["expression"])
    return truth(evaluate(node, scene.happening.context, now_ms=scene.uow.now_ms))
