"""What a mock does around its operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troth.log import logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from troth.mock.journal import Journal
    from troth.request.exchange import Exchange
    from troth.request.operation import Reply


class MockInterceptor:
    """The journal of one sandbox around all calls to it. Calls to the control plane are not kept: reading the journal would fill it."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def run(self, _exchange: Exchange, proceed: Callable[[], Awaitable[Reply]]) -> Reply:
        """See `Interceptor.run`."""
        return await proceed()

    def sent(self, exchange: Exchange) -> None:
        """See `Interceptor.sent`."""
        if exchange.operation is not None and exchange.operation.info.api == "control":
            return
        try:
            self._journal.record(exchange)
        except Exception as error:  # the answer has been sent, and the next call must not suffer
            logger.error("call not kept in the journal", exc_info=error)
