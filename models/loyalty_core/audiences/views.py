"""Audiences as answers show them."""

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.audiences.tables import Audience
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def show_audience(uow: UnitOfWork, row: Audience) -> Shown:
    """An audience as answers show it."""
    return {
        "audienceId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "segmentKey": row.segment_key,
        "name": row.name,
        "description": row.description,
        "active": row.active,
        "matcherType": row.matcher_type,
        "matcher": row.matcher,
        "memberCount": row.member_count,
        "refreshedAt": None if row.refreshed_ms is None else iso(row.refreshed_ms),
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
