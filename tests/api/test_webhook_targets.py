"""Addresses of webhooks, in each API that subscribes them: where they may go, and that their passwords are shown
nowhere.
"""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from models.outbox.addresses import PRIVATE_TARGETS
from models.outbox.outbox import Delivery
from tests.api.leat.conftest import make_account
from tests.api.loyalty_core.conftest import make_club
from tests.api.saasquatch.conftest import make_tenant
from tests.support.client import Client, segment
from troth import administration
from troth.app import Server

WITH_PASSWORD = "https://till:s%40cret@hooks.example.org/in"
SHOWN = "https://till:***@hooks.example.org/in"
FORBIDDEN = [
    "http://127.0.0.1:8080/",
    "http://localhost/",
    "http://a.localhost./",
    "http://[::1]/",
    "http://10.1.2.3/",
    "http://[fec0::1]/",
    "http://[::ffff:192.168.0.1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0/",
    "http://10.1.2.3./",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://127\u30020\uff610\uff0e1/",
]
"""Where webhooks of production do not go."""
Post = Callable[[str], httpx2.Response]


class Subscriber:
    """A tenant that subscribes addresses: how it is done, and what lists and single reads show of them."""

    def __init__(self, api: str, server: Server, client: Client) -> None:
        self.api = api
        self.put: Callable[[str], httpx2.Response] | None = None
        if api == "saasquatch":
            tenant = make_tenant(server, client)
            self.alias, self.unit = tenant.alias, tenant.unit
            self.post: Post = lambda url: tenant.post("/subscription", json={"endpointUrl": url})
            self.urls = lambda: [row["endpointUrl"] for row in tenant.get("/subscription").json()]
            self.act: Callable[[], Any] = lambda: tenant.user("u")
            self.tenant: Any = tenant
        elif api == "leat":
            account = make_account(server, client)
            path = "/webhook-subscriptions"
            self.alias, self.unit = account.tenant.alias, account.unit
            self.post = lambda url: account.post(path, json={"name": "n", "event_type": "contact_created", "url": url})
            self.urls = lambda: [row["url"] for row in account.get(path).json()["data"]]
            self.put = lambda url: account.put(
                f"{path}/{account.get(path).json()['data'][0]['uuid']}", json={"url": url}
            )
            self.act = lambda: account.create("ana@example.org")
        else:
            club = make_club(server, client)
            path = "/event-triggers"
            body = {"type": "WebHook", "name": "n"}
            self.alias, self.unit = club.tenant.alias, club.unit
            self.post = lambda url: club.post(path, json={**body, "settings": {"url": url, "events": ["*"]}})
            self.urls = lambda: [row["settings"]["url"] for row in club.get(path).json()["results"]]
            self.put = lambda url: club.put(f"{path}/1", json={**body, "settings": {"url": url, "events": ["*"]}})
            self.act = lambda: club.member("ana")


@pytest.fixture(params=["saasquatch", "leat", "loyalty_core"])
def subscriber(request: pytest.FixtureRequest, server: Server, client: Client) -> Subscriber:
    return Subscriber(request.param, server, client)


@pytest.fixture
def production(server: Server) -> Iterator[None]:
    """The server as far as targets go: private ones are off."""
    services = server.runtime.services
    before, services[PRIVATE_TARGETS] = services[PRIVATE_TARGETS], False
    yield
    services[PRIVATE_TARGETS] = before


class TestTargets:
    @pytest.mark.parametrize("url", FORBIDDEN)
    def test_production_refuses_the_inside_at_subscription(
        self, subscriber: Subscriber, production: None, url: str
    ) -> None:
        refused = subscriber.post(url)
        assert refused.status_code == 400
        if not (subscriber.api == "leat" and ("[" in url or not url.isascii())):  # whose contract has no such hosts
            assert "may not be sent to" in refused.text
        assert subscriber.urls() == []

    def test_a_change_to_the_inside_is_refused_too(self, subscriber: Subscriber, production: None) -> None:
        if subscriber.put is None:
            return
        assert subscriber.post("https://hooks.example.org/in").is_success
        refused = subscriber.put(FORBIDDEN[0])
        assert (refused.status_code, "may not be sent to 127.0.0.1" in refused.text) == (400, True), refused.text
        assert subscriber.urls() == ["https://hooks.example.org/in"]

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("http://169.254.169.254/latest", "may not be sent to 169.254.169.254"),
            ("http://[fe80::1]/", "may not be sent to fe80::1"),
            ("https://h.example:65536/", ""),
        ],
    )
    def test_link_local_addresses_and_ports_that_do_not_exist_are_refused_everywhere(
        self, subscriber: Subscriber, url: str, expected: str
    ) -> None:
        refused = subscriber.post(url)
        of_port = "must be an http or https URL" if subscriber.api == "leat" else "Port out of range"  # by its contract
        assert (refused.status_code, (expected or of_port) in refused.text) == (400, True), refused.text
        assert subscriber.urls() == []

    def test_a_scheme_may_be_in_capitals(self, subscriber: Subscriber) -> None:
        assert subscriber.post("HTTPS://hooks.example.org/in").is_success

    def test_a_mock_may_call_this_machine(self, subscriber: Subscriber) -> None:
        assert subscriber.post("http://localhost:65535/").is_success

    def test_the_command_line_refuses_the_inside(
        self, subscriber: Subscriber, server: Server, production: None
    ) -> None:
        with pytest.raises(ValueError, match="may not be sent to"):
            administration.create_webhook(server.runtime, subscriber.api, subscriber.alias, FORBIDDEN[0], ["*"])


class TestPasswords:
    def test_an_address_is_kept_with_its_password_and_shown_without(
        self, subscriber: Subscriber, server: Server
    ) -> None:
        made = subscriber.post(WITH_PASSWORD)
        assert made.is_success
        assert "s%40cret" not in made.text
        assert subscriber.urls() == [SHOWN]
        (row,) = administration.webhooks(server.runtime, subscriber.api, subscriber.alias)
        assert row["url"] == SHOWN
        subscriber.act()
        unit = subscriber.unit()
        with unit.transaction() as session:
            assert {one.url for one in session.scalars(unit.scoped(Delivery))} == {WITH_PASSWORD}

    def test_an_address_that_is_sent_back_as_it_was_shown_keeps_its_password(self, subscriber: Subscriber) -> None:
        subscriber.post(WITH_PASSWORD)
        again = subscriber.put or subscriber.post
        assert again(SHOWN).is_success
        assert subscriber.urls() == [SHOWN]
        subscriber.act()
        unit = subscriber.unit()
        with unit.transaction() as session:
            assert {one.url for one in session.scalars(unit.scoped(Delivery))} == {WITH_PASSWORD}

    def test_an_address_is_removed_by_what_is_shown_of_it(self, subscriber: Subscriber, server: Server) -> None:
        administration.create_webhook(server.runtime, subscriber.api, subscriber.alias, WITH_PASSWORD, ["*"])
        administration.delete_webhook(server.runtime, subscriber.api, subscriber.alias, SHOWN)
        assert administration.webhooks(server.runtime, subscriber.api, subscriber.alias) == []


def test_saasquatch_tests_and_ends_a_subscription_by_what_is_shown_of_it(server: Server, client: Client) -> None:
    tenant = make_tenant(server, client)
    tenant.post("/subscription", json={"endpointUrl": WITH_PASSWORD})
    assert tenant.post(f"/subscription/{segment(SHOWN)}/test").status_code == 204
    assert tenant.events("test")[0]["data"]["endpointUrl"] == SHOWN
    assert tenant.delete(f"/subscription/{segment(SHOWN)}").status_code == 204
    assert tenant.get("/subscription").json() == []
