"""Two servers and a worker behind nginx with TLS, restarted one by one under load as docs/deploy.md says."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
import ssl
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

from models.kernel.clock import monotonic_s
from tests.soak.run import Receiver
from tests.support.live import free_port
from tests.support.refusals import assert_refused
from tests.support.site import HEALTH, WITHIN_S, Site, is_ready, until

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "deploy.md"
NGINX, OPENSSL = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"), shutil.which("openssl")
IS_MISSING = NGINX is None or OPENSSL is None
PAUSE_S = {"POST": 1.0, "PUT": 0.2, "GET": 0.02}
"""Between two calls, in seconds: within the rate limits of the keys, so that no call is answered 429."""
DRAINED_S = 2.0
"""Step 2 of the page."""
PUBLIC_KEYS = "/.well-known/jwks.json"
PROXIED = {"TROTH_TRUSTED_PROXIES": "127.0.0.1", "TROTH_REQUIRE_HTTPS": "true"}
"""Settings of servers behind a proxy on this machine."""


class Proxy:
    """nginx with the recipe of the page, at a port of its own and with a certificate of its own."""

    def __init__(self, folder: Path, servers: list[int]) -> None:
        self._folder, self._servers, self.port = folder, servers, free_port()
        self.base = f"https://127.0.0.1:{self.port}"
        self._certificate, key = folder / "troth.pem", folder / "troth.key"
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        made = ["-keyout", str(key), "-out", str(self._certificate)]
        subprocess.run([str(OPENSSL), "req", "-x509", *curve, *subject, *made], check=True, capture_output=True)
        self.tls = ssl.create_default_context(cafile=str(self._certificate))

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self._write(down=None)
        process = subprocess.Popen(self._command("-g", "daemon off;"))
        try:
            until(self._is_up)
            yield
        finally:
            process.terminate()
            process.wait(WITHIN_S)

    def take_out(self, server: int | None) -> None:
        """Send nothing new to this server; None for all to be used."""
        self._write(down=server)
        subprocess.run(self._command("-s", "reload"), check=True, capture_output=True)

    def _is_up(self) -> bool:
        with contextlib.suppress(httpx2.TransportError):
            return httpx2.get(self.base + HEALTH, verify=self.tls, timeout=5).status_code == 200
        return False

    def _command(self, *arguments: str) -> list[str]:
        return [
            str(NGINX),
            "-p",
            str(self._folder),
            "-c",
            str(self._folder / "nginx.conf"),
            "-e",
            "error.log",
            *arguments,
        ]

    def _write(self, *, down: int | None) -> None:
        """The recipe, with the ports, the certificate and the folders of this test."""
        recipe, upstream = re.findall(r"```nginx\n(.*?)```", PAGE.read_text(), re.DOTALL)
        one = re.search(r"^upstream troth .*\n", recipe, re.MULTILINE)
        assert one is not None
        text = recipe.replace(one[0], upstream)
        replaced = {
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "/etc/ssl/troth.pem": str(self._certificate),
            "/etc/ssl/troth.key": str(self._folder / "troth.key"),
        }
        for documented, port in zip((8080, 8081), self._servers, strict=True):
            state = " down" if port == down else ""
            replaced[f"server 127.0.0.1:{documented} max_fails=0;"] = f"server 127.0.0.1:{port} max_fails=0{state};"
        for old, new in replaced.items():
            assert old in text, old
            text = text.replace(old, new)
        user = "user root;\n" if os.getuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        folders = "".join(f"{kind}_temp_path {self._folder}/{kind};\n" for kind in kinds)
        (self._folder / "nginx.conf").write_text(
            f"{user}pid {self._folder}/nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}{text}}}\n"
        )


class Load(threading.Thread):
    """Calls one after the other; counts the answers. Writes have a connection each, reads share one."""

    def __init__(self, proxy: Proxy, method: str, path: str, **options: Any) -> None:
        super().__init__(daemon=True)
        self.refused: list[str] = []
        self.sent_again = 0
        self._proxy, self._method, self._path, self._options = proxy, method, path, options
        self._stop_asked = threading.Event()
        self.answers: Counter[str] = Counter()

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()

    def run(self) -> None:
        with httpx2.Client(verify=self._proxy.tls, timeout=30, **self._options) as client:
            for number in itertools.count(1):
                if self._stop_asked.is_set():
                    return
                self._call(client, f"u{number}")
                time.sleep(PAUSE_S[self._method])

    def _call(self, client: httpx2.Client, name: str) -> None:
        headers = {} if self._method == "GET" else {"Connection": "close"}
        body = {"GET": None, "POST": {"email": f"{name}@example.org"}, "PUT": {"id": name, "accountId": name}}[
            self._method
        ]
        url = self._proxy.base + self._path.format(name=name)
        try:
            try:
                answer = client.request(self._method, url, json=body, headers=headers)
            except httpx2.RemoteProtocolError:
                # nginx that is reloaded closes connections without a request, maybe just when one is sent. Clients that
                # keep connections send a request again that may be made twice (RFC 9112, 9.3.1).
                if self._method != "GET":
                    raise
                self.sent_again += 1
                answer = client.request(self._method, url)
        except httpx2.TransportError as error:
            self.answers[type(error).__name__] += 1
            return
        self.answers[str(answer.status_code)] += 1
        if answer.status_code not in (200, 201):
            self.refused.append(answer.text[:200])

    @property
    def count(self) -> int:
        return self.answers.total()


@dataclass(frozen=True)
class Seen:
    """What the callers and the receiver of webhooks have seen of a restart."""

    answers: Counter[str]
    refused: list[str]
    sent_again: int
    """Reads on a kept connection that nginx closed when it was reloaded."""
    created: int
    events: int
    seconds: float

    @property
    def failed(self) -> int:
        return self.answers.total() - self.answers["200"] - self.answers["201"]

    def __str__(self) -> str:
        return (
            f"{self.answers.total()} requests in {self.seconds:.0f} s, {self.failed} failed {dict(self.answers)}, "
            f"{self.sent_again} reads sent again on a new connection; "
            f"{self.created} writes with an event, {self.events} events received"
        )


def restart_one_by_one(site: Site, folder: Path, *, rounds: int = 1) -> Seen:
    """Start two servers and a worker on a site, call them through nginx, and restart all of them, so many times."""
    ports = [free_port(), free_port()]
    receiver = Receiver(seed=1)
    with contextlib.ExitStack() as stack:
        site.command("webhook", "create", "advocacy", stack.enter_context(receiver.serving()), "--tenant", "acme")
        servers = {port: stack.enter_context(contextlib.ExitStack()) for port in ports}
        worker = stack.enter_context(contextlib.ExitStack())
        for port in ports:
            servers[port].enter_context(site.running("serve", "--port", str(port), "--no-dispatch"))
        worker.enter_context(site.running("worker"))
        for port in ports:
            until(partial(is_ready, f"http://127.0.0.1:{port}"))
        proxy = Proxy(folder, ports)
        stack.enter_context(proxy.running())
        _check_plain_is_refused(site, ports[0])
        loads = _loads(site, proxy)
        for load in loads:
            load.start()
            stack.callback(load.stop)  # also where a step below fails
        began_s = monotonic_s()
        for _ in range(rounds):
            for port in ports:
                until_answered(loads)
                proxy.take_out(port)
                time.sleep(DRAINED_S)
                servers[port].close()
                servers[port].enter_context(site.running("serve", "--port", str(port), "--no-dispatch"))
                until(partial(is_ready, f"http://127.0.0.1:{port}"))
                proxy.take_out(None)
            worker.close()
            worker.enter_context(site.running("worker"))
        until_answered(loads)
        for load in loads:
            load.stop()
        seconds = monotonic_s() - began_s
        answers = sum((load.answers for load in loads), Counter[str]())
        created = loads[0].answers["201"]
        until(lambda: len(receiver.received) >= created)
        refused = [text for load in loads for text in load.refused]
        sent_again = sum(load.sent_again for load in loads)
        return Seen(answers, refused, sent_again, created, len(receiver.received), seconds)


def _check_plain_is_refused(site: Site, port: int) -> None:
    """The proxy's word for HTTPS is what the others are served by."""
    plain = httpx2.post(
        f"http://127.0.0.1:{port}/advocacy/api/v1/advocates", json={"email": "p@example.org"}, headers=site.auth
    )
    assert_refused(plain, 403, "FORBIDDEN")
    assert "Use HTTPS." in plain.text


def _loads(site: Site, proxy: Proxy) -> list[Load]:
    """The first one's writes each make an event."""
    key = site.tenant("saasquatch", "--landing-url", "https://acme.example/")["api_key"]
    user = "/saasquatch/api/v1/acme/open/account/{name}/user/{name}"
    return [
        Load(proxy, "POST", "/advocacy/api/v1/advocates", headers=site.auth),
        Load(proxy, "PUT", user, auth=("", key)),
        Load(proxy, "GET", PUBLIC_KEYS),
    ]


def until_answered(loads: list[Load]) -> None:
    """Until each has had five more answers."""
    targets = [load.count + 5 for load in loads]
    until(lambda: all(load.count >= count for load, count in zip(loads, targets, strict=True)))
