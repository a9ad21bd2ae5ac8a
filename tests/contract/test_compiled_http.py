"""HTTP around the operations, on the compiled path: limits, HEAD, 405, bodies in pieces, clients that leave, request
ids.
"""

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract import probe
from tests.support.asgi import RawAnswer, run

JSON = ("Content-Type", "application/json")


@pytest.fixture(scope="module")
def app() -> Iterator[Any]:
    with probe.compiled() as made:
        yield made


def put(app: Any, *chunks: bytes, **options: Any) -> RawAnswer:
    return run(app, "PUT", "/probe/things/a", headers=[JSON], chunks=chunks, **options)


def test_a_wrong_method_is_refused_with_all_that_the_path_takes(app: Any) -> None:
    answer = run(app, "PATCH", "/probe/things/a")
    assert (answer.status, answer.headers["allow"]) == (405, "DELETE, GET, HEAD, PUT")
    assert run(app, "OPTIONS", "/probe/things/a").headers["allow"] == "DELETE, GET, HEAD, PUT"


def test_head_is_get_without_its_body(app: Any) -> None:
    get, head = run(app, "GET", "/probe/things/a"), run(app, "HEAD", "/probe/things/a")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.body))


def test_a_body_in_pieces_is_one_body(app: Any) -> None:
    assert put(app, b'{"na', b'me":', b'"a"}').json()["given"]["body"] == {"name": "a"}


def test_a_client_that_leaves_in_the_middle_of_its_body_is_not_served(app: Any) -> None:
    """What has come so far may well be a whole body: an empty one is, where it is optional."""
    for answer in (
        put(app, b'{"name":"a"}', disconnect=True),
        run(app, "POST", "/probe/optional", chunks=(b"",), disconnect=True),
        run(app, "POST", "/probe/optional", chunks=(), disconnect=True),
    ):
        assert (answer.status, answer.headers["connection"]) == (400, "close")
        assert "ended early" in answer.body.decode()


def test_a_body_of_one_mebibyte_is_read_and_one_byte_more_is_not(app: Any) -> None:
    body = b'{"name":"a"}'.ljust(1 << 20)
    assert put(app, body).status == 200
    assert put(app, body[:600_000], body[600_000:]).status == 200
    refused = put(app, body + b" ")
    assert (refused.status, refused.headers["connection"]) == (413, "close")
    assert put(app, body[:600_000], body[600_000:] + b" ").status == 413
    assert put(app, *[b" " * (1 << 20)] * 20).status == 413


def test_long_addresses_and_headers_are_refused(app: Any) -> None:
    assert run(app, "GET", "/probe/things/" + "a" * 8_000).status == 200
    assert run(app, "GET", "/probe/things/" + "a" * 8_200).status == 414
    assert run(app, "GET", "/probe/queries?unknown=" + "a" * 8_200).status == 414
    assert run(app, "GET", "/probe/things/a", headers=[("X-Any", "a" * 16_384)]).status == 200
    assert run(app, "GET", "/probe/things/a", headers=[("X-Any", "a" * 16_385)]).status == 431


def test_large_answers_are_compressed_for_those_who_ask_and_always_vary(app: Any) -> None:
    target = "/probe/things/" + "a" * 2_000
    plain = run(app, "GET", target)
    packed = run(app, "GET", target, headers=[("Accept-Encoding", "br, gzip")])
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert plain.headers["vary"] == packed.headers["vary"] == "Origin, Accept-Encoding"
    assert run(app, "GET", "/probe/things/a").headers["vary"] == "Origin"


def test_a_request_id_is_given_back_when_it_is_sound_and_made_otherwise(app: Any) -> None:
    def request_id_for(given: str | None) -> str:
        return run(app, "GET", "/probe/things/a", headers=[("X-Request-Id", given)] if given else []).headers[
            "x-request-id"
        ]

    assert request_id_for("abc-1.2_3") == "abc-1.2_3"
    assert request_id_for("a" * 65) != "a" * 65
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", request_id_for("a b"))
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", request_id_for(None))


def test_a_server_without_raw_path_is_served_from_its_decoded_path(app: Any) -> None:
    async def without(scope: Any, receive: Any, send: Any) -> None:
        await app({key: value for key, value in scope.items() if key != "raw_path"}, receive, send)

    assert run(without, "GET", "/probe/things/%C3%A9%25").json()["given"] == {"id": "é%"}
