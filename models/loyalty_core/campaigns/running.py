"""Campaigns at work: which ones an event is for, and what they do."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from itertools import groupby

from models.kernel.json_values import Shown
from models.kernel.problems import Conflict, NotFound
from models.loyalty_core.audiences.audiences import is_in_any, read_ahead
from models.loyalty_core.campaigns.effects import AppliedEffect, PointsParameters, Scene, account_of, mint, perform
from models.loyalty_core.campaigns.queries import ACTION_RULES, CAMPAIGN_RULES, EFFECTS, ActionRule, CampaignRule
from models.loyalty_core.campaigns.smart_rewards import points_of
from models.loyalty_core.campaigns.tables import ACTIONS_PART, CAMPAIGNS_PART, EffectItem
from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.subscriptions import CAMPAIGN, subscribers
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.expressions import EvaluationError, truth
from models.loyalty_core.expressions.metering import ACTION_STEPS, CAMPAIGN_STEPS, spend_parsing, value_of
from models.loyalty_core.ledger.opening import share_account, share_accounts
from models.loyalty_core.ledger.posting import lock_wallets
from models.loyalty_core.members.event_context import EventContext, counts_in, is_of
from models.loyalty_core.members.tables import Member
from models.loyalty_core.money import to_units
from models.loyalty_core.periods import weekday
from models.loyalty_core.stored_rules import unknown_member, warn_unreadable
from models.uow import UnitOfWork

RuleErrors = list[Shown]
READ_AT_ONCE = 50
"""Campaigns that one statement reads: what their lists count for is known only then."""
KEPT_LOCATIONS_MAX = 100
"""Location codes of a campaign that is kept between units of work."""
KEPT_ACTIONS_MAX = 20
"""Actions of a campaign that are kept between units of work."""


def run_campaigns(uow: UnitOfWork, context: EventContext, errors: RuleErrors) -> list[Shown]:
    """Run all campaigns that an event is for, the oldest first; returns their effects.

    Rules that have no value are added to `errors`. Raises the Problem of an effect that fails, LimitExceeded.
    """
    gave = {campaign_id for campaign_id, _ in context.given or ()}
    ids = [number for number in subscribers(uow, CAMPAIGN, context.names) if _label(number) not in context.causes]
    ids = sorted(gave.union(ids)) if gave else ids
    if not ids:
        return []
    uow.budget.spend_steps(CAMPAIGN_STEPS * len(ids))  # before they are read: there may be thousands
    read = _read(uow, ids, context.at_ms, gave)
    read_ahead(uow, segment_keys=(key for campaign in read for key in campaign.audience_keys))
    scenes = [scene for campaign in read if (scene := _scene(uow, context, campaign, gave)) is not None]
    actions = _running(uow, [scene.campaign for scene in scenes])
    rewards = {scene.campaign.id: points_of(scene.campaign.smart_rewards, spend_of(context) or 0) for scene in scenes}
    _lock_accounts(uow, context.member, scenes, rewards, acting=actions.keys())
    effects: list[AppliedEffect] = []
    for scene in scenes:
        with causing(uow, _label(scene.campaign.id)):
            effects += _reward(scene, rewards[scene.campaign.id])
            effects += _act(scene, actions.get(scene.campaign.id, ()), errors)
    return [one.shown for one in effects if context.given is None or one.is_reported]


def _scene(uow: UnitOfWork, context: EventContext, campaign: CampaignRule, gave: Collection[int]) -> Scene | None:
    """The context of a campaign's effects; None where the event is not for it.

    A campaign that gave points for an order which is then amended stays a campaign for this member, even if the member no longer matches
    it: only its conditions on the order are checked again. It gives more points only if all its conditions hold now. One that was made
    after the event does not look at it.
    """
    if campaign.id not in gave:
        is_later = context.given is not None and campaign.created_ms > context.now_ms
        return Scene(uow, context, campaign) if not is_later and _is_for(uow, campaign, context) else None
    if not _suits_order(campaign, context):
        return None
    gives_more = _is_valid(campaign, context.at_ms) and _is_for(uow, campaign, context)
    return Scene(uow, context, campaign, gives_more)


def _label(campaign_id: int) -> str:
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

    All of them count, those too that an earlier one will keep from being looked at, before any is read: so an event that would
    exceed the limit costs no statement. Raises LimitExceeded.
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


def _lock_accounts(
    uow: UnitOfWork, member: Member, scenes: Sequence[Scene], rewards: Mapping[int, int], *, acting: Collection[int]
) -> None:
    """Lock the accounts of all smart rewards, and balances and supplies as far as is safe, each in one order: campaigns that pay one after
    the other would lock them in theirs. An account that does not exist is refused when its campaign pays.

    Balances and supplies are locked up to the first campaign with actions (`acting`): an action may lock a coupon book or the job of a
    tier, and all other units lock those before balances. With all balances locked first, an order that held the supply of an
    account and waited for a book deadlocked with an assignment that held the book and waited for the supply.
    """
    account_ids: set[int] = set()
    before_actions: set[int] = set()
    has_acted = False
    for scene in scenes:
        if rewards[scene.campaign.id]:
            with suppress(NotFound, Conflict):
                account_id = account_of(scene, _parameters(scene, 0))[1]
                account_ids.add(account_id)
                if not has_acted:
                    before_actions.add(account_id)
        has_acted = has_acted or scene.campaign.id in acting
    share_accounts(uow, account_ids)
    if len(before_actions) < 2:
        return
    accounts = [account for number in sorted(before_actions) if (account := share_account(uow, number)) is not None]
    owners = {member.wallet_id: member.id}
    lock_wallets(uow, [(one, [member.wallet_id]) for one in accounts], supplies_of=before_actions, owners=owners)


def _parameters(scene: Scene, points: int) -> PointsParameters:
    """A smart reward as the effect that mints points."""
    rewards = scene.campaign.smart_rewards
    parameters: PointsParameters = {"amount": points}
    if "ledgerId" in rewards:
        parameters["ledgerId"] = rewards["ledgerId"]
    if "ledgerAccountId" in rewards:
        parameters["ledgerAccountId"] = rewards["ledgerAccountId"]
    return parameters


def _reward(scene: Scene, points: int) -> list[AppliedEffect]:
    """What the campaign's smart rewards give."""
    if not points:
        return []
    scene.uow.budget.spend_effects()
    data = mint(scene, _parameters(scene, points))
    shown = show_effect("mint-points", CAMPAIGN, scene.campaign.id, data)
    return [AppliedEffect(shown, is_fit=True, is_reported=bool(data.get("amount")))]


def _act(scene: Scene, actions: Sequence[ActionRule], errors: RuleErrors) -> list[AppliedEffect]:
    """What the campaign's running actions do, until one of them ends it."""
    effects: list[AppliedEffect] = []
    for action in actions:
        try:
            holds = _holds(scene, action)
        except EvaluationError as error:
            errors.append({"campaignId": scene.campaign.id, "actionId": action.id, "message": str(error)[:500]})
            if action.abort_on_error:
                break
            continue
        if holds:
            items = (action.effects or scene.uow.one(EFFECTS, id=action.id))["items"]
            done = [perform(scene, item, action.id) for item in items if _is_due(scene, item)]
            effects += done
            if action.abort_on_error and not all(one.is_fit for one in done):
                break
        elif action.abort_if_false:
            break
    return effects


def _is_due(scene: Scene, item: EffectItem) -> bool:
    """Whether an effect is applied: of an order that is amended only points are given."""
    return scene.context.given is None or item["effectId"] == "mint-points"


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
