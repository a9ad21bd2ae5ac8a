"""The report REFERRAL, and what rows of other reports show of a referral."""

from functools import cache

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, or_
from sqlalchemy.orm import aliased, outerjoin

from models.saasquatch.exports.columns import Column, free
from models.saasquatch.exports.parameters import Params
from models.saasquatch.exports.queries import REFERRALS, Source
from models.saasquatch.exports.sheets import Sheet, SheetReport
from models.saasquatch.referrals.fraud import PENDING
from models.saasquatch.tables import Code, Program, Referral, User
from models.uow import UnitOfWork

REFERRED, REFERRER = aliased(User, name="referred"), aliased(User, name="referrer")
_REFERRED_CODE, _REFERRER_CODE = aliased(Code, name="referred_code"), aliased(Code, name="referrer_code")


def _user_columns(side: str, user: type[User], code: type[Code]) -> list[Column]:
    return [
        free(f"{side}UserEmail", user.email),
        free(f"{side}UserFirstName", user.first_name),
        free(f"{side}UserLastName", user.last_name),
        free(f"{side}UserReferralCode", code.code),
        free(f"{side}UserFirstSeenIP", user.first_seen_ip),
        free(f"{side}UserLastSeenIP", user.last_seen_ip),
        free(f"{side}UserImageUrl", user.image_url),
        free(f"{side}UserLocale", user.locale),
        Column(f"{side}UserDateCreated", user.created_ms),
    ]


_MODERATION_STATUS = case(
    (Referral.id.is_(None), None),
    (or_(Referral.referrer_status == PENDING, Referral.referred_status == PENDING), PENDING),
    else_="ACTIONED",
)
"""As `referrals.moderation_status`; NULL where no referral is joined."""
COLUMNS = (
    Column("id", Referral.id),
    Column("dateModified", Referral.modified_ms),
    Column("dateReferralStarted", Referral.started_ms),
    Column("dateConverted", Referral.converted_ms),
    Column("dateUserModified", Referral.user_modified_ms),
    free("programId", Referral.program_id),
    free("programName", Program.name),
    *_user_columns("referred", REFERRED, _REFERRED_CODE),
    free("referredUser", Referral.referred_user_id),
    free("referredAccount", Referral.referred_account_id),
    *_user_columns("referrer", REFERRER, _REFERRER_CODE),
    free("referrerUser", Referral.referrer_user_id),
    free("referrerAccount", Referral.referrer_account_id),
    Column("moderationStatus", _MODERATION_STATUS),
    Column("dateModerated", Referral.moderated_ms),
    Column("dateReferralPaid", Referral.converted_ms),
    Column("dateReferralEnded", Referral.ended_ms),
    Column("referredModerationStatus", Referral.referred_status),
    Column("referrerModerationStatus", Referral.referrer_status),
    Column("referredReward", Referral.referred_reward_id),
    Column("referrerReward", Referral.referrer_reward_id),
)


def with_users(source: Source) -> Source:
    """Referrals with both users: one who is deleted is not there, and only the account is left, while that is."""
    for user, account_id, user_id in (
        (REFERRED, Referral.referred_account_id, Referral.referred_user_id),
        (REFERRER, Referral.referrer_account_id, Referral.referrer_user_id),
    ):
        source = outerjoin(
            source, user, and_(user.tenant_id == Referral.tenant_id, user.account_id == account_id, user.id == user_id)
        )
    return source


def _with_codes(source: Source) -> Source:
    for code, user in ((_REFERRED_CODE, REFERRED), (_REFERRER_CODE, REFERRER)):
        source = outerjoin(source, code, primary_code(code, user, Referral.program_id))
    return source


def primary_code(code: type[Code], user: type[User], program_id: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """The condition that a code is the primary one of a user in a program."""
    return and_(
        code.tenant_id == user.tenant_id,
        code.account_id == user.account_id,
        code.user_id == user.id,
        code.program_id == program_id,
        code.is_primary.is_(True),
    )


def with_everything(source: Source) -> Source:
    """Referrals with all that COLUMNS show."""
    in_program = and_(Program.tenant_id == Referral.tenant_id, Program.id == Referral.program_id)
    return outerjoin(_with_codes(with_users(source)), Program, in_program)


@cache
def _sheet() -> Sheet:
    return Sheet(REFERRALS, COLUMNS, with_everything(Referral))


def referral_report(uow: UnitOfWork, params: Params) -> SheetReport:
    """Referrals in the order they started."""
    conditions: dict[str, object] = {**REFERRALS.conditions(params.dates)}
    if params.program_id is not None:
        conditions["program_id"] = params.program_id
    return SheetReport(uow, _sheet(), conditions, {})
