"""Campaigns: what is given for which events, to whom and when."""

from collections.abc import Mapping

from models.kernel.findings import Findings, findings
from models.kernel.statements import columns_of, differing, replaced, row_of
from models.loyalty_core.audiences.audiences import check_segment_keys
from models.loyalty_core.campaigns.input import CampaignInput
from models.loyalty_core.campaigns.problems import CampaignCodeTaken
from models.loyalty_core.campaigns.queries import (
    CAMPAIGN,
    CAMPAIGN_WITH_CODE,
    CAMPAIGNS,
    DELETE_TAGS,
    INSERT_CAMPAIGN,
    INSERT_TAG,
    UPDATE_CAMPAIGN,
)
from models.loyalty_core.campaigns.tables import CAMPAIGNS_PART, Campaign
from models.loyalty_core.events.subscriptions import CAMPAIGN as SUBSCRIBER
from models.loyalty_core.events.subscriptions import subscribe
from models.loyalty_core.events.tracked import check_event_types
from models.loyalty_core.instants import check_validity
from models.loyalty_core.members.ladders import check_tier_keys
from models.loyalty_core.members.payouts import check_account
from models.loyalty_core.members.views import found_program_id
from models.loyalty_core.organization.locations import check_locations
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import CampaignNotFound
from models.loyalty_core.references import Reference, added, added_one
from models.numbers import new_number
from models.uow import UnitOfWork


def list_campaigns(
    uow: UnitOfWork,
    paging: Paging,
    *,
    program_id: int | None,
    campaign_type: str | None,
    tags: list[str] | None,
    codes: list[str] | None,
) -> tuple[list[Campaign], int]:
    """A page of campaigns, and how many match; of `tags` and `codes` one is enough.

    Raises InvalidInput for an unknown order.
    """
    return CAMPAIGNS.page(uow, paging, program_id=program_id, type=campaign_type, tags=tags, codes=codes)


def create_campaign(uow: UnitOfWork, given: CampaignInput) -> Campaign:
    """Add a campaign. Raises Conflict when the code is taken, NotFound for what it names, RuleViolation for dates."""
    values = {
        "program_id": None,
        "description": None,
        "picture_url": None,
        "type": None,
        "active": True,
        "event_type": None,
        "enabled_topics": [],
        "audience_keys": [],
        "tier_keys": [],
        "days_of_week": [],
        "location_codes": [],
        "min_spend": None,
        "valid_from_ms": None,
        "valid_to_ms": None,
        "points_monthly_limit": None,
        "allow_partial": False,
        "smart_rewards": {},
        "tags": [],
        "custom_attributes": {},
        **given.columns,
        "tenant_id": uow.tenant_id,
        "id": new_number(uow, Campaign),
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    row = row_of(Campaign, **values)
    _check(uow, None, row, given, given.columns)
    uow.insert(INSERT_CAMPAIGN, **values)
    _index(uow, row)
    return row


def update_campaign(uow: UnitOfWork, campaign_id: int, given: CampaignInput) -> Campaign:
    """Change a campaign; what is left out stays, what is null is removed.

    Raises NotFound, and what `create_campaign` does.
    """
    before = lock_campaign(uow, campaign_id)
    changes = differing(before, given.columns)
    if not changes:
        return before
    row = replaced(before, **changes, updated_ms=uow.now_ms)
    _check(uow, before, row, given, changes)
    uow.execute(UPDATE_CAMPAIGN, **columns_of(row))
    _index(uow, row)
    return row


def find_campaign(uow: UnitOfWork, campaign_id: int) -> Campaign:
    """A campaign, active or not. Raises NotFound."""
    return _found(uow.first(CAMPAIGN, id=campaign_id), campaign_id)


def lock_campaign(uow: UnitOfWork, campaign_id: int) -> Campaign:
    """A campaign, locked until the unit ends. Raises NotFound."""
    return _found(uow.lock_row(CAMPAIGN, id=campaign_id), campaign_id)


def _found(row: Campaign | None, campaign_id: int) -> Campaign:
    if row is None:
        raise CampaignNotFound(f"There is no campaign {campaign_id}.")
    return row


def _check(
    uow: UnitOfWork, before: Campaign | None, row: Campaign, given: CampaignInput, changes: Mapping[str, object]
) -> None:
    """That the code of a campaign is free, its validity one, and what it names anew there.

    Raises Conflict, NotFound, RuleViolation.
    """
    with findings() as found:
        with found.at("/code"):
            if uow.first(CAMPAIGN_WITH_CODE, code=row.code, other_than=row.id) is not None:
                raise CampaignCodeTaken(f"Another campaign has the code {row.code}.")
        if "program_id" in changes:
            with found.at("/loyaltyProgramId"):
                found_program_id(uow, row.program_id)
        _check_names(uow, found, before, row)
        with found.at("/validTo"):
            check_validity(row.valid_from_ms, row.valid_to_ms)
        if not changes.keys().isdisjoint(("program_id", "smart_rewards")):
            with found.at(""):
                check_account(
                    uow,
                    program_id=row.program_id,
                    ledger_id=given.rewards_ledger_id,
                    account_id=given.rewards_account_id,
                    pointers=("/smartRewards/ledgerId", "/smartRewards/ledgerAccountId"),
                )


def _check_names(uow: UnitOfWork, found: Findings, before: Campaign | None, row: Campaign) -> None:
    """Find event types, audiences, tiers and locations that are not there, and which the campaign did not name
    before.
    """

    def new(column: str, pointer: str) -> list[Reference]:
        return added(() if before is None else getattr(before, column), getattr(row, column), pointer)

    types_before = () if before is None else (before.event_type, *before.enabled_topics)
    with found.at(""):
        topics = added(types_before, row.enabled_topics, "/enabledTopics")
        check_event_types(uow, [*added_one(types_before, row.event_type, "/eventType"), *topics])
    with found.at(""):
        check_segment_keys(uow, new("audience_keys", "/audienceKeys"))
    with found.at(""):
        check_tier_keys(uow, new("tier_keys", "/loyaltyTierKeys"))
    with found.at(""):
        check_locations(uow, new("location_codes", "/locationCodes"))


def _index(uow: UnitOfWork, row: Campaign) -> None:
    """What the list's filter and the evaluation of events look up."""
    uow.execute(DELETE_TAGS, of_campaign=row.id)
    uow.insert_many(INSERT_TAG, [{"campaign_id": row.id, "tag": tag} for tag in sorted(set(row.tags))])
    names = [row.event_type, *row.enabled_topics] if row.active else []
    subscribe(uow, SUBSCRIBER, row.id, [name for name in names if name is not None])
    uow.configuration_changed(CAMPAIGNS_PART)
