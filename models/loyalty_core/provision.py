"""Organizations of the Loyalty Core API: one tenant each, with an API token of all roles."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from models import provisioning
from models.ids import RandomDraws, text
from models.loyalty_core.roles import ADMIN
from models.loyalty_core.settings import organization_id, parse_settings
from models.provisioning import KeyKind, Provisioned
from models.uow import UnitOfWork
from models.vault import Vault

API = "loyalty_core"
TOKEN_CHARACTERS = 30
"""Of 62: 178 random bits behind the prefix."""


def fresh_token(_live: bool) -> str:
    """A new API token."""
    return "lc_" + text(RandomDraws(), "token", TOKEN_CHARACTERS)


KEY_KINDS = (KeyKind("api_token", fresh_token, scopes=(ADMIN,)),)


def environments(alias: str) -> dict[str, str]:
    """The tenants of a new project: an organization has no test environment."""
    return {"live": alias}


def create(session: Session, vault: Vault, *, given: Mapping[str, str], settings: dict[str, Any], **tenant: Any) -> Provisioned:
    """Add one organization with a token. Raises BadAlias, BadSettings, IntegrityError when the alias is taken."""
    parse_settings(settings)
    return provisioning.create(session, vault, KEY_KINDS, given, api=API, settings=settings, **tenant)


def configure(_uow: UnitOfWork, _project: dict[str, Any], _environment: dict[str, Any]) -> None:
    """Nothing yet is configured beside the settings."""


def complete(_uow: UnitOfWork, _environment: dict[str, Any]) -> None:
    """Nothing yet is done when the data is there."""


def reload(_uow: UnitOfWork, _environment: dict[str, Any]) -> None:
    """A scenario is loaded again: `configure` has done all there is to do."""


def describe(uow: UnitOfWork) -> dict[str, Any]:
    """What there is to tell of an organization beside its settings."""
    return {"organization_id": organization_id(uow.tenant, uow.directory)}
