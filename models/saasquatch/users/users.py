"""Users and their accounts: upsert, look-up, list, block, delete."""

import base64
import binascii
import re
from typing import Any

import orjson
from sqlalchemy import delete, func, select, update

from models.links import PublicLink
from models.saasquatch.codes.clicks import COOKIE_DOMAIN
from models.saasquatch.codes.codes import SHARE_KIND, codes_of, give_codes
from models.saasquatch.lookups import LISTED, ListedUser
from models.saasquatch.problems import (
    AccountFull,
    AlreadyBlocked,
    BadCookies,
    BadCustomField,
    DoNotTrack,
    IdsDisagree,
    NotBlocked,
    UserNotFound,
)
from models.saasquatch.referrals import referrals
from models.saasquatch.rewards.accounts import ensure_account, get_account, lock_account
from models.saasquatch.settings import Settings, parse_settings
from models.saasquatch.tables import Account, Code, DoNotTrackMark, Redemption, Reward, User, UserEvent
from models.saasquatch.user_views import webhook_user
from models.saasquatch.webhooks import emit
from models.uow import UnitOfWork

ACCOUNT_USERS_MAX = 1_000
_FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COLUMNS = {
    "firstName": "first_name",
    "lastName": "last_name",
    "email": "email",
    "imageUrl": "image_url",
    "locale": "locale",
    "countryCode": "country_code",
    "referable": "referable",
    "dateUsTaxFormSubmitted": "us_tax_form_ms",
}
"""Members of the input that go to a column as they are."""


def get_user(uow: UnitOfWork, account_id: str, user_id: str) -> User:
    """A user. Raises AccountNotFound or UserNotFound."""
    user: User | None = uow.session.get(User, (uow.tenant_id, account_id, user_id))
    if user is None:
        get_account(uow, account_id)
        raise UserNotFound
    return user


def lock_user(uow: UnitOfWork, account_id: str, user_id: str) -> User:
    """A user as it is now, its account locked until the unit ends: before what is there decides what is written.

    Read first and locked after, a user would be the one from before the wait, and writing it back would undo what
    the other unit wrote. Raises AccountNotFound or UserNotFound.
    """
    lock_account(uow, account_id)
    user = uow.lock(uow.scoped(User).where(User.account_id == account_id, User.id == user_id))
    if user is None:
        raise UserNotFound
    return user


def list_users(uow: UnitOfWork, *, query: str | None, limit: int, offset: int) -> tuple[list[ListedUser], int]:
    """A page of users, oldest first, and how many match; `query` is a part of e-mail, name or id in any case."""
    statement = uow.scoped(User)
    if query:
        statement = statement.where(User.search.contains(query.lower(), autoescape=True))
    total = uow.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(User.created_ms, User.account_id, User.id)
    return list(uow.session.execute(ordered.with_only_columns(*LISTED).limit(limit).offset(offset))), total


def upsert_user(uow: UnitOfWork, account_id: str, user_id: str, body: dict[str, Any]) -> User:
    """Create or update a user, and the account when it is new. Members left out keep their value."""
    if body.get("id") != user_id or body.get("accountId") != account_id:
        raise IdsDisagree
    settings = parse_settings(uow.tenant.settings)
    # Only with the account locked: a deletion under way may be about to leave the mark.
    ensure_account(uow, account_id)
    if uow.session.get(DoNotTrackMark, (uow.tenant_id, _mark(uow, account_id, user_id))) is not None:
        raise DoNotTrack
    user: User | None = uow.session.get(User, (uow.tenant_id, account_id, user_id))
    is_new = user is None
    if user is None:
        user = _new_user(uow, account_id, user_id)
    _write(user, body)
    _seen(uow, user)
    user.modified_ms = uow.now_ms
    uow.session.flush()
    codes = dict(body.get("referralCodes", {}))
    give_codes(uow, user, settings, is_new=is_new, wanted=codes, links=dict(body.get("shareLinks", {})))
    if is_new:
        emit(uow, "user.created", webhook_user(uow, user))
    _attribute(uow, user, body, settings)
    return user


def _mark(uow: UnitOfWork, account_id: str, user_id: str) -> str:
    """A keyed hash: ids are guessable, so a plain one could be looked up by trying."""
    return uow.vault.mark(orjson.dumps([uow.tenant_id, account_id, user_id]), "do-not-track")


def _new_user(uow: UnitOfWork, account_id: str, user_id: str) -> User:
    held = (
        uow.session.scalar(
            select(func.count()).select_from(uow.scoped(User).where(User.account_id == account_id).subquery())
        )
        or 0
    )
    if held >= ACCOUNT_USERS_MAX:
        raise AccountFull
    user = User(
        tenant_id=uow.tenant_id,
        account_id=account_id,
        id=user_id,
        image_url="",
        referral_source="UNKNOWN",
        referable=True,
        created_ms=uow.now_ms,
        modified_ms=uow.now_ms,
        custom_fields={},
        segments=[],
        referred_by_codes=[],
        search=user_id.lower(),
        balance_version=0,
    )
    uow.session.add(user)
    return user


def _write(user: User, body: dict[str, Any]) -> None:
    """Put the members of the input into the user."""
    for name, column in _COLUMNS.items():
        if name in body:
            setattr(user, column, body[name])
    if body.get("paymentProviderId") is not None and user.payment_provider_id is None:
        user.payment_provider_id = body["paymentProviderId"]
    if "segments" in body:
        user.segments = apply_segments(user.segments, body["segments"])
    if "customFields" in body:
        user.custom_fields = merge_custom_fields(user.custom_fields, body["customFields"])
    user.search = search_text(user)


def search_text(user: User) -> str:
    """What a list's `query` is looked for in."""
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    return "\n".join(part for part in (user.email, name, user.id) if part).lower()


def apply_segments(segments: list[str], operations: list[str]) -> list[str]:
    """Apply segment operations in order: `name` adds, `~name` removes, `~*` clears."""
    kept = list(segments)
    for operation in operations:
        if operation == "~*":
            kept = []
        elif operation.startswith("~"):
            kept = [segment for segment in kept if segment != operation[1:]]
        elif operation not in kept:
            kept.append(operation)
    return kept


def merge_custom_fields(fields: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Merge custom fields by name; null removes. Raises BadCustomField."""
    for name in changes:
        if not _FIELD_NAME.fullmatch(name):
            raise BadCustomField(f"{name[:80]!r} is not a custom field's name: 1 to 64 of letters, digits, _ and -.")
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def _seen(uow: UnitOfWork, user: User) -> None:
    """A call with a user token comes from the user's own browser; one with the API key does not count as seen."""
    if uow.subject is None:
        return
    agent = uow.user_agent[:512] if uow.user_agent else None
    if user.first_seen_ip is None:
        user.first_seen_ip, user.first_seen_agent = uow.client_ip, agent
    user.last_seen_ip, user.last_seen_agent = uow.client_ip, agent


def _attribute(uow: UnitOfWork, user: User, body: dict[str, Any], settings: Settings) -> None:
    """Credit the first code that can be: explicit codes outrank cookies. One that cannot is passed over."""
    wanted: list[str] = list(body.get("referredByCodes", ()))
    legacy = body.get("referredBy", {}).get("code") if isinstance(body.get("referredBy"), dict) else None
    if legacy:
        wanted.append(legacy)
    if "cookies" in body:
        wanted += cookie_codes(body["cookies"], uow.tenant.alias, uow.now_ms)
    for code in wanted:
        if referrals.attribute(uow, user, code, settings, strict=False) is not None:
            return


def cookie_codes(cookies: str, alias: str, now_ms: int) -> list[str]:
    """The codes that a browser remembered for this tenant and that have not expired there. Raises BadCookies."""
    try:
        decoded = orjson.loads(base64.urlsafe_b64decode(cookies + "=" * (-len(cookies) % 4)))
    except (binascii.Error, ValueError) as error:
        raise BadCookies from error
    if not isinstance(decoded, dict):
        raise BadCookies
    found = decoded.get(COOKIE_DOMAIN, {})
    found = found.get(f"{alias}_CODE", {}) if isinstance(found, dict) else None
    codes = found.get("codes", {}) if isinstance(found, dict) else None
    expiries = found.get("codesExp", {}) if isinstance(found, dict) else None
    if not isinstance(codes, dict) or not isinstance(expiries, dict):
        raise BadCookies
    if not all(isinstance(code, str) for code in codes.values()):
        raise BadCookies

    def alive(code: str) -> bool:
        expiry = expiries.get(code)
        return not isinstance(expiry, int | float) or _cookie_ms(expiry) > now_ms

    return [code for code in codes.values() if alive(code)]


def _cookie_ms(expiry: float) -> float:
    """Samples give the expiry in seconds; a value that large can only be milliseconds."""
    return expiry if expiry > 100_000_000_000 else expiry * 1_000


def block_user(uow: UnitOfWork, account_id: str, user_id: str) -> None:
    """Stop a user from referring. Raises AlreadyBlocked."""
    user = lock_user(uow, account_id, user_id)
    if user.blocked_ms is not None:
        raise AlreadyBlocked
    user.blocked_ms = user.modified_ms = uow.now_ms


def unblock_user(uow: UnitOfWork, account_id: str, user_id: str) -> None:
    """Lift a block; referrals that were denied meanwhile stay denied. Raises NotBlocked."""
    user = lock_user(uow, account_id, user_id)
    if user.blocked_ms is None:
        raise NotBlocked
    user.blocked_ms = None
    user.modified_ms = uow.now_ms


def delete_user(
    uow: UnitOfWork, account_id: str, user_id: str, *, do_not_track: bool, preserve_empty_account: bool
) -> None:
    """Delete a user with codes, rewards and events. Referrals stay for the other party, anonymous on this side."""
    user = lock_user(uow, account_id, user_id)
    _erase(uow, user, do_not_track=do_not_track)
    left = uow.session.scalars(uow.scoped(User).where(User.account_id == account_id).limit(1)).first()
    if left is None and not preserve_empty_account:
        _erase_account(uow, account_id)


def delete_account(uow: UnitOfWork, account_id: str, *, do_not_track: bool) -> None:
    """Delete an account with all its users."""
    lock_account(uow, account_id)
    for user in uow.session.scalars(uow.scoped(User).where(User.account_id == account_id)).all():
        _erase(uow, user, do_not_track=do_not_track)
    _erase_account(uow, account_id)


def _erase(uow: UnitOfWork, user: User, *, do_not_track: bool) -> None:
    session, tenant_id = uow.session, uow.tenant_id
    if do_not_track:
        mark = _mark(uow, user.account_id, user.id)
        if session.get(DoNotTrackMark, (tenant_id, mark)) is None:
            session.add(DoNotTrackMark(tenant_id=tenant_id, digest=mark, created_ms=uow.now_ms))
    folded = [code.folded for code in codes_of(uow, user)]
    session.execute(
        update(PublicLink)
        .where(PublicLink.tenant_id == tenant_id, PublicLink.kind == SHARE_KIND, PublicLink.subject.in_(folded))
        .values(subject=None)
    )
    rewards = uow.scoped(Reward).where(Reward.account_id == user.account_id, Reward.user_id == user.id)
    gone = [reward.id for reward in session.scalars(rewards)]
    # As a subquery: a user may have more rewards than a statement may have parameters.
    session.execute(
        delete(Redemption).where(
            Redemption.tenant_id == tenant_id, Redemption.reward_id.in_(rewards.with_only_columns(Reward.id))
        )
    )
    for table in (Reward, Code, UserEvent):
        session.execute(
            delete(table).where(
                table.tenant_id == tenant_id, table.account_id == user.account_id, table.user_id == user.id
            )
        )
    referrals.forget_user(uow, user, gone)
    session.delete(user)
    session.flush()


def _erase_account(uow: UnitOfWork, account_id: str) -> None:
    referrals.forget_account(uow, account_id)
    uow.session.execute(delete(Account).where(Account.tenant_id == uow.tenant_id, Account.id == account_id))
