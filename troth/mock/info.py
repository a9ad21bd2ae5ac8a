"""What a mock server tells about itself, to programs (`GET /_troth/info`) and to people (`troth mock`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.advocacy.webhooks import business_id
from models.kernel.times import iso
from models.loyalty_core.settings import organization_id
from troth import __version__

if TYPE_CHECKING:
    from troth.runtime import Runtime

PREFIXES = {"saasquatch": "/saasquatch", "advocacy": "/advocacy", "leat": "/leat", "loyalty_core": "/loyalty-core"}


def information(runtime: Runtime, tenants: list[dict[str, Any]], seed: int) -> dict[str, Any]:
    """Version, seed, present, and for each API where it answers and with which credentials."""
    apis = {
        api: describe(runtime, tenants)
        for api, describe in _DESCRIPTIONS.items()
        if any(tenant["api"] == api for tenant in tenants)
    }
    return {"version": __version__, "seed": seed, "now": iso(runtime.main.clock.now_ms()), "apis": apis}


def _common(runtime: Runtime, api: str) -> dict[str, Any]:
    url = runtime.public_url
    return {
        "base_url": url + PREFIXES[api],
        "docs_url": f"{url}/docs/{api}/",
        "openapi_url": f"{url}/openapi/{api}.json",
    }


def _pair(tenants: list[dict[str, Any]], api: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first live and the first test tenant of an API; each stands in for the other where there is only one."""
    mine = [tenant for tenant in tenants if tenant["api"] == api]
    live = next((tenant for tenant in mine if tenant["environment"] == "live"), mine[0])
    return live, next((tenant for tenant in mine if tenant["environment"] == "test"), live)


def _saasquatch(runtime: Runtime, tenants: list[dict[str, Any]]) -> dict[str, Any]:
    live, test = _pair(tenants, "saasquatch")
    key = live["credentials"].get("api_key", "")
    common = _common(runtime, "saasquatch")
    base = f"{common['base_url']}/api/v1/{live['alias']}"
    return {
        **common,
        "credentials": {
            "tenant_alias": live["alias"],
            "api_key": key,
            "test_tenant_alias": test["alias"],
            "test_api_key": test["credentials"].get("api_key", ""),
        },
        "first_calls": [
            f"curl -u :{key} '{base}/users?limit=3'",
            (
                f"curl -u :{key} -X PUT -H 'Content-Type: application/json' "
                f'-d \'{{"id": "zoe", "accountId": "zoe-inc", "firstName": "Zoe", "lastName": "Park", '
                f'"referredByCodes": ["ANASTONE"]}}\' \'{base}/open/account/zoe-inc/user/zoe\''
            ),
            f"curl '{base}/open/code/ANASTONE'",
        ],
    }


def _business_id(runtime: Runtime, alias: str) -> str:
    with runtime.storage.session() as session:
        tenant = runtime.directory.tenant(session, "advocacy", alias)
    return business_id(tenant) if tenant else ""


def _advocacy(runtime: Runtime, tenants: list[dict[str, Any]]) -> dict[str, Any]:
    live, test = _pair(tenants, "advocacy")
    held = live["credentials"]
    common = _common(runtime, "advocacy")
    bearer = f"curl -H 'Authorization: Bearer {held.get('api_key', '')}'"
    base = f"{common['base_url']}/api/v1"
    return {
        **common,
        "credentials": {
            "api_key": held.get("api_key", ""),
            "test_api_key": test["credentials"].get("api_key", ""),
            "sso_secret": held.get("sso_secret", ""),
            "business_id": _business_id(runtime, live["alias"]),
        },
        "first_calls": [
            f"{bearer} '{base}/advocates?limit=3'",
            (
                f"{bearer} -H 'Content-Type: application/json' -d '{{\"advocateId\": \"adv_demo0000000000000001\"}}' "
                f"'{base}/rewards/rwd_demo0000000000000001/redeem'"
            ),
            f"{bearer} '{base}/referrals/ANAST2NE/stats'",
        ],
    }


def _leat(runtime: Runtime, tenants: list[dict[str, Any]]) -> dict[str, Any]:
    live, _ = _pair(tenants, "leat")
    held = live["credentials"]
    common = _common(runtime, "leat")
    bearer = f"curl -H 'Authorization: Bearer {held.get('personal_access_token', '')}'"
    base = f"{common['base_url']}/api/v3/oauth/clients"
    return {
        **common,
        "credentials": {
            name: held.get(name, "") for name in ("personal_access_token", "api_key", "client_id", "client_secret")
        },
        "first_calls": [
            f"{bearer} '{base}/referrals?status=completed&limit=3'",
            f"{bearer} '{base}/referrals/settings'",
            f"{bearer} -d email=zoe@example.org '{base}/contacts'",
        ],
    }


def _loyalty_core(runtime: Runtime, tenants: list[dict[str, Any]]) -> dict[str, Any]:
    live, _ = _pair(tenants, "loyalty_core")
    token = live["credentials"].get("api_token", "")
    common = _common(runtime, "loyalty_core")
    with runtime.storage.session() as session:
        tenant = runtime.directory.tenant(session, "loyalty_core", live["alias"])
    number = organization_id(tenant, runtime.directory) if tenant else ""
    bearer = f"curl -H 'Authorization: Bearer {token}'"
    base = f"{common['base_url']}/api/v1/organizations/{number}"
    return {
        **common,
        "credentials": {"organization_id": str(number), "api_token": token},
        "first_calls": [
            f"{bearer} '{base}/search/members?query=ana+stone'",
            (
                f"{bearer} -H 'Content-Type: application/json' "
                f'-d \'{{"externalId": "order-1", "type": "sale", "total": 9.6, "status": "confirmed"}}\' '
                f"'{base}/members/42/purchase-orders'"
            ),
            f"{bearer} '{base}/ledgers/1/wallets/142/balances'",
        ],
    }


_DESCRIPTIONS = {"saasquatch": _saasquatch, "advocacy": _advocacy, "leat": _leat, "loyalty_core": _loyalty_core}
