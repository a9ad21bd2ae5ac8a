"""What the pages about people know of anybody, whatever the API calls such a person."""

from collections.abc import Callable
from dataclasses import dataclass, field

from models.kernel.whole_numbers import read_whole

Key = dict[str, str]
"""What names a person within a tenant: `id`, and with SaaSquatch `account`."""

NUMBER_MAX = 10**15
"""Numbers of members are smaller."""


class NobodyError(Exception):
    """What a page was asked about names nobody."""


def named(key: Key, part: str) -> str:
    """A part of a key. Raises NobodyError when it is not given."""
    if part not in key:
        raise NobodyError
    return key[part]


def whole(key: Key, part: str) -> int:
    """A part of a key that is a number. Raises NobodyError when it is none."""
    number = read_whole(named(key, part), NUMBER_MAX)
    if number is None:
        raise NobodyError
    return number


@dataclass(frozen=True, slots=True)
class Found:
    """A person as the search lists one."""

    key: Key
    name: str
    detail: str
    held: str = ""
    """What is most worth knowing: a balance, a tier."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. `kind` is points, reward, tier, referral, coupon, order or event."""

    at_ms: int
    kind: str
    title: str
    detail: str = ""
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance of a person; `points` are instants and what was held from then on, the oldest first.

    `shown` writes an amount as `now` is written.
    """

    name: str
    now: str
    points: list[tuple[int, int]]
    shown: Callable[[int], str] = "{:,}".format


@dataclass(frozen=True, slots=True)
class Relation:
    """Somebody, or an order, at the other end of a referral. Without a key there is no page about it."""

    name: str
    status: str
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Coupon:
    """Something to be shown at a till, or that was."""

    code: str
    what: str
    status: str
    at_ms: int


@dataclass(slots=True)
class Person:
    """Everything about one person."""

    name: str
    detail: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    referred_by: Relation | None = None
    brought: list[Relation] = field(default_factory=list)
    brought_total: int = 0
    coupons: list[Coupon] = field(default_factory=list)
