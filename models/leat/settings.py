"""A Leat account's settings, as scenario files write them: what its administrator sets in the vendor's dashboard."""

import uuid
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, TypeAdapter, model_validator
from pydantic.dataclasses import dataclass

from models.kernel.json_values import FreeForm
from models.kernel.settings import STRICT, read_settings
from models.ledger import AMOUNT_MAX
from models.tenancy.tenants import Directory, Tenant
from models.uow import UnitOfWork

CREDITS_PER_UNIT_MAX = 10_000
"""So that the largest purchase, 10**9 units, stays an amount of the ledger."""
SHOP_SPACE = uuid.UUID("3a0f52c7-5d8e-5b61-9c24-7e8d1f6b0a43")

Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Amount = Annotated[int, Field(ge=1, le=AMOUNT_MAX)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


@dataclass(config=STRICT)
class Named:
    """A shop, a business profile, a promotion."""

    uuid: Uuid
    name: Text


@dataclass(config=STRICT)
class LoyaltyPoints:
    """Credits on the contact's balance."""

    type: Literal["loyalty_points"]
    points: Amount
    business_profile: Named


@dataclass(config=STRICT)
class PromotionVoucher:
    """A voucher of a promotion."""

    type: Literal["voucher"]
    promotion: Named


@dataclass(config=STRICT)
class PrepaidCredit:
    """Money on the contact's prepaid balance."""

    type: Literal["prepaid_credit"]
    amount_in_cents: Amount


Incentive = LoyaltyPoints | PromotionVoucher | PrepaidCredit
Choice = Annotated[Incentive, Field(discriminator="type")]


@dataclass(config=STRICT)
class LoyaltyTransactions:
    """The referred contact has made a number of loyalty transactions."""

    type: Literal["loyalty_transaction"]
    number_of_transactions: Count

    def reached(self, transaction_count: int) -> bool:
        """Whether so many transactions are enough."""
        return transaction_count >= self.number_of_transactions


@dataclass(config=STRICT)
class ContactCreation:
    """The referred contact was created."""

    type: Literal["contact_creation"]

    def reached(self, _transaction_count: int) -> bool:
        """Always: nothing more is asked for."""
        return True


@dataclass(config=STRICT)
class ReferralProgram:
    """The account's one referral program. `limit_per_contact` counts completed referrals; None for any number."""

    completion_event: Annotated[LoyaltyTransactions | ContactCreation, Field(discriminator="type")]
    limit_per_contact: Count | None = None
    referred_incentive: Choice | None = None
    referring_incentive: Choice | None = None


@dataclass(config=STRICT)
class Settings:
    """What an account's administrator decides."""

    account_name: Text | None = None
    """Name of the account; the tenant's by default."""
    account_active: bool = True
    """Whether calls are served; 7002 otherwise."""
    loyalty_program: Literal["active", "inactive", "none"] = "active"
    """Whether credits can be given; 55018 when inactive, 1103 when there is none."""
    credits_per_unit: Annotated[float, Field(ge=0, le=CREDITS_PER_UNIT_MAX, allow_inf_nan=False)] = 1.0
    """How many credits a unit of purchase gives."""
    unit_name: Annotated[str, StringConstraints(min_length=1, max_length=64)] = "purchase_amount"
    """What purchases are counted in."""
    shops: Annotated[list[Named], Field(max_length=1_000)] = Field(default_factory=list)
    """The account's shops; one with a derived uuid when there are none."""
    referral_program: ReferralProgram | None = None

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({shop.uuid for shop in self.shops}) != len(self.shops):
            raise ValueError("two shops have the same uuid")
        return self


_SETTINGS = TypeAdapter(Settings)


def parse_settings(raw: FreeForm) -> Settings:
    """Settings of a tenant row or scenario. Raises BadSettings, naming what is wrong."""
    return read_settings(_SETTINGS, raw)


def tenant_settings(tenant: Tenant, directory: Directory) -> Settings:
    """A tenant's settings, parsed at most once a second."""
    return directory.settings(tenant, parse_settings)


def settings_of(uow: UnitOfWork) -> Settings:
    """The settings of the unit's tenant."""
    return tenant_settings(uow.tenant, uow.directory)


def shops_of(uow: UnitOfWork) -> list[Named]:
    """The account's shops, at least one: without any in the settings, one whose uuid derives from the tenant's
    alias.
    """
    return shops_of_tenant(uow.tenant, settings_of(uow))


def shops_of_tenant(tenant: Tenant, settings: Settings) -> list[Named]:
    """As `shops_of`, for a tenant and its settings."""
    name = settings.account_name or tenant.name or tenant.alias
    return settings.shops or [Named(uuid=str(uuid.uuid5(SHOP_SPACE, tenant.alias)), name=name)]
