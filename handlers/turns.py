"""Turns on the event loop: work that is done in slices lets other requests be served between two of them."""

import asyncio

ITERATIONS = 8
"""Iterations of the event loop between two slices.

A request that has arrived needs several of them (the socket, its task, its body, its answer) and each would wait for a
slice of 20 ms otherwise. Without a request an iteration takes about 10 µs.
"""


async def let_others_run() -> None:
    """Run what else is ready on the event loop."""
    for _ in range(ITERATIONS):
        await asyncio.sleep(0)
