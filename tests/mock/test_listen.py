"""`troth listen`: webhooks of a running mock on the developer's own address, and with what they are verified."""

import contextlib
import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import standardwebhooks

from tests.mock.test_sandboxes import MAIN_KEY
from tests.processes.test_cli import TROTH, run
from tests.support.client import Client
from tests.support.live import free_port, troth
from tests.support.receiver import Receiver, receiver
from tests.support.refusals import assert_refused
from tests.support.tls import certificate, tls_proxy
from troth.mock.dashboard.webhook_stream import Filter

ADVOCACY = {"Authorization": "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with troth("mock", "--scenario", "empty") as started:
        yield started


@pytest.fixture(scope="module")
def hook() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@contextlib.contextmanager
def listening(url: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`troth listen ARGUMENTS`, which follows already."""
    command = [TROTH, "listen", "--url", url, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "listening" in line, line
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    process.send_signal(number)
    rest, errors = process.communicate(timeout=20)
    return process.returncode, rest, errors


def add_user(url: str, name: str) -> None:
    path = f"{url}/saasquatch/api/v1/demo/open/account/{name}/user/{name}"
    assert httpx2.put(path, auth=("", MAIN_KEY), json={"id": name, "accountId": name}).status_code == 200


def add_advocate(url: str, name: str) -> None:
    body = {"email": f"{name}@example.org", "name": name}
    assert httpx2.post(f"{url}/advocacy/api/v1/advocates", headers=ADVOCACY, json=body).status_code in (200, 201)


def test_each_webhook_is_forwarded_as_it_was_sent(url: str, hook: Receiver) -> None:
    hook.requests.clear()
    options = ("--forward-to", f"{hook.url}/in?a=1", "--events", "user.created", "--format", "json")
    subscribed = httpx2.post(
        f"{url}/saasquatch/api/v1/demo/subscription",
        auth=("", MAIN_KEY),
        json={"endpointUrl": f"{url}/_troth/inbox/asked?token=7", "webhookTypes": ["user.created"]},
    )
    assert subscribed.status_code == 201
    with listening(url, *options) as process:
        add_user(url, "ana")
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(2)]
        code, rest, errors = ended(process, signal.SIGTERM)
    assert (code, rest) == (0, ""), errors
    assert {line["event"] for line in lines} == {"user.created"}
    assert [line["forwarded_status"] for line in lines] == [200, 200]
    assert {path for path, _, _ in hook.requests} == {"/in?a=1", "/in?a=1&token=7"}
    for line, (_, headers, body) in zip(lines, hook.requests, strict=True):
        shown = httpx2.get(f"{url}/_troth/deliveries/{line['delivery']}").json()["tries"][0]["request"]
        assert json.loads(body) == shown["json"]
        assert headers["X-Hook-Signature"] == shown["headers"]["x-hook-signature"]
        assert line["body"].encode() == body


def test_people_get_a_line_and_the_interrupt_ends_it_with_0(url: str, hook: Receiver) -> None:
    options = ("--forward-to", hook.url, "--api", "advocacy", "--tenant", "demo")
    with listening(url, *options) as process:
        add_user(url, "ben")
        add_advocate(url, "ben")
        assert process.stdout is not None
        line = process.stdout.readline()
        code, rest, errors = ended(process, signal.SIGINT)
    assert (code, rest) == (0, ""), errors
    assert "advocacy/demo  advocate.joined  " in line
    assert "  -> 200 (" in line
    _, headers, body = hook.requests[-1]
    [secret] = json.loads(run("listen", "--print-secret", "--api", "advocacy", "--url", url, "--json"))["tenants"]
    given = {name.lower(): value for name, value in headers.items()}
    standardwebhooks.Webhook(secret["secrets"][0]).verify(body, given)  # raises for what it does not take


def test_an_address_that_does_not_answer_is_reported_and_ends_nothing(url: str) -> None:
    with listening(url, "--forward-to", f"http://127.0.0.1:{free_port()}/", "--format", "json") as process:
        add_advocate(url, "cid")
        add_advocate(url, "dan")
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(2)]
        assert ended(process, signal.SIGTERM)[0] == 0
    assert [line["forwarded_status"] for line in lines] == [None, None]
    assert all("ConnectError" in line["forwarded_error"] for line in lines)


def test_a_certificate_is_verified_unless_an_option_says_otherwise(url: str, hook: Receiver, tmp_path: Path) -> None:
    file, came = certificate(tmp_path, "localhost"), []
    for options in ((), ("--skip-verify",)):
        with tls_proxy(file, hook.port) as port:
            address = ("--forward-to", f"https://localhost:{port}/", "--api", "advocacy", "--format", "json")
            with listening(url, *address, *options) as process:
                add_advocate(url, f"tls{len(came)}")
                assert process.stdout is not None
                came.append(json.loads(process.stdout.readline()))
                assert ended(process, signal.SIGTERM)[0] == 0
    assert [line["forwarded_status"] for line in came] == [None, 200]
    assert "CERTIFICATE_VERIFY_FAILED" in came[0]["forwarded_error"]


def test_secrets_for_people(url: str) -> None:
    shown = run("listen", "--print-secret", "--url", url)
    assert "whsec_REVNTzBLRVkwQURWT0NBQ1kwVFJPVEgwTU9DSw==" in shown
    assert MAIN_KEY in shown


def test_what_it_cannot_do(url: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    assert "no mock answers" in run("listen", "--url", nobody, expect=1)
    assert "is not an http address" in run("listen", "--url", url, "--forward-to", "localhost:1", expect=1)
    assert "has no API 'saas'; there are saasquatch, " in run("listen", "--url", url, "--api", "saas", expect=1)


def test_the_secrets_of_each_tenant(mock: Client) -> None:
    found = mock.request("GET", "/_troth/signing-secrets").json()["tenants"]
    assert {one["tenant"]: len(one["secrets"]) for one in found} == {
        "saasquatch/demo": 1,
        "saasquatch/test_demo": 1,
        "advocacy/demo": 1,
        "leat/demo": 1,
        "loyalty_core/demo": 1,
    }
    assert mock.request("GET", "/_troth/signing-secrets?api=leat&tenant=demo").json()["tenants"] == [
        {"api": "leat", "tenant": "leat/demo", "secrets": ["demo-webhook-secret-leat"]}
    ]
    assert_refused(mock.request("GET", "/_troth/signing-secrets?api="), 400, "query parameter api: must not be empty")


@pytest.mark.parametrize(
    ("query", "means"),
    [
        ({}, [True, False, False]),
        ({"retries": "true"}, [True, True, False]),
        ({"api": "leat"}, [False, False, False]),
        ({"tenant": "demo", "events": "a,user.created"}, [True, False, False]),
        ({"tenant": "saasquatch/other"}, [False, False, False]),
    ],
)
def test_which_attempts_are_followed(query: dict[str, str], means: list[bool]) -> None:
    from types import SimpleNamespace

    call = SimpleNamespace(tenant="saasquatch/demo", event="user.created")
    attempts: list[Any] = [SimpleNamespace(attempt=number, call=call) for number in (1, 2, 0)]
    assert [Filter.of(query).matches(one) for one in attempts] == means
