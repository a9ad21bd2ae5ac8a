"""Rows of the report REFERRAL."""

from collections.abc import Iterator, Sequence
from typing import Any

from models.saasquatch.codes.codes import listed_codes
from models.saasquatch.exports.files import Cell, Row
from models.saasquatch.exports.pages import pages
from models.saasquatch.exports.parameters import Params
from models.saasquatch.exports.queries import REFERRALS
from models.saasquatch.programs import list_programs
from models.saasquatch.queries import Key, ListedCode, ListedUser
from models.saasquatch.referrals.referrals import moderation_status
from models.saasquatch.tables import Referral
from models.saasquatch.user_views import listed_users
from models.uow import UnitOfWork

_USER = (
    "Email",
    "FirstName",
    "LastName",
    "ReferralCode",
    "FirstSeenIP",
    "LastSeenIP",
    "ImageUrl",
    "Locale",
    "DateCreated",
)
COLUMNS = (
    "id",
    "dateModified",
    "dateReferralStarted",
    "dateConverted",
    "dateUserModified",
    "programId",
    "programName",
    *(f"referredUser{name}" for name in _USER),
    "referredUser",
    "referredAccount",
    *(f"referrerUser{name}" for name in _USER),
    "referrerUser",
    "referrerAccount",
    "moderationStatus",
    "dateModerated",
    "dateReferralPaid",
    "dateReferralEnded",
    "referredModerationStatus",
    "referrerModerationStatus",
    "referredReward",
    "referrerReward",
)


class ReferralReport:
    """Referrals in the order they started."""

    columns = COLUMNS

    def __init__(self, uow: UnitOfWork, params: Params) -> None:
        self.uow = uow
        self.params = params

    def learn(self) -> Iterator[None]:
        """The columns are always the same."""
        yield from ()

    def pages(self) -> Iterator[list[Row]]:
        conditions: dict[str, Any] = {**REFERRALS.conditions(self.params.dates)}
        if self.params.program_id is not None:
            conditions["program_id"] = self.params.program_id
        for page in pages(self.uow, REFERRALS, **conditions):
            yield [*cells(self.uow, page)]


def referrer_of(row: Referral) -> Key | None:
    """Who referred; None once that user is deleted."""
    if row.referrer_account_id is None or row.referrer_user_id is None:
        return None
    return row.referrer_account_id, row.referrer_user_id


def referred_of(row: Referral) -> Key | None:
    """Who was referred; None once that user is deleted."""
    if row.referred_account_id is None or row.referred_user_id is None:
        return None
    return row.referred_account_id, row.referred_user_id


def cells(uow: UnitOfWork, rows: Sequence[Referral]) -> list[list[Cell]]:
    """A page of referrals with both users. Of a deleted one the account is left, while it is there."""
    keys = {key for row in rows for key in (referrer_of(row), referred_of(row)) if key is not None}
    users, codes = listed_users(uow, keys), listed_codes(uow, keys)
    names = {program.id: program.name for program in list_programs(uow)}

    def person(key: Key | None, program_id: str) -> list[Cell]:
        user = users.get(key) if key is not None else None
        if user is None:
            return [None] * len(_USER)
        return _person(user, codes.get((user.account_id, user.id, program_id)))

    return [
        [
            row.id,
            row.modified_ms,
            row.started_ms,
            row.converted_ms,
            row.user_modified_ms,
            row.program_id,
            names.get(row.program_id),
            *person(referred_of(row), row.program_id),
            row.referred_user_id,
            row.referred_account_id,
            *person(referrer_of(row), row.program_id),
            row.referrer_user_id,
            row.referrer_account_id,
            moderation_status(row),
            row.moderated_ms,
            row.converted_ms,
            row.ended_ms,
            row.referred_status,
            row.referrer_status,
            row.referred_reward_id,
            row.referrer_reward_id,
        ]
        for row in rows
    ]


def _person(user: ListedUser, code: ListedCode | None) -> list[Cell]:
    return [
        user.email,
        user.first_name,
        user.last_name,
        code.code if code else None,
        user.first_seen_ip,
        user.last_seen_ip,
        user.image_url,
        user.locale,
        user.created_ms,
    ]
