"""A SaaSquatch tenant's settings, as scenario files write them (names as in the vendor's own settings)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass

from models.kernel.json_values import FreeForm
from models.kernel.settings import STRICT, read_settings

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Domain = Annotated[str, StringConstraints(min_length=3, max_length=253, pattern=r"^[A-Za-z0-9.-]+$")]
Texts = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=255)]], Field(max_length=10_000)]


@dataclass(config=STRICT)
class FraudChecks:
    """Which of the documented fraud checks run, and their limits."""

    nameCheckEnabled: bool = True  # noqa: N815  the vendor's name
    emailCheckEnabled: bool = True  # noqa: N815  the vendor's name
    ipCheckEnabled: bool = True  # noqa: N815  the vendor's name
    rateCheckEnabled: bool = True  # noqa: N815  the vendor's name
    tempMailCheckEnabled: bool = False  # noqa: N815  the vendor's name
    customEmailDomainBlacklist: Texts = Field(default_factory=list)  # noqa: N815  the vendor's name
    dailyReferralRewardLimitEnabled: bool = False  # noqa: N815  the vendor's name
    blockedIps: Texts = Field(default_factory=list)  # noqa: N815  in the style of the others
    fraudRateLimit: Count = 3  # noqa: N815  the vendor's name
    fraudRateLimitPeriodSeconds: Count = 1_800  # noqa: N815  the vendor's name
    dailyReferralRewardLimit: Count = 10  # noqa: N815  the vendor's name


@dataclass(config=STRICT)
class Settings:
    """What a tenant's administrator would set in the vendor's portal."""

    openEndpointsEnabled: bool = False  # noqa: N815  in the style of the others
    allowReferralCodeEditOnUserUpsert: bool = False  # noqa: N815  the vendor's name
    referredAutoApprove: bool = True  # noqa: N815  the vendor's name
    referrerAutoApprove: bool = True  # noqa: N815  the vendor's name
    suspectedFraudModerationState: Literal["IGNORE", "PENDING", "DENY"] = "IGNORE"  # noqa: N815  the vendor's name
    primaryLinkDomain: Domain | None = None  # noqa: N815  the vendor's name
    """The tenant's own short domain, without which vanity links are refused."""
    rateLimitsEnabled: bool = False  # noqa: N815  in the style of the others
    rateLimitMultiplier: Annotated[float, Field(ge=0, le=1_000_000)] = 1.0  # noqa: N815  the vendor's name
    rawCsvTexts: bool = False  # noqa: N815  in the style of the others
    """Whether texts stand in CSV exports as they are; otherwise those that a spreadsheet would take for formulas are
    escaped.
    """
    fraudCheckSettings: FraudChecks = Field(default_factory=FraudChecks)  # noqa: N815  the vendor's name


_SETTINGS = TypeAdapter(Settings)


def parse_settings(raw: FreeForm) -> Settings:
    """Settings of a tenant row or scenario. Raises BadSettings, naming what is wrong."""
    return read_settings(_SETTINGS, raw)
