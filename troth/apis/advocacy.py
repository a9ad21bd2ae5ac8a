"""The advocacy API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.advocacy import _edge
from models.advocacy import jobs, personal, provision, webhooks
from models.advocacy.resources import RESOURCES
from models.advocacy.settings import parse_settings
from troth.apis.api import Api, Domain, Row, Running, find_tenant, first_tenants, has_people

if TYPE_CHECKING:
    from models.uow import UnitOfWork

NAME = "advocacy"
PREFIX = "/advocacy"
ERRORS = """`{"error": {"code", "message", "field"?}}`. BAD_REQUEST, VALIDATION_FAILED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, URI_TOO_LONG
and HEADERS_TOO_LARGE are all a 400 VALIDATION_ERROR, UNSUPPORTED_CONTENT_ENCODING a 415 of that code; METHOD_NOT_ALLOWED is a 405 NOT_FOUND, HTTPS_REQUIRED a 403 FORBIDDEN, INTERNAL and
UNAVAILABLE (which stays a 503) an INTERNAL_ERROR."""


def populate(uow: UnitOfWork, sizes: Any) -> dict[str, int]:
    """Fill a new business; the import is put off because Faker is needed by seeding alone."""
    from fixtures.advocacy.population import populate

    return populate(uow, sizes)


def describe(runtime: Running, tenants: list[Row]) -> Row:
    """Credentials of the demo's businesses and first calls."""
    live, test = first_tenants(tenants, NAME)
    held = live["credentials"]
    business = find_tenant(runtime, NAME, live["alias"])
    bearer = f"curl -H 'Authorization: Bearer {held.get('api_key', '')}'"
    base = f"{runtime.public_url}{PREFIX}/api/v1"
    return {
        "credentials": {
            "api_key": held.get("api_key", ""),
            **({"test_api_key": test["credentials"].get("api_key", "")} if test else {}),
            "sso_secret": held.get("sso_secret", ""),
            "business_id": webhooks.business_id(business) if business else "",
        },
        "first_calls": [
            f"{bearer} '{base}/advocates?limit=3'",
            *(_of_people(bearer, base) if has_people(live) else _of_nobody(bearer, base)),
        ],
    }


def _of_people(bearer: str, base: str) -> list[str]:
    """Calls where Ana and her points are there."""
    return [
        (
            f"{bearer} -H 'Content-Type: application/json' -d '{{\"advocateId\": \"adv_demo0000000000000001\"}}' "
            f"'{base}/rewards/rwd_demo0000000000000001/redeem'"
        ),
        f"{bearer} '{base}/referrals/ANAST2NE/stats'",
    ]


def _of_nobody(bearer: str, base: str) -> list[str]:
    zoe = '{"email": "zoe@example.org", "name": "Zoe Park"}'
    return [
        f"{bearer} -H 'Content-Type: application/json' -d '{zoe}' '{base}/advocates'",
        f"{bearer} '{base}/advocates?search=zoe'",
    ]


API = Api(
    NAME,
    _edge,
    errors=ERRORS,
    prefix=PREFIX,
    host="advocacy.localhost",
    domain=Domain(
        provision,
        parse_settings,
        populate,
        describe,
        webhooks,
        jobs.prune,
        page_credentials={"BearerKey": "api_key"},
        jobs=jobs.JOBS,
        read_only_kind=provision.READ_ONLY_KIND,
        persons=personal,
        resources=RESOURCES,
    ),
)
