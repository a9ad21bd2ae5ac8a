"""Stats: counts and sums of what happened."""

from handlers.http import Answer, long_read, ok
from models.loyalty_core.stats import coupons, events, ledgers, members, missions, surveys
from models.loyalty_core.stats.spans import read_span
from models.uow import UnitOfWork


@long_read()
def get_member_creation_stats(uow: UnitOfWork, *, since_from: str | None, since_to: str | None) -> Answer:
    return ok({"results": members.member_creation(uow, read_span(since_from, since_to))})


@long_read()
def get_loyalty_program_tier_stats(uow: UnitOfWork, *, loyalty_program_id: int) -> Answer:
    return ok({"results": members.tiers_of_program(uow, loyalty_program_id)})


@long_read()
def get_benefit_usage_stats(uow: UnitOfWork, *, since_from: str | None, since_to: str | None) -> Answer:
    return ok({"results": coupons.usages_by_day(uow, read_span(since_from, since_to))})


@long_read()
def get_benefit_performance_stats(
    uow: UnitOfWork, *, since_from: str | None, since_to: str | None, limit: int, order_by_usage: bool
) -> Answer:
    return ok(
        {"results": coupons.performance(uow, read_span(since_from, since_to), limit=limit, by_usage=order_by_usage)}
    )


@long_read()
def get_coupon_book_usage_stats(
    uow: UnitOfWork, *, since_from: str | None, since_to: str | None, tag: str | None
) -> Answer:
    return ok({"results": coupons.usages_by_book(uow, read_span(since_from, since_to), tag)})


@long_read()
def get_coupon_book_discount_stats(
    uow: UnitOfWork, *, since_from: str | None, since_to: str | None, discount_type: str | None
) -> Answer:
    return ok({"result": coupons.discounts(uow, read_span(since_from, since_to), discount_type)})


@long_read()
def get_top_mission_members_stats(
    uow: UnitOfWork, *, since_from: str | None, since_to: str | None, limit: int, tag: str | None
) -> Answer:
    return ok({"results": missions.top_members(uow, read_span(since_from, since_to), tag, limit=limit)})


@long_read()
def get_mission_stats(uow: UnitOfWork, *, since_from: str | None, since_to: str | None, tag: str | None) -> Answer:
    return ok({"results": missions.by_mission(uow, read_span(since_from, since_to), tag)})


@long_read()
def get_mission_totals_stats(
    uow: UnitOfWork, *, since_from: str | None, since_to: str | None, tag: str | None
) -> Answer:
    return ok({"result": missions.totals(uow, read_span(since_from, since_to), tag)})


@long_read()
def get_mission_completion_stats(uow: UnitOfWork, *, limit: int) -> Answer:
    return ok({"results": missions.completions(uow, limit=limit)})


@long_read()
def get_ledger_account_stats(
    uow: UnitOfWork, *, ledger_account_id: int, since_from: str | None, since_to: str | None
) -> Answer:
    return ok({"result": ledgers.account_totals(uow, ledger_account_id, read_span(since_from, since_to))})


@long_read()
def get_event_stats(uow: UnitOfWork, *, event_type: str, since_from: str | None, since_to: str | None) -> Answer:
    return ok({"result": events.by_day(uow, event_type, read_span(since_from, since_to))})


@long_read()
def get_nps_survey_stats(uow: UnitOfWork, *, survey_id: int) -> Answer:
    return ok({"result": surveys.net_promoter_score(uow, survey_id)})
