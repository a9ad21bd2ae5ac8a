"""Referral codes, their figures and conversions as the advocacy API shows them: money in major units."""

from models.advocacy.settings import parse_settings
from models.advocacy.tables import Conversion, ReferralCode
from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.uow import UnitOfWork

MINOR_UNITS = 100


def show_codes(uow: UnitOfWork, rows: list[ReferralCode]) -> list[Shown]:
    """Codes with their figures, and a link to share where the business has a site."""
    site_url = uow.directory.settings(uow.tenant, parse_settings).site_url
    return [
        {
            "code": row.code,
            "advocateId": row.advocate_id,
            "url": None if site_url is None else share_url(site_url, row.code),
            "status": row.status,
            **show_stats(row),
            "createdAt": iso(row.created_ms),
        }
        for row in rows
    ]


def show_stats(row: ReferralCode) -> Shown:
    """What came through a code since it was made."""
    return {"clicks": row.clicks, "conversions": row.conversions, "revenue": major(row.revenue_minor)}


def show_conversion(row: Conversion) -> Shown:
    """A conversion with what it paid when it was made."""
    return {
        "id": row.id,
        "code": row.code,
        "advocateId": row.advocate_id,
        "orderId": row.order_id,
        "orderValue": major(row.order_value_minor),
        "pointsAwarded": row.points_awarded,
        "status": "confirmed",
        "createdAt": iso(row.created_ms),
    }


def major(minor: int) -> int | float:
    """Minor units as major ones, exact as text: whole ones as an integer, 7990 as 79.9."""
    return minor / MINOR_UNITS if minor % MINOR_UNITS else minor // MINOR_UNITS


def share_url(site_url: str, code: str) -> str:
    """The site's address with the code in its query; query and fragment stay as they are (RFC 3986, section 3)."""
    address, mark, fragment = site_url.partition("#")
    joint = "?"
    if "?" in address:
        joint = "" if address.endswith(("?", "&")) else "&"
    return f"{address}{joint}ref={code}{mark}{fragment}"
