"""Referrals: attribution, conversion, lists.

A referral starts when a code is credited to an account (once for each account), and converts when the referred user
does what the program asks for. Conversion pays the sides that are approved (see `fraud`).
"""

from collections.abc import Collection, Sequence

from models.kernel.ids import hex24
from models.kernel.json_values import Shown
from models.kernel.statements import replaced, row_of
from models.row_counts import count_of
from models.saasquatch.codes import share_links
from models.saasquatch.codes.codes import find_code, owner
from models.saasquatch.problems import AccountNotFound, CannotRefer, CodeNotFound, ReferralNotFound
from models.saasquatch.programs import get_program
from models.saasquatch.referrals import payment
from models.saasquatch.referrals.fraud import PENDING, RATE, flag_recent, judge
from models.saasquatch.referrals.queries import (
    CHANGE_REFERRAL,
    CODES_OF_REFERRED,
    FORGET_IN_REFERRAL,
    FORGET_REFERRED_ACCOUNT,
    FORGET_REFERRING_ACCOUNT,
    INSERT_REFERRAL,
    RANGES,
    REFERRAL,
    REFERRAL_OF_ACCOUNT,
    REFERRALS_OF_USERS,
    SET_CODES_OF_REFERRED,
    SET_REFERRED,
    count_of_referrals,
    page_of_referrals,
)
from models.saasquatch.referrals.views import referral_event
from models.saasquatch.rewards import rewards
from models.saasquatch.rewards.accounts import lock_accounts
from models.saasquatch.rewards.views import reward
from models.saasquatch.settings import Settings
from models.saasquatch.tables import Code, Referral, User
from models.saasquatch.user_views import listed_users, user_rows
from models.saasquatch.webhooks import emit
from models.uow import UnitOfWork


def attribute(uow: UnitOfWork, user: User, text_code: str, settings: Settings, *, strict: bool) -> Referral | None:
    """Credit a code with a user, for `announce` to emit.

    With `strict` a refusal is a problem (CodeNotFound, CannotRefer), else None.
    """
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
    values = {
        "id": hex24(uow.random, "referral"),
        "program_id": code.program_id,
        "referrer_account_id": referrer.account_id,
        "referrer_user_id": referrer.id,
        "referred_account_id": user.account_id,
        "referred_user_id": user.id,
        "code_used": code.code,
        "link_used": share_links.clean_link(uow, code),
        "referrer_status": verdict.referrer_status,
        "referred_status": verdict.referred_status,
        "fraud_signals": verdict.signals or None,
        "started_ms": uow.now_ms,
        "modified_ms": uow.now_ms,
        "moderated_ms": uow.now_ms if decided else None,
        "user_modified_ms": uow.now_ms,
    }
    uow.insert(INSERT_REFERRAL, **values)
    row = row_of(Referral, tenant_id=uow.tenant_id, **values)
    if RATE in verdict.signals:
        flag_recent(uow, referrer, verdict, settings)
    uow.execute(
        SET_REFERRED,
        of_account=user.account_id,
        of_user=user.id,
        referred_by_codes=[*user.referred_by_codes, code.code],
        modified_ms=uow.now_ms,
    )
    return row


def announce(uow: UnitOfWork, row: Referral) -> None:
    """Emit that a referral has started: after `user.created`, where the call that credits the code makes the user
    too.
    """
    emit(uow, "referral.started", referral_event(row))


def apply_code(uow: UnitOfWork, user: User, text_code: str, settings: Settings) -> None:
    """Credit a code with a user, and emit it. Raises CodeNotFound, CannotRefer."""
    row = attribute(uow, user, text_code, settings, strict=True)
    assert row is not None
    announce(uow, row)


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


def lock_for_events(uow: UnitOfWork, account_id: str, event_keys: Collection[str]) -> bool:
    """Lock the account that reports events and, where one of them may convert its referral, the referrer's; whether one
    may.

    Both are locked in one order before anything else: two users who have referred each other may convert at the same
    time. A referral that another unit starts after this has looked is not converted by these events. Raises
    AccountNotFound.
    """
    row = of_account(uow, account_id)
    may_convert = (
        row is not None and row.converted_ms is None and get_program(uow, row.program_id).conversion_event in event_keys
    )
    account_ids = {account_id}
    if row is not None and may_convert and row.referrer_account_id is not None:
        account_ids.add(row.referrer_account_id)
    if account_id not in lock_accounts(uow, account_ids):
        raise AccountNotFound
    return may_convert


def convert(uow: UnitOfWork, user: User, event_key: str) -> Referral | None:
    """Convert the user's open referral when the event is the one its program waits for, and pay the approved sides.

    Both accounts are locked before, with `lock_for_events`.
    """
    row = uow.lock_row(REFERRAL_OF_ACCOUNT, account_id=user.account_id)
    if row is None or row.converted_ms is not None or row.referred_user_id != user.id:
        return None
    program = get_program(uow, row.program_id)
    if program.conversion_event != event_key:
        return None
    row = replaced(row, converted_ms=uow.now_ms, modified_ms=uow.now_ms)
    row = payment.with_daily_limit(uow, row, program)
    emit(uow, "referral.converted", referral_event(row))
    row = payment.pay(uow, row, program, user)
    store(uow, row)
    return row


def store(uow: UnitOfWork, row: Referral) -> None:
    """Write what conversion and moderation change of a referral."""
    uow.execute(
        CHANGE_REFERRAL,
        referral_id=row.id,
        converted_ms=row.converted_ms,
        modified_ms=row.modified_ms,
        moderated_ms=row.moderated_ms,
        new_referrer_status=row.referrer_status,
        new_referred_status=row.referred_status,
        referrer_reward_id=row.referrer_reward_id,
        referred_reward_id=row.referred_reward_id,
    )


def get_referral(uow: UnitOfWork, referral_id: str) -> Referral:
    """A referral. Raises ReferralNotFound."""
    row = uow.first(REFERRAL, id=referral_id)
    if row is None:
        raise ReferralNotFound
    return row


def list_referrals(uow: UnitOfWork, *, limit: int, offset: int, **filters: str | None) -> tuple[list[Referral], int]:
    """A page of referrals, oldest first, and how many match. Filters combine; date ranges include both ends."""
    given: dict[str, object] = {}
    for name, value in filters.items():
        if value is not None and name in RANGES:
            start, _, end = value.partition(",")
            given[f"{name}_from"], given[f"{name}_to"] = int(start), int(end or start)
        elif value is not None:
            given[name] = value
    names = frozenset(name for name, value in filters.items() if value is not None)
    total = uow.one(count_of_referrals(names), **given) if names else count_of(uow, Referral.__tablename__)
    return uow.rows(page_of_referrals(names, deep=offset > 0), limit=limit, offset=offset, **given), total


def show(uow: UnitOfWork, rows: Sequence[Referral]) -> list[Shown]:
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
            "referralCodeUsed": row.code_used or None,
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


def _users_of(uow: UnitOfWork, rows: Sequence[Referral]) -> dict[tuple[str | None, str | None], Shown]:
    """Both users of each referral as it shows them, by account and id."""
    sides = {
        side
        for row in rows
        for side in ((row.referred_account_id, row.referred_user_id), (row.referrer_account_id, row.referrer_user_id))
    }
    found = listed_users(uow, [(account, user) for account, user in sides if account is not None and user is not None])
    return dict(zip(found, user_rows(uow, list(found.values())), strict=True))


def _rewards_of(uow: UnitOfWork, rows: Sequence[Referral]) -> dict[str | None, Shown]:
    """The rewards that referrals have led to, with their redemptions, by id."""
    reward_ids = sorted({i for row in rows for i in (row.referrer_reward_id, row.referred_reward_id) if i})
    return {row.id: reward(row, redeemed, uow.now_ms) for row, redeemed in rewards.with_redemptions(uow, reward_ids)}


def moderation_status(row: Referral) -> str:
    """PENDING while a side is, else ACTIONED."""
    return "PENDING" if PENDING in (row.referrer_status, row.referred_status) else "ACTIONED"


def forget_users(uow: UnitOfWork, account_id: str, user_ids: Collection[str], reward_ids: Collection[str]) -> None:
    """Remove deleted users of an account and their rewards from the referrals; the other users keep theirs."""
    mine = {(account_id, user_id) for user_id in user_ids}
    rows = uow.rows(REFERRALS_OF_USERS, account_id=account_id, user_ids=user_ids)
    made = [row for row in rows if (row.referrer_account_id, row.referrer_user_id) in mine]
    _forget_codes(uow, made)
    made_ids = {row.id for row in made}
    uow.execute_many(
        FORGET_IN_REFERRAL,
        [
            {
                "referral_id": row.id,
                "referrer_user_id": None if row.id in made_ids else row.referrer_user_id,
                "referred_user_id": None
                if (row.referred_account_id, row.referred_user_id) in mine
                else row.referred_user_id,
                "code_used": "" if row.id in made_ids else row.code_used,
                "link_used": None if row.id in made_ids else row.link_used,
                "referrer_reward_id": None if row.referrer_reward_id in reward_ids else row.referrer_reward_id,
                "referred_reward_id": None if row.referred_reward_id in reward_ids else row.referred_reward_id,
                "user_modified_ms": uow.now_ms,
                "modified_ms": uow.now_ms,
            }
            for row in rows
        ],
    )


def _forget_codes(uow: UnitOfWork, made: Sequence[Referral]) -> None:
    """Remove the referrer's codes, which are made of a name, from the users who were referred."""
    used = {(row.referred_account_id, row.referred_user_id): row.code_used for row in made if row.referred_user_id}
    uow.execute_many(
        SET_CODES_OF_REFERRED,
        [
            {
                "of_account": account_id,
                "of_user": user_id,
                "referred_by_codes": [code for code in codes if code != used[account_id, user_id]],
                "at_ms": uow.now_ms,
            }
            for account_id, user_id, codes in (uow.rows(CODES_OF_REFERRED, keys=list(used)) if used else ())
        ],
    )


def forget_account(uow: UnitOfWork, account_id: str) -> None:
    """Remove the id of a deleted account from the referrals."""
    uow.execute(FORGET_REFERRING_ACCOUNT, account_id=account_id, at_ms=uow.now_ms)
    uow.execute(FORGET_REFERRED_ACCOUNT, account_id=account_id, at_ms=uow.now_ms)


__all__ = [
    "announce",
    "apply_code",
    "attribute",
    "convert",
    "forget_account",
    "forget_users",
    "get_referral",
    "list_referrals",
    "lock_for_events",
    "moderation_status",
    "of_account",
    "show",
    "store",
]
