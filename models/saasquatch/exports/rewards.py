"""The report REWARD: rewards as they stand now, or stood at an instant.

The states of a reward stand here in SQL, and in Python in `rewards/states.py`; tests/unit/test_export_equivalence.py
compares the two.
"""

from functools import cache

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    SQLColumnExpression,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, outerjoin

from models.saasquatch.exports.columns import Column, blank, free, person_columns
from models.saasquatch.exports.parameters import Params
from models.saasquatch.exports.queries import REWARDS, Source
from models.saasquatch.exports.referrals import REFERRED, REFERRER, with_users
from models.saasquatch.exports.sheets import Sheet, SheetReport
from models.saasquatch.rewards.states import AVAILABLE, CANCELLED, CREDIT, EXPIRED, PCT_DISCOUNT, PENDING, REDEEMED
from models.saasquatch.tables import Redemption, Referral, Reward, User
from models.uow import UnitOfWork

_NOW: BindParameter[int] = bindparam("now_ms", type_=BigInteger())
_AT: BindParameter[int] = bindparam("at_ms", type_=BigInteger())
"""The instant of the report; the present, unless one is asked for."""
_GIVEN_BY_PLAN = and_(Reward.scheduled_ms <= _AT, Reward.cancelled_ms.is_(None))


def states(*, past: bool) -> ColumnElement[str]:
    """All states of a reward at `at_ms`, with commas between, as `states.statuses`."""

    def happened(column: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
        return and_(column.is_not(None), column <= _AT) if past else column.is_not(None)

    is_given = case((Reward.given_ms.is_not(None), happened(Reward.given_ms)), else_=_GIVEN_BY_PLAN)
    found = [
        case((func.coalesce(is_given, False), ""), else_=f",{PENDING}"),
        case((happened(Reward.redeemed_ms), f",{REDEEMED}"), else_=""),
        case((Reward.expires_ms <= _AT, f",{EXPIRED}"), else_=""),
        case((happened(Reward.cancelled_ms), f",{CANCELLED}"), else_=""),
    ]
    joined = cast(found[0], Text) + found[1] + found[2] + found[3]
    return func.coalesce(func.nullif(func.substr(joined, 2), ""), AVAILABLE)


def _redeemed(*, past: bool) -> SQLColumnExpression[int]:
    """What was used of a reward's credit by the instant."""
    if not past:
        return Reward.redeemed
    used = select(cast(func.coalesce(func.sum(Redemption.quantity), 0), BigInteger)).where(
        Redemption.tenant_id == Reward.tenant_id, Redemption.reward_id == Reward.id, Redemption.at_ms <= _AT
    )
    return used.correlate(Reward).scalar_subquery()


def worth(*, past: bool) -> ColumnElement[int]:
    """What can be used of a reward, as `balances.worth`."""
    kept = case(
        (Reward.type == CREDIT, func.coalesce(Reward.assigned, 0) - _redeemed(past=past)),
        (Reward.type == PCT_DISCOUNT, func.coalesce(Reward.percent, 0)),
        else_=func.coalesce(Reward.amount, 0),
    )
    return case((states(past=past) == AVAILABLE, kept), else_=0)


def _reward_columns(*, past: bool) -> list[Column]:
    """The reward's own columns. The last three are of the report's instant."""
    value = case(
        (Reward.type == CREDIT, Reward.assigned), (Reward.type == PCT_DISCOUNT, Reward.percent), else_=Reward.amount
    )
    given_now = case(
        (Reward.given_ms.is_not(None), Reward.given_ms),
        (and_(Reward.scheduled_ms <= _NOW, Reward.cancelled_ms.is_(None)), Reward.scheduled_ms),
    )
    return [
        Column("id", Reward.id),
        Column("type", Reward.type),
        Column("value", value),
        free("unit", Reward.unit),
        free("name", Reward.name),
        Column("dateCreated", Reward.created_ms),
        Column("dateScheduledFor", Reward.scheduled_ms),
        Column("dateGiven", given_now),
        Column("dateExpires", Reward.expires_ms),
        Column("dateCancelled", Reward.cancelled_ms),
        Column("dateRedeemed", Reward.redeemed_ms),
        Column("dateModified", Reward.modified_ms),
        free("rewardSource", Reward.source),
        free("fuelTankType", Reward.fuel_tank_type),
        free("fuelTankCode", Reward.fuel_tank_code),
        free("programId", Reward.program_id),
        free("programRewardKey", Reward.program_reward_key),
        blank("globalRewardKey"),
        Column("assignedCredit", Reward.assigned),
        Column("redeemedCredit", case((Reward.type == CREDIT, _redeemed(past=past)))),
        Column("availableValue", worth(past=past)),
        Column("statuses", states(past=past)),
    ]


_META = tuple(blank(f"meta.{name}") for name in ("status", "message", "internalMessage", "dateModified"))
_REFERRAL = (
    Column("referral.id", Referral.id),
    Column("referral.dateReferralStarted", Referral.started_ms),
    Column("referral.dateModified", Referral.modified_ms),
    free("referral.referralCodeUsed", Referral.code_used),
    *person_columns("referral.referredUser.", REFERRED),
    *person_columns("referral.referrerUser.", REFERRER),
    Column("referral.dateConverted", Referral.converted_ms),
)


@cache
def _sheet(*, user: bool, referral: bool, past: bool) -> Sheet:
    columns = [*_reward_columns(past=past), *(person_columns("user.", User) if user else ()), *_META]
    source: Source = Reward
    if user:
        owns = and_(User.tenant_id == Reward.tenant_id, User.account_id == Reward.account_id, User.id == Reward.user_id)
        source = outerjoin(source, User, owns)
    if referral:
        columns += _REFERRAL
        earned_by = and_(Referral.tenant_id == Reward.tenant_id, Referral.id == Reward.referral_id)
        source = with_users(outerjoin(source, Referral, earned_by))
    return Sheet(REWARDS, columns, source)


def reward_report(uow: UnitOfWork, params: Params) -> SheetReport:
    """Rewards in the order they were created, as they stand now or stood at an instant."""
    past = params.at_ms is not None
    sheet = _sheet(user=params.user, referral=params.referral, past=past)
    conditions: dict[str, object] = {**params.conditions, **({"until_ms": params.at_ms} if past else {})}
    at_ms = uow.now_ms if params.at_ms is None else params.at_ms
    return SheetReport(uow, sheet, conditions, {"now_ms": uow.now_ms, "at_ms": at_ms})
