"""Two servers and a worker behind nginx with TLS, restarted one by one as docs/deploy.md says: no request fails."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.live import free_port
from tests.support.refusals import assert_refused
from tests.support.site import HEALTH, WITHIN_S, Site, until

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "deploy.md"
NGINX, OPENSSL = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"), shutil.which("openssl")
PAUSE_S = {"POST": 1.0, "PUT": 0.2}
"""Between two calls: within the limits of the keys, since each answer 429 would be one that tells nothing."""
DRAINED_S = 2.0
"""Step 2 of the page."""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="stops processes by signals"),
    pytest.mark.skipif(NGINX is None or OPENSSL is None, reason="NOT RUN: there is no nginx, or no openssl"),
]


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
    """Writes one after the other, each on a connection of its own; counts the answers."""

    def __init__(self, proxy: Proxy, method: str, path: str, **options: Any) -> None:
        super().__init__(daemon=True)
        self._proxy, self._method, self._path, self._options = proxy, method, path, options
        self._stop_asked = threading.Event()
        self.answers: Counter[str] = Counter()

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()

    def run(self) -> None:
        count = 0
        with_tls = {"verify": self._proxy.tls, "timeout": 30, **self._options}
        while not self._stop_asked.is_set():
            count += 1
            name = f"u{count}"
            body = {"email": f"{name}@example.org"} if self._method == "POST" else {"id": name, "accountId": name}
            url = self._proxy.base + self._path.format(name=name)
            try:
                answer = httpx2.request(self._method, url, json=body, **with_tls)
                self.answers[str(answer.status_code)] += 1
            except httpx2.TransportError as error:
                self.answers[type(error).__name__] += 1
            time.sleep(PAUSE_S[self._method])

    @property
    def count(self) -> int:
        return self.answers.total()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    url = fresh_postgres("nginx", tables=False)
    made = Site(url, tmp_path)
    made.settings |= {"TROTH_TRUSTED_PROXIES": "127.0.0.1", "TROTH_REQUIRE_HTTPS": "true"}
    yield made
    drop_postgres(url)


def is_ready(port: int) -> bool:
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(f"http://127.0.0.1:{port}{HEALTH}", timeout=5).status_code == 200
    return False


def until_answered(loads: list[Load]) -> None:
    """Until each has had five more answers."""
    wanted = [load.count + 5 for load in loads]
    until(lambda: all(load.count >= count for load, count in zip(loads, wanted, strict=True)))


def test_no_request_fails_while_servers_are_restarted_one_by_one(site: Site, tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    key = site.tenant("saasquatch", "--landing-url", "https://acme.example/")["api_key"]
    user = "/saasquatch/api/v1/acme/open/account/{name}/user/{name}"
    with contextlib.ExitStack() as stack:
        servers = {port: contextlib.ExitStack() for port in ports}
        for port in ports:
            stack.push(servers[port])
            servers[port].enter_context(site.running("serve", "--port", str(port), "--no-dispatch"))
        stack.enter_context(site.running("worker"))
        for port in ports:
            until(partial(is_ready, port))
        proxy = Proxy(tmp_path, ports)
        stack.enter_context(proxy.running())

        plain = httpx2.post(
            f"http://127.0.0.1:{ports[0]}/advocacy/api/v1/advocates", json={"email": "p@example.org"}, headers=site.auth
        )
        # The proxy's word for HTTPS is what the others are served by.
        assert_refused(plain, 403, "HTTPS_REQUIRED")
        loads = [
            Load(proxy, "POST", "/advocacy/api/v1/advocates", headers=site.auth),
            Load(proxy, "PUT", user, auth=("", key)),
        ]
        for load in loads:
            load.start()
        for port in ports:
            until_answered(loads)
            proxy.take_out(port)
            time.sleep(DRAINED_S)
            servers[port].close()
            servers[port].enter_context(site.running("serve", "--port", str(port), "--no-dispatch"))
            until(partial(is_ready, port))
            proxy.take_out(None)
        until_answered(loads)
        for load in loads:
            load.stop()
        assert [set(load.answers) - {"200", "201"} for load in loads] == [set(), set()], [
            load.answers for load in loads
        ]
