"""A mock on a fixed clock, without people."""

from collections.abc import Iterator

import pytest

from tests.support.client import Client
from tests.support.senders import NullSender
from troth.mock.run import build_mock
from troth.settings import Settings


@pytest.fixture
def mock() -> Iterator[Client]:
    """A mock that nobody else uses. Its webhooks go nowhere."""
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "empty")
    server.runtime.services["dispatcher"].sender.sender = NullSender()
    client = Client(server)
    yield client
    client.close()
    server.close()
