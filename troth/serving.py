"""Listening and serving with uvicorn: the same for the mock, for production and for the benchmark."""

from __future__ import annotations

import gc
import socket
from typing import Any

import uvicorn

from troth.joined_writes import JoiningProtocol


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 picks a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((host, port))
    return opened


def serve(app: Any, opened: socket.socket, **options: Any) -> None:
    """Serve an application until interrupted.

    What is there by now (contracts, validators, modules) lives as long as the process: the garbage collector is told to
    leave it alone, or every full collection would walk through all of it again.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(app, loop="uvloop", http=JoiningProtocol, access_log=False, log_level="warning",
                            server_header=False, **options)
    uvicorn.Server(config).run(sockets=[opened])
