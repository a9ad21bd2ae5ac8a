"""Actions: the steps of a campaign."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from models.kernel.times import iso
from models.loyalty_core.campaigns.campaigns import find_campaign, lock_campaign
from models.loyalty_core.campaigns.effect_catalogue import CHARACTERS_MAX, check_effects
from models.loyalty_core.campaigns.effect_references import check_references
from models.loyalty_core.campaigns.tables import CampaignAction
from models.loyalty_core.columns import set_columns, show_columns
from models.loyalty_core.expressions import check_expression
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import NotFound, RuleViolation
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

ACTIONS_MAX = 100
"""Actions of a campaign, whatever their status."""
ORDERS = {
    "actionId": CampaignAction.id,
    "actionIndex": CampaignAction.action_index,
    "name": CampaignAction.name,
    "createdAt": CampaignAction.created_ms,
    "updatedAt": CampaignAction.updated_ms,
}
PLAIN = {
    "name": "name",
    "status": "status",
    "abortEvaluationIfFalse": "abort_if_false",
    "abortEvaluationOnError": "abort_on_error",
    "rules": "rules",
    "effects": "effects",
    "actionIndex": "action_index",
}


def list_actions(
    uow: UnitOfWork, campaign_id: int, *, status: str | None, page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of a campaign's actions. Raises NotFound, InvalidInput for an unknown order."""
    find_campaign(uow, campaign_id)
    matching = uow.scoped(CampaignAction).where(CampaignAction.campaign_id == campaign_id)
    if status is not None:
        matching = matching.where(CampaignAction.status == status)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([_show(uow, row) for row in rows], total, page, limit)


def get_action(uow: UnitOfWork, campaign_id: int, action_id: int) -> dict[str, Any]:
    """An action of a campaign as answers show it. Raises NotFound for either."""
    find_campaign(uow, campaign_id)
    return _show(uow, _of(uow.session.get(CampaignAction, (uow.tenant_id, action_id)), campaign_id, action_id))


def create_action(uow: UnitOfWork, campaign_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Add an action, behind the others where no index is given. Raises NotFound for it and what effects name, RuleViolation for rules or
    effects that cannot be, and where the campaign has as many actions as it may.
    """
    lock_campaign(uow, campaign_id)
    _check_room(uow, campaign_id)
    row = CampaignAction(
        tenant_id=uow.tenant_id,
        id=new_number(uow, CampaignAction),
        campaign_id=campaign_id,
        abort_if_false=False,
        abort_on_error=False,
        rules={},
        created_ms=uow.now_ms,
        action_index=_next_index(uow, campaign_id),
    )
    _take(uow, row, body)
    uow.session.add(row)
    return _show(uow, row)


def update_action(uow: UnitOfWork, campaign_id: int, action_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change an action; what is left out stays. Raises NotFound for it and its campaign, RuleViolation as `create_action`."""
    lock_campaign(uow, campaign_id)
    row = _of(uow.lock(uow.scoped(CampaignAction).where(CampaignAction.id == action_id)), campaign_id, action_id)
    _take(uow, row, body)
    return _show(uow, row)


def _next_index(uow: UnitOfWork, campaign_id: int) -> int:
    last = uow.session.scalar(
        select(func.max(CampaignAction.action_index)).where(
            CampaignAction.tenant_id == uow.tenant_id, CampaignAction.campaign_id == campaign_id
        )
    )
    return 0 if last is None else min(last + 1, 2**31 - 1)


def _check_room(uow: UnitOfWork, campaign_id: int) -> None:
    """The campaign is locked: of two calls at once the second one sees the action of the first."""
    present = uow.scoped(CampaignAction).where(CampaignAction.campaign_id == campaign_id)
    if (uow.session.scalar(present.with_only_columns(func.count())) or 0) >= ACTIONS_MAX:
        raise RuleViolation(f"A campaign has at most {ACTIONS_MAX} actions.")


def _take(uow: UnitOfWork, row: CampaignAction, body: Mapping[str, Any]) -> None:
    rule: str = body["rules"]["expression"] if body.get("rules") else ""
    if rule:
        check_expression(rule)
    check_effects(body["effects"]["items"], characters_max=CHARACTERS_MAX - len(rule))
    check_references(uow, body["effects"]["items"])
    set_columns(row, body, PLAIN)
    row.updated_ms = uow.now_ms


def _of(row: CampaignAction | None, campaign_id: int, action_id: int) -> CampaignAction:
    if row is None or row.campaign_id != campaign_id:
        raise NotFound(f"The campaign {campaign_id} has no action {action_id}.")
    return row


def _show(uow: UnitOfWork, row: CampaignAction) -> dict[str, Any]:
    return {
        "actionId": row.id,
        "campaignId": row.campaign_id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        **show_columns(row, PLAIN),
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
