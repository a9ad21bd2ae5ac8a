"""An organization's settings, as scenario files and `troth tenant set` write them."""

from typing import Annotated

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from models.kernel.json_values import FreeForm
from models.kernel.settings import STRICT, read_settings
from models.tenancy.tenants import Directory, Tenant

ID_MAX = 2**53 - 1


@dataclass(config=STRICT)
class Settings:
    """What is decided when an organization is set up."""

    organization_id: Annotated[int, Field(ge=1, le=ID_MAX)] | None = None
    """The number that paths name it by; the tenant's own when none is set."""


_SETTINGS = TypeAdapter(Settings)


def parse_settings(raw: FreeForm) -> Settings:
    """Settings of a tenant row or scenario. Raises BadSettings, naming what is wrong."""
    return read_settings(_SETTINGS, raw)


def organization_id(tenant: Tenant, directory: Directory) -> int:
    """The number that paths name a tenant's organization by; its settings are parsed at most once a second."""
    known: int | None = directory.cached(("organization", tenant.id))
    if known is None:
        known = parse_settings(tenant.settings).organization_id or tenant.id
        directory.remember(("organization", tenant.id), known)
    return known
