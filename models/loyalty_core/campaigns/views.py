"""Campaigns and their actions as answers show them."""

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.campaigns.input import ACTION_COLUMNS, CAMPAIGN_COLUMNS, CAMPAIGN_INSTANTS
from models.loyalty_core.campaigns.tables import Campaign, CampaignAction
from models.loyalty_core.columns import show_columns
from models.loyalty_core.money import from_units
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def show_campaign(uow: UnitOfWork, row: Campaign) -> Shown:
    """A campaign as answers show it."""
    return {
        "campaignId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyProgramId": row.program_id,
        **show_columns(row, CAMPAIGN_COLUMNS, CAMPAIGN_INSTANTS),
        "minSpendValue": None if row.min_spend is None else from_units(row.min_spend),
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_action(uow: UnitOfWork, row: CampaignAction) -> Shown:
    """An action of a campaign as answers show it."""
    return {
        "actionId": row.id,
        "campaignId": row.campaign_id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        **show_columns(row, ACTION_COLUMNS),
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
