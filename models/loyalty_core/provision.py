"""Organizations of the Loyalty Core API: one tenant each, with an API token of all roles."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from models import provisioning
from models.kernel.ids import SystemRandom, text
from models.kernel.json_values import FreeForm, Shown
from models.kernel.vault import Vault
from models.loyalty_core import wiring  # noqa: F401  connects the ports of the rooms
from models.loyalty_core.events.queries import ALL_TRIGGERS
from models.loyalty_core.ledger.tables import PointAccount, PointLedger
from models.loyalty_core.members.badges import configure_badges
from models.loyalty_core.members.tables import Tier
from models.loyalty_core.organization.callers import USER_TOKEN
from models.loyalty_core.organization.partnerships import configure_partnerships, shown_partnerships
from models.loyalty_core.organization.roles import ADMIN
from models.loyalty_core.organization.surveys import configure_surveys
from models.loyalty_core.organization.tables import Organization, Program
from models.loyalty_core.organization.users import give_token
from models.loyalty_core.settings import organization_id, parse_settings
from models.loyalty_core.webhooks import configure_endpoint
from models.outbox.addresses import masked
from models.outbox.endpoints import ALL_TYPES
from models.provisioning import (
    ConfiguredEndpoint,
    ConfiguredEnvironment,
    ConfiguredProject,
    KeyKind,
    Provisioned,
    expanded,
)
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

API = "loyalty_core"
TOKEN_CHARACTERS = 30
"""Of 62: 178 random bits behind the prefix."""
FIRST = 1
"""The number of the program, ledger, account and tier that a new organization has."""
DEFAULT_LOCALE = "en"


Project = ConfiguredProject
"""A project of a scenario: it has nothing of this API's own."""


class Credentials(TypedDict, total=False):
    """The credentials that a scenario may name."""

    api_token: str


class Environment(ConfiguredEnvironment, total=False):
    """An environment of a scenario's project. What is an object here is checked where it is read."""

    credentials: Credentials
    partnerships: object
    badges: object
    subscriptions: list[ConfiguredEndpoint]
    surveys: object


def fresh_token(_live: bool) -> str:
    """A new API token."""
    return "lc_" + text(SystemRandom(), "token", TOKEN_CHARACTERS)


def fresh_user_token(_live: bool) -> str:
    """A new token of a user."""
    return "lcu_" + text(SystemRandom(), "token", TOKEN_CHARACTERS)


KEY_KINDS = (KeyKind("api_token", fresh_token, scopes=(ADMIN,)),)
USER_KINDS = (KeyKind(USER_TOKEN, fresh_user_token),)
"""Credentials that belong to a user; an organization begins without users."""


def token_scopes(uow: UnitOfWork, user_name: str) -> list[str]:
    """The scopes of a new token of a user. Raises ValueError for a name that no user has."""
    return give_token(uow, user_name)


def environments(alias: str) -> dict[str, str]:
    """The tenants of a new project: an organization has no test environment."""
    return {"live": alias}


def create(
    session: Session, vault: Vault, *, given: Mapping[str, str], settings: FreeForm, **tenant: Any
) -> Provisioned:
    """Add one organization with a token. Raises BadAlias, BadSettings, IntegrityError when the alias is taken."""
    parse_settings(settings)
    made = provisioning.create(session, vault, KEY_KINDS, given, api=API, settings=settings, **tenant)
    _set_up(session, made.tenant, tenant["now_ms"])
    return made


def _set_up(session: Session, tenant: Tenant, now_ms: int) -> None:
    """The organization with a program, a ledger, an account and a tier: each the first of its kind, and the default."""
    made: dict[str, object] = {"tenant_id": tenant.id, "created_ms": now_ms, "updated_ms": now_ms}
    first = {**made, "id": FIRST}
    session.add_all(
        [
            Organization(
                **made,
                name=tenant.name,
                description="",
                picture_url="",
                default_program_id=FIRST,
                default_locale=DEFAULT_LOCALE,
                locales=[DEFAULT_LOCALE],
                custom_attributes={},
            ),
            Program(
                **first,
                program_key="main",
                name="Main",
                description="",
                active=True,
                ledger_id=FIRST,
                main_account_id=FIRST,
                tier_account_id=FIRST,
                main_portal_id=None,
                default_tier_id=FIRST,
            ),
            Tier(
                **first,
                program_id=FIRST,
                tier_key="member",
                name="Member",
                active=True,
                min_required_points=0,
                tier_order=0,
                picture_url=None,
                custom_attributes={},
            ),
            PointLedger(**first, ledger_key="main", name="Main", description=None, default_account_id=FIRST),
            PointAccount(
                **first,
                ledger_id=FIRST,
                account_key="points",
                name="Points",
                active=True,
                is_currency=False,
                decimals=0,
                format_string=None,
                max_supply=None,
                is_revolving=False,
                tracked=False,
                sync_algorand=False,
                expires_in_months=0,
            ),
        ]
    )
    session.flush()


def configure(uow: UnitOfWork, _project: Project, environment: Environment) -> None:
    """Partnerships, badges and event triggers of a scenario: those that are not there yet.

    Raises ValueError for what is wrong.
    """
    configure_partnerships(uow, environment.get("partnerships", []))
    configure_badges(uow, environment.get("badges", []))
    there = {(masked(row.url), tuple(row.event_types)) for row in uow.rows(ALL_TRIGGERS)}
    for trigger in environment.get("subscriptions", ()):
        url, types = expanded(uow, trigger["url"]), trigger.get("types") or [ALL_TYPES]
        if (url, tuple(types)) not in there:
            configure_endpoint(uow, url=url, types=types, name=trigger.get("name"), secret=trigger.get("secret"))


def complete(uow: UnitOfWork, environment: Environment) -> None:
    """Surveys of a scenario, once the members who answered exist. Raises ValueError for what is wrong with them."""
    configure_surveys(uow, environment.get("surveys", []))


def reload(uow: UnitOfWork, environment: Environment) -> None:
    """Load a scenario again: its surveys may be new, or have further answers. Raises ValueError."""
    configure_surveys(uow, environment.get("surveys", []))


def describe(uow: UnitOfWork) -> Shown:
    """What the command line shows of an organization beside its settings."""
    return {"organization_id": organization_id(uow.tenant, uow.directory), "partnerships": shown_partnerships(uow)}
