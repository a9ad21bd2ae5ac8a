"""Rows of the reports USER and USER_REFERRAL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.orm import InstrumentedAttribute

from models.kernel.lists import among_keys
from models.saasquatch.codes import share_links
from models.saasquatch.codes.codes import listed_codes
from models.saasquatch.exports import referrals as export_referrals
from models.saasquatch.exports.files import Cell, Row
from models.saasquatch.exports.pages import pages
from models.saasquatch.exports.parameters import Params
from models.saasquatch.programs import list_programs
from models.saasquatch.queries import Key, ListedCode
from models.saasquatch.tables import Code, Referral, Reward, User
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
_ORDER = (User.created_ms, User.account_id, User.id)


@dataclass(frozen=True, slots=True)
class _Stats:
    traffic: dict[Key, int]
    referrals: dict[Key, tuple[int, int]]
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

    def _statement(self) -> Select[User]:
        return self.uow.scoped(User).where(*self.params.dated(User.created_ms, User.modified_ms))

    def learn(self) -> Iterator[None]:
        """Find the names of custom fields that the users of the report have: a pass of its own, for the header comes first."""
        if self.params.program_id is None:
            self.program_id = next((program.id for program in list_programs(self.uow)), "")
        names: set[str] = set()
        for page in pages(self.uow, self._statement(), _ORDER):
            names.update(*(user.custom_fields for user in page))
            yield
        self.fields = sorted(names)

    def pages(self) -> Iterator[list[Row]]:
        for page in pages(self.uow, self._statement(), _ORDER):
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
        return [clean, *(share_links.link(self.uow, code, "UNKNOWN", share) for share in _SHARES), clean]

    @staticmethod
    def _stat_cells(user: User, stats: _Stats) -> list[Cell]:
        """What this server does not count (goals, loads of widgets, revenue) is 0."""
        key = (user.account_id, user.id)
        referred, converted = stats.referrals.get(key, (0, 0))
        return [
            user.modified_ms,
            stats.traffic.get(key, 0),
            referred,
            converted,
            0,
            stats.rewards.get(key, 0),
            0,
            0,
            0,
            0,
        ]

    def _stats(self, keys: Sequence[Key]) -> _Stats:
        """Counts for a page of users. Clicks and referrals are those of the program, where one was named."""
        traffic = self._counted(keys, Code, Code.account_id, Code.user_id, func.sum(Code.clicks))
        referred = self._counted(
            keys,
            Referral,
            Referral.referrer_account_id,
            Referral.referrer_user_id,
            func.count(),
            func.count(Referral.converted_ms),
        )
        rewards = self._counted(keys, Reward, Reward.account_id, Reward.user_id, func.count())
        return _Stats(
            {key: counts[0] for key, counts in traffic.items()},
            {key: (counts[0], counts[1]) for key, counts in referred.items()},
            {key: counts[0] for key, counts in rewards.items()},
        )

    def _counted(
        self,
        keys: Sequence[Key],
        table: Any,
        account: InstrumentedAttribute[Any],
        user: InstrumentedAttribute[Any],
        *counts: ColumnElement[Any],
    ) -> dict[Key, list[int]]:
        statement = self.uow.scoped(table).where(among_keys((account, user), "keys"))
        if table is not Reward and self.params.program_id is not None:
            statement = statement.where(table.program_id == self.params.program_id)
        grouped = statement.with_only_columns(account, user, *counts).group_by(account, user)
        found = self.uow.session.execute(grouped, {"keys": keys})
        # PostgreSQL sums integers to decimals.
        return {(row[0], row[1]): [int(count) for count in row[2:]] for row in found}

    def _referrals(self, keys: Sequence[Key]) -> dict[Key, list[Cell]]:
        """The cells of the referral that each user came by."""
        statement = self.uow.scoped(Referral).where(
            among_keys((Referral.referred_account_id, Referral.referred_user_id), "keys")
        )
        if self.params.program_id is not None:
            statement = statement.where(Referral.program_id == self.params.program_id)
        found = list(self.uow.session.scalars(statement, {"keys": keys}))
        cells = export_referrals.cells(self.uow, found)
        return {
            (row.referred_account_id or "", row.referred_user_id or ""): line
            for row, line in zip(found, cells, strict=True)
        }
