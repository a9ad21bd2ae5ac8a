"""Whose time signatures of webhooks carry, and that the official verifiers take them, whatever the sandbox's clock
says.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import standardwebhooks
import svix

from models.kernel.clock import DAY_MS, MINUTE_MS, SECOND_MS, wall_ms
from tests.api.advocacy.conftest import make_business
from tests.api.loyalty_core.conftest import make_club
from tests.support.client import BASE_URL, Client
from tests.support.senders import NullSender
from troth.app import build
from troth.settings import Settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OUTSIDE = "https://hooks.example.org/in"
INBOX = f"{BASE_URL}/_troth/inbox/times"
NEAR_OUTSIDE = f"{BASE_URL}/_troth/other"
Call = tuple[str, bytes, dict[str, str]]


def advocacy(client: Client, url: str) -> None:
    """Have the advocacy API send a webhook to an address."""
    business = make_business(client.server, client)
    unit = business.unit()
    with unit.transaction():
        client.server.runtime.domain("advocacy").webhooks.configure_endpoint(unit, url=url, types=["*"], secret=SECRET)
        unit.finish()
    client.server.runtime.directory.forget()
    business.advocate()


def loyalty_core(client: Client, url: str) -> None:
    """Have the Loyalty Core API send a webhook to an address."""
    club = make_club(client.server, client)
    unit = club.unit()
    with unit.transaction():
        client.server.runtime.domain("loyalty_core").webhooks.configure_endpoint(
            unit, url=url, types=["member-created"], secret=SECRET
        )
        unit.finish()
    client.server.runtime.directory.forget()
    club.member("ana")


APIS: dict[str, Callable[[Client, str], None]] = {"advocacy": advocacy, "loyalty_core": loyalty_core}


@contextmanager
def mocking(**settings: Any) -> Iterator[tuple[Client, NullSender]]:
    server = build(Settings(**{"mock": True, "database_url": "sqlite://", "public_url": BASE_URL, **settings}))
    sender = NullSender()
    server.runtime.services["dispatcher"].sender = sender
    client = Client(server)
    try:
        yield client, sender
    finally:
        client.close()
        server.close()


def advance(client: Client, by_ms: int) -> None:
    assert client.request("POST", "/_troth/clock/advance", json={"by_ms": by_ms}).status_code == 200


def sent(client: Client, sender: NullSender, api: str, url: str) -> Call:
    """The one call that comes of an event of the API."""
    APIS[api](client, url)
    advance(client, 0)
    (call,) = sender.calls
    return call


def signed_s(call: Call) -> int:
    return int(call[2]["webhook-timestamp"])


def sandbox_s(client: Client) -> int:
    return client.request("GET", "/_troth/clock").json()["now_ms"] // SECOND_MS


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("advanced_ms", [0, 100 * DAY_MS, 2_000 * DAY_MS])
@pytest.mark.parametrize("fixed", [True, False])
def test_the_official_libraries_verify_what_an_outside_address_gets(api: str, advanced_ms: int, fixed: bool) -> None:
    with mocking(fixed_clock=fixed) as (client, sender):
        advance(client, advanced_ms)
        _, body, headers = sent(client, sender, api, OUTSIDE)
        for library in (svix, standardwebhooks):
            library.Webhook(SECRET).verify(body, headers)  # raises for what it does not take
            with pytest.raises(library.WebhookVerificationError):
                library.Webhook(SECRET).verify(body + b" ", headers)
            with pytest.raises(library.WebhookVerificationError):
                library.Webhook("whsec_" + "A" * 32).verify(body, headers)


@pytest.mark.parametrize("api", APIS)
def test_each_retry_is_signed_anew_and_verifies(api: str) -> None:
    with mocking(fixed_clock=True) as (client, sender):
        sender.status = 500
        sent(client, sender, api, OUTSIDE)
        advance(client, 10 * MINUTE_MS)
        assert len(sender.calls) > 1
        for _, body, headers in sender.calls:
            svix.Webhook(SECRET).verify(body, headers)  # raises for what it does not take


@pytest.mark.parametrize("api", APIS)
def test_the_built_in_inbox_gets_the_sandboxs_time_so_that_its_bytes_repeat(api: str) -> None:
    calls = []
    for _ in range(2):
        with mocking(fixed_clock=True) as (client, sender):
            advance(client, 100 * DAY_MS)
            calls.append(sent(client, sender, api, INBOX))
            assert signed_s(calls[-1]) == sandbox_s(client)
    signatures = [
        {name: value for name, value in headers.items() if name in ("webhook-timestamp", "X-Sentiments-Timestamp")}
        for _, _, headers in calls
    ]
    assert signatures[0] == signatures[1]


@pytest.mark.parametrize("url", [OUTSIDE, NEAR_OUTSIDE, "http://other.example.org/_troth/inbox/times"])
def test_any_other_address_is_outside_also_one_that_looks_alike(url: str) -> None:
    with mocking(fixed_clock=True) as (client, sender):
        assert abs(signed_s(sent(client, sender, "advocacy", url)) - wall_ms() // SECOND_MS) < 60


@pytest.mark.parametrize("url", [OUTSIDE, INBOX])
@pytest.mark.parametrize("api", APIS)
def test_a_setting_forces_either_clock(api: str, url: str) -> None:
    with mocking(fixed_clock=True, webhook_clock="sandbox") as (client, sender):
        assert signed_s(sent(client, sender, api, url)) == sandbox_s(client)
    with mocking(fixed_clock=True, webhook_clock="wall") as (client, sender):
        assert abs(signed_s(sent(client, sender, api, url)) - wall_ms() // SECOND_MS) < 60


def test_the_setting_knows_three_words() -> None:
    with pytest.raises(ValueError, match="auto"):
        Settings(webhook_clock="utc")  # type: ignore[arg-type]  # that is the point


def test_the_advocacy_apis_own_timestamp_is_of_the_same_instant() -> None:
    with mocking(fixed_clock=True) as (client, sender):
        headers = sent(client, sender, "advocacy", OUTSIDE)[2]
        assert headers["X-Sentiments-Timestamp"] == headers["webhook-timestamp"]
