"""Which resources the Loyalty Core API has in which tables."""

import re

from sqlalchemy import bindparam, select

from models.kernel.json_values import Shown
from models.kernel.statements import TENANT, Query
from models.ledger import LedgerBalance
from models.loyalty_core.audiences.views import show_audience
from models.loyalty_core.campaigns.views import show_action, show_campaign
from models.loyalty_core.coupons.tables import CouponBookContent
from models.loyalty_core.coupons.views import show_book, show_coupon, show_offering, show_usage
from models.loyalty_core.events.views import show_event_type, show_trigger
from models.loyalty_core.ledger.account_names import spendable, wallet_balances
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.ledger.queries import POINT_ACCOUNT
from models.loyalty_core.ledger.tables import PointAccount
from models.loyalty_core.ledger.views import show_account, show_balance, show_ledger, show_transaction
from models.loyalty_core.members.badges import show_badge
from models.loyalty_core.members.events import show_event
from models.loyalty_core.members.tables import Badge, MemberBadge, Tier
from models.loyalty_core.members.views import find_member, find_program, show_member, show_program, show_tier_change
from models.loyalty_core.members.views import show_tier as show_tier_of
from models.loyalty_core.missions.finding import find_mission
from models.loyalty_core.missions.members import Standing
from models.loyalty_core.missions.tables import MemberMission
from models.loyalty_core.missions.takers import Taker
from models.loyalty_core.missions.views import show_count, show_matcher, show_mission, show_standing
from models.loyalty_core.orders.views import show_order
from models.loyalty_core.organization.content_schemas import get_schema
from models.loyalty_core.organization.tables import ContentSchema, OrganizationUser, Partnership, Survey
from models.loyalty_core.organization.views import show_item, show_organization, show_portal, show_schema, show_user
from models.loyalty_core.referrals.queries import Referred, ReferrerLine
from models.loyalty_core.referrals.tables import Referral, Referrer
from models.loyalty_core.referrals.views import show_code, show_referred, show_referrer
from models.loyalty_core.referrals.views import show_program as show_referral_program
from models.loyalty_core.stats.surveys import net_promoter_score
from models.resources import Key, Resource, Resources, never_shown, plainly
from models.uow import UnitOfWork

_WALLET = re.compile(r"a([0-9]+)/[wh]([0-9]+)")
"""What a wallet can spend of an account, or its holds: see `ledger/account_names.py`."""
_BADGE = Query(select(Badge).where(Badge.tenant_id == TENANT, Badge.id == bindparam("badge")))


def _user(uow: UnitOfWork, row: OrganizationUser) -> Shown | None:
    return None if row.deleted_ms is not None else show_user(uow, row)


def _schema(uow: UnitOfWork, row: ContentSchema) -> Shown:
    """A content schema with the text of its latest version."""
    return show_schema(uow, *get_schema(uow, str(row.id)))


def _content(row: CouponBookContent) -> Shown:
    """The content of a book in one locale, by the names that a book's answer has for it."""
    return {"couponBookId": row.book_id, "locale": row.locale, "content": row.content, "extraFields": row.extra_fields}


def _tier(uow: UnitOfWork, row: Tier) -> Shown:
    return show_tier_of(uow, row, find_program(uow, row.program_id).default_tier_id)


def _badge(uow: UnitOfWork, row: MemberBadge) -> Shown:
    """A badge of a member, as the event of its minting has it."""
    return {"memberId": row.member_id, **show_badge(uow.one(_BADGE, badge=row.badge_id))}


def _account(uow: UnitOfWork, row: PointAccount) -> Shown:
    return show_account(uow, row, find_ledger(uow, row.ledger_id).default_account_id)


def _wallet(uow: UnitOfWork, row: LedgerBalance) -> Shown | None:
    """What a wallet holds of an account; None for a supply, which no call shows."""
    found = _WALLET.fullmatch(row.account)
    if found is None:
        return None
    account_id, wallet_id = map(int, found.groups())
    balance, available = wallet_balances(uow, [account_id], wallet_id)[account_id]
    return show_balance(uow, uow.one(POINT_ACCOUNT, id=account_id), wallet_id, balance, available)


def _wallet_key(row: LedgerBalance) -> Key | None:
    """The row that stands for a wallet, of the two that it may have:
    what it can spend, which is there before any hold.
    """
    found = _WALLET.fullmatch(row.account)
    return None if found is None else (spendable(*map(int, found.groups())),)


def _standing(uow: UnitOfWork, row: MemberMission) -> Shown:
    """How far a member is with a mission, as the list of a member's missions has it; the mission itself is another
    resource.
    """
    taker = Taker(uow, find_member(uow, row.member_id))
    shown = show_standing(uow, Standing(find_mission(uow, row.mission_id), row, taker))
    return {name: value for name, value in shown.items() if name != "mission"}


def _referral(uow: UnitOfWork, row: Referral) -> Shown:
    named = find_member(uow, row.referred_id).loyalty_member_id
    return show_referred(
        Referred(
            row.id,
            row.referral_program_id,
            row.code_id,
            row.referrer_id,
            row.referred_id,
            named,
            row.referrer_points,
            row.referred_points,
            row.paid_ms,
            row.created_ms,
        )
    )


def _referrer(uow: UnitOfWork, row: Referrer) -> Shown:
    """A line of the report on a program's referrers, with the program."""
    line = ReferrerLine(
        row.member_id,
        find_member(uow, row.member_id).loyalty_member_id,
        row.code_count,
        row.referred_count,
        row.paid_count,
        row.referrer_points,
        row.referred_points,
        row.last_referred_ms,
        row.created_ms,
    )
    return {"referralProgramId": row.referral_program_id, **show_referrer(line)}


def _survey(uow: UnitOfWork, row: Survey) -> Shown:
    """A survey with the sums of its answers: no call shows a single one."""
    return net_promoter_score(uow, row.id)


def _partnership(row: Partnership) -> Shown:
    """A partnership under the name that offerings have for it: it is configured by a scenario, and no call shows more
    of one.
    """
    return {"partnershipId": row.id}


CODES = ("locationCode", "orderLocationCode", "categoryCode", "productCategoryCode")
RESOURCES: Resources = {
    "lc_organizations": Resource("organization", show_organization, key=("organizationId",)),
    "lc_users": Resource("organization user", _user, key=("userId",)),
    "lc_portals": Resource("portal", show_portal),
    "lc_partnerships": Resource("partnership", plainly(_partnership), key=("partnershipId",)),
    "lc_surveys": Resource(
        "survey", _survey, key=("surveyId",), parts={"lc_survey_answers": lambda row: (row.survey_id,)}
    ),
    "lc_content_schemas": Resource(
        "content schema", _schema, parts={"lc_content_schema_versions": lambda row: (row.content_schema_id,)}
    ),
    "lc_coded_items": Resource("location or category", show_item, key=CODES),
    "lc_members": Resource("member", show_member, parts={"lc_enrolments": lambda row: (row.member_id,)}),
    "lc_badges": Resource("badge", plainly(show_badge)),
    "lc_member_badges": Resource("member badge", _badge),
    "lc_programs": Resource("program", show_program),
    "lc_tiers": Resource("tier", _tier),
    "lc_tier_changes": Resource("tier change", plainly(show_tier_change)),
    "lc_events": Resource("member event", show_event),
    "lc_event_types": Resource("event type", show_event_type),
    "lc_event_triggers": Resource("event trigger", show_trigger),
    "lc_ledgers": Resource("ledger", show_ledger),
    "lc_accounts": Resource("ledger account", _account),
    "ledger_balances": Resource(
        "wallet", _wallet, key=("ledgerAccountId", "walletId"), parts={"ledger_balances": _wallet_key}
    ),
    "lc_transactions": Resource("ledger transaction", show_transaction),
    "lc_campaigns": Resource("campaign", show_campaign),
    "lc_campaign_actions": Resource("campaign action", show_action),
    "lc_missions": Resource("mission", show_mission),
    "lc_member_missions": Resource("member mission", _standing),
    "lc_mission_counts": Resource("mission count", plainly(show_count)),
    "lc_matchers": Resource("matcher", show_matcher),
    "lc_coupon_books": Resource("coupon book", show_book),
    "lc_coupon_book_contents": Resource("coupon book content", plainly(_content), key=("couponBookId", "locale")),
    "lc_coupons": Resource("coupon", show_coupon),
    "lc_coupon_usages": Resource("coupon usage", show_usage),
    "lc_coupon_book_offerings": Resource("coupon book offering", plainly(show_offering)),
    "lc_purchase_orders": Resource("purchase order", show_order),
    "lc_referral_programs": Resource("referral program", show_referral_program),
    "lc_referral_codes": Resource("referral code", show_code),
    "lc_referrals": Resource("referral", _referral),
    "lc_referrers": Resource("referrer", _referrer),
    "lc_audiences": Resource("audience", show_audience),
    **never_shown("ledger_transactions", "lc_lots", "lc_order_points", "lc_campaign_points", "lc_member_terms"),
    **never_shown("lc_transaction_tags", "lc_campaign_tags", "lc_mission_tags", "lc_coupon_book_labels"),
}
"""Movements of points are `lc_transactions`; tags and terms are what their resources show, once more, to be found
by.
"""
