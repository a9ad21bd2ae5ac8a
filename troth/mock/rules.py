"""Rules of a sandbox: which calls, or webhooks, get another answer, a delay or a fault, and how often.

The first rule that matches a call and whose turn it is applies to it. What is random in a rule is drawn from the
sandbox's seed and the rule's own count, so that the same calls meet the same faults in each run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from handlers.control._journal_match import body_differences
from handlers.control.problems import HeaderInvalid, HeaderRepeated, HeaderReserved, RulesFull, UnknownRule
from models.kernel.connection import LazyConnection
from models.kernel.headers import HOP_BY_HOP, header_fault
from models.kernel.ids import SeededRandom
from models.kernel.problems import Problem
from troth.mock.forced import ForcedAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from troth.mock.forced import ContractAnswers
    from troth.request.exchange import Exchange
    from troth.runtime import Runtime

RULES_MAX = 200
DELAY_MS_MAX = 60_000
Row = dict[str, Any]
CALLS, WEBHOOKS = "calls", "webhooks"
OUR_HEADERS = HOP_BY_HOP | {"content-encoding", "content-length", "date", "server", "x-request-id"}
"""Headers that the server sets on answers: a second one would be taken for the end of the first body, or for another
answer.
"""
HEADER_PROBLEMS = {problem.code: problem for problem in (HeaderInvalid, HeaderRepeated, HeaderReserved)}


@dataclass(slots=True)
class Rule:
    """A rule as it was given, and how often it has matched and been applied."""

    id: str
    given: Row
    ends_ms: int | None
    """On the sandbox's clock."""
    forced: ForcedAnswer | None
    matched: int = 0
    applied: int = 0

    @property
    def is_over(self) -> bool:
        """Whether it has been applied as often as it may."""
        times = self.given.get("times")
        return times is not None and self.applied >= times

    def describe(self) -> Row:
        """As in the contract's `Rule`."""
        return {**self.given, "id": self.id, "matched": self.matched, "applied": self.applied, "ends_ms": self.ends_ms}


@dataclass(frozen=True, slots=True)
class Applied:
    """What a rule does to one call or webhook."""

    rule_id: str
    forced: ForcedAnswer | None
    delay_ms: float
    fault: str | None
    bytes_per_s: int | None


@dataclass(slots=True)
class Rules:
    """The rules of one sandbox, in the order in which they were made."""

    runtime: Runtime
    answers: ContractAnswers
    _rules: dict[str, Rule] = field(default_factory=dict)
    _made: int = 0

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(list(self._rules.values()))

    def add(self, given: Row) -> Rule:
        """Add a rule behind the others.

        Raises RulesFull, PreferenceNotMet for an answer that the operation does not have, and a refusal of headers that
        cannot be sent.
        """
        if len(self._rules) >= RULES_MAX:
            raise RulesFull(RULES_MAX)
        fault = header_fault(given.get("answer", {}).get("headers", {}), OUR_HEADERS)
        if fault is not None:
            raise HEADER_PROBLEMS[fault.code](f"/answer/headers: {fault.message}")
        self._made += 1
        for_ms = given.get("for_ms")
        ends_ms = None if for_ms is None else self.runtime.main.clock.now_ms() + for_ms
        forced = _forced_answer(given["answer"]) if "answer" in given else None
        if forced is not None and "operation" in given:
            self.answers.check(given["operation"], forced)
        rule = Rule(f"rule-{self._made}", given, ends_ms, forced)
        self._rules[rule.id] = rule
        return rule

    def get(self, rule_id: str) -> Rule:
        """A rule. Raises UnknownRule."""
        found = self._rules.get(rule_id)
        if found is None:
            raise UnknownRule
        return found

    def remove(self, rule_id: str) -> None:
        """Delete a rule. Raises UnknownRule."""
        del self._rules[self.get(rule_id).id]

    def clear(self) -> None:
        """Delete all rules; the next one is the first again, so that it draws what the first one drew."""
        self._rules.clear()
        self._made = 0

    def of_call(self, exchange: Exchange) -> Applied | None:
        """What applies to a call; None when no rule does."""
        return next(
            (found for rule in self._of(CALLS) if self._matches(rule.given, exchange) if (found := self._turn(rule))),
            None,
        )

    def of_webhook(self, url: str) -> Applied | None:
        """What applies to a webhook that is sent to an address; None when no rule does."""
        return next(
            (
                found
                for rule in self._of(WEBHOOKS)
                if fnmatchcase(url, rule.given.get("url", "*"))
                if (found := self._turn(rule))
            ),
            None,
        )

    def _matches(self, given: Row, exchange: Exchange) -> bool:
        """Whether a rule matches a call."""
        operation = exchange.operation
        assert operation is not None, "rules are about operations"
        info = operation.info
        return (
            given.get("api") in (None, info.api)
            and given.get("operation") in (None, info.operation_id)
            and given.get("method") in (None, exchange.scope["method"])
            and fnmatchcase(exchange.scope["path"], given.get("path", "*"))
            and ("body" not in given or not body_differences(exchange.body or b"", given["body"]))
            and ("tenant" not in given or given["tenant"] in self._names_of_tenant(exchange))
        )

    def _names_of_tenant(self, exchange: Exchange) -> tuple[str, ...]:
        """Alias, and API with alias, of the tenant that a call names or whose credential it has; none where it would be
        refused.
        """
        operation, request = exchange.operation, exchange.request
        assert operation is not None, "rules are about operations"
        assert request is not None, "its body has been read"
        connection = LazyConnection(self.runtime.storage.reading)
        try:
            tenant = operation.edge.find_tenant(request, connection, self.runtime.directory)
            tenant = operation.security.principal(request, tenant, connection, self.runtime.directory).tenant
        except Problem:
            return ()
        finally:
            connection.close()
        return tenant.alias, tenant.key

    def _of(self, target: str) -> Iterator[Rule]:
        now_ms = self.runtime.main.clock.now_ms()
        for rule in self._rules.values():
            is_alive = not rule.is_over and (rule.ends_ms is None or now_ms < rule.ends_ms)
            if is_alive and rule.given.get("target", CALLS) == target:
                yield rule

    def _turn(self, rule: Rule) -> Applied | None:
        """Count a match, and what the rule does where it is its turn: after `skip` matches, every nth, with a
        probability.
        """
        rule.matched += 1
        given = rule.given
        number = rule.matched - given.get("skip", 0)
        if number <= 0 or (number - 1) % given.get("every", 1):
            return None
        random = SeededRandom(self.runtime.main.seed or 0, "rules", f"{rule.id}.{rule.matched}")
        if _fraction(random, "probability") >= given.get("probability", 1):
            return None
        rule.applied += 1
        return Applied(
            rule.id,
            rule.forced,
            _delay_ms(given.get("delay", {}), random),
            given.get("fault"),
            given.get("bytes_per_s"),
        )


def _forced_answer(answer: Row) -> ForcedAnswer:
    return ForcedAnswer(
        code=answer.get("code"),
        example=answer.get("example"),
        is_dynamic=answer.get("dynamic", False),
        seed=answer.get("seed"),
        body=answer.get("body"),
        has_body="body" in answer,
        headers=answer.get("headers", {}),
    )


def _fraction(random: SeededRandom, purpose: str) -> float:
    """A number from 0 up to and not including 1."""
    return int.from_bytes(random.take(purpose, 6), "big") / (1 << 48)


def _delay_ms(delay: Row, random: SeededRandom) -> float:
    """`ms`, evenly from `min_ms` to `max_ms`, or log-normal around `median_ms` with the standard deviation `sigma` of
    the logarithm.
    """
    if "ms" in delay:
        return float(delay["ms"])
    if "max_ms" in delay:
        low: float = delay.get("min_ms", 0)
        return low + float(delay["max_ms"] - low) * _fraction(random, "delay")
    if "median_ms" in delay:
        # Box and Muller: a normal deviate of two even ones.
        radius = math.sqrt(-2 * math.log(1 - _fraction(random, "radius")))
        normal = radius * math.cos(2 * math.pi * _fraction(random, "angle"))
        return float(min(delay["median_ms"] * math.exp(delay.get("sigma", 0.5) * normal), DELAY_MS_MAX))
    return 0.0
