"""What a mock does around its operations: preferences, rules, faults, the journal."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from handlers.control.problems import PreferenceNotMet
from models.kernel.clock import SECOND_MS
from models.kernel.problems import Problem
from troth.log import logger
from troth.mock.faults import transmit_of
from troth.mock.preferences import APPLIED, HEADER, parse_preferences
from troth.outbox.outgoing import SendResult
from troth.request.answers import serialise
from troth.request.replies import Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from troth.mock.forced import ContractAnswers, ForcedAnswer
    from troth.mock.journal import Journal
    from troth.mock.preferences import Preferences
    from troth.mock.recordings import Recordings
    from troth.mock.rules import Applied, Rules
    from troth.outbox.outgoing import Sender
    from troth.request.exchange import Exchange

CONTROL = "control"
SERVER_ERROR = 500


class MockInterceptor:
    """Around the calls to one sandbox.

    A preference of the call comes before the rules. Calls to the control plane are left alone: rules must not shut out
    who made them, and reading the journal must not fill it.
    """

    def __init__(self, rules: Rules, answers: ContractAnswers, journal: Journal | None, recordings: Recordings) -> None:
        self._rules = rules
        self._answers = answers
        self._journal = journal
        self._recordings = recordings

    async def run(self, exchange: Exchange, proceed: Callable[[], Awaitable[Reply]]) -> Reply:
        """See `Interceptor.run`."""
        operation = exchange.operation
        if operation is None or operation.info.api == CONTROL:
            return await proceed()
        if HEADER in exchange.headers:
            try:
                preferences = parse_preferences(exchange.headers[HEADER])
                if preferences is not None:
                    return await self._preferred(exchange, preferences, proceed)
            except PreferenceNotMet as problem:
                return operation.refuse(problem, exchange.request)
        applied = self._rules.of_call(exchange) if len(self._rules) else None
        return await proceed() if applied is None else await self._ruled(exchange, applied, proceed)

    async def _preferred(
        self, exchange: Exchange, preferences: Preferences, proceed: Callable[[], Awaitable[Reply]]
    ) -> Reply:
        """Raises PreferenceNotMet."""
        assert exchange.request is not None, "the operation is about to run"
        reply = None if preferences.forced.is_empty else self._forced(exchange, preferences.forced)
        if preferences.delay_ms:
            await asyncio.sleep(preferences.delay_ms / SECOND_MS)
        if reply is None:
            exchange.request.is_dry_run = preferences.is_dry_run
            reply = await proceed()
        if not (preferences.is_dry_run and reply.answer.later is not None):
            reply.answer = replace(reply.answer, headers={**(reply.answer.headers or {}), APPLIED: preferences.applied})
        return reply

    async def _ruled(self, exchange: Exchange, applied: Applied, proceed: Callable[[], Awaitable[Reply]]) -> Reply:
        exchange.notes["rule"] = applied.rule_id
        if applied.delay_ms:
            await asyncio.sleep(applied.delay_ms / SECOND_MS)
        exchange.transmit = transmit_of(applied.fault, applied.bytes_per_s)
        if applied.forced is None:
            return await proceed()
        try:
            return self._forced(exchange, applied.forced)
        except Problem as problem:
            assert exchange.operation is not None, "rules are about operations"
            return exchange.operation.refuse(problem, exchange.request)

    def _forced(self, exchange: Exchange, forced: ForcedAnswer) -> Reply:
        """An answer of the contract. Raises PreferenceNotMet."""
        assert exchange.operation is not None, "only operations have answers"
        answer = self._answers.answer(exchange.operation, forced)
        return Reply(answer, b"" if answer.empty else serialise(answer))

    def sent(self, exchange: Exchange) -> None:
        """See `Interceptor.sent`."""
        try:
            self._recordings.note(exchange)
        except Exception as error:  # the answer has been sent, and the next call must not suffer
            logger.error("call not recorded", exc_info=error)
        if self._journal is None or (exchange.operation is not None and exchange.operation.info.api == CONTROL):
            return
        try:
            self._journal.record(exchange)
        except Exception as error:  # the answer has been sent, and the next call must not suffer
            logger.error("call not kept in the journal", exc_info=error)


class RuledSender:
    """A sender of webhooks whose receivers fail as the rules of a sandbox say."""

    def __init__(self, sender: Sender, rules: Rules, *, is_shared: bool) -> None:
        """A sender that is shared with other sandboxes is not closed with this one."""
        self.sender = sender
        self._rules = rules
        self._is_shared = is_shared

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        """See `Sender.send`."""
        applied = self._rules.of_webhook(url) if len(self._rules) else None
        if applied is None:
            return await self.sender.send(url, body, headers)
        if applied.delay_ms:
            await asyncio.sleep(applied.delay_ms / SECOND_MS)
        if applied.fault is not None:
            return SendResult(None, error=f"{applied.rule_id}: the connection was {applied.fault}")
        if applied.forced is None:
            return await self.sender.send(url, body, headers)
        given = applied.forced.body if applied.forced.has_body else ""
        text = given if isinstance(given, str) else orjson.dumps(given).decode()
        return SendResult(applied.forced.code or SERVER_ERROR, text)

    async def close(self) -> None:
        """See `Sender.close`."""
        if not self._is_shared:
            await self.sender.close()
