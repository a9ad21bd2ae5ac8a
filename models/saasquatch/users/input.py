"""Requests on users and their events, read from bodies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NotRequired, Required, TypedDict, cast

from models.saasquatch.codes.share_links import LEGACY_NAMES
from models.saasquatch.problems import TokenDoesNotCarry

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


class ReferredBy(TypedDict, total=False):
    """The older form of a code that a user was referred by."""

    code: str


class UserBody(TypedDict, total=False):
    """The body of an upsert, without the nulls that the contract ignores."""

    id: Required[str]
    accountId: Required[str]
    firstName: str | None
    lastName: str | None
    email: str | None
    imageUrl: str
    locale: str | None
    countryCode: str | None
    referable: bool
    dateUsTaxFormSubmitted: int | None
    paymentProviderId: str | None
    segments: list[str]
    customFields: dict[str, object]
    referralCodes: dict[str, str]
    shareLinks: dict[str, str]
    """By program. Members of the older form, some of which are objects, are passed over."""
    referredBy: ReferredBy
    referredByCodes: list[str]
    cookies: str
    dateCreated: int


class UserColumns(TypedDict, total=False):
    """New values of a user by column."""

    first_name: str | None
    last_name: str | None
    email: str | None
    image_url: str
    locale: str | None
    country_code: str | None
    referable: bool
    us_tax_form_ms: int | None


@dataclass(frozen=True, slots=True)
class UserInput:
    """The members of an upsert; those that are left out of the body are not in `columns`, or None."""

    account_id: str
    id: str
    columns: UserColumns
    payment_provider_id: str | None = None
    segments: list[str] | None = None
    """Operations in order: `name` adds, `~name` removes, `~*` clears."""
    custom_fields: Mapping[str, object] | None = None
    """Changes by name; null removes."""
    referral_codes: Mapping[str, str] = field(default_factory=dict)
    """The requested primary codes by program."""
    share_links: Mapping[str, str] = field(default_factory=dict)
    """The requested vanity links by program; the links that a read answers are not among them."""
    referred_by: tuple[str, ...] = ()
    """Codes that the user was referred by, in the order in which they are tried."""
    cookies: str | None = None
    created_ms: int | None = None
    """When a user who is being created came into being; ignored for one who exists."""


WRITTEN = frozenset(
    {*_COLUMNS, "paymentProviderId", "segments", "customFields", "referralCodes", "shareLinks", "dateCreated"}
)
"""Members that change something of the user. By whom it was referred (`referredByCodes`, `cookies`) is what the browser
remembers; a token may apply any code.
"""


def _read_carried(body: Mapping[str, object], claim: Mapping[str, object]) -> dict[str, object]:
    """The members of a body that a user token with this `user` claim may write. Raises TokenDoesNotCarry.

    A null that the token does not carry says nothing, and is left out.
    """
    allowed = {name: value for name, value in body.items() if name not in WRITTEN}
    for name in body.keys() & WRITTEN:
        if name in claim and _same(body[name], claim[name]):
            allowed[name] = body[name]
        elif body[name] is not None:
            raise TokenDoesNotCarry(f"/{name}: the user token does not carry this value")
    return allowed


def _same(one: object, other: object) -> bool:
    """Whether a JSON value of a body is that of a claim: 5 is 5.0, and 1 is not true.

    The claim may be nested deeper than any body, and hold what no body can: it is read only as far as it is the same.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def read_user(body: UserBody, claim: Mapping[str, object] | None = None) -> UserInput:
    """The input of an upsert from its body; with the `user` claim of a token, only what that carries.

    Raises TokenDoesNotCarry.
    """
    if claim is not None:
        body = cast("UserBody", _read_carried(body, claim))  # some of the body's own members
    given: Mapping[str, object] = body
    legacy = body.get("referredBy")
    code = legacy.get("code") if isinstance(legacy, dict) else None
    return UserInput(
        account_id=body.get("accountId", ""),
        id=body.get("id", ""),
        # The columns have the types of the members.
        columns=cast("UserColumns", {column: given[name] for name, column in _COLUMNS.items() if name in given}),
        payment_provider_id=body.get("paymentProviderId"),
        segments=body.get("segments"),
        custom_fields=body.get("customFields"),
        referral_codes=body.get("referralCodes", {}),
        share_links={name: link for name, link in body.get("shareLinks", {}).items() if name not in LEGACY_NAMES},
        referred_by=(*body.get("referredByCodes", ()), *([code] if code else ())),
        cookies=body.get("cookies"),
        created_ms=body.get("dateCreated"),
    )


@dataclass(frozen=True, slots=True)
class EventInput:
    """An event of a user; `triggered_ms` is None when the caller does not say when it happened."""

    key: str
    fields: Mapping[str, object] | None
    triggered_ms: int | None


@dataclass(frozen=True, slots=True)
class TrackInput:
    """Events to be recorded together."""

    account_id: str
    user_id: str
    events: tuple[EventInput, ...]
    idempotency_key: str | None


class EventBody(TypedDict):
    """An event of the body of a track-event call, without the nulls that the contract ignores."""

    key: str
    fields: NotRequired[dict[str, object]]
    dateTriggered: NotRequired[int]


class TrackBody(TypedDict):
    """The body of a track-event call, likewise."""

    userId: str
    accountId: str
    idempotencyKey: NotRequired[str]
    events: list[EventBody]


def read_track(body: TrackBody) -> TrackInput:
    """The events of a track-event call from its body."""
    return TrackInput(
        body["accountId"],
        body["userId"],
        tuple(EventInput(one["key"], one.get("fields"), one.get("dateTriggered")) for one in body["events"]),
        body.get("idempotencyKey"),
    )
