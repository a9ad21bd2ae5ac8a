"""Accounts of the Leat API: one for each project, with a personal access token, an API key and a client."""

from collections.abc import Mapping
from typing import Any, NotRequired

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from models import provisioning
from models.kernel.ids import SystemRandom, text
from models.kernel.json_values import FreeForm, Shown
from models.kernel.vault import Vault
from models.leat.settings import parse_settings, settings_of, shops_of
from models.leat.tokens import CLIENT_SECRET, client_ids, default_client_id
from models.leat.views import show_program
from models.leat.webhooks import configure_endpoint, expand
from models.outbox import endpoints
from models.provisioning import (
    ConfiguredEndpoint,
    ConfiguredEnvironment,
    ConfiguredProject,
    KeyKind,
    Provisioned,
    expanded,
)
from models.uow import UnitOfWork

API = "leat"
SECRET_CHARACTERS = 30
"""Of 62: 178 random bits."""
CLIENT_ID_DIGITS_MAX = 18


def _fresh(prefix: str) -> str:
    return prefix + text(SystemRandom(), "key", SECRET_CHARACTERS)


TOKEN_KINDS = (
    KeyKind("personal_access_token", lambda _live: _fresh("pat_")),
    KeyKind("api_key", lambda _live: _fresh("key_")),
)
CLIENT_KIND = KeyKind(CLIENT_SECRET, lambda _live: _fresh("secret_"))
KEY_KINDS = (*TOKEN_KINDS, CLIENT_KIND)


def environments(alias: str) -> dict[str, str]:
    """The tenants of a new project: an account has no test environment."""
    return {"live": alias}


def create(
    session: Session, vault: Vault, *, given: Mapping[str, str], settings: FreeForm, **tenant: Any
) -> Provisioned:
    """Add one account with its credentials. A given `client_id` is digits.

    Raises BadAlias, BadSettings, ValueError for a bad client id, IntegrityError when the alias is taken.
    """
    parse_settings(settings)
    made = provisioning.create(session, vault, TOKEN_KINDS, given, api=API, settings=settings, **tenant)
    client_id = _client_id(str(given.get("client_id", default_client_id(made.tenant.id))))
    secret = provisioning.new_key(
        session,
        vault,
        made.tenant,
        CLIENT_KIND,
        now_ms=tenant["now_ms"],
        given=given.get(CLIENT_SECRET),
        scopes=[client_id],
    )
    return Provisioned(made.tenant, {**made.credentials, "client_id": client_id, CLIENT_SECRET: secret})


def _client_id(given: str) -> str:
    """A client id as tokens compare it: without leading zeros."""
    if not (given.isascii() and given.isdigit() and len(given) <= CLIENT_ID_DIGITS_MAX):
        raise ValueError(f"{given!r} is not a client id: 1 to {CLIENT_ID_DIGITS_MAX} digits")
    return str(int(given))


Project = ConfiguredProject
"""A project of a scenario: it has nothing of this API's own."""


class ConfiguredSubscription(ConfiguredEndpoint):
    """A webhook subscription of a scenario; one with an id has one type."""

    id: NotRequired[str]


class Credentials(TypedDict, total=False):
    """The credentials that a scenario may name."""

    personal_access_token: str
    api_key: str
    client_id: str | int
    client_secret: str


class Environment(ConfiguredEnvironment, total=False):
    """An environment of a scenario's project."""

    credentials: Credentials
    subscriptions: list[ConfiguredSubscription]


def configure(uow: UnitOfWork, _project: object, environment: Environment) -> None:
    """Webhook subscriptions of a scenario: those that are not there yet, by address and type."""
    for subscription in environment.get("subscriptions", ()):
        url = expanded(uow, subscription["url"])
        known = {row.types[0] for row in endpoints.list_endpoints(uow) if row.url == url}
        missing = [name for name in expand(subscription.get("types") or [endpoints.ALL_TYPES]) if name not in known]
        if missing:
            configure_endpoint(
                uow,
                url=url,
                types=missing,
                name=subscription.get("name"),
                secret=subscription.get("secret"),
                endpoint_id=subscription.get("id"),
            )


def complete(_uow: UnitOfWork, _environment: Environment) -> None:
    """Nothing is left to do when a scenario's data is there."""


def reload(_uow: UnitOfWork, _environment: Environment) -> None:
    """A scenario is loaded again: `configure` has done all there is to do."""


def describe(uow: UnitOfWork) -> Shown:
    """What there is to show of an account beside its settings."""
    return {
        "account_name": settings_of(uow).account_name or uow.tenant.name,
        "client_ids": client_ids(uow, uow.tenant),
        "shops": [{"uuid": shop.uuid, "name": shop.name} for shop in shops_of(uow)],
        "referral_program": show_program(settings_of(uow).referral_program),
    }
