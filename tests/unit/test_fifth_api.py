"""A fifth API needs what this file writes into a folder, and nothing of Troth's own: contract, handlers, domain,
declaration.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.client import Client
from tests.support.refusals import assert_refused
from tests.support.senders import LoopSender
from troth.apis import APIS
from troth.app import Server, build
from troth.mock.info import information
from troth.mock.scenarios import Loaded, load_scenario
from troth.settings import Settings

ERROR = {"type": "object", "required": ["problem"], "properties": {"problem": {"type": "string"}}}
CONTRACT = {
    "openapi": "3.0.3",
    "info": {"title": "Toy", "version": "1"},
    "servers": [{"url": "/toy/v1"}],
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "tags": ["Thing"],
                "security": [{"Key": []}],
                "responses": {
                    "200": {
                        "description": "Things.",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["business", "count"],
                                    "properties": {"business": {"type": "string"}, "count": {"type": "integer"}},
                                }
                            }
                        },
                    },
                    "default": {"description": "Refused.", "content": {"application/json": {"schema": ERROR}}},
                },
            }
        }
    },
    "components": {"securitySchemes": {"Key": {"type": "http", "scheme": "bearer"}}},
}
EDGE = """
    from handlers.bearer import bearer
    from handlers.http import Answer

    PRE_AUTHENTICATION = None
    HIDDEN_PARAMETERS = frozenset()

    def _key(request, _tenant, connection, directory):
        return bearer(request, connection, directory, api="toy", kinds={"key"})

    SCHEMES = {"Key": _key}

    def find_tenant(_request, _connection, _directory):
        return None

    def admit(_request, _principal, _connection, _directory):
        pass

    def render(problem, _request):
        return Answer(problem.status, {"problem": problem.message})
"""
HANDLER = """
    from handlers.http import ok

    def list_things(uow):
        return ok({"business": uow.tenant.name, "count": len(uow.tenant.settings.get("things", []))})
"""
DOMAIN = """
    from models import provisioning
    from models.outbox.outbox import schedule
    from toy_api import webhooks

    KEY_KINDS = (provisioning.KeyKind("key", lambda live: "toy_fresh"),)
    Project = provisioning.ConfiguredProject
    RAN = []

    class Environment(provisioning.ConfiguredEnvironment):
        credentials: dict[str, str]
        subscriptions: list[provisioning.ConfiguredEndpoint]

    def environments(alias):
        return {"live": alias}

    def create(session, vault, *, given, settings, **tenant):
        return provisioning.create(session, vault, KEY_KINDS, given, api="toy", settings=settings, **tenant)

    def configure(uow, project, environment):
        for endpoint in environment["subscriptions"]:
            webhooks.configure_endpoint(uow, url=provisioning.expanded(uow, endpoint["url"]), types=["*"])
        schedule(uow, "toy-job", "a subject", uow.now_ms)

    def complete(uow, environment):
        pass

    def reload(uow, environment):
        pass

    def describe(uow):
        return {}

    def run(uow, subject):
        webhooks.emit(uow, subject)
        RAN.append((uow.tenant.alias, subject))

    def populate(uow, sizes):
        return {"things": sizes["things"]}

    def parse_settings(raw):
        return raw

    def prune(uow):
        return False
"""
WEBHOOKS = """
    import hashlib
    import hmac

    from models.outbox import endpoints
    from models.outbox.outbox import DELIVERED, FAILED

    HEADER = "X-Toy-Signature"
    KEPT_HEADERS = ("x-toy-",)

    def emit(uow, subject):
        endpoints.emit(uow, "event", "ran", {"ran": subject})

    def sign(secret, body):
        return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    def headers(uow, event, delivery, at_ms):
        secret = endpoints.secret_of(uow, endpoints.find(uow, delivery.endpoint_id))
        return {"Content-Type": "application/json", HEADER: sign(secret, event.body.encode())}

    def is_signed(headers):
        return HEADER.lower() in headers

    def check_signatures(uow, tenant, headers, body):
        return {HEADER: headers[HEADER.lower()] in [sign(secret, body) for secret in endpoints.secrets_of(uow, "toy", tenant)]}

    def signing_secrets(uow, tenant):
        return endpoints.secrets_of(uow, "toy", tenant)

    def faults(uow, tenant, headers, body):
        secrets = endpoints.secrets_of(uow, "toy", tenant)
        fault = endpoints.hex_fault(uow, [], body, HEADER, headers, lambda other: [sign(one, other) for one in secrets])
        return {} if fault is None else {HEADER: fault}

    def settle(uow, delivery, outcome):
        return DELIVERED if outcome.status == 200 else FAILED

    def configure_endpoint(uow, *, url, types, name=None, secret=None):
        endpoints.add(uow, endpoint_id="endpoint", url=url, types=types, secret=secret or "drawn")

    def configured_endpoints(uow):
        return [{"url": row.url} for row in endpoints.list_endpoints(uow)]

    def remove_endpoints(uow, url):
        return 0
"""
DECLARATION = """
    from pathlib import Path

    import toy_api.domain as domain
    from toy_api import edge, webhooks
    from troth.apis.api import Api, Domain

    API = Api(
        "toy", edge, errors="`{problem}`.", prefix="/toy", host="toy.localhost", contract=Path(__file__).with_name("toy.json"), handlers="toy_api.handlers",
        domain=Domain(domain, domain.parse_settings, domain.populate, lambda runtime, tenants: {"credentials": {}}, webhooks,
                      domain.prune, jobs={"toy-job": domain.run}))
"""
SCENARIO = """
    projects:
      - api: toy
        project: shop
        name: The shop
        live:
          alias: shop
          credentials: {key: toy_key}
          populate: {things: 3}
          settings: {things: [1, 2]}
          subscriptions: [{url: "{public_url}/_troth/inbox/toy"}]
"""


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Server]:
    """A server of five APIs, the fifth from a folder."""
    package = tmp_path / "toy_api"
    (package / "handlers").mkdir(parents=True)
    for name, text in {
        "__init__.py": "", "edge.py": EDGE, "domain.py": DOMAIN, "webhooks.py": WEBHOOKS, "api.py": DECLARATION, "toy.json": json.dumps(CONTRACT),
        "handlers/__init__.py": "", "handlers/thing.py": HANDLER, "scenario.yaml": SCENARIO,
    }.items():  # fmt: skip
        (package / name).write_text(dedent(text))
    sys.path.insert(0, str(tmp_path))
    try:
        declared = importlib.import_module("toy_api.api").API
        made = build(Settings(mock=True, database_url="sqlite://", fixed_clock=True), apis=(*APIS, declared))
        yield made
        made.close()
    finally:
        sys.path.remove(str(tmp_path))
        for name in [name for name in sys.modules if name.partition(".")[0] == "toy_api"]:
            del sys.modules[name]


@pytest.fixture
def loaded(toy: Server, tmp_path: Path) -> Loaded:
    with toy.runtime.storage.session() as session, session.begin():
        return load_scenario(toy.runtime, session, tmp_path / "toy_api" / "scenario.yaml", fixed_keys=True)


@pytest.fixture
def client(toy: Server) -> Iterator[Client]:
    made = Client(toy)
    yield made
    made.close()


def test_a_fifth_api_is_served_from_what_it_declares(toy: Server, loaded: Loaded, client: Client) -> None:
    runtime = toy.runtime
    assert loaded.tenants[0]["rows"] == {"things": 3}
    key = {"Authorization": "Bearer toy_key"}
    for answer in (
        client.request("GET", "/toy/v1/things", headers=key),
        client.request("GET", "/v1/things", headers={**key, "Host": "toy.localhost"}),
    ):
        assert (answer.status_code, answer.json()) == (200, {"business": "The shop", "count": 2})
    refused = client.request("GET", "/toy/v1/things")
    assert (refused.status_code, list(refused.json())) == (401, ["problem"])
    assert client.request("GET", "/toy/_health/live").status_code == 200
    assert client.request("GET", "/openapi/toy.json").json()["info"]["title"] == "Toy"
    assert "toy" in information(runtime, loaded.tenants, 1)["apis"]
    assert_refused(client.request("GET", "/saasquatch/api/v1/nobody/account"), 404, "NOT_FOUND")
    assert runtime.run_due is not None
    runtime.run_due(1)
    assert sys.modules["toy_api.domain"].RAN == [("shop", "a subject")]


def test_the_inbox_checks_its_webhooks(toy: Server, loaded: Loaded, client: Client) -> None:
    assert [tenant["alias"] for tenant in loaded.tenants] == ["shop"]
    dispatcher = toy.runtime.services["dispatcher"]
    dispatcher.sender = LoopSender(toy)
    fired = client.request("POST", "/_troth/clock/advance", json={"by_ms": 0}).json()["fired"]
    assert [one["status"] for one in fired if one["kind"] == "delivery"] == [200]
    message = client.request("GET", "/_troth/inbox/toy").json()["messages"][0]
    assert (message["body"], message["verified"]) == ('{"ran":"a subject"}', {"X-Toy-Signature": True})
    sent = {"Content-Type": "application/json", "X-Toy-Signature": message["headers"]["x-toy-signature"]}
    client.request("POST", "/_troth/inbox/toy", content=b'{"ran":"another"}', headers=sent)
    assert client.request("GET", "/_troth/inbox/toy").json()["messages"][0]["verified"] == {"X-Toy-Signature": False}
