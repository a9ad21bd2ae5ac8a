"""Senders of webhooks that open no connection."""

from dataclasses import dataclass, field

import httpx2

from tests.support.client import BASE_URL
from troth.app import Server
from troth.outbox.outgoing import HttpSender, SendResult


@dataclass
class NullSender:
    """Calls nobody, keeps what it was given, and answers with `status`."""

    status: int = 200
    calls: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        self.calls.append((url, body, headers))
        return SendResult(self.status, "")

    async def close(self) -> None:
        """Nothing is open."""


class LoopSender(NullSender):
    """Calls the server itself, whatever the host: for its own inbox."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        transport = httpx2.ASGITransport(app=self.server.app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            answer = await http.post(url, content=body, headers=headers)
        return SendResult(answer.status_code, answer.text)


@dataclass(frozen=True)
class NetworkSender:
    """Calls over the network, and keeps no connection: each call may come from a loop of its own."""

    private: bool

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        sender = HttpSender(private=self.private)
        try:
            return await sender.send(url, body, headers)
        finally:
            await sender.close()

    async def close(self) -> None:
        """Nothing is open."""
