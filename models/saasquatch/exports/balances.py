"""Rows of the reports REWARD_BALANCE and USER_REWARD_BALANCE."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.saasquatch.codes.codes import listed_codes
from models.saasquatch.exports.files import Cell, Row
from models.saasquatch.exports.pages import PAGE_ROWS, pages
from models.saasquatch.exports.parameters import Params
from models.saasquatch.exports.queries import COUNT_REWARDS, REWARDS_OF_USER, REWARDS_OF_USERS, USERS_BY_CREATION
from models.saasquatch.programs import list_programs
from models.saasquatch.queries import Key, ListedCode
from models.saasquatch.rewards.balances import Balance
from models.saasquatch.rewards.states import AVAILABLE, CREDIT, PCT_DISCOUNT, fold_unit, statuses
from models.saasquatch.tables import Reward, User
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


def worth(reward: Reward, states: list[str], redeemed: int) -> int:
    """What can be used of a reward in these states, of whose credit so much was used: credit, percents or an amount;
    else 0.
    """
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
        """Add a reward to the balance, in the spelling of the unit that its oldest reward has."""
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

    def copied(self, *, raw: bool) -> None:
        """No database renders this report: what units are one is for Python to say (`fold_unit`)."""

    def pages(self, *, texts: bool = False) -> Iterator[list[Row]]:  # noqa: ARG002  there are only texts and integers
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
