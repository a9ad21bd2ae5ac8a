"""Which sandbox a request goes to."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING
from urllib.parse import unquote

from models.kernel.problems import UnknownSandbox
from troth.request.control_guard import host_name
from troth.request.middleware import RUNTIME
from troth.request.paths import BadPath

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from starlette.types import Scope

    from troth.runtime import Runtime

PREFIX = b"/sandbox/"
CONTROL = b"/_troth/"
OF_SANDBOX = b"/_troth/sandboxes/"
"""`/_troth/sandboxes/ID/clock` is the same as `/sandbox/ID/_troth/clock`."""
HEADER = b"troth-sandbox"
LOCAL = ".localhost"


class SandboxRouter:
    """Finds the sandbox of a request by its address, header, host or credential, in this order."""

    def __init__(self, main: Runtime, hosts: Collection[str]) -> None:
        """`hosts` are host names of APIs and of the server, which may end with `.localhost` and name no sandbox."""
        self._main = main
        self._hosts = frozenset(hosts)
        self._runtimes: dict[bytes, Runtime] = {b"main": main}
        self._credentials: dict[bytes, bytes] = {}

    def add(self, sandbox_id: str, runtime: Runtime, credentials: Sequence[str]) -> None:
        """Send requests to a sandbox from now on."""
        key = sandbox_id.encode()
        self._runtimes[key] = runtime
        self._credentials.update((secret.encode(), key) for secret in credentials)

    def remove(self, sandbox_id: str) -> None:
        """Send no requests to a sandbox any more."""
        key = sandbox_id.encode()
        del self._runtimes[key]
        self._credentials = {secret: found for secret, found in self._credentials.items() if found != key}

    def route(self, scope: Scope, headers: dict[bytes, bytes], raw_path: bytes) -> tuple[Scope, bytes]:
        """The scope and path of a request within its sandbox.

        Raises UnknownSandbox, BadPath for a path that is not UTF-8.
        """
        if raw_path.startswith(PREFIX):
            sandbox_id, _, rest = raw_path.removeprefix(PREFIX).partition(b"/")
            return self._to(sandbox_id, scope, b"/" + rest, PREFIX + sandbox_id)
        if raw_path.startswith(OF_SANDBOX):
            sandbox_id, slash, rest = raw_path.removeprefix(OF_SANDBOX).partition(b"/")
            if slash:
                return self._to(sandbox_id, scope, CONTROL + rest, b"")
        if HEADER in headers:
            return self._to(headers[HEADER], scope, raw_path, b"")
        sandbox_id = self._of_host(headers)
        if not sandbox_id and len(self._runtimes) > 1:
            sandbox_id = self._of_credential(headers)
        return self._to(sandbox_id, scope, raw_path, b"") if sandbox_id else (scope, raw_path)

    def _to(self, sandbox_id: bytes, scope: Scope, raw_path: bytes, root: bytes) -> tuple[Scope, bytes]:
        runtime = self._runtimes.get(sandbox_id)
        if runtime is None:
            raise UnknownSandbox.named(sandbox_id.decode("latin-1"))
        try:
            path = unquote(raw_path.decode("ascii"), errors="strict")
        except UnicodeError as error:
            raise BadPath from error
        inside = {**scope, "path": path, "raw_path": raw_path, "root_path": scope.get("root_path", "") + root.decode()}
        if runtime is not self._main:
            inside[RUNTIME] = runtime
        return inside, raw_path

    def _of_host(self, headers: dict[bytes, bytes]) -> bytes:
        """The sandbox that the first label of a host below `localhost` names.

        Raises UnknownSandbox for any other label than an API's: main must not be reset by who means a sandbox that is
        gone.
        """
        host = host_name(headers.get(b"host", b""))
        if not host.endswith(LOCAL):
            return b""
        label = host.partition(".")[0].encode("latin-1")
        if label in self._runtimes:
            return label
        if host in self._hosts:
            return b""
        raise UnknownSandbox.named(label.decode("latin-1"))

    def _of_credential(self, headers: dict[bytes, bytes]) -> bytes:
        """The sandbox whose credential a request presents in its Authorization header."""
        kind, _, value = headers.get(b"authorization", b"").partition(b" ")
        if kind.lower() != b"basic":
            return self._credentials.get(value.strip(), b"")
        try:
            user, _, password = base64.b64decode(value).partition(b":")
        except binascii.Error:
            return b""
        return self._credentials.get(password) or self._credentials.get(user, b"")
