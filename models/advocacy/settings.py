"""A business's settings, as scenario files and `troth tenant set` write them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass

from models.kernel.clock import DAY_MS, MINUTE_MS, SECOND_MS
from models.kernel.json_values import FreeForm
from models.kernel.limits import Budget
from models.kernel.settings import STRICT, read_settings

SITE_URL = (
    r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(\?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$"
)
"""An http URI (RFC 3986, section 3), without user information."""
MINUTE_S, DAY_S = MINUTE_MS // SECOND_MS, DAY_MS // SECOND_MS

PLANS = {
    "starter": (Budget(30, MINUTE_S), Budget(1_000, DAY_S)),
    "growth": (Budget(60, MINUTE_S), Budget(10_000, DAY_S)),
    "professional": (Budget(120, MINUTE_S), Budget(100_000, DAY_S)),
}
"""Calls a minute and a day, which all keys of a business share."""


@dataclass(config=STRICT)
class Settings:
    """What a business has agreed with the vendor, and what it sets in its dashboard."""

    plan: Literal["starter", "growth", "professional"] = "growth"
    rate_limits: Literal["enforce", "count"] = "enforce"
    """`count` only states in headers what is left."""
    suspended: bool = False
    business_id: Annotated[str, StringConstraints(pattern=r"^biz_[a-z0-9]{3,32}$")] | None = None
    """The public id of the business; made from the tenant's number when none is set."""
    site_url: Annotated[str, StringConstraints(max_length=2_000, pattern=SITE_URL)] | None = None
    """Where share links lead; without it advocates have a code but no link."""
    referral_points: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    """What a conversion pays the advocate."""

    @property
    def budgets(self) -> tuple[Budget, Budget]:
        """The plan's calls a minute and a day."""
        return PLANS[self.plan]


_SETTINGS = TypeAdapter(Settings)


def parse_settings(raw: FreeForm) -> Settings:
    """Settings of a tenant row or scenario. Raises BadSettings, naming what is wrong."""
    return read_settings(_SETTINGS, raw)
