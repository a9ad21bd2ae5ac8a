"""An event that goes to two endpoints of a tenant is signed with the secret of each, and with nobody else's."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import standardwebhooks

from tests.api.advocacy.conftest import make_business
from tests.api.leat.conftest import make_account
from tests.api.loyalty_core.conftest import make_club
from tests.support.client import Client
from tests.support.senders import NullSender
from tests.support.serving import memory_server
from troth.outbox.dispatcher import Dispatcher

SECRETS = {f"https://{letter}.example.org/in": "whsec_" + letter * 32 for letter in "abc"}
Verifies = Callable[[str, bytes, dict[str, str]], bool]


def standard(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    """Whether the official library takes a message."""
    try:
        standardwebhooks.Webhook(secret).verify(body, headers)
    except standardwebhooks.WebhookVerificationError:
        return False
    return True


def advocacy(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    """Whether both signatures are by this secret. Fails where they disagree."""
    own = hmac.compare_digest(
        headers["X-Sentiments-Signature"], hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    )
    assert own == standard(secret, body, headers)
    return own


def leat(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    return hmac.compare_digest(headers["Signature"], hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())


APIS: dict[str, tuple[Callable[..., Any], Callable[[Any], object], Verifies]] = {
    "advocacy": (make_business, lambda business: business.advocate(), advocacy),
    "leat": (make_account, lambda account: account.create("ana@example.org"), leat),
    "loyalty_core": (make_club, lambda club: club.member(), standard),
}
"""How a tenant is made, what makes an event in it, and what verifies a message. SaaSquatch signs with the key of the
tenant.
"""

TYPES = {"advocacy": ["*"], "leat": ["contact_created"], "loyalty_core": ["member-created"]}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    server = memory_server(fixed_clock=False)
    made = Client(server)
    yield made
    made.close()
    server.close()


def sent(client: Client, api: str, secrets: dict[str, str]) -> list[tuple[str, bytes, dict[str, str]]]:
    """What a tenant with these endpoints sends for one event."""
    make, cause, _ = APIS[api]
    tenant = make(client.server, client)
    for url, secret in secrets.items():
        unit = tenant.unit()
        with unit.transaction():
            client.server.runtime.domain(api).webhooks.configure_endpoint(
                unit, url=url, types=TYPES[api], name=None, secret=secret
            )
            unit.finish()
    client.server.runtime.directory.forget()
    dispatcher: Dispatcher = client.server.runtime.services["dispatcher"]
    sender = dispatcher.sender = NullSender()
    cause(tenant)
    assert client.request("POST", "/_troth/clock/advance", json={"by_ms": 0}).status_code == 200
    return sender.calls


@pytest.mark.parametrize("api", APIS)
def test_each_endpoint_verifies_with_its_own_secret_and_with_no_other(client: Client, api: str) -> None:
    verifies = APIS[api][2]
    calls = sent(client, api, SECRETS)
    assert sorted(url for url, _, _ in calls) == sorted(SECRETS)
    for url, body, headers in calls:
        assert [of for of, secret in SECRETS.items() if verifies(secret, body, headers)] == [url]


@pytest.mark.parametrize("api", APIS)
def test_endpoints_of_two_tenants_at_one_address_have_a_secret_each(client: Client, api: str) -> None:
    verifies = APIS[api][2]
    url, (first, second, _) = next(iter(SECRETS)), SECRETS.values()
    for secret, other in ((first, second), (second, first)):
        [(_, body, headers)] = sent(client, api, {url: secret})
        assert (verifies(secret, body, headers), verifies(other, body, headers)) == (True, False)
