"""Which resources the Loyalty Core API has in which tables."""

from models.loyalty_core.audiences.views import show_audience
from models.loyalty_core.campaigns.views import show_campaign
from models.loyalty_core.coupons.views import show_book, show_coupon
from models.loyalty_core.events.views import show_trigger
from models.loyalty_core.ledger.views import show_ledger, show_transaction
from models.loyalty_core.members.views import show_member, show_program, show_tier_change
from models.loyalty_core.missions.views import show_mission
from models.loyalty_core.orders.views import show_order
from models.loyalty_core.referrals.views import show_code
from models.loyalty_core.referrals.views import show_program as show_referral_program
from models.resources import Resource, Resources, plainly

RESOURCES: Resources = {
    "lc_members": Resource("member", show_member),
    "lc_programs": Resource("program", show_program),
    "lc_tier_changes": Resource("tier change", plainly(show_tier_change)),
    "lc_ledgers": Resource("ledger", show_ledger),
    "lc_transactions": Resource("ledger transaction", show_transaction),
    "lc_campaigns": Resource("campaign", show_campaign),
    "lc_missions": Resource("mission", show_mission),
    "lc_coupon_books": Resource("coupon book", show_book),
    "lc_coupons": Resource("coupon", show_coupon),
    "lc_purchase_orders": Resource("purchase order", show_order),
    "lc_referral_programs": Resource("referral program", show_referral_program),
    "lc_referral_codes": Resource("referral code", show_code),
    "lc_audiences": Resource("audience", show_audience),
    "lc_event_triggers": Resource("event trigger", show_trigger),
}
