"""`troth serve --workers N`: server processes that share the listening sockets, and the process that keeps them
running.

The sockets are opened once and inherited, so that no connection is refused while a process is replaced. Between the
supervisor and each process there is a socket pair: the process writes a byte when it serves, and stops when its end is
closed, which the kernel does also when the supervisor is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

from models.kernel.clock import monotonic_s
from troth.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LISTEN_FDS, SUPERVISOR_FD = "TROTH_LISTEN_FDS", "TROTH_SUPERVISOR_FD"
"""Environment variables of a process: descriptors, with commas between."""

READY = b"r"
READY_S = 120.0
"""How long a process may take to its first request: it compiles the validators of all operations."""

PAUSE_S_MIN, PAUSE_S_MAX = 0.5, 30.0
"""Before a process that ended is started again: the pause doubles while processes end soon after their start."""

SOON_S = 5.0
"""A process that lived for less has probably not served."""
KILL_AFTER_S = 10.0
"""After the time that a process has for its requests under way."""


class Worker:
    """One server process."""

    def __init__(self, process: asyncio.subprocess.Process, ours: socket.socket) -> None:
        self.process = process
        self._ours = ours
        self.started_s = monotonic_s()

    async def ready(self) -> bool:
        """Whether it serves, within READY_S."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                return await loop.sock_recv(self._ours, 1) == READY
        return False

    async def stop(self, within_s: float) -> None:
        """Stop it after the requests under way; kill it when that takes too long."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            try:
                async with asyncio.timeout(within_s):
                    await self.process.wait()
            except TimeoutError:
                logger.error("worker killed: it did not stop", pid=self.process.pid, after_s=within_s)
                with contextlib.suppress(ProcessLookupError):
                    self.process.kill()
                await self.process.wait()
        self._ours.close()


class Supervisor:
    """Keeps so many server processes running until it is stopped."""

    def __init__(
        self,
        command: Sequence[str],
        count: int,
        sockets: Sequence[socket.socket],
        environment: Mapping[str, str],
        *,
        stop_s: float,
    ) -> None:
        self._command = [*command]
        self._environment = environment
        self._count = count
        self._sockets = sockets
        self._stop_s = stop_s
        self._stopping = asyncio.Event()
        self._renewing = asyncio.Lock()
        self._slots: list[Worker | None] = [None] * count

    async def run(self) -> None:
        """Run until SIGINT or SIGTERM; SIGHUP replaces the processes one by one without refusing a request."""
        loop = asyncio.get_running_loop()
        renewals: set[asyncio.Task[None]] = set()

        def renew() -> None:
            task = asyncio.create_task(self._renew())
            renewals.add(task)
            task.add_done_callback(renewals.discard)

        handlers: dict[signal.Signals, Callable[[], None]] = {
            signal.SIGINT: self._stopping.set,
            signal.SIGTERM: self._stopping.set,
            signal.SIGHUP: renew,
        }
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        keepers = [asyncio.create_task(self._keep(slot)) for slot in range(self._count)]
        try:
            await self._stopping.wait()
        finally:
            for task in (*keepers, *renewals):
                task.cancel()
            await asyncio.gather(*keepers, *renewals, return_exceptions=True)
            await asyncio.gather(*(one.stop(self._stop_s + KILL_AFTER_S) for one in self._slots if one is not None))
            for number in handlers:
                loop.remove_signal_handler(number)

    async def _keep(self, slot: int) -> None:
        """Start the process of a slot, and start it again whenever it ends by itself."""
        pause_s = PAUSE_S_MIN
        while True:
            async with self._renewing:  # a renewal replaces the process of the slot
                worker = self._slots[slot] = self._slots[slot] or await self._start()
            await worker.process.wait()
            if self._slots[slot] is not worker:
                continue
            lived_s = monotonic_s() - worker.started_s
            pause_s = PAUSE_S_MIN if lived_s >= SOON_S else min(2 * pause_s, PAUSE_S_MAX)
            logger.error(
                "worker ended, is started again",
                pid=worker.process.pid,
                status=worker.process.returncode,
                lived_s=round(lived_s, 1),
                pause_s=pause_s,
            )
            await worker.stop(0)
            await asyncio.sleep(pause_s)
            self._slots[slot] = None

    async def _renew(self) -> None:
        """Replace each process by a new one that serves already;
        one that cannot serve leaves the old ones as they are.
        """
        for slot in range(self._count):
            async with self._renewing:
                old, new = self._slots[slot], await self._start()
                if not await new.ready():
                    logger.error("workers are not renewed: the new one does not serve", pid=new.process.pid)
                    await new.stop(0)
                    return
                self._slots[slot] = new
            if old is not None:
                await old.stop(self._stop_s + KILL_AFTER_S)
        logger.info("workers renewed", count=self._count)

    async def _start(self) -> Worker:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        fds = [*(one.fileno() for one in self._sockets), theirs.fileno()]
        environment = {
            **os.environ,
            **self._environment,
            LISTEN_FDS: ",".join(map(str, fds[:-1])),
            SUPERVISOR_FD: str(fds[-1]),
        }
        try:
            process = await asyncio.create_subprocess_exec(*self._command, pass_fds=fds, env=environment)
        finally:
            theirs.close()
        logger.info("worker started", pid=process.pid)
        return Worker(process, ours)


def supervise(
    arguments: Sequence[str],
    count: int,
    sockets: Sequence[socket.socket],
    environment: Mapping[str, str],
    *,
    stop_s: float,
) -> None:
    """Run `troth ARGUMENTS` so many times on these sockets, until SIGINT or SIGTERM. `environment` is added to each."""
    command = [sys.executable, "-m", "troth", *arguments]
    asyncio.run(Supervisor(command, count, sockets, environment, stop_s=stop_s).run())


def inherited_sockets(environment: Mapping[str, str]) -> list[socket.socket]:
    """The listening sockets that a supervisor has passed, or systemd by its protocol (sd_listen_fds(3)); none else."""
    named = environment.get(LISTEN_FDS)
    if named:
        fds = [int(part) for part in named.split(",")]
    elif environment.get("LISTEN_PID") == str(os.getpid()):
        fds = list(range(3, 3 + int(environment.get("LISTEN_FDS", "0"))))
    else:
        return []
    opened = [socket.socket(fileno=fd) for fd in fds]
    for one in opened:
        one.setblocking(False)
        one.set_inheritable(False)
    return opened


def inherited_supervisor(environment: Mapping[str, str]) -> socket.socket | None:
    """A process's end of the socket pair; None in one that has no supervisor."""
    named = environment.get(SUPERVISOR_FD)
    if named is None:
        return None
    ours = socket.socket(fileno=int(named))
    ours.setblocking(False)
    ours.set_inheritable(False)
    return ours


async def supervised(ours: socket.socket, stop: asyncio.Event) -> None:
    """Say that this process serves, and stop it when the supervisor is gone."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ConnectionError):  # a supervisor that is killed before it has read the byte
        await loop.sock_sendall(ours, READY)
        await loop.sock_recv(ours, 1)  # nothing is ever sent: it ends when the other end is closed
    stop.set()
