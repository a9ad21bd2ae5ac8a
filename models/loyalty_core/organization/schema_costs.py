"""How much work it is to hold content against a JSON Schema, counted before it is done.

A validator follows `$ref`, `allOf` and the like again and again: a schema of thirty definitions, each of which names
the next one twice, is a billion checks, and one that names itself twice is 2**depth of the content. A validation that
runs cannot be stopped. So the checks are counted first: each pair of a subschema and a place in the content once, with
what comes of it remembered.

What a keyword asks of a value itself is in `keyword_costs.py`; here is what it applies other schemas to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from models.loyalty_core.organization.keyword_costs import OwnCosts
from models.loyalty_core.organization.schema_references import Targets

CHECKS_MAX = 200_000
"""Checks of a subschema against a place in the content, repeated ones included: about 10 ms of the validator."""
PAIRS_MAX = 20_000
"""Different pairs of a subschema and a place that are counted: about 40 ms here."""
DEPTH_MAX = 300
"""Of references that lead to references, and of content: what is deeper is refused."""
GATHERED_MAX = 2_000
"""Errors that alternatives (`anyOf`, `oneOf`) gather before one is reported, each with a copy of its value: about 15
ms.
"""

_ALTERNATIVES = ("anyOf", "oneOf")
_SAME_PLACE = ("allOf", *_ALTERNATIVES, "not", "if", "then", "else")
_EACH_ITEM = ("items", "prefixItems", "additionalItems", "contains", "unevaluatedItems")
_EACH_MEMBER = ("additionalProperties", "unevaluatedProperties")
_BY_NAME = ("dependentSchemas", "dependencies")
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")
APPLIED = frozenset(
    {
        *_SAME_PLACE,
        *_EACH_ITEM,
        *_EACH_MEMBER,
        *_BY_NAME,
        *_REFERENCES,
        "properties",
        "patternProperties",
        "propertyNames",
    }
)
"""Keywords that apply other schemas, to the same value or to its parts."""


class TooManyChecks(Exception):
    """Content and schema together are more work than a call may cause."""


@dataclass(slots=True)
class Cost:
    """What holding a value against a schema takes.

    `marks` are the checks by which `unevaluatedProperties` and its kin learn what else was evaluated: everything at the
    same place once more. `errors` are as many as there can be, larger ones more than once; `gathered` are those that
    alternatives gather.
    """

    checks: int = 1
    marks: int = 0
    errors: int = 1
    gathered: int = 0


def check_cost(schema: object, content: object) -> Cost:
    """The cost of holding content against a schema. Raises TooManyChecks where that is more than CHECKS_MAX."""
    return _Count(schema).of(schema, content, 0)


class _Count:
    def __init__(self, schema: object) -> None:
        self.known: dict[tuple[int, int], Cost] = {}
        self.under_way: set[tuple[int, int]] = set()
        self.circles = 0
        """How often a subschema led back to one that is under way at the same place."""
        self.targets = Targets(schema)
        self.own = OwnCosts()
        self.spent = 0
        """Checks that were counted so far, each pair once:
        so that counting itself ends as soon as they are too many.
        """

    def of(self, schema: object, value: object, depth: int) -> Cost:
        """The cost of holding a value against a subschema. Raises TooManyChecks."""
        if not isinstance(schema, dict):
            return Cost(errors=1 + self.own.size_of(value) // 50) if schema is False else Cost()
        pair = id(schema), id(value)
        if pair in self.known:
            self.circles += pair in self.under_way
            return self.known[pair]
        if len(self.known) >= PAIRS_MAX or depth > DEPTH_MAX:
            raise TooManyChecks
        self.known[pair] = Cost()
        self.under_way.add(pair)
        own, errors = self.own.of(schema, value)
        cost = Cost(1 + own, 0, errors)
        self._spend(cost.checks)
        for part, place, is_alternative in self._applied(schema, value):
            found = self.of(part, place, depth + 1)
            cost.checks += found.checks
            cost.errors += found.errors
            cost.gathered += found.gathered + found.errors * is_alternative
            cost.marks += (found.checks + found.marks) * (place is value)
            if cost.checks > CHECKS_MAX:
                raise TooManyChecks
        if any(name in schema for name in _UNEVALUATED):
            cost.checks += cost.marks
        self._spend(0 if cost.checks <= CHECKS_MAX else cost.checks)
        self.known[pair] = cost
        self.under_way.remove(pair)
        if depth == 0:
            self._check_circles(cost.checks)
        return cost

    def _check_circles(self, checks: int) -> None:
        """Raise TooManyChecks where circles of references multiply the checks beyond the limit.

        The validator leaves a circle when it comes to the same reference again, but has gone on to all others by then:
        each circle can repeat all checks once more for each of them.
        """
        if (1 + self.circles) * log(checks) > log(
            CHECKS_MAX
        ):  # checks ** (1 + circles), which may have millions of digits
            raise TooManyChecks

    def _spend(self, checks: int) -> None:
        self.spent += checks
        if self.spent > CHECKS_MAX:
            raise TooManyChecks

    def _applied(self, schema: dict[str, object], value: object) -> Iterator[tuple[object, object, bool]]:
        """The subschemas that a schema applies, each with the value that it is applied to, and whether it is an
        alternative; more rather than fewer.
        """
        for name, part in schema.items():
            if name in _REFERENCES:
                yield from ((target, value, False) for target in self.targets.of(part))
            elif name in _SAME_PLACE:
                for one in part if isinstance(part, list) else [part]:
                    yield one, value, name in _ALTERNATIVES
            elif name in _BY_NAME:
                yield from ((one, value, False) for one in _values(part))
        if isinstance(value, dict):
            yield from _members(schema, value)
        elif isinstance(value, list):
            yield from _items(schema, value)


def _items(schema: dict[str, object], value: list[object]) -> Iterator[tuple[object, object, bool]]:
    for name in _EACH_ITEM:
        part = schema.get(name)
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, dict) or one is False:
                yield from ((one, item, False) for item in value)


def _members(schema: dict[str, object], value: dict[str, object]) -> Iterator[tuple[object, object, bool]]:
    properties = schema.get("properties")
    if isinstance(properties, dict):
        fewer, other = (value, properties) if len(value) < len(properties) else (properties, value)
        yield from ((properties[name], value[name], False) for name in fewer if name in other)
    for part in [*_values(schema.get("patternProperties")), *(schema.get(name) for name in _EACH_MEMBER)]:
        if isinstance(part, dict) or part is False:
            yield from ((part, member, False) for member in value.values())
    if isinstance(schema.get("propertyNames"), dict):
        yield from ((schema["propertyNames"], name, False) for name in value)


def _values(part: object) -> list[object]:
    return list(part.values()) if isinstance(part, dict) else []
