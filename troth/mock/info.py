"""What a mock server says about itself, to programs (`GET /_troth/info`) and to people (`troth mock`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.kernel.times import iso
from troth import __version__

if TYPE_CHECKING:
    from troth.runtime import Runtime


def information(runtime: Runtime, tenants: list[dict[str, Any]], seed: int) -> dict[str, Any]:
    """Version, seed, present, and for each API with tenants where it answers and with which credentials."""
    url = runtime.public_url
    apis = {
        api.name: {
            "base_url": f"{url}{api.prefix}",
            "docs_url": f"{url}/docs/{api.name}/",
            "openapi_url": f"{url}/openapi/{api.name}.json",
            **api.domain.describe(runtime, tenants),
        }
        for api in runtime.apis
        if api.domain is not None and any(tenant["api"] == api.name for tenant in tenants)
    }
    return {"version": __version__, "seed": seed, "now": iso(runtime.main.clock.now_ms()), "apis": apis}
