"""Which functions of higher rooms lower ones call: all ports and signals of the Loyalty Core API."""

from models.loyalty_core.audiences.counts import members_changed as schedule_counts
from models.loyalty_core.campaigns.points import give_back
from models.loyalty_core.coupons.books import check_schema_unused
from models.loyalty_core.engine.evaluation import amend, report
from models.loyalty_core.events.ports import amend_event, members_changed, report_event
from models.loyalty_core.ledger.ports import balances_changed, wallet_owners
from models.loyalty_core.members.ports import joined_by_code
from models.loyalty_core.members.tier_rules import points_changed
from models.loyalty_core.members.views import number_of
from models.loyalty_core.members.wallets import owners_of
from models.loyalty_core.orders.ports import points_taken_back
from models.loyalty_core.organization.ports import before_schema_deleted, member_number
from models.loyalty_core.referrals.referrals import redeem

before_schema_deleted.connect(check_schema_unused)
member_number.provide(number_of)
wallet_owners.provide(owners_of)
balances_changed.connect(points_changed)
members_changed.connect(schedule_counts)
joined_by_code.connect(redeem)
points_taken_back.connect(give_back)
report_event.provide(report)
amend_event.provide(amend)
