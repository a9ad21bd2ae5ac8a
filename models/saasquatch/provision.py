"""Tenants of the SaaSquatch API: a live and a test one for each project, each with its own key."""

import string
from typing import TYPE_CHECKING, Literal, NotRequired, cast

from typing_extensions import TypedDict

from models.kernel.ids import SystemRandom, text
from models.kernel.json_values import FreeForm, Shown
from models.provisioning import ConfiguredEnvironment, ConfiguredProject, KeyKind, creation, expanded
from models.saasquatch.programs import add_program, list_programs
from models.saasquatch.settings import parse_settings
from models.uow import UnitOfWork

if TYPE_CHECKING:
    from models.saasquatch.exports.exports import ExportBody

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


class Project(ConfiguredProject, total=False):
    """A project of a scenario."""

    programs: list[FreeForm]


class ConfiguredSubscription(TypedDict):
    """A webhook subscription of a scenario."""

    url: str
    name: NotRequired[str]
    types: NotRequired[list[str]]


class ConfiguredExport(TypedDict):
    """An export of a scenario: the body of its order, and its id, which a scenario may choose."""

    type: Literal["USER", "USER_REFERRAL", "REFERRAL", "USER_REWARD_BALANCE", "REWARD_BALANCE", "REWARD"]
    format: NotRequired[Literal["CSV", "XLSX"]]
    name: NotRequired[str]
    requester: NotRequired[str]
    params: NotRequired[FreeForm | None]
    id: NotRequired[str]


class Credentials(TypedDict, total=False):
    """The credentials that a scenario may name."""

    api_key: str


class Environment(ConfiguredEnvironment, total=False):
    """An environment of a scenario's project."""

    credentials: Credentials
    subscriptions: list[ConfiguredSubscription]
    exports: list[ConfiguredExport]


def configure(uow: UnitOfWork, project: Project, environment: Environment) -> None:
    """Programs and webhook subscriptions of a scenario."""
    from models.saasquatch.webhooks import ALL_TYPES, configure_endpoint

    for program in project.get("programs", ()):
        add_program(uow, program)
    for subscription in environment.get("subscriptions", ()):
        configure_endpoint(
            uow,
            url=expanded(uow, subscription["url"]),
            types=subscription.get("types") or [ALL_TYPES],
            name=subscription.get("name"),
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
        create_export(uow, read_export(cast("ExportBody", export), export_id=export.get("id")))
