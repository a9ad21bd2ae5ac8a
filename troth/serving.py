"""Serving with uvicorn: the same for the mock, for production and for the benchmark."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import uvicorn

from troth.connexion_app import compiled_middleware
from troth.http_protocol import HttpProtocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from connexion import AsyncApp


def serve(app: AsyncApp, opened: socket.socket, *, trusted_proxies: Sequence[str], **options: Any) -> None:
    """Serve an application until interrupted. Forwarded headers of the trusted proxies (addresses or networks) are believed.

    The compiled path, which comes first in the application's middlewares, is called without those around it.

    What is there by now (contracts, validators, modules) lives as long as the process: the garbage collector is told to
    leave it alone, or every full collection would walk through all of it again.
    """
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(
        compiled_middleware(app), loop="uvloop", http=HttpProtocol, ws="none", access_log=False, log_level="warning", server_header=False,
        proxy_headers=bool(trusted_proxies), forwarded_allow_ips=list(trusted_proxies), **options,
    )
    uvicorn.Server(config).run(sockets=[opened])
