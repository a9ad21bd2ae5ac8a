"""Tenants of the SaaSquatch API: a live and a test one for each project, each with its own key."""

import string
from typing import TYPE_CHECKING, NotRequired, TypedDict

from models.kernel.ids import SystemRandom, text
from models.kernel.json_values import FreeForm, Shown
from models.provisioning import KeyKind, creation, expanded
from models.saasquatch.programs import add_program, list_programs
from models.saasquatch.settings import parse_settings
from models.uow import UnitOfWork

if TYPE_CHECKING:
    from models.saasquatch.exports.exports import ConfiguredExport

API = "saasquatch"
KEY_CHARACTERS = 30
"""Of 36: 155 random bits behind the prefix."""


def environments(alias: str) -> dict[str, str]:
    """The tenants of a new project: alias by environment."""
    return {"live": alias, "test": f"test_{alias}"}


def fresh_key(live: bool) -> str:
    """A new API key. Keys sign user tokens, so they are long enough for HS256 (RFC 7518, section 3.2)."""
    alphabet = string.ascii_uppercase + string.digits
    return ("LIVE_" if live else "TEST_") + text(SystemRandom(), "key", KEY_CHARACTERS, alphabet)


KEY_KINDS = (KeyKind("api_key", fresh_key, recoverable=True),)
create = creation(API, KEY_KINDS, parse_settings)


class Project(TypedDict, total=False):
    """A project of a scenario, as far as it is about this API."""

    programs: list[FreeForm]


class ConfiguredSubscription(TypedDict):
    """A webhook subscription of a scenario."""

    url: str
    name: NotRequired[str]
    types: NotRequired[list[str]]


class Environment(TypedDict, total=False):
    """An environment of a scenario's project."""

    subscriptions: list[ConfiguredSubscription]
    exports: "list[ConfiguredExport]"


def configure(uow: UnitOfWork, project: Project, environment: Environment) -> None:
    """Programs and webhook subscriptions of a scenario."""
    from models.saasquatch.webhooks import read_subscription, subscribe

    for program in project.get("programs", ()):
        add_program(uow, program)
    for subscription in environment.get("subscriptions", ()):
        subscribe(
            uow,
            read_subscription(
                {
                    "endpointUrl": expanded(uow, subscription["url"]),
                    "name": subscription.get("name"),
                    "webhookTypes": subscription.get("types"),
                }
            ),
        )


def reload(_uow: UnitOfWork, _environment: Environment) -> None:
    """A scenario is loaded again: `configure` has done all there is to do."""


def describe(uow: UnitOfWork) -> Shown:
    """What a listing of tenants shows of a tenant beside its settings."""
    return {
        "programs": [
            {
                "id": program.id,
                "landing_url": program.landing_url,
                "conversion_event": program.conversion_event,
                "referrer_reward": program.referrer_reward,
                "referred_reward": program.referred_reward,
                "reward_limit": program.reward_limit,
            }
            for program in list_programs(uow)
        ]
    }


def complete(uow: UnitOfWork, environment: Environment) -> None:
    """What a scenario starts once its data exists: exports, which run as the jobs that they are."""
    from models.saasquatch.exports.exports import create_export, read_export

    for export in environment.get("exports", ()):
        create_export(uow, read_export(export, export_id=export.get("id")))
