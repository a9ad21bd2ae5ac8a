"""Campaigns at work: what the campaigns that an event is for do."""

from collections.abc import Sequence

from models.kernel.json_values import Shown
from models.loyalty_core.campaigns.effects import AppliedEffect, mint, perform
from models.loyalty_core.campaigns.planning import PlannedCampaign, due_effects, label, reward_parameters
from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.subscriptions import CAMPAIGN
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.members.event_context import EventContext
from models.uow import UnitOfWork

RuleErrors = list[Shown]


def run_campaigns(
    uow: UnitOfWork, context: EventContext, campaigns: Sequence[PlannedCampaign], errors: RuleErrors
) -> list[Shown]:
    """Do what campaigns are to do for an event; returns their effects. What they lock is locked (`engine/locks.py`).

    Rules that have no value are added to `errors`. Raises the Problem of an effect that fails, LimitExceeded.
    """
    effects: list[AppliedEffect] = []
    for campaign in campaigns:
        with causing(uow, label(campaign.scene.campaign.id)):
            effects += _reward(campaign)
            effects += _act(campaign, errors)
    return [one.shown for one in effects if context.given is None or one.is_reported]


def _reward(campaign: PlannedCampaign) -> list[AppliedEffect]:
    """What the campaign's smart rewards give."""
    scene = campaign.scene
    if not campaign.points:
        return []
    scene.uow.budget.spend_effects()
    data = mint(scene, reward_parameters(campaign))
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
