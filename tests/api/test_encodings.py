"""Content codings of request bodies, in every API and in Troth's own control plane."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from models.kernel.problems import BodyTooLarge, EncodingProblem, RequestProblem
from tests.api.advocacy.conftest import make_business
from tests.api.leat.conftest import make_account
from tests.api.loyalty_core.conftest import make_club
from tests.api.saasquatch.conftest import make_tenant
from tests.support.client import Client
from troth.app import Server
from troth.request.bodies import BODY_BYTES_MAX
from troth.request.encodings import decoded
from troth.spec import store
from troth.spec.operations import operations

Send = Callable[..., httpx2.Response]


def _saasquatch(server: Server, client: Client) -> Send:
    tenant = make_tenant(server, client)
    return lambda **options: tenant.post("/subscription", **options)


def _advocacy(server: Server, client: Client) -> Send:
    business = make_business(server, client)
    return lambda **options: business.post("/advocates", **options)


def _leat(server: Server, client: Client) -> Send:
    account = make_account(server, client)
    return lambda **options: account.post("/contacts", **options)


def _leat_token(_server: Server, client: Client) -> Send:
    return lambda **options: client.request("POST", "/leat/oauth/token", **options)


def _loyalty_core(server: Server, client: Client) -> Send:
    club = make_club(server, client)
    return lambda **options: club.post("/members", **options)


def _control(_server: Server, client: Client) -> Send:
    return lambda **options: client.request("POST", "/_troth/inbox/coded", **options)


BODIES: dict[str, tuple[Callable[[Server, Client], Send], dict[str, Any]]] = {
    "saasquatch": (_saasquatch, {"endpointUrl": "https://hooks.example.org/in", "webhookTypes": ["*"]}),
    "advocacy": (_advocacy, {"email": "gzip@example.org"}),
    "leat": (_leat, {"email": "gzip@example.org"}),
    "loyalty_core": (_loyalty_core, {"loyaltyMemberId": "gzip"}),
    "control": (_control, {"any": "thing"}),
}
JSON = {"Content-Type": "application/json"}


def as_gzip(body: Any) -> bytes:
    return gzip.compress(json.dumps(body).encode(), mtime=0)


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", " gzip , identity"])
@pytest.mark.parametrize("api", BODIES)
def test_a_gzip_body_is_read_as_the_plain_one(server: Server, client: Client, api: str, coding: str) -> None:
    begin, body = BODIES[api]
    answer = begin(server, client)(content=as_gzip(body), headers={**JSON, "Content-Encoding": coding})
    assert answer.status_code in (200, 201), answer.text


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip", "x", "identity, br"])
@pytest.mark.parametrize("api", BODIES)
def test_another_coding_is_a_415_that_names_those_there_are(
    server: Server, client: Client, api: str, coding: str
) -> None:
    begin, body = BODIES[api]
    answer = begin(server, client)(json=body, headers={"Content-Encoding": coding})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip, identity")
    assert "gzip" in answer.text


def test_the_token_request_refuses_another_coding_in_the_shape_of_oauth(server: Server, client: Client) -> None:
    answer = _leat_token(server, client)(json={"grant_type": "client_credentials"}, headers={"Content-Encoding": "br"})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip, identity")
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("api", BODIES)
def test_a_body_that_is_larger_than_a_mebibyte_once_it_is_decoded_is_too_large(
    server: Server, client: Client, api: str
) -> None:
    begin, body = BODIES[api]
    bomb = as_gzip({**body, "padding": "x" * (8 << 20)})
    assert len(bomb) < 16_384
    answer = begin(server, client)(content=bomb, headers={**JSON, "Content-Encoding": "gzip"})
    assert answer.status_code == {"advocacy": 400, "leat": 400}.get(api, 413), answer.text
    assert "large" in answer.text


@pytest.mark.parametrize("api", BODIES)
def test_what_is_not_gzip_is_malformed(server: Server, client: Client, api: str) -> None:
    begin, body = BODIES[api]
    answer = begin(server, client)(json=body, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 400
    assert "gzip" in answer.text


def test_a_form_may_be_gzip_too(server: Server, client: Client) -> None:
    answer = _leat(server, client)(
        content=gzip.compress(b"email=form%40example.org"),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"},
    )
    assert answer.status_code == 200, answer.text


def test_the_inbox_checks_signatures_over_the_decoded_body(client: Client) -> None:
    client.request("DELETE", "/_troth/inbox/coded")
    sent = {"decoded": "yes"}
    client.request("POST", "/_troth/inbox/coded", content=as_gzip(sent), headers={**JSON, "Content-Encoding": "gzip"})
    assert json.loads(client.request("GET", "/_troth/inbox/coded").json()["messages"][0]["body"]) == sent


@pytest.mark.parametrize("api", ["saasquatch", "advocacy", "leat", "loyalty_core", "control"])
def test_every_operation_with_a_body_may_answer_415_by_its_contract(api: str) -> None:
    document, _ = store.load(api)
    bodies = [raw for _, _, raw in operations(document) if "requestBody" in raw]
    assert bodies
    assert [raw["operationId"] for raw in bodies if not {"415", "default"} & set(raw["responses"])] == []


class TestDecoding:
    def test_a_body_of_exactly_a_mebibyte_is_read_and_one_byte_more_is_not(self) -> None:
        assert len(decoded(b"gzip", gzip.compress(b"x" * BODY_BYTES_MAX))) == BODY_BYTES_MAX
        with pytest.raises(BodyTooLarge):
            decoded(b"gzip", gzip.compress(b"x" * (BODY_BYTES_MAX + 1)))

    def test_the_limit_holds_for_all_members_of_a_stream_together(self) -> None:
        half = gzip.compress(b"x" * (BODY_BYTES_MAX // 2))
        assert len(decoded(b"gzip", half + half)) == BODY_BYTES_MAX
        with pytest.raises(BodyTooLarge):
            decoded(b"gzip", half + half + gzip.compress(b"x"))

    def test_a_stream_that_breaks_off_anywhere_is_refused(self) -> None:
        whole = gzip.compress(b'{"a": 1}')
        for length in range(1, len(whole)):
            with pytest.raises(RequestProblem):
                decoded(b"gzip", whole[:length])

    def test_a_changed_byte_of_the_check_sum_and_bytes_behind_the_stream_are_refused(self) -> None:
        whole = gzip.compress(b'{"a": 1}')
        for broken in (whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:], whole + b"x", zlib.compress(b"{}")):
            with pytest.raises(RequestProblem):
                decoded(b"gzip", broken)

    def test_no_body_has_no_coding(self) -> None:
        assert decoded(b"gzip", b"") == b""
        assert decoded(b"", b"{}") == decoded(b"identity", b"{}") == decoded(None, b"{}") == b"{}"
        with pytest.raises(EncodingProblem):
            decoded(b"br", b"")
