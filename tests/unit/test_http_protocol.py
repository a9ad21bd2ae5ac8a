"""Troth's HTTP/1.1 protocol over real sockets: what leaves, what is refused, and what happens when either side stops."""

import asyncio
import contextlib
import contextvars
import gc
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import uvicorn
from uvicorn.server import ServerState

from tests.support.live import troth
from troth.http_exchange import RESPOND, Exchange, in_task
from troth.http_protocol import HttpProtocol

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
GET = b"GET /things?limit=5 HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
CLOSE_AFTER_S = 5
OK_HEADERS = [(b"content-type", b"text/plain"), (b"content-length", b"2")]


@dataclass
class Served:
    """An application on a port, and what its server knows."""

    port: int
    state: ServerState = field(default_factory=ServerState)

    async def talk(self, *pieces: bytes | float | None) -> bytes:
        """Send pieces (a number waits for seconds, None for an answer), and return all that comes until the server closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        received = b""
        for piece in pieces:
            if isinstance(piece, bytes):
                writer.write(piece)
                await writer.drain()
            elif piece is None:
                received += await asyncio.wait_for(reader.read(65_536), CLOSE_AFTER_S)
            else:
                await asyncio.sleep(piece)
        received += await asyncio.wait_for(reader.read(), CLOSE_AFTER_S)
        writer.close()
        return received


@contextlib.asynccontextmanager
async def served(application: Application, **options: Any) -> AsyncIterator[Served]:
    config = uvicorn.Config(application, log_level="critical", proxy_headers=False, ws="none", **options)  # type: ignore[arg-type]
    state = ServerState()
    state.default_headers = [(b"date", b"today")]
    server = await asyncio.get_running_loop().create_server(lambda: HttpProtocol(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield Served(server.sockets[0].getsockname()[1], state)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what is about to be so, however busy the machine is."""
    for _ in range(CLOSE_AFTER_S * 100):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never was")


def whole(status: int = 200, headers: Any = OK_HEADERS, body: bytes = b"ok") -> Application:
    """Answers in one call."""

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        assert scope["extensions"][RESPOND](status, list(headers), body)

    return application


def messages(*sent: dict[str, Any]) -> Application:
    """Sends ASGI messages, whatever they are."""

    async def application(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
        for message in sent:
            await send(message)

    return application


def start(*headers: tuple[bytes, bytes], status: int = 200) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(data: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


async def echo(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers with what it was sent, once it has come whole."""
    data, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            scope["state"]["left"] = True
            return
        data += message["body"]
        more = message["more_body"]
    await send(start((b"content-length", b"%d" % len(data))))
    await send(body(data))


def answered(application: Application, *pieces: bytes | float | None, **options: Any) -> bytes:
    async def play() -> bytes:
        async with served(application, **options) as there:
            answer = await there.talk(*pieces)
            await asyncio.sleep(0)
            assert not there.state.tasks, "a task outlived its request"
            return answer

    return asyncio.run(play())


WHOLE = b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n"


def test_a_whole_answer() -> None:
    assert answered(whole(), GET, None, LAST) == WHOLE + b"\r\nok" + WHOLE + b"connection: close\r\n\r\nok"


def test_an_answer_in_messages_leaves_alike() -> None:
    sent = start(*OK_HEADERS), body(b"o", more=True), body(b"k")
    assert answered(messages(*sent), GET, None, LAST) == answered(whole(), GET, None, LAST)


def test_an_answer_without_a_length_is_chunked() -> None:
    sent = start(), body(b"", more=True), body(b"one", more=True), body(b"and two")
    assert answered(messages(*sent), LAST) == (
        b"HTTP/1.1 200 OK\r\ndate: today\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n7\r\nand two\r\n0\r\n\r\n")


@pytest.mark.parametrize("application", [whole(204, [], b""), messages(start(status=204), body(b""))])
def test_an_answer_without_a_body(application: Application) -> None:
    assert answered(application, LAST) == b"HTTP/1.1 204 No Content\r\ndate: today\r\nconnection: close\r\n\r\n"


def test_the_answer_to_head_has_no_body() -> None:
    assert answered(messages(start(*OK_HEADERS), body(b"ok")), LAST.replace(b"GET", b"HEAD")) == WHOLE + b"connection: close\r\n\r\n"


@pytest.mark.parametrize(("target", "path", "raw_path", "query"), [
    (b"/a/b", "/a/b", b"/a/b", b""),
    (b"/a%2Fb/%C3%A4?x=%20&y", "/a/b/ä", b"/a%2Fb/%C3%A4", b"x=%20&y"),
    (b"/a?b?c", "/a", b"/a", b"b?c"),
    (b"http://other.example/a?b", "/a", b"/a", b"b"),
    (b"http://other.example", "/", b"/", b""),
    (b"/a#b?c", "/a", b"/a", b""),
])
def test_targets(target: bytes, path: str, raw_path: bytes, query: bytes) -> None:
    seen: dict[str, Any] = {}

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        seen.update(scope)
        scope["extensions"][RESPOND](200, list(OK_HEADERS), b"ok")

    assert b"200 OK" in answered(application, LAST.replace(b"/things?limit=5", target))
    assert (seen["path"], seen["raw_path"], seen["query_string"]) == (path, raw_path, query)
    assert (seen["type"], seen["method"], seen["http_version"], seen["scheme"]) == ("http", "GET", "1.1", "http")
    assert seen["client"][0] == seen["server"][0] == "127.0.0.1"
    assert seen["headers"] == [(b"host", b"localhost"), (b"connection", b"close")]


@pytest.mark.parametrize("pieces", [
    [b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 6\r\n\r\nabcdef"],
    [b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 6\r\n\r\nabc", 0.02, b"def"],
    [b"POST / HT", 0.02, b"TP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", 0.02, b"3\r\ndef\r\n0\r\n\r\n"],
])
def test_bodies_in_one_piece_and_in_several(pieces: list[bytes | float]) -> None:
    assert answered(echo, *pieces).endswith(b"content-length: 6\r\nconnection: close\r\n\r\nabcdef")


def test_a_large_body_passes_through_while_reading_is_paused_and_resumed() -> None:
    data = bytes(range(256)) * 8_192
    head = b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(data)
    assert answered(echo, head, data).partition(b"\r\n\r\n")[2] == data


def test_a_client_that_asks_before_it_sends_its_body_is_told_to() -> None:
    head = b"POST / HTTP/1.1\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert answered(echo, head, None, b"hi").startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


def test_requests_sent_at_once_are_answered_in_their_order() -> None:
    count = 2_000

    async def application(scope: dict[str, Any], _receive: Any, send: Any) -> None:
        number = scope["path"][1:].encode()
        if int(number) % 3 == 0:
            await asyncio.sleep(0)
        await send(start((b"content-length", b"%d" % len(number))))
        await send(body(number))

    requests = b"".join(LAST.replace(b"/things?limit=5", b"/%d" % n) if n == count - 1 else GET.replace(b"/things?limit=5", b"/%d" % n) for n in range(count))
    answers = answered(application, requests).split(b"HTTP/1.1 200 OK")[1:]
    assert [int(answer.rpartition(b"\r\n\r\n")[2]) for answer in answers] == list(range(count))


def test_a_request_that_waits_goes_on_in_a_task() -> None:
    tasks: list[Any] = []

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        tasks.append(asyncio.current_task())
        with contextlib.suppress(ZeroDivisionError):
            await asyncio.get_running_loop().run_in_executor(None, divmod, 1, 0)
        tasks.append(asyncio.current_task())
        await asyncio.sleep(0.01)
        async with asyncio.timeout(1):
            await asyncio.sleep(0)
        scope["extensions"][RESPOND](200, list(OK_HEADERS), b"ok")

    assert answered(application, LAST).endswith(b"ok")
    assert tasks[0] is None
    assert tasks[1] is not None


def test_in_task_is_in_one() -> None:
    tasks: list[Any] = []

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        await in_task()
        tasks.append(asyncio.current_task())
        await in_task()
        tasks.append(asyncio.current_task())
        scope["extensions"][RESPOND](200, list(OK_HEADERS), b"ok")

    answered(application, LAST)
    assert tasks[0] is tasks[1] is not None


@pytest.mark.parametrize("application", [
    messages(),
    messages(start(*OK_HEADERS)),
    messages(body(b"ok")),
    messages(start((b"x", b"a\r\nset-cookie: b")), body(b"")),
    messages(start((b"x\r\ny", b"a")), body(b"")),
    messages(start((b"content-length", b"1")), body(b"ok")),
    messages(start((b"content-length", b"3")), body(b"ok")),
    whole(headers=[*OK_HEADERS, (b"x", b"a\r\nset-cookie: b")]),
    whole(headers=[*OK_HEADERS, (b"x", b"a\nb")]),
    whole(headers=[*OK_HEADERS, (b"x", b"a\rb")]),
    whole(headers=[*OK_HEADERS, (b"x", b"a\0b")]),
])
def test_an_application_that_fails_before_anything_has_left_is_a_500(application: Application) -> None:
    answer = answered(application, GET)
    assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert answer.endswith(b"\r\n\r\nInternal Server Error")
    assert b"set-cookie" not in answer


@pytest.mark.parametrize("sent", [[body(b"k!")], [body(b"")], []])
def test_a_broken_answer_ends_in_a_closed_connection_once_it_has_begun(sent: list[dict[str, Any]]) -> None:
    assert answered(messages(start(*OK_HEADERS), body(b"o", more=True), *sent), GET) == WHOLE + b"\r\no"


def test_nothing_follows_a_whole_answer() -> None:
    errors: list[RuntimeError] = []

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        scope["extensions"][RESPOND](200, list(OK_HEADERS), b"ok")
        assert await receive() == {"type": "http.disconnect"}
        try:
            await send(body(b"more"))
        except RuntimeError as error:
            errors.append(error)

    assert answered(application, LAST) == WHOLE + b"connection: close\r\n\r\nok"
    assert len(errors) == 1


@pytest.mark.parametrize("request_", [b"NONSENSE\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_what_is_no_request_is_refused(request_: bytes) -> None:
    assert answered(whole(), request_).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_body_that_breaks_off_is_refused_and_never_served() -> None:
    seen: list[Any] = []

    async def application(scope: dict[str, Any], receive: Any, _send: Any) -> None:
        seen.append(await receive())
        seen.append(await receive())

    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert answered(application, head, b"3\r\nabc\r\n", 0.02, b"nonsense").startswith(b"HTTP/1.1 400")
    assert seen[-1] == {"type": "http.disconnect"}


@pytest.mark.parametrize("behind", [b"", GET])
def test_another_protocol_is_not_spoken(behind: bytes) -> None:
    upgrade = GET.replace(b"Host: localhost", b"Host: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c")
    assert answered(whole(), upgrade + behind) == WHOLE + b"connection: close\r\n\r\nok"


@pytest.mark.parametrize("framing", [b"Content-Length: %d" % len(GET), b"Transfer-Encoding: chunked"])
def test_a_body_behind_an_upgrade_is_never_read_as_a_request(framing: bytes) -> None:
    seen: list[str] = []

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        seen.append(scope["path"])

    answer = answered(application, b"POST /a HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n" + framing + b"\r\n\r\n", 0.02, GET)
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert answer.count(b"HTTP/1.1") == 1
    assert seen == []


def test_trailers_are_no_headers() -> None:
    seen: list[Any] = []

    async def application(scope: dict[str, Any], receive: Any, _send: Any) -> None:
        assert (await receive())["body"] == b"abc"
        seen.extend(scope["headers"])
        scope["extensions"][RESPOND](200, list(OK_HEADERS), b"ok")

    head = b"POST / HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert answered(application, head + b"3\r\nabc\r\n0\r\nAuthorization: Bearer stolen\r\n\r\n").endswith(b"ok")
    assert [name for name, _ in seen] == [b"connection", b"transfer-encoding"]


def test_what_a_request_sets_in_its_context_is_its_own() -> None:
    mark: contextvars.ContextVar[str] = contextvars.ContextVar("mark", default="none")
    seen: list[str] = []

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        seen.append(mark.get())
        token = mark.set(scope["path"])
        await asyncio.sleep(0)
        seen.append(mark.get())
        mark.reset(token)
        mark.set("left behind")
        scope["extensions"][RESPOND](200, list(OK_HEADERS), b"ok")

    answered(application, GET, None, LAST)
    assert seen == ["none", "/things"] * 2


def test_http_1_0_gets_one_answer() -> None:
    assert answered(whole(), b"GET / HTTP/1.0\r\n\r\n") == WHOLE + b"connection: close\r\n\r\nok"


def test_a_client_that_leaves_is_told_to_the_application() -> None:
    async def play() -> None:
        left = asyncio.Event()

        async def application(_scope: dict[str, Any], receive: Any, send: Any) -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            await send(start())
            left.set()

        async with served(application) as there:
            _, writer = await asyncio.open_connection("127.0.0.1", there.port)
            writer.write(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf")
            await asyncio.sleep(0.02)
            writer.close()
            await asyncio.wait_for(left.wait(), CLOSE_AFTER_S)

    asyncio.run(play())


def test_a_waiting_request_in_one_packet_with_a_quick_one_is_not_idle() -> None:
    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        if scope["path"] == "/slow":
            await asyncio.sleep(1.5)
        scope["extensions"][RESPOND](200, list(OK_HEADERS), b"ok")

    assert answered(application, GET + LAST.replace(b"/things", b"/slow"), timeout_keep_alive=1).count(b"200 OK") == 2


def test_all_of_a_connection_is_let_go_with_it() -> None:
    async def play() -> int:
        ended: list[str] = []

        async def application(scope: dict[str, Any], receive: Any, _send: Any) -> None:
            await receive()
            assert await receive() == {"type": "http.disconnect"}
            ended.append(scope["path"])

        async with served(application) as there:
            _, writer = await asyncio.open_connection("127.0.0.1", there.port)
            writer.write(GET)
            await asyncio.sleep(0.02)
            writer.close()
            await until(lambda: ended == ["/things"] and not there.state.tasks and not there.state.connections)
            gc.disable()
            try:
                return sum(type(thing) in (HttpProtocol, Exchange) for thing in gc.get_objects())
            finally:
                gc.enable()

    gc.collect()
    assert asyncio.run(play()) == 0


def test_an_idle_connection_is_closed_and_a_busy_one_is_not() -> None:
    async def play() -> tuple[float, bytes]:
        async with served(whole(), timeout_keep_alive=2) as there:
            loop = asyncio.get_running_loop()
            reader, writer = await asyncio.open_connection("127.0.0.1", there.port)
            received = b""
            for _ in range(3):
                writer.write(GET)
                received += await reader.read(65_536)
                await asyncio.sleep(0.6)
            began = loop.time()
            received += await asyncio.wait_for(reader.read(), CLOSE_AFTER_S)
            writer.close()
            return loop.time() - began, received

    idle, received = asyncio.run(play())
    assert received.count(b"200 OK") == 3
    assert 0.3 < idle < 4


def test_a_client_that_does_not_read_holds_up_its_own_answers_only() -> None:
    large = b"x" * (4 << 20)
    refused: list[bool] = []

    async def application(scope: dict[str, Any], _receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"%d" % len(large))]
        refused.append(not scope["extensions"][RESPOND](200, headers, large))
        if refused[-1]:
            await send(start(*headers))
            await send(body(large))

    async def play() -> None:
        async with served(application) as there:
            reader, writer = await asyncio.open_connection("127.0.0.1", there.port, limit=1 << 14)
            writer.write(GET + LAST)
            await until(lambda: len(refused) == 2)
            assert (await there.talk(LAST)).endswith(large)
            assert len(await asyncio.wait_for(reader.read(), CLOSE_AFTER_S)) > 2 * len(large)
            writer.close()

    asyncio.run(play())
    assert refused == [False, True, False]


def test_shutdown_closes_the_idle_and_lets_the_busy_finish() -> None:
    async def play() -> bytes:
        go_on = asyncio.Event()

        async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
            if scope["path"] == "/slow":
                await go_on.wait()
            scope["extensions"][RESPOND](200, list(OK_HEADERS), b"ok")

        async with served(application) as there:
            idle = asyncio.create_task(there.talk(GET))
            busy = asyncio.create_task(there.talk(GET.replace(b"/things", b"/slow")))
            await until(lambda: len(there.state.tasks) == 1 and there.state.total_requests == 1)
            for connection in list(there.state.connections):
                connection.shutdown()  # type: ignore[union-attr]  # as uvicorn's server does it
            assert (await idle).endswith(b"ok")
            assert not busy.done()
            go_on.set()
            return await busy

    assert asyncio.run(play()) == WHOLE + b"connection: close\r\n\r\nok"


def test_a_real_server_keeps_closes_and_pipelines_as_ever() -> None:
    request = b"GET /saasquatch/api/v1/nobody/users HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
    with troth("mock") as url:
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5) as opened:
            opened.sendall(request % b"" + request % b"" + request % b"Connection: close\r\n")
            received = b""
            while part := opened.recv(65_536):
                received += part
        assert received.count(b"HTTP/1.1 404 Not Found") == 3
        assert received.count(b'"rsCode":"RS038"') == 3
        with httpx2.Client() as http:
            assert len(http.get(f"{url}/docs/saasquatch/swagger-ui-bundle.js").content) > 1_000_000
            assert http.head(f"{url}/docs/saasquatch/").status_code == 200
            assert http.put(f"{url}/saasquatch/api/v1/demo/open/account/a/user/u", content=b"x" * (2 << 20), auth=("", "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"),
                            headers={"Content-Type": "application/json"}).status_code == 413
