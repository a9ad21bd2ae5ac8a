"""Which campaigns an event is for, and which of their actions hold: decided before any of them does anything.

So what they will do is known ahead, and all that it locks can be locked in one order
(`models/loyalty_core/engine/locks.py`).
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from models.kernel.json_values import Shown
from models.kernel.problems import Conflict, NotFound
from models.loyalty_core.audiences.audiences import is_in_any, read_ahead
from models.loyalty_core.campaigns.effects import BURN_POINTS, MINT_POINTS, PointsParameters, Scene, number_of
from models.loyalty_core.campaigns.queries import ACTION_RULES, CAMPAIGN_RULES, EFFECTS, ActionRule, CampaignRule
from models.loyalty_core.campaigns.smart_rewards import points_of
from models.loyalty_core.campaigns.tables import ACTIONS_PART, CAMPAIGNS_PART, ActionEffects, EffectItem
from models.loyalty_core.events.subscriptions import CAMPAIGN, subscribers
from models.loyalty_core.expressions import EvaluationError, truth
from models.loyalty_core.expressions.metering import ACTION_STEPS, CAMPAIGN_STEPS, spend_parsing, value_of
from models.loyalty_core.members.event_context import EventContext, counts_in, is_of
from models.loyalty_core.money import to_units
from models.loyalty_core.periods import weekday
from models.loyalty_core.stored_rules import unknown_member, warn_unreadable
from models.uow import UnitOfWork

READ_AT_ONCE = 50
"""Campaigns that one statement reads: what their lists count for is known only then."""
KEPT_LOCATIONS_MAX = 100
"""Location codes of a campaign that is kept between units of work."""
KEPT_ACTIONS_MAX = 20
"""Actions of a campaign that are kept between units of work."""


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action whose rules hold, with its effects; or one whose rules have no value, with what the event says of that.

    `effects` are None where they are long and as many as a request may cause are planned already: they are read when it
    is their turn.
    """

    id: int
    abort_on_error: bool
    effects: Sequence[EffectItem] | None
    error: Shown | None = None


@dataclass(frozen=True, slots=True)
class PlannedCampaign:
    """A campaign that an event is for: the points of its smart rewards, and its actions in their order."""

    scene: Scene
    points: int
    actions: Sequence[PlannedAction]

    def effects(self) -> Iterator[EffectItem]:
        """What is to be applied, if no effect that cannot be applied ends the campaign before."""
        return (item for action in self.actions for item in action.effects or ())


def plan_campaigns(uow: UnitOfWork, context: EventContext) -> list[PlannedCampaign]:
    """All campaigns that an event is for, the oldest first. Raises LimitExceeded."""
    gave = {campaign_id for campaign_id, _ in context.given or ()}
    ids = [number for number in subscribers(uow, CAMPAIGN, context.names) if label(number) not in context.causes]
    ids = sorted(gave.union(ids)) if gave else ids
    if not ids:
        return []
    uow.budget.spend_steps(CAMPAIGN_STEPS * len(ids))  # before they are read: there may be thousands
    read = _read(uow, ids, context.at_ms, gave)
    read_ahead(uow, segment_keys=(key for campaign in read for key in campaign.audience_keys))
    scenes = [scene for campaign in read if (scene := _scene(uow, context, campaign, gave)) is not None]
    actions = _running(uow, [scene.campaign for scene in scenes])
    planned: list[PlannedCampaign] = []
    room = uow.budget.limits.effects
    for scene in scenes:
        points = points_of(scene.campaign.smart_rewards, spend_of(context) or 0)
        one = PlannedCampaign(scene, points, list(_planned(scene, actions.get(scene.campaign.id, ()), room)))
        room -= sum(1 for _ in one.effects())
        planned.append(one)
    return planned


def reward_parameters(campaign: PlannedCampaign) -> PointsParameters:
    """The smart reward of a campaign as the effect that mints its points."""
    rewards = campaign.scene.campaign.smart_rewards
    parameters: PointsParameters = {"amount": campaign.points}
    if "ledgerId" in rewards:
        parameters["ledgerId"] = rewards["ledgerId"]
    if "ledgerAccountId" in rewards:
        parameters["ledgerAccountId"] = rewards["ledgerAccountId"]
    return parameters


def ids_named(campaigns: Sequence[PlannedCampaign], effect_id: str, name: str) -> list[int]:
    """The ids that the effects of a kind have at a parameter. Raises LimitExceeded."""
    ids = {
        number_of(campaign.scene, item, name)
        for campaign in campaigns
        for item in campaign.effects()
        if item["effectId"] == effect_id
    }
    return sorted(one for one in ids if one is not None)


def points_accounts(campaign: PlannedCampaign) -> set[int]:
    """The accounts of the points that a campaign mints and burns, as far as they exist. Raises LimitExceeded."""
    scene, rewards = campaign.scene, campaign.scene.campaign.smart_rewards
    named = [(rewards.get("ledgerId"), rewards.get("ledgerAccountId"))] if campaign.points else []
    named += [
        (number_of(scene, item, "ledgerId"), number_of(scene, item, "ledgerAccountId"))
        for item in campaign.effects()
        if item["effectId"] in (MINT_POINTS, BURN_POINTS)
    ]
    accounts: set[int] = set()
    for ledger_id, account_id in named:
        with suppress(NotFound, Conflict):  # which refuse the campaign when it pays
            accounts.add(scene.payout_account(ledger_id, account_id)[1])
    return accounts


def _scene(uow: UnitOfWork, context: EventContext, campaign: CampaignRule, gave: Collection[int]) -> Scene | None:
    """The context of a campaign's effects; None where the event is not for it.

    A campaign that gave points for an order which is then amended stays a campaign for this member, even if the member
    no longer matches it: only its conditions on the order are checked again. It gives more points only if all its
    conditions hold now. One that was made after the event does not look at it.
    """
    if campaign.id not in gave:
        is_later = context.given is not None and campaign.created_ms > context.now_ms
        return Scene(uow, context, campaign) if not is_later and _is_for(uow, campaign, context) else None
    if not _suits_order(campaign, context):
        return None
    gives_more = _is_valid(campaign, context.at_ms) and _is_for(uow, campaign, context)
    return Scene(uow, context, campaign, gives_more)


def label(campaign_id: int) -> str:
    """How causes name a campaign."""
    return f"{CAMPAIGN}/{campaign_id}"


def _read(uow: UnitOfWork, ids: Sequence[int], at_ms: int, gave: Collection[int]) -> list[CampaignRule]:
    """Active campaigns among these that are valid at a time, and those that `gave`. Raises LimitExceeded."""
    found: list[CampaignRule] = []
    for begin in range(0, len(ids), READ_AT_ONCE):
        read = uow.configured(CAMPAIGNS_PART, ids[begin : begin + READ_AT_ONCE], _read_campaigns, keeps=_is_small)
        rows = [row for row in read.values() if row.id in gave or _is_valid(row, at_ms)]
        uow.budget.spend_steps(sum(len(row.location_codes) for row in rows))
        found += rows
    return found


def _is_valid(campaign: CampaignRule, at_ms: int) -> bool:
    return (
        campaign.active
        and (campaign.valid_from_ms is None or campaign.valid_from_ms <= at_ms)
        and (campaign.valid_to_ms is None or campaign.valid_to_ms >= at_ms)
    )


def _read_campaigns(uow: UnitOfWork, ids: list[int]) -> dict[int, CampaignRule]:
    return {row.id: row for row in uow.rows(CAMPAIGN_RULES, ids=ids)}


def _is_small(campaign: CampaignRule) -> bool:
    return len(campaign.location_codes) <= KEPT_LOCATIONS_MAX


def _running(uow: UnitOfWork, campaigns: Sequence[CampaignRule]) -> dict[int, Sequence[ActionRule]]:
    """The running actions of campaigns, each campaign's in their order.

    All of them count, those too that an earlier one will keep from being looked at, before any is read: so an event
    that would exceed the limit costs no statement. Raises LimitExceeded.
    """
    uow.budget.spend_steps(ACTION_STEPS * sum(campaign.running_actions for campaign in campaigns))
    ids = [campaign.id for campaign in campaigns if campaign.running_actions]
    if not ids:
        return {}
    actions = uow.configured(ACTIONS_PART, ids, _read_actions, keeps=lambda rows: len(rows) <= KEPT_ACTIONS_MAX)
    spend_parsing(uow, sum(len(row.rules.get("expression", "")) for rows in actions.values() for row in rows))
    return actions


def _read_actions(uow: UnitOfWork, campaign_ids: list[int]) -> dict[int, Sequence[ActionRule]]:
    rows = uow.rows(ACTION_RULES, campaign_ids=campaign_ids)
    return {campaign_id: tuple(group) for campaign_id, group in groupby(rows, lambda row: row.campaign_id)}


def _is_for(uow: UnitOfWork, campaign: CampaignRule, context: EventContext) -> bool:
    """Whether all other conditions of a campaign hold for an event; one that is not set holds."""
    member = context.context["member"]
    return (
        (campaign.program_id is None or campaign.program_id in member["loyaltyPrograms"])
        and counts_in(uow, context, campaign.program_id)
        and (not campaign.days_of_week or weekday(context.at_ms) in campaign.days_of_week)
        and _suits_order(campaign, context)
        and (not campaign.tier_keys or not set(campaign.tier_keys).isdisjoint(member["tiers"]))
        and (not campaign.audience_keys or is_in_any(uow, campaign.audience_keys, member))
    )


def _suits_order(campaign: CampaignRule, context: EventContext) -> bool:
    """Whether the conditions of a campaign hold that look at the order: its program, its place and what it comes to."""
    spend = spend_of(context)
    return (
        is_of(context, campaign.program_id)
        and (not campaign.location_codes or _location(context) in campaign.location_codes)
        and (campaign.min_spend is None or (spend is not None and spend >= campaign.min_spend))
    )


def spend_of(context: EventContext) -> int | None:
    """What the member spent, in ten-thousandths: an order's discounted total, or its total; None without an order."""
    order = context.context.get("order")
    if order is None:
        return None
    return to_units(order["total"] if order["discountedTotal"] is None else order["discountedTotal"])


def _location(context: EventContext) -> object:
    """Where it happened: `locationCode` of a tracked event's payload, or of an order's custom attributes."""
    order, payload = context.context.get("order"), context.context["event"]["payload"]
    where = order["customAttributes"] if order is not None else payload or {}
    return where.get("locationCode")


def _planned(scene: Scene, actions: Sequence[ActionRule], room: int) -> Iterator[PlannedAction]:
    """The running actions of a campaign that hold, until one of them ends it; long effects are read until there are
    more than `room`.
    """
    for action in actions:
        try:
            holds = _holds(scene, action)
        except EvaluationError as error:
            message: Shown = {"campaignId": scene.campaign.id, "actionId": action.id, "message": str(error)[:500]}
            yield PlannedAction(action.id, action.abort_on_error, (), message)
            if action.abort_on_error:
                return
            continue
        if holds:
            effects = None if action.effects is None and room < 0 else due_effects(scene, action.id, action.effects)
            room -= len(effects or ())
            yield PlannedAction(action.id, action.abort_on_error, effects)
        elif action.abort_if_false:
            return


def due_effects(scene: Scene, action_id: int, known: ActionEffects | None = None) -> list[EffectItem]:
    """The effects of an action that are applied to the event; they are read unless they are known."""
    items = (known or scene.uow.one(EFFECTS, id=action_id))["items"]
    return [item for item in items if _is_due(scene, item)]


def _is_due(scene: Scene, item: EffectItem) -> bool:
    """Whether an effect is applied: of an order that is amended only points are given."""
    return scene.context.given is None or item["effectId"] == MINT_POINTS


def _holds(scene: Scene, action: ActionRule) -> bool:
    """Whether an action's rules hold; they do where there are none, and never where they have what is not known. Raises
    EvaluationError, LimitExceeded.
    """
    if not action.rules:
        return True
    fault = unknown_member(action.rules, ("expression",))
    if fault is not None:
        warn_unreadable(scene.uow, "campaign action", action.id, fault)
        return False
    context = scene.context
    return truth(
        value_of(scene.uow, action.rules["expression"], context.context, now_ms=context.now_ms, is_counted=True)
    )
