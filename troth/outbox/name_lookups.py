"""Looking up host names in threads of our own, so that a DNS server that does not answer delays nobody else.

The system's resolver cannot be interrupted, and may take half a minute to give up. In the event loop's own pool of
threads a few such lookups would keep all others waiting, and those of the pool's other users; and threads of a pool are
waited for at exit.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

LOOKUPS_MAX = 256
"""How many lookups are under way at once, each in a thread. One that its caller has given up counts until the resolver
gives up too, which takes two or three times as long as a call may take: more than twice as many as there are sending
slots.
"""


class NameLookups:
    """Looks up names, each in a thread of its own; callers who ask for the same name at the same time share one
    lookup.
    """

    def __init__(self, lookups_max: int = LOOKUPS_MAX) -> None:
        self._max = lookups_max
        self._running: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    async def addresses(self, host: str, port: int) -> list[str]:
        """The IP addresses of a host, each once. Raises OSError, UnicodeError.

        When there are as many lookups as may be, it waits for one to end. A caller may be cancelled at any time; the
        lookup itself goes on in its thread.
        """
        key = (host, port)
        while key not in self._running and len(self._running) >= self._max:
            await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
        lookup = self._running.get(key)
        if lookup is None:
            lookup = self._running[key] = asyncio.get_running_loop().create_future()
            lookup.add_done_callback(lambda done: self._ended(key, done))
            # A daemon: the exit does not wait for a resolver that waits for its server.
            threading.Thread(target=_look_up, args=(host, port, lookup), name="troth-lookup", daemon=True).start()
        return await asyncio.shield(lookup)

    def _ended(self, key: tuple[str, int], lookup: asyncio.Future[list[str]]) -> None:
        del self._running[key]
        if not lookup.cancelled():
            lookup.exception()  # nobody may be left to ask for it, and then it is not worth a log line


def _look_up(host: str, port: int, lookup: asyncio.Future[list[str]]) -> None:
    """The body of a lookup's thread."""
    found: list[str] | Exception
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    except Exception as error:  # every error belongs to the caller
        found = error
    with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile, and no caller is left
        lookup.get_loop().call_soon_threadsafe(_resolve, lookup, found)


def _resolve(lookup: asyncio.Future[list[str]], found: list[str] | Exception) -> None:
    if lookup.done():
        return
    if isinstance(found, Exception):
        lookup.set_exception(found)
    else:
        lookup.set_result(found)
