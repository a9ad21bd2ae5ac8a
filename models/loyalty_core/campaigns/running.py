"""Campaigns at work: what the campaigns that an event is for do."""

from collections.abc import Sequence
from contextlib import suppress

from models.kernel.json_values import Shown
from models.kernel.problems import Conflict, NotFound
from models.loyalty_core.campaigns.effects import (
    ASSIGN,
    SET_TIER,
    AppliedEffect,
    PointsParameters,
    Scene,
    account_of,
    mint,
    number_of,
    perform,
)
from models.loyalty_core.campaigns.planning import PlannedCampaign, due_effects, label
from models.loyalty_core.coupons.finding import lock_books
from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.subscriptions import CAMPAIGN
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.ledger.opening import share_account, share_accounts
from models.loyalty_core.ledger.posting import lock_wallets
from models.loyalty_core.members.enrolments import lock_tier_expiries
from models.loyalty_core.members.event_context import EventContext
from models.uow import UnitOfWork

RuleErrors = list[Shown]


def lock_ahead(uow: UnitOfWork, context: EventContext, campaigns: Sequence[PlannedCampaign]) -> None:
    """Lock what effects of campaigns would lock behind balances and all other units lock before them: jobs of tiers, and coupon books
    in the order of their ids.

    An effect that mints points locks the supply of an account, and one behind it that assigns a coupon locks its book. A call that assigns
    a coupon of this book holds it and waits for the supply that it is paid into: without this the two deadlock.
    """
    program_ids = _named(campaigns, SET_TIER, "loyaltyProgramId")
    if program_ids:
        lock_tier_expiries(uow, context.member, program_ids)
    book_ids = _named(campaigns, ASSIGN, "couponBookId")
    if book_ids:
        lock_books(uow, book_ids)


def _named(campaigns: Sequence[PlannedCampaign], effect_id: str, name: str) -> list[int]:
    """The ids that all effects of a kind have at a parameter, in one order."""
    ids = (
        number_of(campaign.scene, effect, name)
        for campaign in campaigns
        for effect in campaign.effects()
        if effect["effectId"] == effect_id
    )
    return sorted({one for one in ids if one is not None})


def run_campaigns(
    uow: UnitOfWork, context: EventContext, campaigns: Sequence[PlannedCampaign], errors: RuleErrors
) -> list[Shown]:
    """Do what campaigns are to do for an event; returns their effects. What they lock is locked (`lock_ahead`).

    Rules that have no value are added to `errors`. Raises the Problem of an effect that fails, LimitExceeded.
    """
    _lock_accounts(uow, context, campaigns)
    effects: list[AppliedEffect] = []
    for campaign in campaigns:
        with causing(uow, label(campaign.scene.campaign.id)):
            effects += _reward(campaign)
            effects += _act(campaign, errors)
    return [one.shown for one in effects if context.given is None or one.is_reported]


def _lock_accounts(uow: UnitOfWork, context: EventContext, campaigns: Sequence[PlannedCampaign]) -> None:
    """Lock the accounts of all smart rewards, their balances and supplies, each in one order: campaigns that pay one after
    the other would lock them in theirs. An account that does not exist is refused when its campaign pays.
    """
    account_ids: set[int] = set()
    for campaign in campaigns:
        if campaign.points:
            with suppress(NotFound, Conflict):
                account_ids.add(account_of(campaign.scene, _parameters(campaign.scene, 0))[1])
    share_accounts(uow, account_ids)
    if len(account_ids) < 2:
        return
    accounts = [account for number in sorted(account_ids) if (account := share_account(uow, number)) is not None]
    wallet_id = context.member.wallet_id
    owners = {wallet_id: context.member.id}
    lock_wallets(uow, [(one, [wallet_id]) for one in accounts], supplies_of=account_ids, owners=owners)


def _parameters(scene: Scene, points: int) -> PointsParameters:
    """A smart reward as the effect that mints points."""
    rewards = scene.campaign.smart_rewards
    parameters: PointsParameters = {"amount": points}
    if "ledgerId" in rewards:
        parameters["ledgerId"] = rewards["ledgerId"]
    if "ledgerAccountId" in rewards:
        parameters["ledgerAccountId"] = rewards["ledgerAccountId"]
    return parameters


def _reward(campaign: PlannedCampaign) -> list[AppliedEffect]:
    """What the campaign's smart rewards give."""
    scene = campaign.scene
    if not campaign.points:
        return []
    scene.uow.budget.spend_effects()
    data = mint(scene, _parameters(scene, campaign.points))
    shown = show_effect("mint-points", CAMPAIGN, scene.campaign.id, data)
    return [AppliedEffect(shown, is_fit=True, is_reported=bool(data.get("amount")))]


def _act(campaign: PlannedCampaign, errors: RuleErrors) -> list[AppliedEffect]:
    """What the campaign's actions do, until an effect that cannot be applied ends it."""
    effects: list[AppliedEffect] = []
    for action in campaign.actions:
        if action.error is not None:
            errors.append(action.error)
            continue
        items = due_effects(campaign.scene, action.id) if action.effects is None else action.effects
        done = [perform(campaign.scene, item, action.id) for item in items]
        effects += done
        if action.abort_on_error and not all(one.is_fit for one in done):
            break
    return effects
