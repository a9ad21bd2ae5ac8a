"""The reports USER and USER_REFERRAL."""

from functools import cache

from sqlalchemy import BigInteger, BindParameter, and_, bindparam, cast, func, select
from sqlalchemy.orm import aliased, outerjoin

from models.saasquatch.exports import referrals
from models.saasquatch.exports.columns import Column, blank, email_hash_of, free, link_columns
from models.saasquatch.exports.parameters import Params
from models.saasquatch.exports.queries import USERS
from models.saasquatch.exports.sheets import Sheet, SheetReport
from models.saasquatch.programs import list_programs
from models.saasquatch.tables import Code, Referral, Reward, User
from models.uow import UnitOfWork

_PROGRAM: BindParameter[str] = bindparam("program")
_BASICS = (
    free("id", User.id),
    free("accountId", User.account_id),
    free("email", User.email),
    free("firstName", User.first_name),
    free("lastName", User.last_name),
    free("referralCode", Code.code),
    free("imageUrl", User.image_url),
    free("firstSeenIP", User.first_seen_ip),
    free("lastSeenIP", User.last_seen_ip),
    Column("dateCreated", User.created_ms),
    Column("dateUsTaxFormSubmitted", User.us_tax_form_ms),
    Column("emailHash", email_hash_of(User.email)),
    free("referralSource", User.referral_source),
    free("locale", User.locale),
    free("countryCode", User.country_code),
)


def _stat_columns(*, of_program: bool) -> list[Column]:
    """Counts of a user; clicks and referrals are those of the program, where one was named.

    What this server does not count (goals, loads of widgets, revenue) is blank: 0 would be a statement.
    """
    code, referral = aliased(Code), aliased(Referral)
    clicks = select(cast(func.coalesce(func.sum(code.clicks), 0), BigInteger)).where(
        code.tenant_id == User.tenant_id, code.account_id == User.account_id, code.user_id == User.id
    )
    made = select(func.count()).where(
        referral.tenant_id == User.tenant_id,
        referral.referrer_account_id == User.account_id,
        referral.referrer_user_id == User.id,
    )
    rewards = select(func.count()).where(
        Reward.tenant_id == User.tenant_id, Reward.account_id == User.account_id, Reward.user_id == User.id
    )
    if of_program:
        clicks, made = clicks.where(code.program_id == _PROGRAM), made.where(referral.program_id == _PROGRAM)
    converted = made.where(referral.converted_ms.is_not(None))
    traffic, total, with_conversion, number = (
        counted.correlate(User).scalar_subquery() for counted in (clicks, made, converted, rewards)
    )
    return [
        Column("stats.dateModified", User.modified_ms),
        Column("stats.traffic", traffic),
        Column("stats.referrals", total),
        Column("stats.conversions", with_conversion),
        blank("stats.goals"),
        Column("stats.rewards", number),
        blank("stats.widgetLoads"),
        blank("stats.revenue"),
        blank("stats.generatedRevenue"),
        blank("stats.referredRevenue"),
    ]


_SOURCE = outerjoin(User, Code, referrals.primary_code(Code, User, _PROGRAM))


@cache
def _users(*, stats: bool, of_program: bool) -> Sheet:
    counts = _stat_columns(of_program=of_program) if stats else []
    return Sheet(USERS, (*_BASICS, *counts, *link_columns(Code)), _SOURCE, User.custom_fields)


@cache
def _users_with_referral(*, of_program: bool) -> Sheet:
    """Users, each with the referral of which the user is the referred side."""
    is_referred = and_(
        Referral.tenant_id == User.tenant_id,
        Referral.referred_account_id == User.account_id,
        Referral.referred_user_id == User.id,
    )
    if of_program:
        is_referred = and_(is_referred, Referral.program_id == _PROGRAM)
    source = referrals.with_everything(outerjoin(_SOURCE, Referral, is_referred))
    behind = [Column(f"referral.{column.name}", column.value, column.is_free) for column in referrals.COLUMNS]
    return Sheet(USERS, (*_BASICS, *link_columns(Code)), source, User.custom_fields, behind)


def user_report(uow: UnitOfWork, params: Params, *, with_referral: bool = False) -> SheetReport:
    """Users, oldest first. Codes and links are of the program that is named, or of the default one."""
    of_program, program_id = params.program_id is not None, params.program_id
    if program_id is None:
        program_id = next((program.id for program in list_programs(uow)), "")
    if with_referral:
        sheet = _users_with_referral(of_program=of_program)
    else:
        sheet = _users(stats=params.stats, of_program=of_program)
    return SheetReport(uow, sheet, USERS.conditions(params.dates), {"program": program_id})
