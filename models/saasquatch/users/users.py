"""Users and their accounts: upsert, look-up, list, block, delete."""

import base64
import binascii
import re
from collections.abc import Collection, Mapping

import orjson

from models.kernel.json_values import FreeForm
from models.kernel.pointers import shortened_pointer
from models.kernel.search_text import search_text
from models.kernel.statements import differing, row_of
from models.row_counts import count_of
from models.saasquatch.codes.clicks import COOKIE_DOMAIN
from models.saasquatch.codes.codes import SHARE_KIND, by_program, give_codes
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
from models.saasquatch.queries import USER, USER_WITH_CODES, ListedUser
from models.saasquatch.referrals import referrals
from models.saasquatch.rewards.accounts import ensure_account, get_account, lock_account
from models.saasquatch.settings import Settings, parse_settings
from models.saasquatch.tables import Code, Referral, User
from models.saasquatch.user_views import webhook_user
from models.saasquatch.users.input import UserInput
from models.saasquatch.users.queries import (
    COUNT_OF_ACCOUNT,
    DELETE_ACCOUNT,
    IDS_OF_ACCOUNT,
    INSERT_MARK,
    INSERT_USER,
    MARK,
    SET_BLOCKED,
    UPDATE_USER,
    erasure,
    page_of_users,
    reward_ids,
)
from models.saasquatch.users.search import find_users
from models.saasquatch.webhooks import emit
from models.uow import UnitOfWork

ACCOUNT_USERS_MAX = 1_000
_COLUMNS = tuple(column.key for column in User.__table__.columns)
LAST_SEEN = "lastSeenDate"
"""The custom field that says when a user's own browser last called, in ms."""
_FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def get_user(uow: UnitOfWork, account_id: str, user_id: str) -> User:
    """A user. Raises AccountNotFound or UserNotFound."""
    user = uow.first(USER, account_id=account_id, user_id=user_id)
    if user is None:
        get_account(uow, account_id)
        raise UserNotFound
    return user


def get_user_and_codes(uow: UnitOfWork, account_id: str, user_id: str) -> tuple[User, dict[str, Code]]:
    """A user and the primary codes by program, in the order of the programs. Raises AccountNotFound or UserNotFound."""
    user, codes = find_user_and_codes(uow, account_id, user_id)
    if user is None:
        get_account(uow, account_id)
        raise UserNotFound
    return user, codes


def find_user_and_codes(uow: UnitOfWork, account_id: str, user_id: str) -> tuple[User | None, dict[str, Code]]:
    """The same, with None and no codes for a user that does not exist; in one statement."""
    found = uow.rows(USER_WITH_CODES, account_id=account_id, user_id=user_id)
    if not found:
        return None, {}
    return found[0][0], by_program(uow, [code for _, code in found if code is not None])


def lock_user(uow: UnitOfWork, account_id: str, user_id: str) -> User:
    """Lock the account until the unit ends, then read the user: for every read that a write depends on.

    Reading before locking could return stale values, and writing them back would undo a concurrent update. Raises
    AccountNotFound or UserNotFound.
    """
    lock_account(uow, account_id)
    return lock_user_of(uow, account_id, user_id)


def lock_user_of(uow: UnitOfWork, account_id: str, user_id: str) -> User:
    """Read a user whose account is locked already, and lock it. Raises UserNotFound."""
    user = uow.lock_row(USER, account_id=account_id, user_id=user_id)
    if user is None:
        raise UserNotFound
    return user


def list_users(uow: UnitOfWork, *, query: str | None, limit: int, offset: int) -> tuple[list[ListedUser], int]:
    """A page of users, oldest first, and how many match; `query` is a part of e-mail, name or id in any case."""
    if query:
        return find_users(uow, query, limit=limit, offset=offset)
    total = count_of(uow, User.__tablename__)
    return uow.rows(page_of_users(deep=offset > 0), limit=limit, offset=offset), total


def upsert_user(uow: UnitOfWork, account_id: str, user_id: str, given: UserInput) -> tuple[User, dict[str, Code]]:
    """Create or update a user, and the account when it is new; the user and the primary codes by program.

    Members left out keep their value.

    Raises IdsDisagree, DoNotTrack, AccountFull, BadCustomField, BadCookies, CodeNotFound, CodeTaken, BadLink.
    """
    IdsDisagree.check({"accountId": (given.account_id, account_id), "id": (given.id, user_id)})
    settings = uow.directory.settings(uow.tenant, parse_settings)
    # Read under the account's lock: a concurrent deletion may be inserting the do-not-track record.
    is_new_account = ensure_account(uow, account_id)
    known, existing = (None, {}) if is_new_account else find_user_and_codes(uow, account_id, user_id)
    if known is None:  # only deleted users have a do-not-track mark
        if uow.first(MARK, digest=_mark(uow, account_id, user_id)) is not None:
            raise DoNotTrack
        if not is_new_account:
            _check_room(uow, account_id)
    values = _changed(uow, known or _blank(uow, account_id, user_id, given.created_ms), given)
    if known is None:
        uow.insert(INSERT_USER, **values)
    user = row_of(User, **values)
    codes = give_codes(
        uow, user, settings, existing=existing, vanity_codes=given.referral_codes, links=given.share_links
    )
    # Reports of what was changed since a time show codes and links, too.
    if known is not None and (differing(known, values) or codes != existing):
        values["modified_ms"] = uow.now_ms
        uow.execute(UPDATE_USER, of_account=account_id, of_user=user_id, **values)
        user = row_of(User, **values)
    referral = _attribute(uow, user, given, settings)
    if referral is not None:
        user = uow.one(USER, account_id=account_id, user_id=user_id)
    if known is None:
        emit(uow, "user.created", webhook_user(uow, user, codes))
    if referral is not None:
        referrals.announce(uow, referral)
    return user, codes


def _mark(uow: UnitOfWork, account_id: str, user_id: str) -> str:
    """A keyed hash: ids are guessable, so a plain one could be looked up by trying."""
    return uow.vault.mark(orjson.dumps([uow.tenant_id, account_id, user_id]), "do-not-track")


def _check_room(uow: UnitOfWork, account_id: str) -> None:
    """Raises AccountFull."""
    if uow.one(COUNT_OF_ACCOUNT, account_id=account_id) >= ACCOUNT_USERS_MAX:
        raise AccountFull


def _blank(uow: UnitOfWork, account_id: str, user_id: str, created_ms: int | None) -> User:
    """A new user of whom nothing is known yet but perhaps an earlier date of creation; not stored."""
    return row_of(
        User,
        tenant_id=uow.tenant_id,
        account_id=account_id,
        id=user_id,
        created_ms=uow.now_ms if created_ms is None else created_ms,
        modified_ms=uow.now_ms,
        custom_fields={},
        segments=[],
        referred_by_codes=[],
        search="",
    )


def _changed(uow: UnitOfWork, user: User, given: UserInput) -> dict[str, object]:
    """All columns of a user with what was given, except when it was changed. Raises BadCustomField."""
    values = dict(zip(_COLUMNS, user, strict=True))  # type: ignore[call-overload]  # a row is a tuple of its columns
    values.update(given.columns)
    if given.payment_provider_id is not None and user.payment_provider_id is None:
        values["payment_provider_id"] = given.payment_provider_id
    if given.segments is not None:
        values["segments"] = apply_segments(user.segments, given.segments)
    if given.custom_fields is not None:
        values["custom_fields"] = merge_custom_fields(user.custom_fields, given.custom_fields)
    if uow.subject is not None:  # a call with a user token comes from the user's own browser
        agent = uow.user_agent[:512] if uow.user_agent else None
        if user.first_seen_ip is None:
            values.update(first_seen_ip=uow.client_ip, first_seen_agent=agent)
        values.update(last_seen_ip=uow.client_ip, last_seen_agent=agent)
        values["custom_fields"] = {**values["custom_fields"], LAST_SEEN: uow.now_ms}
    values["search"] = _searched(
        given.columns.get("email", user.email),
        given.columns.get("first_name", user.first_name),
        given.columns.get("last_name", user.last_name),
        user.id,
    )
    return values


def _searched(email: str | None, first_name: str | None, last_name: str | None, user_id: str) -> str:
    """What a list's `query` is looked for in."""
    name = " ".join(part for part in (first_name, last_name) if part)
    return search_text(email, name, user_id).lower()


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


def merge_custom_fields(fields: FreeForm, changes: Mapping[str, object]) -> FreeForm:
    """Merge custom fields by name; null removes. Raises BadCustomField."""
    for name in changes:
        if not _FIELD_NAME.fullmatch(name):
            raise BadCustomField(
                f"{shortened_pointer(('customFields', name))}: its name must have 1 to 64 of letters, digits, _ and -"
            )
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def _attribute(uow: UnitOfWork, user: User, given: UserInput, settings: Settings) -> Referral | None:
    """Credit the first code that can be: explicit codes outrank cookies.

    One that cannot is passed over. Returns what began, if anything.
    """
    codes = list(given.referred_by)
    if given.cookies is not None:
        codes += cookie_codes(given.cookies, uow.tenant.alias, uow.now_ms)
    begun = (referrals.attribute(uow, user, code, settings, strict=False) for code in codes)
    return next((referral for referral in begun if referral is not None), None)


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

    def is_valid(code: str) -> bool:
        expiry = expiries.get(code)
        return not isinstance(expiry, int | float) or _cookie_ms(expiry) > now_ms

    return [code for code in codes.values() if is_valid(code)]


def _cookie_ms(expiry: float) -> float:
    """Samples give the expiry in seconds; a value that large can only be milliseconds."""
    return expiry if expiry > 100_000_000_000 else expiry * 1_000


def block_user(uow: UnitOfWork, account_id: str, user_id: str) -> None:
    """Stop a user from referring. Raises AlreadyBlocked."""
    user = lock_user(uow, account_id, user_id)
    if user.blocked_ms is not None:
        raise AlreadyBlocked
    _set_blocked(uow, user, uow.now_ms)


def unblock_user(uow: UnitOfWork, account_id: str, user_id: str) -> None:
    """End a block; referrals that were denied meanwhile stay denied. Raises NotBlocked."""
    user = lock_user(uow, account_id, user_id)
    if user.blocked_ms is None:
        raise NotBlocked
    _set_blocked(uow, user, None)


def _set_blocked(uow: UnitOfWork, user: User, blocked_ms: int | None) -> None:
    uow.execute(SET_BLOCKED, of_account=user.account_id, of_user=user.id, blocked_ms=blocked_ms, modified_ms=uow.now_ms)


def delete_user(
    uow: UnitOfWork, account_id: str, user_id: str, *, do_not_track: bool, preserve_empty_account: bool
) -> None:
    """Delete a user with codes, rewards and events. Referrals stay for the other user, without this one's data."""
    lock_user(uow, account_id, user_id)
    _erase(uow, account_id, [user_id], user_id=user_id, do_not_track=do_not_track)
    if not preserve_empty_account and uow.one(COUNT_OF_ACCOUNT, account_id=account_id) == 0:
        _erase_account(uow, account_id)


def delete_account(uow: UnitOfWork, account_id: str, *, do_not_track: bool) -> None:
    """Delete an account with all its users."""
    lock_account(uow, account_id)
    user_ids = uow.rows(IDS_OF_ACCOUNT, account_id=account_id)
    _erase(uow, account_id, user_ids, user_id=None, do_not_track=do_not_track)
    _erase_account(uow, account_id)


def _erase(
    uow: UnitOfWork, account_id: str, user_ids: Collection[str], *, user_id: str | None, do_not_track: bool
) -> None:
    """Delete the users of an account: all of them, or the one of `user_id`."""
    if do_not_track:
        uow.insert_many(
            INSERT_MARK, [{"digest": _mark(uow, account_id, one), "created_ms": uow.now_ms} for one in user_ids]
        )
    of_user = user_id is not None
    rewards = set(uow.rows(reward_ids(of_user=of_user), account_id=account_id, user_id=user_id))
    for statement in erasure(of_user=of_user):
        uow.execute(statement, account_id=account_id, user_id=user_id, kind=SHARE_KIND)
    referrals.forget_users(uow, account_id, user_ids, rewards)


def _erase_account(uow: UnitOfWork, account_id: str) -> None:
    referrals.forget_account(uow, account_id)
    uow.execute(DELETE_ACCOUNT, account_id=account_id)
