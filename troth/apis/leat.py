"""The Leat API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.leat import _edge
from models.leat import jobs, personal, provision, webhooks
from models.leat.resources import RESOURCES
from models.leat.settings import parse_settings, shops_of_tenant, tenant_settings
from troth.apis.api import Api, Domain, Row, Running, find_tenant, first_tenants

if TYPE_CHECKING:
    from models.uow import UnitOfWork

NAME = "leat"
PREFIX = "/leat"
ERRORS = """`{"message", "code", "status_code", "errors"?}` with the vendor's number as code, HTTP 400 for nearly all, and RFC 6749's
`{"error", ...}` for tokens. BAD_REQUEST, VALIDATION_FAILED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, URI_TOO_LONG and HEADERS_TOO_LARGE are
all 1003, and so is UNSUPPORTED_CONTENT_ENCODING, the one with HTTP 415; INTERNAL and UNAVAILABLE are 1000."""


def populate(uow: UnitOfWork, sizes: Any) -> dict[str, int]:
    """Fill a new account; the import is put off because Faker is needed by seeding alone."""
    from fixtures.leat.population import populate

    return populate(uow, sizes)


def describe(runtime: Running, tenants: list[Row]) -> Row:
    """Credentials and shops of the demo's account, and first calls."""
    live, _ = first_tenants(tenants, NAME)
    held = live["credentials"]
    bearer = f"curl -H 'Authorization: Bearer {held.get('personal_access_token', '')}'"
    account = find_tenant(runtime, NAME, live["alias"])
    shops = shops_of_tenant(account, tenant_settings(account, runtime.directory)) if account else []
    base = f"{runtime.public_url}{PREFIX}/api/v3/oauth/clients"
    return {
        "credentials": {
            name: held.get(name, "") for name in ("personal_access_token", "api_key", "client_id", "client_secret")
        },
        "shops": [{"uuid": shop.uuid, "name": shop.name} for shop in shops],
        "first_calls": [
            f"{bearer} '{base}/referrals?status=completed&limit=3'",
            f"{bearer} '{base}/referrals/settings'",
            f"{bearer} -d email=zoe@example.org '{base}/contacts'",
        ],
    }


API = Api(
    NAME,
    _edge,
    errors=ERRORS,
    prefix=PREFIX,
    host="leat.localhost",
    domain=Domain(
        provision,
        parse_settings,
        populate,
        describe,
        webhooks,
        jobs.prune,
        page_credentials={"BearerToken": "personal_access_token"},
        jobs=jobs.JOBS,
        persons=personal,
        resources=RESOURCES,
    ),
)
