"""What the compiled operations share while a server runs."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from models.files import FileStore
from models.kernel.budgets import LIMITS
from models.kernel.clock import wall_ms
from models.kernel.ids import request_prefix
from models.kernel.limits import ClockWindows, LibraryWindows, Limiter
from models.kernel.shared_limits import SharedWindows
from models.kernel.times import iso
from models.kernel.vault import Vault, VaultError
from models.outbox.addresses import PRIVATE_TARGETS
from models.outbox.history import bound_events
from models.outbox.outbox import EVENT_WRITTEN
from models.outbox.signing import ensure_demo_key, has_demo_key
from models.tenancy.rotation import use_mark_key
from models.tenancy.sandboxes import MAIN, Sandbox, open_sandbox, store_clock
from models.tenancy.tenants import Directory, Tenant, has_demo_credentials
from troth import __version__, clock_file
from troth.apis import APIS, Api, Domain, domain_of
from troth.bounded_pool import BoundedPool
from troth.database.postgres import serialise_starts
from troth.paths import ROOT
from troth.proxies import Proxies
from troth.starting import CannotStart

if TYPE_CHECKING:
    from handlers.http import Request
    from troth.database.storage import Storage
    from troth.served import Served
    from troth.settings import Settings

PREPARING, PREPARATIONS_WAITING = 1, 64
"""Passwords hashed at once, and how many requests may wait for that. One hash takes 64 MiB, and four threads of its
own.
"""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
TUNNELS = ("127.0.0.1", "::1")
"""Whose forwarded headers a mock believes: a tunnel that shows it to others runs beside it."""

HOLDS_PUBLISHED_KEYS = (
    "the database holds the demo's published keys; serve another one, made by `troth tenant create` or `troth load`"
)
SEALED_UNDER_ANOTHER_KEY = (
    "TROTH_SECRET_KEY is not the one that this database's secrets were sealed under; while it is being changed, the other one is given as "
    "TROTH_SECRET_KEY_FALLBACK (docs/operations.md)"
)

DEMO_SIGNING_KEY = ROOT / "fixtures" / "demo_signing_key.pem"


class DueJobs(Protocol):
    """What requests need of the outbox: jobs that run before the answer (`troth/outbox/due_jobs.py`)."""

    def holds(self, tenant_id: int) -> bool:
        """Whether requests of a tenant have to wait for its due jobs. From any thread."""

    async def released(self, tenant_id: int) -> None:
        """Wait until a tenant is not held."""

    async def run(self, sandbox: Sandbox, tenant_ids: Sequence[int]) -> None:
        """Run internal jobs that are due in these tenants. Never raises for a job that fails."""


class Runtime:
    """Database, directory of tenants, sandboxes and settings of one server."""

    def __init__(self, settings: Settings, storage: Storage, apis: tuple[Api, ...] = APIS) -> None:
        self.settings = settings
        self.apis = apis
        self.storage = storage
        self.sandboxes: dict[int, Sandbox] = {}
        self.limiter = _limiter(settings)
        self.failures: Limiter = ClockWindows() if settings.mock else self.limiter
        """Counts failed credentials by wall time. Not with the calls of a mock, whose clock may stand still."""
        self.directory = Directory(
            Vault(settings.sealing_key, settings.secret_key_fallback),
            lambda tenant: self.sandboxes[tenant.sandbox_id].clock.now_ms(),
            self.limiter,
            current_times_ms=self._current_times_ms,
            stands_still=lambda tenant: self.sandboxes[tenant.sandbox_id].clock.fixed,
        )
        self.public_url = settings.base_url
        self.mock = settings.mock
        self.https_only = settings.https_only
        self.preparations = BoundedPool(PREPARING, PREPARATIONS_WAITING, "troth-prepare")
        senders = {api.name: api.domain.webhooks for api in apis if api.domain is not None}
        self.services: dict[str, Any] = {
            "info": self.info,
            LIMITS: settings.limits,
            "senders": list(senders.values()),
            "senders_by_api": senders,
            PRIVATE_TARGETS: settings.private_targets,
        }
        if settings.mock:
            self.services[EVENT_WRITTEN] = partial(bound_events, settings.events_kept)
        self.wake: Callable[[], None] = _nothing
        self.due_jobs: DueJobs | None = None
        self.run_due: Callable[[int], None] | None = None
        self.proxies = Proxies(settings.trusted_proxies or (TUNNELS if settings.mock else ()))
        self.stopping = False
        """Whether the server has been asked to stop."""
        self.ended = False
        """Whether the sandbox of a mock has been deleted: its storage is closed, and calls that waited find nothing any
        more.
        """
        self.watchers: tuple[Callable[[Served], None], ...] = ()
        """Called with each request once it is answered."""
        self.breached: Callable[[str], None] = _nobody
        """Called with the API of each answer that breaks its contract."""
        self.credential_failed: Callable[[str], None] = _nobody
        """Called with the API of each request whose credential is not valid."""
        self.interceptor: Any = None
        """An `Interceptor` (`troth/request/exchange.py`), which a mock has; None in production."""
        self._request_prefix = "fixed" if settings.mock and settings.fixed_clock else request_prefix()
        self._requests = 0

    def open_files(self) -> None:
        """Open the store of files, unless that has been done."""
        if "files" not in self.services:
            url = self.settings.files_url
            self.services["files"] = (
                _object_store(url) if url else FileStore(self.settings.files_dir or self._files_dir())
            )

    def check_files(self) -> None:
        """See that the files of tenants can be written. Raises CannotStart."""
        if self.settings.mock and self.settings.files_url:
            raise CannotStart("a mock keeps its files in a folder, with its data: unset TROTH_FILES_URL")
        self.open_files()
        files: FileStore = self.services["files"]
        try:
            files.check()
        except OSError as error:
            if self.settings.files_url:
                raise CannotStart(f"the object store of TROTH_FILES_URL cannot be written: {error.strerror}") from error
            raise CannotStart(
                f"the files folder {files.folder} cannot be written: {error.strerror}; set TROTH_FILES_DIR to one that can"
            ) from error

    def domain(self, api: str) -> Domain:
        """The domain of an API that has tenants. Raises ValueError for any other name."""
        return domain_of(api, self.apis)

    def boot(self, *, is_copy: bool = False) -> None:
        """Open the files and the sandbox.

        Call once, before the first request, and again when the database was replaced by a copy.

        Raises CannotStart.
        """
        settings = self.settings
        self.open_files()
        with self.storage.session() as session, session.begin():
            serialise_starts(session.connection())
            self.sandboxes[MAIN] = open_sandbox(
                session,
                MAIN,
                seed=settings.seed if settings.mock else None,
                fixed=settings.mock and settings.fixed_clock,
                is_copy=is_copy,
            )
            try:
                use_mark_key(session, self.directory.vault, stores=not settings.mock, now_ms=self.main.clock.now_ms())
            except VaultError as error:
                published = has_demo_credentials(session) or has_demo_key(session)
                raise CannotStart(HOLDS_PUBLISHED_KEYS if published else SEALED_UNDER_ANOTHER_KEY) from error
            if self.clock_folder is not None:
                self.main.clock = clock_file.restore(self.clock_folder, self.main.clock)
            if settings.mock:
                ensure_demo_key(session, self.directory.vault, DEMO_SIGNING_KEY.read_bytes(), self.main.clock.now_ms())

    def _current_times_ms(self, tenant: Tenant) -> tuple[int, ...]:
        """Wall time, which callers sign with, and in mock mode the sandbox's too, which a test may have moved."""
        return (self.sandboxes[tenant.sandbox_id].clock.now_ms(), wall_ms()) if self.mock else (wall_ms(),)

    def _files_dir(self) -> Path:
        """Where files are kept unless the settings say so: a mock's go with its data, be that memory or a file."""
        if not self.mock:
            return Path("var/files")
        if not self.storage.memory and self.storage.inline:
            return Path(f"{self.storage.engine.url.database}.files")
        try:
            folder = tempfile.mkdtemp(prefix="troth-files-")
        except OSError as error:
            raise CannotStart(
                "no temporary folder can be written, where a mock keeps its files: set TMPDIR or TROTH_FILES_DIR to one that can"
            ) from error
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    @property
    def clock_folder(self) -> Path | None:
        """Where a mock keeps its clock's speed over a restart: with its files; None where it has neither a file nor a
        folder of its own.
        """
        is_kept = self.settings.files_dir is not None or self.storage.inline
        if not self.mock or self.storage.memory or not is_kept:
            return None
        files: FileStore = self.services["files"]
        return files.folder

    @property
    def keeps_speed(self) -> bool:
        """Whether a clock may run at a speed of its own: a restart keeps it, or everything goes with the process."""
        return self.storage.memory or self.clock_folder is not None

    @property
    def main(self) -> Sandbox:
        """The sandbox that requests without another one go to."""
        return self.sandboxes[MAIN]

    def info(self) -> dict[str, Any]:
        """What the control plane shows of this server; the mock command shows more."""
        return {"version": __version__, "seed": self.main.seed, "now": iso(self.main.clock.now_ms()), "apis": {}}

    def request_id(self, request: Request) -> bytes:
        """The id of a request in logs and in X-Request-Id: the caller's own when it is plain, else one of ours.

        On a fixed clock it repeats, once the caller is known: it is drawn like everything else of the request.
        """
        if request.request_id is None:
            given = request.headers.get(b"x-request-id")
            if given is not None and _REQUEST_ID.fullmatch(given):
                request.request_id = given
            elif request.tenant is not None and (sandbox := self.sandboxes[request.tenant.sandbox_id]).clock.fixed:
                draws = sandbox.random(request.tenant.key, str(request.request_number))
                request.request_id = draws.take("request", 8).hex().encode()
            else:
                request.request_id = self.next_request_id().encode()
        return request.request_id

    def next_request_id(self) -> str:
        """An id for a request that no operation has seen."""
        self._requests += 1
        return f"{self._request_prefix}-{self._requests:x}"

    def save_clock(self, sandbox: Sandbox) -> None:
        """Store where a sandbox's clock stands."""
        with self.storage.session() as session, session.begin():
            store_clock(session, sandbox)
        if self.clock_folder is not None:
            clock_file.store(self.clock_folder, sandbox.clock)


def _object_store(url: str) -> FileStore:
    from troth.object_store import ObjectStore  # only where one is used

    return ObjectStore(url)


def _nothing() -> None:
    """Before a dispatcher runs, nobody is to be woken."""


def _limiter(settings: Settings) -> Limiter:
    """What counts the calls of this server: a mock by the clocks of its tenants, production by wall time."""
    if settings.mock:
        return ClockWindows()
    return SharedWindows(settings.valkey_url, LibraryWindows()) if settings.valkey_url else LibraryWindows()


def _nobody(_api: str) -> None:
    """Where nothing is measured."""
