"""The Loyalty Core API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.loyalty_core import _edge
from models.loyalty_core import jobs, personal, provision, webhooks
from models.loyalty_core.coupons.offerings import leave_partners
from models.loyalty_core.resources import RESOURCES
from models.loyalty_core.settings import organization_id, parse_settings
from troth.apis.api import Api, Domain, Row, Running, find_tenant, first_tenants, has_people

if TYPE_CHECKING:
    from models.uow import UnitOfWork

NAME = "loyalty_core"
PREFIX = "/loyalty-core"
ERRORS = """`{"statusCode", "message", "error", "code"}`: `error` is the name of the HTTP status, and `message` is a list of all that is wrong where
the input broke the contract (`VALIDATION_FAILED`), or where a body breaks several rules or has several references that do not exist: `code` and status are
then those of the first. A text begins with the JSON pointer of the member that it is about. The vendor's documents have no `code`."""


def populate(uow: UnitOfWork, sizes: Any) -> dict[str, int]:
    """Fill a new organization; the import is put off because Faker is needed by seeding alone."""
    from fixtures.loyalty_core.population import populate

    return populate(uow, sizes)


def describe(runtime: Running, tenants: list[Row]) -> Row:
    """Credentials of the demo's organization and first calls."""
    live, _ = first_tenants(tenants, NAME)
    token = live["credentials"].get("api_token", "")
    organization = find_tenant(runtime, NAME, live["alias"])
    number = organization_id(organization, runtime.directory) if organization else ""
    bearer = f"curl -H 'Authorization: Bearer {token}'"
    base = f"{runtime.public_url}{PREFIX}/api/v1/organizations/{number}"
    return {
        "credentials": {"organization_id": str(number), "api_token": token},
        "first_calls": _of_people(bearer, base) if has_people(live) else _of_nobody(bearer, base),
    }


def _of_people(bearer: str, base: str) -> list[str]:
    """Calls where Ana and her wallet are there."""
    order = '{"externalId": "order-1", "type": "sale", "total": 9.6, "status": "confirmed"}'
    return [
        f"{bearer} '{base}/search/members?query=ana+stone'",
        f"{bearer} -H 'Content-Type: application/json' -d '{order}' '{base}/members/42/purchase-orders'",
        f"{bearer} '{base}/ledgers/1/wallets/142/balances'",
    ]


def _of_nobody(bearer: str, base: str) -> list[str]:
    zoe = '{"loyaltyMemberId": "zoe-1", "profile": {"name": "Zoe Park"}}'
    return [
        f"{bearer} '{base}/ledgers'",
        f"{bearer} -H 'Content-Type: application/json' -d '{zoe}' '{base}/members'",
        f"{bearer} '{base}/loyalty-members/zoe-1'",
    ]


API = Api(
    NAME,
    _edge,
    errors=ERRORS,
    prefix=PREFIX,
    host="loyalty-core.localhost",
    domain=Domain(
        provision,
        parse_settings,
        populate,
        describe,
        webhooks,
        jobs.prune,
        page_credentials={"BearerToken": "api_token"},
        jobs=jobs.JOBS,
        urgent_jobs=jobs.URGENT_JOBS,
        before_deleted=leave_partners,
        user_kinds=provision.USER_KINDS,
        token_scopes=provision.token_scopes,
        persons=personal,
        resources=RESOURCES,
    ),
)
