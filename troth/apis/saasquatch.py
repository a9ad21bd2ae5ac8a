"""The SaaSquatch API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.saasquatch import _edge
from models.saasquatch import jobs, personal, provision, webhooks
from models.saasquatch.exports.exports import files_folder
from models.saasquatch.resources import RESOURCES
from models.saasquatch.settings import parse_settings
from troth.apis.api import Api, Domain, Row, Running, first_tenants, has_people

if TYPE_CHECKING:
    from models.uow import UnitOfWork

NAME = "saasquatch"
PREFIX = "/saasquatch"
ERRORS = """`{"statusCode", "message", "apiErrorCode", "rsCode"}`, and `validationErrors` where the input broke the contract. A validation
error carries the RS code of the member it is about: RS023 e-mail, RS034 referral code, RS039 locale, RS043 user id, RS044 account id,
RS046 content type, RS052 cookies, RS053 share link."""


def populate(uow: UnitOfWork, sizes: Any) -> dict[str, int]:
    """Fill a new tenant; the import is put off because Faker is needed by seeding alone."""
    from fixtures.saasquatch.population import populate

    return populate(uow, sizes)


def describe(runtime: Running, tenants: list[Row]) -> Row:
    """Credentials of the demo's tenants and first calls."""
    live, test = first_tenants(tenants, NAME)
    key = live["credentials"].get("api_key", "")
    base = f"{runtime.public_url}{PREFIX}/api/v1/{live['alias']}"
    return {
        "credentials": {"tenant_alias": live["alias"], "api_key": key, **(_of_test(test) if test else {})},
        "first_calls": [
            f"curl -u :{key} '{base}/users?limit=3'",
            *(_of_people(key, base) if has_people(live) else _of_nobody(key, base)),
        ],
    }


def _of_test(tenant: Row) -> dict[str, str]:
    return {"test_tenant_alias": tenant["alias"], "test_api_key": tenant["credentials"].get("api_key", "")}


def _of_people(key: str, base: str) -> list[str]:
    """Calls where Ana is there to be referred by."""
    zoe = (
        '{"id": "zoe", "accountId": "zoe-inc", "firstName": "Zoe", "lastName": "Park", "referredByCodes": ["ANASTONE"]}'
    )
    return [_put_zoe(key, base, zoe), f"curl '{base}/open/code/ANASTONE'"]


def _of_nobody(key: str, base: str) -> list[str]:
    zoe = '{"id": "zoe", "accountId": "zoe-inc", "firstName": "Zoe", "lastName": "Park"}'
    return [_put_zoe(key, base, zoe), f"curl -u :{key} '{base}/open/account/zoe-inc/user/zoe'"]


def _put_zoe(key: str, base: str, body: str) -> str:
    return (
        f"curl -u :{key} -X PUT -H 'Content-Type: application/json' -d '{body}' '{base}/open/account/zoe-inc/user/zoe'"
    )


API = Api(
    NAME,
    _edge,
    errors=ERRORS,
    prefix=PREFIX,
    host="saasquatch.localhost",
    domain=Domain(
        provision,
        parse_settings,
        populate,
        describe,
        webhooks,
        jobs.prune,
        files_folder=files_folder,
        has_programs=True,
        page_credentials={"APIKey": "api_key"},
        jobs=jobs.JOBS,
        long_jobs=jobs.LONG_JOBS,
        addresses_changed=webhooks.addresses_changed,
        persons=personal,
        resources=RESOURCES,
    ),
)
