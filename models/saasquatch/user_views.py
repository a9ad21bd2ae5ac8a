"""Users as answers and webhooks show them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from models.kernel.json_values import Shown
from models.saasquatch.codes import share_links
from models.saasquatch.codes.codes import primary_codes_of
from models.saasquatch.queries import USERS, Key, ListedCode, ListedUser
from models.saasquatch.tables import Code, User
from models.uow import UnitOfWork


def email_hash(email: str | None) -> str | None:
    """MD5 of the address in lower-case hexadecimal: an identifier of the vendor's, not a protection."""
    return hashlib.md5(email.encode(), usedforsecurity=False).hexdigest() if email is not None else None


def last_initial(user: User | ListedUser) -> str | None:
    """The first letter of the last name; None without one."""
    return user.last_name[:1] if user.last_name else None


def _basics(user: User | ListedUser) -> Shown:
    return {
        "id": user.id,
        "accountId": user.account_id,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "email": user.email,
        "imageUrl": user.image_url,
        "cookieId": user.cookie_id,
        "locale": user.locale,
        "countryCode": user.country_code,
    }


def user_rows(uow: UnitOfWork, users: Sequence[ListedUser]) -> list[Shown]:
    """Users as lists and referrals show them; what belongs to them is read for all of them together."""
    return [_user_row(uow, user, codes) for user, codes in zip(users, primary_codes_of(uow, users), strict=True)]


def listed_users(uow: UnitOfWork, keys: Collection[Key]) -> dict[Key, ListedUser]:
    """Users by account and id, as lists show them."""
    found = uow.rows(USERS, keys=sorted(set(keys))) if keys else []
    return {(user.account_id, user.id): user for user in found}


def _user_row(uow: UnitOfWork, user: ListedUser, codes: dict[str, ListedCode]) -> Shown:
    default = next(iter(codes.values()), None)
    shown = {
        **_basics(user),
        "lastInitial": last_initial(user),
        "emailHash": email_hash(user.email),
        "paymentProviderId": user.payment_provider_id,
        "referralSource": user.referral_source,
        "firstSeenIP": user.first_seen_ip,
        "lastSeenIP": user.last_seen_ip,
        "dateCreated": user.created_ms,
        "dateBlocked": user.blocked_ms,
    }
    if default is not None:
        shown["referralCode"] = default.code
        shown["shareLinks"] = share_links.legacy_links(uow, default)
    return shown


EXTRA_MEMBERS = ("emailHash", "lastInitial", "paymentProviderId", "referralSource", "dateBlocked")
"""Members of an open user that come only when `fields` or `extraFields` name them."""


def open_user(uow: UnitOfWork, user: User, codes: Mapping[str, Code]) -> Shown:
    """Everything that the open user calls can show, with the primary codes by program; see `select_members`."""
    default = next(iter(codes.values()), None)
    shown = {
        **_basics(user),
        "referable": user.referable,
        "referralCodes": {program_id: code.code for program_id, code in codes.items()},
        "referredByCodes": user.referred_by_codes,
        "dateUsTaxFormSubmitted": user.us_tax_form_ms,
        "firstSeenIP": user.first_seen_ip,
        "lastSeenIP": user.last_seen_ip,
        "dateCreated": user.created_ms,
        "customFields": user.custom_fields,
        "segments": user.segments,
        "programShareLinks": {program_id: share_links.program_links(uow, code) for program_id, code in codes.items()},
        "emailHash": email_hash(user.email),
        "lastInitial": last_initial(user),
        "paymentProviderId": user.payment_provider_id,
        "referralSource": user.referral_source,
        "dateBlocked": user.blocked_ms,
    }
    if default is not None:
        shown["referralCode"] = default.code
        shown["shareLinks"] = share_links.legacy_links(uow, default)
    return shown


def select_members(shown: Shown, only: list[str] | None, extra: list[str] | None) -> Shown:
    """With `only`, those members; else the default ones and `extra`. Names that do not exist are passed over."""
    if only is not None:
        return {name: shown[name] for name in only if name in shown}
    hidden = set(EXTRA_MEMBERS) - set(extra or ())
    return {name: value for name, value in shown.items() if name not in hidden}


def webhook_user(uow: UnitOfWork, user: User, codes: Mapping[str, Code]) -> Shown:
    """The data of a user.created event."""
    shown = open_user(uow, user, codes)
    left_out = {"dateUsTaxFormSubmitted", "shareLinks", "referralCode", *EXTRA_MEMBERS} - {"dateBlocked"}
    return {name: value for name, value in shown.items() if name not in left_out}
