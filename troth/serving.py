"""Listening and serving with uvicorn: the same for the mock, for production and for the benchmark."""

from __future__ import annotations

import gc
import socket
from typing import TYPE_CHECKING, Any

import uvicorn

from troth.connexion_app import compiled_middleware
from troth.http_protocol import HttpProtocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connexion import AsyncApp


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 picks a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((host, port))
    return opened


def serve(app: AsyncApp, opened: socket.socket, *, trusted_proxies: Sequence[str], **options: Any) -> None:
    """Serve an application until interrupted. Forwarded headers of the trusted proxies (addresses or networks) are believed.

    The compiled path, which comes first in the application's middlewares, is called without those around it.

    What is there by now (contracts, validators, modules) lives as long as the process: the garbage collector is told to
    leave it alone, or every full collection would walk through all of it again.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(
        compiled_middleware(app), loop="uvloop", http=HttpProtocol, ws="none", access_log=False, log_level="warning", server_header=False,
        proxy_headers=bool(trusted_proxies), forwarded_allow_ips=list(trusted_proxies), **options,
    )
    uvicorn.Server(config).run(sockets=[opened])
