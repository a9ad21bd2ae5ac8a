"""Rows of the reports USER and USER_REFERRAL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.saasquatch.codes import share_links
from models.saasquatch.codes.codes import listed_codes
from models.saasquatch.exports import referrals as export_referrals
from models.saasquatch.exports.files import Cell, Row
from models.saasquatch.exports.pages import pages
from models.saasquatch.exports.parameters import Params
from models.saasquatch.exports.queries import (
    COUNT_REWARDS,
    USERS,
    clicks_of_users,
    referrals_of_users,
    referrals_to_users,
)
from models.saasquatch.programs import list_programs
from models.saasquatch.queries import Key, ListedCode
from models.saasquatch.tables import User
from models.saasquatch.user_views import email_hash
from models.uow import UnitOfWork

COLUMNS = (
    "id",
    "accountId",
    "email",
    "firstName",
    "lastName",
    "referralCode",
    "imageUrl",
    "firstSeenIP",
    "lastSeenIP",
    "dateCreated",
    "dateUsTaxFormSubmitted",
    "emailHash",
    "referralSource",
    "locale",
    "countryCode",
)
STATS = (
    "stats.dateModified",
    "stats.traffic",
    "stats.referrals",
    "stats.conversions",
    "stats.goals",
    "stats.rewards",
    "stats.widgetLoads",
    "stats.revenue",
    "stats.generatedRevenue",
    "stats.referredRevenue",
)
LINKS = ("shareLink", "facebookShareLink", "twitterShareLink", "emailShareLink", "linkedinShareLink", "cleanShareLink")
_SHARES = ("FACEBOOK", "TWITTER", "EMAIL", "LINKEDIN")
_READ = (
    "email",
    "first_name",
    "last_name",
    "image_url",
    "first_seen_ip",
    "last_seen_ip",
    "us_tax_form_ms",
    "referral_source",
    "locale",
    "country_code",
    "modified_ms",
    "custom_fields",
)
"""What the report reads of a user beside its keys and its creation."""


@dataclass(frozen=True, slots=True)
class _Stats:
    traffic: dict[Key, int]
    referrals: dict[Key, list[int]]
    rewards: dict[Key, int]


class UserReport:
    """Users, oldest first. With `with_referral` each has the referral it came by behind it."""

    def __init__(self, uow: UnitOfWork, params: Params, *, with_referral: bool = False) -> None:
        self.uow = uow
        self.params = params
        self.with_referral = with_referral
        self.with_stats = params.stats and not with_referral
        self.program_id = params.program_id or ""
        self.fields: list[str] = []

    @property
    def columns(self) -> list[str]:
        names = [
            *COLUMNS,
            *(STATS if self.with_stats else ()),
            *LINKS,
            *(f"customFields.{name}" for name in self.fields),
        ]
        if self.with_referral:
            names += [f"referral.{name}" for name in export_referrals.COLUMNS]
        return names

    def learn(self) -> Iterator[None]:
        """Find the names of custom fields that the users of the report have: a pass of its own, for the header comes first."""
        if self.params.program_id is None:
            self.program_id = next((program.id for program in list_programs(self.uow)), "")
        names: set[str] = set()
        for page in pages(self.uow, USERS, "custom_fields", **USERS.conditions(self.params.dates)):
            names.update(*(user.custom_fields for user in page))
            yield
        self.fields = sorted(names)

    def pages(self) -> Iterator[list[Row]]:
        for page in pages(self.uow, USERS, *_READ, **USERS.conditions(self.params.dates)):
            keys = [(user.account_id, user.id) for user in page]
            codes = listed_codes(self.uow, keys)
            stats = self._stats(keys) if self.with_stats else None
            came_by = self._referrals(keys) if self.with_referral else {}
            yield [self._row(user, codes, stats, came_by) for user in page]

    def _row(
        self,
        user: User,
        codes: dict[tuple[str, str, str], ListedCode],
        stats: _Stats | None,
        came_by: dict[Key, list[Cell]],
    ) -> list[Cell]:
        key = (user.account_id, user.id)
        code = codes.get((*key, self.program_id))
        row = [
            *self._basics(user, code),
            *(self._stat_cells(user, stats) if stats else ()),
            *self._links(code),
            *(user.custom_fields.get(name) for name in self.fields),
        ]
        if self.with_referral:
            row += came_by.get(key, [None] * len(export_referrals.COLUMNS))
        return row

    @staticmethod
    def _basics(user: User, code: ListedCode | None) -> list[Cell]:
        return [
            user.id,
            user.account_id,
            user.email,
            user.first_name,
            user.last_name,
            code.code if code else None,
            user.image_url,
            user.first_seen_ip,
            user.last_seen_ip,
            user.created_ms,
            user.us_tax_form_ms,
            email_hash(user.email),
            user.referral_source,
            user.locale,
            user.country_code,
        ]

    def _links(self, code: ListedCode | None) -> list[Cell]:
        if code is None:
            return [None] * len(LINKS)
        clean = share_links.clean_link(self.uow, code)
        return [clean, *share_links.links(self.uow, code, _SHARES), clean]

    @staticmethod
    def _stat_cells(user: User, stats: _Stats) -> list[Cell]:
        """What this server does not count (goals, loads of widgets, revenue) is blank: 0 would be a statement."""
        key = (user.account_id, user.id)
        referred, converted = stats.referrals.get(key, [0, 0])
        return [
            user.modified_ms,
            stats.traffic.get(key, 0),
            referred,
            converted,
            None,
            stats.rewards.get(key, 0),
            None,
            None,
            None,
            None,
        ]

    def _stats(self, keys: Sequence[Key]) -> _Stats:
        """Counts for a page of users. Clicks and referrals are those of the program, where one was named."""
        of_program, program_id = self.params.program_id is not None, self.params.program_id
        traffic = self.uow.rows(clicks_of_users(of_program=of_program), keys=keys, program_id=program_id)
        referred = self.uow.rows(referrals_of_users(of_program=of_program), keys=keys, program_id=program_id)
        return _Stats(
            {(account_id, user_id): int(total) for account_id, user_id, total in traffic},
            {(account_id or "", user_id or ""): counts for account_id, user_id, *counts in referred},
            {(account_id, user_id): total for account_id, user_id, total in self.uow.rows(COUNT_REWARDS, keys=keys)},
        )

    def _referrals(self, keys: Sequence[Key]) -> dict[Key, list[Cell]]:
        """The cells of the referral that each user came by."""
        query = referrals_to_users(of_program=self.params.program_id is not None)
        found = self.uow.rows(query, keys=keys, program_id=self.params.program_id)
        cells = export_referrals.cells(self.uow, found)
        return {
            (row.referred_account_id or "", row.referred_user_id or ""): line
            for row, line in zip(found, cells, strict=True)
        }
