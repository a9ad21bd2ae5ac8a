"""Businesses of the advocacy API: a live and a test tenant for each, with a key and a single sign-on secret."""

import string

from typing_extensions import TypedDict

from models.advocacy import webhooks
from models.advocacy.settings import parse_settings
from models.kernel.ids import BASE62, SystemRandom, text
from models.kernel.json_values import FreeForm, Shown
from models.outbox import endpoints
from models.outbox.addresses import masked
from models.provisioning import (
    ConfiguredEndpoint,
    ConfiguredEnvironment,
    ConfiguredProject,
    KeyKind,
    creation,
    expanded,
)
from models.uow import UnitOfWork

API = "advocacy"
READ_ONLY_KIND = "api_key"
KEY_CHARACTERS = 30
"""Of 62: 178 random bits behind the prefix."""


def environments(alias: str) -> dict[str, str]:
    """The tenants of a new business: alias by environment."""
    return {"live": alias, "test": f"test_{alias}"}


def fresh_key(live: bool) -> str:
    """A new API key."""
    return ("sk_live_" if live else "sk_test_") + text(SystemRandom(), "key", KEY_CHARACTERS, BASE62)


def fresh_sso_secret(live: bool) -> str:
    """A new secret for single sign-on."""
    return ("sso_live_" if live else "sso_test_") + text(SystemRandom(), "sso", KEY_CHARACTERS, string.ascii_letters)


def key_form(live: bool) -> str:
    """What a key looks like; it names its environment."""
    return f"sk_{'live' if live else 'test'}_[A-Za-z0-9]{{24,64}}"


KEY_KINDS = (
    KeyKind("api_key", fresh_key, form=key_form),
    KeyKind("sso_secret", fresh_sso_secret, recoverable=True, presented=False),
)
create = creation(API, KEY_KINDS, parse_settings)


Project = ConfiguredProject
"""A project of a scenario: it has nothing of this API's own."""


class Credentials(TypedDict, total=False):
    """The credentials that a scenario may name."""

    api_key: str
    sso_secret: str


class Environment(ConfiguredEnvironment, total=False):
    """An environment of a scenario's project."""

    credentials: Credentials
    subscriptions: list[ConfiguredEndpoint]
    content: FreeForm


def configure(uow: UnitOfWork, _project: object, environment: Environment) -> None:
    """Webhook endpoints of a scenario; one that exists already is left as it is."""
    there = {(masked(row.url), tuple(row.types)) for row in endpoints.list_endpoints(uow)}
    for endpoint in environment.get("subscriptions", ()):
        url, types = expanded(uow, endpoint["url"]), endpoint.get("types") or ["*"]
        if (url, tuple(types)) not in there:
            webhooks.configure_endpoint(
                uow, url=url, types=types, name=endpoint.get("name"), secret=endpoint.get("secret")
            )


def complete(uow: UnitOfWork, environment: Environment) -> None:
    """What no documented call can create: testimonials, boards with ideas, reviews, survey answers of a scenario."""
    from models.advocacy.content import add_content

    add_content(uow, environment.get("content", {}))


def reload(uow: UnitOfWork, environment: Environment) -> None:
    """A scenario is loaded again: what is new of its content is added."""
    complete(uow, environment)


def describe(uow: UnitOfWork) -> Shown:
    """What there is to show of a business beside its settings."""
    return {"business_id": webhooks.business_id(uow.tenant), "webhooks": webhooks.configured_endpoints(uow)}
