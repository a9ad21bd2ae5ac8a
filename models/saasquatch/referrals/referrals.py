"""Referrals: attribution, conversion, lists.

A referral starts when a code is credited to an account (once for each account), and converts when the referred user
does what the program asks for. Conversion pays the sides that are approved; see `fraud` for how they come to be.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, update

from models.kernel.ids import hex24
from models.saasquatch.codes import share_links
from models.saasquatch.codes.codes import find_code, owner
from models.saasquatch.problems import CannotRefer, CodeNotFound, ReferralNotFound
from models.saasquatch.programs import get_program, parse_rule
from models.saasquatch.queries import USER
from models.saasquatch.referrals.fraud import APPROVED, PENDING, RATE, flag_recent, judge
from models.saasquatch.referrals.queries import (
    EARNED,
    RANGES,
    REDEMPTIONS,
    REFERRAL,
    REFERRAL_OF_ACCOUNT,
    REWARDS,
    SET_REFERRED,
    count_of_referrals,
    page_of_referrals,
)
from models.saasquatch.referrals.views import referral_event
from models.saasquatch.rewards import rewards
from models.saasquatch.rewards.accounts import lock_account
from models.saasquatch.rewards.views import reward
from models.saasquatch.settings import Settings
from models.saasquatch.tables import Code, Program, Redemption, Referral, User
from models.saasquatch.user_views import listed_users, user_rows
from models.saasquatch.webhooks import emit
from models.uow import UnitOfWork

SOURCE_REFERRER = "FRIEND_SIGNUP"
SOURCE_REFERRED = "REFERRED"


def attribute(uow: UnitOfWork, user: User, text_code: str, settings: Settings, *, strict: bool) -> Referral | None:
    """Credit a code with a user. With `strict` a refusal is a problem (CodeNotFound, CannotRefer), else None."""
    code = find_code(uow, text_code)
    refusal = _refusal(uow, user, code)
    if refusal is not None:
        if strict:
            raise refusal
        return None
    assert code is not None
    referrer = owner(uow, code)
    verdict = judge(uow, referrer, user, settings)
    decided = PENDING not in (verdict.referrer_status, verdict.referred_status)
    row = Referral(
        tenant_id=uow.tenant_id,
        id=hex24(uow.random, "referral"),
        program_id=code.program_id,
        referrer_account_id=referrer.account_id,
        referrer_user_id=referrer.id,
        referred_account_id=user.account_id,
        referred_user_id=user.id,
        code_used=code.code,
        link_used=share_links.clean_link(uow, code),
        referrer_status=verdict.referrer_status,
        referred_status=verdict.referred_status,
        fraud_signals=verdict.signals or None,
        started_ms=uow.now_ms,
        modified_ms=uow.now_ms,
        moderated_ms=uow.now_ms if decided else None,
        user_modified_ms=uow.now_ms,
    )
    uow.session.add(row)
    if RATE in verdict.signals:
        flag_recent(uow, referrer, verdict, settings)
    uow.execute(
        SET_REFERRED,
        of_account=user.account_id,
        of_user=user.id,
        referred_by_codes=[*user.referred_by_codes, code.code],
        modified_ms=uow.now_ms,
    )
    emit(uow, "referral.started", referral_event(row))
    return row


def _refusal(uow: UnitOfWork, user: User, code: Code | None) -> CodeNotFound | CannotRefer | None:
    """Why a code cannot be credited with a user, or None."""
    if code is None:
        return CodeNotFound()
    if code.account_id == user.account_id:
        return CannotRefer("Nobody can refer their own account.")
    if not user.referable:
        return CannotRefer("The user cannot be referred.")
    if of_account(uow, user.account_id) is not None:
        return CannotRefer("The account has been referred already.")
    return None


def of_account(uow: UnitOfWork, account_id: str) -> Referral | None:
    """The referral that an account was referred by: at most one."""
    return uow.first(REFERRAL_OF_ACCOUNT, account_id=account_id)


def convert(uow: UnitOfWork, user: User, event_key: str) -> Referral | None:
    """Convert the user's open referral when the event is the one its program waits for, and pay the approved sides."""
    row = uow.lock(REFERRAL_OF_ACCOUNT, account_id=user.account_id)
    if row is None or row.converted_ms is not None or row.referred_user_id != user.id:
        return None
    program = get_program(uow, row.program_id)
    if program.conversion_event != event_key:
        return None
    row.converted_ms = row.modified_ms = uow.now_ms
    uow.session.flush()
    emit(uow, "referral.converted", referral_event(row))
    _pay_referrer(uow, row, program)
    _pay_referred(uow, row, program, user)
    return row


def _pay_referrer(uow: UnitOfWork, row: Referral, program: Program) -> None:
    rule = parse_rule(program.referrer_reward)
    if rule is None or row.referrer_status != APPROVED or row.referrer_user_id is None:
        return
    # Two conversions at once would both count before the other's reward is there: whoever counts holds the account.
    lock_account(uow, row.referrer_account_id or "")
    if program.reward_limit is not None and _earned(uow, row, program) >= program.reward_limit:
        return
    user = uow.one(USER, account_id=row.referrer_account_id, user_id=row.referrer_user_id)
    given = rewards.grant(
        uow, user, rule, source=SOURCE_REFERRER, program_id=program.id, key="referrerReward", referral_id=row.id
    )
    row.referrer_reward_id = given.id if given is not None else None


def _pay_referred(uow: UnitOfWork, row: Referral, program: Program, user: User) -> None:
    rule = parse_rule(program.referred_reward)
    if rule is None or row.referred_status != APPROVED:
        return
    given = rewards.grant(
        uow, user, rule, source=SOURCE_REFERRED, program_id=program.id, key="referredReward", referral_id=row.id
    )
    row.referred_reward_id = given.id if given is not None else None


def _earned(uow: UnitOfWork, row: Referral, program: Program) -> int:
    """How many rewards the referrer has from the program; the referrer's account is locked first."""
    return uow.one(
        EARNED,
        account_id=row.referrer_account_id,
        user_id=row.referrer_user_id,
        program_id=program.id,
        source=SOURCE_REFERRER,
    )


def get_referral(uow: UnitOfWork, referral_id: str) -> Referral:
    """A referral. Raises ReferralNotFound."""
    row = uow.first(REFERRAL, id=referral_id)
    if row is None:
        raise ReferralNotFound
    return row


def list_referrals(uow: UnitOfWork, *, limit: int, offset: int, **filters: str | None) -> tuple[list[Referral], int]:
    """A page of referrals, oldest first, and how many match. Filters combine; date ranges include both ends."""
    given: dict[str, Any] = {}
    for name, value in filters.items():
        if value is not None and name in RANGES:
            start, _, end = value.partition(",")
            given[f"{name}_from"], given[f"{name}_to"] = int(start), int(end or start)
        elif value is not None:
            given[name] = value
    names = frozenset(name for name, value in filters.items() if value is not None)
    total = uow.one(count_of_referrals(names), **given)
    return uow.rows(page_of_referrals(names), limit=limit, offset=offset, **given), total


def show(uow: UnitOfWork, rows: Sequence[Referral]) -> list[dict[str, Any]]:
    """Referrals with both users and both rewards embedded; a deleted user is null."""
    users = _users_of(uow, rows)
    given = _rewards_of(uow, rows)
    return [
        {
            "id": row.id,
            "referredUser": users.get((row.referred_account_id, row.referred_user_id)),
            "referrerUser": users.get((row.referrer_account_id, row.referrer_user_id)),
            "referredReward": given.get(row.referred_reward_id),
            "referrerReward": given.get(row.referrer_reward_id),
            "referralCodeUsed": row.code_used,
            "shareLinkUsed": row.link_used,
            "moderationStatus": moderation_status(row),
            "referredModerationStatus": row.referred_status,
            "referrerModerationStatus": row.referrer_status,
            "fraudSignals": row.fraud_signals,
            "programId": row.program_id,
            "dateReferralStarted": row.started_ms,
            "dateReferralPaid": row.converted_ms,
            "dateReferralEnded": row.ended_ms,
            "dateModerated": row.moderated_ms,
            "dateConverted": row.converted_ms,
            "dateModified": row.modified_ms,
            "dateUserModified": row.user_modified_ms,
        }
        for row in rows
    ]


def _users_of(uow: UnitOfWork, rows: Sequence[Referral]) -> dict[tuple[str | None, str | None], dict[str, Any]]:
    """Both users of each referral as it shows them, by account and id."""
    sides = {
        side
        for row in rows
        for side in ((row.referred_account_id, row.referred_user_id), (row.referrer_account_id, row.referrer_user_id))
    }
    found = listed_users(uow, [(account, user) for account, user in sides if account is not None and user is not None])
    return dict(zip(found, user_rows(uow, list(found.values())), strict=True))


def _rewards_of(uow: UnitOfWork, rows: Sequence[Referral]) -> dict[str | None, dict[str, Any]]:
    """The rewards that referrals have led to, with their redemptions, by id."""
    wanted = sorted({i for row in rows for i in (row.referrer_reward_id, row.referred_reward_id) if i})
    if not wanted:
        return {}
    redeemed: dict[str, list[Redemption]] = {}
    for redemption in uow.rows(REDEMPTIONS, reward_ids=wanted):
        redeemed.setdefault(redemption.reward_id, []).append(redemption)
    return {row.id: reward(row, redeemed.get(row.id, []), uow.now_ms) for row in uow.rows(REWARDS, reward_ids=wanted)}


def moderation_status(row: Referral) -> str:
    """PENDING while a side is, else ACTIONED."""
    return "PENDING" if PENDING in (row.referrer_status, row.referred_status) else "ACTIONED"


def forget_user(uow: UnitOfWork, user: User, reward_ids: list[str]) -> None:
    """Take a deleted user (and the user's rewards) out of the referrals; the other party keeps theirs."""
    mine = or_(
        (Referral.referrer_account_id == user.account_id) & (Referral.referrer_user_id == user.id),
        (Referral.referred_account_id == user.account_id) & (Referral.referred_user_id == user.id),
    )
    for row in uow.session.scalars(uow.scoped(Referral).where(mine)).all():
        if (row.referrer_account_id, row.referrer_user_id) == (user.account_id, user.id):
            _forget_code(uow, row)
            row.referrer_user_id = None
            row.code_used = ""
            row.link_used = None
        if (row.referred_account_id, row.referred_user_id) == (user.account_id, user.id):
            row.referred_user_id = None
        if row.referrer_reward_id in reward_ids:
            row.referrer_reward_id = None
        if row.referred_reward_id in reward_ids:
            row.referred_reward_id = None
        row.user_modified_ms = row.modified_ms = uow.now_ms
    uow.session.flush()


def _forget_code(uow: UnitOfWork, row: Referral) -> None:
    """Take the referrer's code, which is made of a name, from the user who was referred."""
    if row.referred_user_id is None:
        return
    referred = uow.session.get(User, (uow.tenant_id, row.referred_account_id, row.referred_user_id))
    if referred is not None:
        referred.referred_by_codes = [code for code in referred.referred_by_codes if code != row.code_used]


def forget_account(uow: UnitOfWork, account_id: str) -> None:
    """A deleted account's id leaves the referrals too."""
    for column in (Referral.referrer_account_id, Referral.referred_account_id):
        uow.session.execute(
            update(Referral).where(Referral.tenant_id == uow.tenant_id, column == account_id).values({column: None})
        )


__all__ = [
    "SOURCE_REFERRED",
    "SOURCE_REFERRER",
    "attribute",
    "convert",
    "forget_account",
    "forget_user",
    "get_referral",
    "list_referrals",
    "moderation_status",
    "of_account",
    "show",
]
