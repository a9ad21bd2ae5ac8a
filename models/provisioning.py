"""What making tenants has in common: aliases, and the kinds of credentials that an API's tenants hold."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

from pydantic import with_config
from sqlalchemy.orm import Session
from typing_extensions import TypedDict  # on Python 3.11 pydantic takes no other

from models.kernel.json_values import FreeForm
from models.kernel.settings import STRICT
from models.kernel.vault import Vault
from models.outbox.addresses import check_url
from models.tenancy.tenants import Tenant, add_credential, create_tenant
from models.uow import UnitOfWork

ALIAS = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
READ_ONLY = "read-only"
"""The scope of a key that may not write, where an API has such keys."""


@with_config(STRICT)
class ConfiguredProject(TypedDict):
    """A project of a scenario: what every API reads of it."""

    api: str
    project: str
    name: NotRequired[str]
    settings: NotRequired[FreeForm]
    live: NotRequired[FreeForm]
    test: NotRequired[FreeForm]


@with_config(STRICT)
class ConfiguredEnvironment(TypedDict):
    """An environment of a scenario's project: what every API reads of it. Each adds its `credentials`."""

    alias: str
    settings: NotRequired[FreeForm]
    populate: NotRequired[FreeForm]


class ConfiguredEndpoint(TypedDict):
    """A webhook endpoint of a scenario."""

    url: str
    types: NotRequired[list[str]]
    name: NotRequired[str]
    secret: NotRequired[str]


class BadAlias(ValueError):
    """A tenant alias is not 1 to 50 of lower-case letters, digits, dash and underscore."""


@dataclass(frozen=True, slots=True)
class KeyKind:
    """A kind of credential: its name, and how a fresh one is made.

    `recoverable` ones are sealed, so that they can sign; those that are not `presented` only sign.
    """

    name: str
    fresh: Callable[[bool], str]
    """A new secret for a live (True) or a test tenant."""
    recoverable: bool = False
    presented: bool = True
    form: Callable[[bool], str] | None = None
    """The pattern that secrets of a live (True) or a test tenant match, where the vendor has one."""
    scopes: tuple[str, ...] = ()
    """What a credential of this kind may do, unless it is given scopes of its own."""


@dataclass(frozen=True, slots=True)
class Provisioned:
    """A new tenant and its credentials by name, which are shown once."""

    tenant: Tenant
    credentials: dict[str, str]


def expanded(uow: UnitOfWork, url: object) -> str:
    """An address of a scenario, with the server's own in place of `{public_url}`. Raises ValueError."""
    return check_url(url.replace("{public_url}", uow.public_url) if isinstance(url, str) else url)


def create(
    session: Session,
    vault: Vault,
    kinds: Sequence[KeyKind],
    given: Mapping[str, str],
    *,
    api: str,
    alias: str,
    name: str,
    live: bool,
    project: str,
    sandbox_id: int,
    settings: dict[str, object],
    now_ms: int,
) -> Provisioned:
    """Add a tenant with a credential of each kind: the given (published) one, else a fresh one.

    Raises BadAlias, IntegrityError when the alias is taken.
    """
    if not ALIAS.fullmatch(alias):
        raise BadAlias(f"{alias!r} is not an alias: 1 to 50 of a-z, 0-9, - and _, not starting with - or _")
    tenant = create_tenant(
        session,
        api=api,
        alias=alias,
        name=name,
        live=live,
        project=project,
        sandbox_id=sandbox_id,
        settings=settings,
        now_ms=now_ms,
    )
    made = {
        kind.name: new_key(session, vault, tenant, kind, now_ms=now_ms, given=given.get(kind.name)) for kind in kinds
    }
    return Provisioned(tenant, made)


def creation(
    api: str, kinds: Sequence[KeyKind], parse_settings: Callable[[dict[str, object]], object]
) -> Callable[..., Provisioned]:
    """`create` of an API whose tenants begin with their credentials and nothing else."""

    def create_tenant_with_settings(
        session: Session, vault: Vault, *, given: Mapping[str, str], settings: dict[str, object], **tenant: Any
    ) -> Provisioned:
        """Add one tenant with its credentials. Raises BadAlias, BadSettings, IntegrityError when the alias is taken."""
        parse_settings(settings)
        return create(session, vault, kinds, given, api=api, settings=settings, **tenant)

    return create_tenant_with_settings


def new_key(
    session: Session,
    vault: Vault,
    tenant: Tenant,
    kind: KeyKind,
    *,
    now_ms: int,
    given: str | None = None,
    scopes: Sequence[str] = (),
    expires_ms: int | None = None,
) -> str:
    """Add a credential of a kind to a tenant. A given one is marked as the demo's."""
    secret = given or kind.fresh(tenant.live)
    if kind.form is not None and not re.fullmatch(kind.form(tenant.live), secret):
        raise ValueError(f"the {kind.name} of {tenant.alias} has not the form {kind.form(tenant.live)}")
    add_credential(
        session,
        vault,
        tenant,
        secret,
        kind=kind.name,
        now_ms=now_ms,
        scopes=scopes or kind.scopes,
        recoverable=kind.recoverable,
        presented=kind.presented,
        demo=given is not None,
        expires_ms=expires_ms,
    )
    return secret
