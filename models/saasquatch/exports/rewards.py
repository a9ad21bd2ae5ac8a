"""Rows of the reports REWARD, REWARD_BALANCE and USER_REWARD_BALANCE."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.saasquatch.codes.codes import listed_codes
from models.saasquatch.exports.files import Cell, Row
from models.saasquatch.exports.pages import PAGE_ROWS, pages
from models.saasquatch.exports.parameters import Params
from models.saasquatch.exports.queries import (
    COUNT_REWARDS,
    REDEEMED_BY,
    REFERRALS_BY_ID,
    REWARDS,
    REWARDS_OF_USER,
    REWARDS_OF_USERS,
    USERS_BY_CREATION,
)
from models.saasquatch.exports.referrals import referred_of, referrer_of
from models.saasquatch.programs import list_programs
from models.saasquatch.queries import Key, ListedCode, ListedUser
from models.saasquatch.rewards.balances import Balance
from models.saasquatch.rewards.states import AVAILABLE, CREDIT, PCT_DISCOUNT, fold_unit, given_at, statuses
from models.saasquatch.tables import Referral, Reward, User
from models.saasquatch.user_views import listed_users
from models.uow import UnitOfWork

BALANCE = (
    "userId",
    "accountId",
    "type",
    "unit",
    "amount",
    "totalAssignedCredit",
    "totalRedeemedCredit",
    "totalExpiredCredit",
    "email",
    "firstName",
    "lastName",
    "referralCode",
    "imageUrl",
    "firstSeenIP",
    "lastSeenIP",
    "dateCreated",
    "referralSource",
    "locale",
)
REWARD = (
    "id",
    "type",
    "value",
    "unit",
    "name",
    "dateCreated",
    "dateScheduledFor",
    "dateGiven",
    "dateExpires",
    "dateCancelled",
    "dateRedeemed",
    "dateModified",
    "rewardSource",
    "fuelTankType",
    "fuelTankCode",
    "programId",
    "programRewardKey",
    "globalRewardKey",
    "assignedCredit",
    "redeemedCredit",
    "availableValue",
    "statuses",
)
_PERSON = ("id", "accountId", "firstName", "lastName", "email")
USER = tuple(f"user.{name}" for name in _PERSON)
META = ("meta.status", "meta.message", "meta.internalMessage", "meta.dateModified")
REFERRAL = (
    "referral.id",
    "referral.dateReferralStarted",
    "referral.dateModified",
    "referral.referralCodeUsed",
    *(f"referral.referredUser.{name}" for name in _PERSON),
    *(f"referral.referrerUser.{name}" for name in _PERSON),
    "referral.dateConverted",
)


def worth(reward: Reward, states: list[str], redeemed: int) -> int:
    """What can be used of a reward in these states, of whose credit so much was used: credit, percents or an amount; else 0."""
    if states != [AVAILABLE]:
        return 0
    if reward.type == CREDIT:
        return (reward.assigned or 0) - redeemed
    return (reward.percent if reward.type == PCT_DISCOUNT else reward.amount) or 0


@dataclass(slots=True)
class _Total:
    """Rewards of one user, type and unit."""

    balance: Balance
    oldest: tuple[int, str]
    """Creation and id of the reward whose spelling of the unit is shown."""
    amount: int = 0

    def add(self, reward: Reward, now_ms: int) -> None:
        self.balance.add(reward, now_ms)
        self.amount += worth(reward, statuses(reward, now_ms), reward.redeemed)
        age = (reward.created_ms, reward.id)
        if age < self.oldest:
            self.oldest, self.balance.unit = age, reward.unit


class BalanceReport:
    """A row for each user, type and unit of reward; users oldest first."""

    columns = BALANCE

    def __init__(self, uow: UnitOfWork, params: Params) -> None:
        self.uow = uow
        self.params = params

    def learn(self) -> Iterator[None]:
        """The columns are always the same."""
        yield from ()

    def pages(self) -> Iterator[list[Row]]:
        """A page for each page of users, and an empty one for each page of their rewards but the last."""
        program_id = next((program.id for program in list_programs(self.uow)), "")
        conditions = USERS_BY_CREATION.conditions(self.params.dates)
        for page in pages(self.uow, USERS_BY_CREATION, **conditions):
            keys = [(user.account_id, user.id) for user in page]
            totals: dict[Key, dict[tuple[str, str], _Total]] = {}
            for rewards in self._rewards(keys):
                self._add(totals, rewards)
                yield []
            codes = listed_codes(self.uow, keys)
            yield [
                _balance(user, kinds[kind], codes.get((user.account_id, user.id, program_id)))
                for user in page
                for kinds in [totals.get((user.account_id, user.id), {})]
                for kind in sorted(kinds)
            ]

    def _rewards(self, keys: Sequence[Key]) -> Iterator[list[Reward]]:
        """The rewards of a page of users, in pages: of those who have few together, of those who have many alone."""
        together: list[Key] = []
        room = PAGE_ROWS
        for account_id, user_id, count in self.uow.rows(COUNT_REWARDS, keys=keys):
            if count > PAGE_ROWS:
                yield from pages(self.uow, REWARDS_OF_USER, account_id=account_id, user_id=user_id)
                continue
            if count > room:
                yield self._rewards_of(together)
                together, room = [], PAGE_ROWS
            together.append((account_id, user_id))
            room -= count
        if together:
            yield self._rewards_of(together)

    def _rewards_of(self, keys: Sequence[Key]) -> list[Reward]:
        return self.uow.rows(REWARDS_OF_USERS, keys=keys)

    def _add(self, totals: dict[Key, dict[tuple[str, str], _Total]], rewards: Sequence[Reward]) -> None:
        """Add rewards to the totals of their users, by type and unit."""
        for reward in rewards:
            kinds = totals.setdefault((reward.account_id, reward.user_id), {})
            kind = (reward.type, fold_unit(reward.unit))
            if kind not in kinds:
                kinds[kind] = _Total(Balance(reward.type, reward.unit), (reward.created_ms, reward.id))
            kinds[kind].add(reward, self.uow.now_ms)


def _balance(user: User, total: _Total, code: ListedCode | None) -> list[Cell]:
    balance = total.balance
    credit = [balance.assigned, balance.redeemed, balance.expired] if balance.type == CREDIT else [None] * 3
    return [
        user.id,
        user.account_id,
        balance.type,
        balance.unit,
        total.amount,
        *credit,
        user.email,
        user.first_name,
        user.last_name,
        code.code if code else None,
        user.image_url,
        user.first_seen_ip,
        user.last_seen_ip,
        user.created_ms,
        user.referral_source,
        user.locale,
    ]


class RewardReport:
    """Rewards in the order they were created, as they stand now or stood at an instant."""

    def __init__(self, uow: UnitOfWork, params: Params) -> None:
        self.uow = uow
        self.params = params
        self.at_ms = uow.now_ms if params.at_ms is None else params.at_ms

    @property
    def columns(self) -> list[str]:
        return [*REWARD, *(USER if self.params.user else ()), *META, *(REFERRAL if self.params.referral else ())]

    def learn(self) -> Iterator[None]:
        """The columns follow from the parameters."""
        yield from ()

    def pages(self) -> Iterator[list[Row]]:
        conditions: dict[str, Any] = {**self.params.conditions}
        if self.params.at_ms is not None:
            conditions["until_ms"] = self.at_ms
        for page in pages(self.uow, REWARDS, **conditions):
            yield self._page(page)

    def _page(self, page: list[Reward]) -> list[Row]:
        rows: list[Row] = []
        referrals = self._referrals(page) if self.params.referral else {}
        keys = {(reward.account_id, reward.user_id) for reward in page} if self.params.user else set()
        for referral in referrals.values():
            keys.update(key for key in (referred_of(referral), referrer_of(referral)) if key is not None)
        users = listed_users(self.uow, keys)
        redeemed = self._redeemed(page) if self.params.at_ms is not None else None
        for reward in page:
            used = reward.redeemed if redeemed is None else redeemed.get(reward.id, 0)
            states = statuses(reward, self.at_ms, past=self.params.at_ms is not None)
            row = _reward(reward, states, self.uow.now_ms, used)
            if self.params.user:
                row += _person(users, (reward.account_id, reward.user_id))
            row += [None] * len(META)
            if self.params.referral:
                row += _referral(referrals.get(reward.referral_id or ""), users)
            rows.append(row)
        return rows

    def _referrals(self, page: list[Reward]) -> dict[str, Referral]:
        ids = {reward.referral_id for reward in page if reward.referral_id is not None}
        if not ids:
            return {}
        return {row.id: row for row in self.uow.rows(REFERRALS_BY_ID, ids=sorted(ids))}

    def _redeemed(self, page: list[Reward]) -> dict[str, int]:
        """What had been used of each reward at the instant."""
        found = self.uow.rows(REDEEMED_BY, reward_ids=[reward.id for reward in page], until_ms=self.at_ms)
        return {reward_id: int(quantity) for reward_id, quantity in found}


def _reward(reward: Reward, states: list[str], now_ms: int, redeemed: int) -> list[Cell]:
    """The reward's own columns. The last three are of the report's instant, by which `redeemed` had been used."""
    value = {CREDIT: reward.assigned, PCT_DISCOUNT: reward.percent}.get(reward.type, reward.amount)
    return [
        reward.id,
        reward.type,
        value,
        reward.unit,
        reward.name,
        reward.created_ms,
        reward.scheduled_ms,
        given_at(reward, now_ms),
        reward.expires_ms,
        reward.cancelled_ms,
        reward.redeemed_ms,
        reward.modified_ms,
        reward.source,
        reward.fuel_tank_type,
        reward.fuel_tank_code,
        reward.program_id,
        reward.program_reward_key,
        None,
        reward.assigned,
        redeemed if reward.type == CREDIT else None,
        worth(reward, states, redeemed),
        ",".join(states),
    ]


def _person(users: dict[Key, ListedUser], key: Key | None) -> list[Cell]:
    user = users.get(key) if key is not None else None
    if user is None:
        return [None] * len(_PERSON)
    return [user.id, user.account_id, user.first_name, user.last_name, user.email]


def _referral(row: Referral | None, users: dict[Key, ListedUser]) -> list[Cell]:
    if row is None:
        return [None] * len(REFERRAL)
    return [
        row.id,
        row.started_ms,
        row.modified_ms,
        row.code_used,
        *_person(users, referred_of(row)),
        *_person(users, referrer_of(row)),
        row.converted_ms,
    ]
