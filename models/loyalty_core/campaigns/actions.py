"""Actions: the steps of a campaign."""

from collections.abc import Sequence

from models.kernel.findings import findings
from models.kernel.statements import columns_of, differing, replaced, row_of
from models.loyalty_core.campaigns.campaigns import find_campaign, lock_campaign
from models.loyalty_core.campaigns.effect_catalogue import CHARACTERS_MAX, check_effects, expressions_of
from models.loyalty_core.campaigns.effect_references import check_references
from models.loyalty_core.campaigns.input import ActionInput
from models.loyalty_core.campaigns.problems import ActionNotFound, TooManyActions
from models.loyalty_core.campaigns.queries import ACTION, ACTIONS, ACTIONS_OF_CAMPAIGN, INSERT_ACTION, UPDATE_ACTION
from models.loyalty_core.campaigns.tables import ACTIONS_PART, CAMPAIGNS_PART, CampaignAction, EffectItem
from models.loyalty_core.expressions import check_expression
from models.loyalty_core.members.rule_names import OF_EVENT, check_names
from models.loyalty_core.paging import Paging
from models.numbers import new_number
from models.uow import UnitOfWork

ACTIONS_MAX = 100
"""Actions of a campaign, whatever their status."""
INDEX_MAX = 2**31 - 1
EXPRESSION, EFFECTS = "/rules/expression", "/effects/items"
"""Pointers into the body of an action."""


def list_actions(
    uow: UnitOfWork, campaign_id: int, paging: Paging, *, status: str | None
) -> tuple[list[CampaignAction], int]:
    """A page of a campaign's actions, and how many match. Raises NotFound, InvalidInput for an unknown order."""
    find_campaign(uow, campaign_id)
    return ACTIONS.page(uow, paging, campaign_id=campaign_id, status=status)


def get_action(uow: UnitOfWork, campaign_id: int, action_id: int) -> CampaignAction:
    """An action of a campaign. Raises NotFound for either."""
    find_campaign(uow, campaign_id)
    return _found(uow.first(ACTION, campaign_id=campaign_id, id=action_id), campaign_id, action_id)


def create_action(uow: UnitOfWork, campaign_id: int, given: ActionInput) -> CampaignAction:
    """Add an action, behind the others where no index is given.

    Raises NotFound for it and what effects name, RuleViolation for rules or effects that cannot be, and where the
    campaign has as many actions as it may.
    """
    lock_campaign(uow, campaign_id)  # of two calls at once the second one sees the action of the first
    count, last_index = uow.one(ACTIONS_OF_CAMPAIGN, campaign_id=campaign_id)
    if count >= ACTIONS_MAX:
        raise TooManyActions(f"A campaign has at most {ACTIONS_MAX} actions.")
    values = {
        "abort_if_false": False,
        "abort_on_error": False,
        "rules": {},
        "action_index": 0 if last_index is None else min(last_index + 1, INDEX_MAX),
        **given.columns,
        "tenant_id": uow.tenant_id,
        "id": new_number(uow, CampaignAction),
        "campaign_id": campaign_id,
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    _check(uow, given, (), "")
    uow.insert(INSERT_ACTION, **values)
    _changed(uow)
    return row_of(CampaignAction, **values)


def update_action(uow: UnitOfWork, campaign_id: int, action_id: int, given: ActionInput) -> CampaignAction:
    """Change an action; what is left out stays.

    Raises NotFound for it and its campaign, RuleViolation as `create_action`.
    """
    lock_campaign(uow, campaign_id)
    before = _found(uow.lock_row(ACTION, campaign_id=campaign_id, id=action_id), campaign_id, action_id)
    changes = differing(before, given.columns)
    if not changes:
        return before
    _check(uow, given, before.effects["items"], before.rules.get("expression", ""))
    row = replaced(before, **changes, updated_ms=uow.now_ms)
    uow.execute(UPDATE_ACTION, **columns_of(row))
    _changed(uow)
    return row


def _check(uow: UnitOfWork, given: ActionInput, before: Sequence[EffectItem], expression_before: str) -> None:
    """Check that rules and effects can be evaluated, and that what they newly name exists. Raises RuleViolation,
    NotFound.
    """
    with findings() as found:
        if given.expression:
            with found.at(EXPRESSION):
                check_expression(given.expression)
        with found.at(EFFECTS):
            check_effects(given.effects, characters_max=CHARACTERS_MAX - len(given.expression))
    with findings() as found:
        if given.expression != expression_before:
            with found.at(EXPRESSION):
                check_names(uow, [given.expression] if given.expression else [], OF_EVENT)
        for place, item in enumerate(given.effects):
            if item not in before:
                with found.at(f"{EFFECTS}/{place}/parameters"):
                    _check_parameters(uow, item)


def _check_parameters(uow: UnitOfWork, item: EffectItem) -> None:
    """Check that what the parameters of an effect name exists, in their expressions too.

    Raises NotFound, RuleViolation.
    """
    parameters = item.get("parameters", {})
    with findings() as found:
        with found.at(""):
            check_references(uow, item["effectId"], parameters)
        for name, text in expressions_of(item["effectId"], parameters).items():
            with found.at(f"/{name}/expression"):
                check_names(uow, [text], OF_EVENT)


def _changed(uow: UnitOfWork) -> None:
    uow.configuration_changed(ACTIONS_PART)
    uow.configuration_changed(CAMPAIGNS_PART)  # a campaign's row counts its running actions


def _found(row: CampaignAction | None, campaign_id: int, action_id: int) -> CampaignAction:
    if row is None:
        raise ActionNotFound(f"The campaign {campaign_id} has no action {action_id}.")
    return row
