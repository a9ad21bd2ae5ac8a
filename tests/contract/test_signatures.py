"""The contract of each API names the headers by which a receiver verifies its webhooks: nothing else tells an
integrator.
"""

import json

import pytest

from models.tenancy.tenants import list_tenants
from troth.apis import APIS, api_named, domain_of
from troth.mock.run import build_mock
from troth.mock.scenarios import unit_of
from troth.settings import Settings


@pytest.mark.parametrize("name", [api.name for api in APIS if api.domain is not None])
def test_each_signature_is_documented(name: str) -> None:
    contract = json.dumps(api_named(name).load()[0]).lower()
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "empty")
    with server.runtime.storage.session() as session:
        tenant = list_tenants(session, name)[0]
        unit = unit_of(server.runtime, session, tenant, "test")
        headers = domain_of(name).webhooks.check_signatures(unit, tenant, {}, b"{}")
    server.close()
    assert headers
    assert [header for header in headers if f"`{header.lower()}`" not in contract] == []
