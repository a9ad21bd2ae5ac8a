"""A client that always calls the vendor's own host over TLS, through a proxy that ends the TLS (the README's
recipe).
"""

import http.client
import json
import socket
import ssl
from base64 import b64encode
from pathlib import Path

import pytest

from tests.support.client import Client
from tests.support.live import free_port, troth
from tests.support.tls import certificate, tls_proxy
from troth.app import build
from troth.settings import Settings
from troth.starting import CannotStart

HOST = "app.referralsaasquatch.com"
KEY = "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"
ALIASES = f"{HOST}=saasquatch, API.example.org=loyalty-core"


class FixedHost(http.client.HTTPSConnection):
    """Calls the vendor's host, which leads to a port of this machine, as a line in /etc/hosts would have it."""

    def __init__(self, port: int, file: Path) -> None:
        context = ssl.create_default_context(cafile=file)
        super().__init__(HOST, context=context, timeout=30)
        self._create_connection = lambda _address, *_rest: socket.create_connection(("127.0.0.1", port))


def test_a_fixed_host_works_through_a_tls_proxy(tmp_path: Path) -> None:
    file, port = certificate(tmp_path, HOST), free_port()
    with troth("mock", port=port, env={"TROTH_HOST_ALIASES": ALIASES}), tls_proxy(file, port) as proxied:
        client = FixedHost(proxied, file)
        basic = {"Authorization": "Basic " + b64encode(f":{KEY}".encode()).decode()}
        client.request("GET", "/api/v1/demo/users?limit=1", headers=basic)
        answer = client.getresponse()
        assert (answer.status, json.loads(answer.read())["count"]) == (200, 1)
        client.request("GET", "/api/v1/demo/nothing")
        answer = client.getresponse()
        assert (answer.status, json.loads(answer.read())["statusCode"]) == (404, 404)
        client.request("GET", "/_troth/info")
        answer = client.getresponse()
        assert (answer.status, b"TROTH_CONTROL_HOSTS" in answer.read()) == (403, True)
        client.close()


def test_several_aliases_each_lead_to_their_api() -> None:
    server = build(Settings(mock=True, database_url="sqlite://", host_aliases=ALIASES))
    client = Client(server)
    for host, member in ((HOST, "rsCode"), ("api.example.org:8443", "statusCode"), ("saasquatch.localhost", "rsCode")):
        assert member in client.request("GET", "/api/v1/nothing", headers={"Host": host}).json()
    assert "error" in client.request("GET", "/api/v1/nothing", headers={"Host": "other.example.org"}).json()
    client.close()
    server.close()


@pytest.mark.parametrize("wrong", ["app.example.org", "=saasquatch", "a b=saasquatch", "a.example=", "x=y,,z"])
def test_what_is_no_list_of_hosts_and_apis_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="<host>=<api>"):
        Settings(host_aliases=wrong)


def test_an_alias_of_no_api_does_not_start() -> None:
    with pytest.raises(CannotStart, match="no API 'nothing', but saasquatch"):
        build(Settings(mock=True, database_url="sqlite://", host_aliases="app.example.org=nothing"))
