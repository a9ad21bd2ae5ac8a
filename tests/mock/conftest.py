"""A mock on a fixed clock, without people."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.client import Client
from tests.support.senders import NullSender
from troth.mock.run import build_mock
from troth.outbox.outgoing import Sender
from troth.settings import Settings


@contextmanager
def empty_mock(sender: Sender, **settings: Any) -> Iterator[Client]:
    """A mock on a fixed clock, without people. Its webhooks go to the sender."""
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, **settings), "empty")
    server.runtime.services["dispatcher"].sender.sender = sender
    client = Client(server)
    yield client
    client.close()
    server.close()


@pytest.fixture
def mock() -> Iterator[Client]:
    """A mock that nobody else uses. Its webhooks go nowhere."""
    with empty_mock(NullSender()) as client:
        yield client
