"""Answers for operations that have no handler yet: the contract's own example, or values made from its schema.

Production answers 501. In mock mode the answer is marked `Troth-Source: example` or `generated`, since nothing stands
behind it. Generated values depend on the seed, the operation and the place in the schema, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rstr import Rstr

from handlers.http import Answer
from models.kernel.ids import SeededRandom, python_random, text
from models.kernel.problems import NotImplementedProblem
from troth.spec.references import resolver

if TYPE_CHECKING:
    from models.uow import UnitOfWork
    from troth.runtime import Runtime

JSON = "application/json"
DEPTH_MAX = 6
TEXT_MAX = 64
PATTERN_TRIES = 8


def answer_from_contract(runtime: Runtime, document: dict[str, Any], raw: dict[str, Any]) -> Callable[..., Answer]:
    """A handler that answers from the first success answer of an operation."""
    resolve = resolver(document)
    status = min(status for status in raw["responses"] if status.startswith(("2", "3")))
    content = resolve(raw["responses"][status]).get("content", {}).get(JSON)

    def handler(_uow: UnitOfWork, **_arguments: Any) -> Answer:
        if not runtime.mock:
            raise NotImplementedProblem
        if content is None:
            return Answer(int(status), empty=True)
        if "example" in content:
            return Answer(int(status), content["example"])
        generator = Generator(resolve, runtime.settings.seed, raw["operationId"])
        return Answer(int(status), generator.value(content.get("schema", {}), ""))

    handler.troth_source = "example" if content and "example" in content else "generated"  # type: ignore[attr-defined]
    return handler


class Generator:
    """Makes a value that keeps a schema. `seed`, the operation and the pointer decide it."""

    def __init__(
        self, resolve: Callable[[Any], Any], seed: int, operation_id: str, *, uses_examples: bool = True
    ) -> None:
        """Without `uses_examples`, examples and defaults of the schema are left alone."""
        self._resolve = resolve
        self._sources = ("example", "default") if uses_examples else ()
        self._seed = seed
        self._operation_id = operation_id

    def value(self, schema: dict[str, Any], pointer: str) -> Any:
        """A value for a schema at a pointer; beyond six levels only what is required is made."""
        schema = self._resolve(schema)
        for source in self._sources:
            if source in schema:
                return schema[source]
        if "enum" in schema:
            return schema["enum"][self._number(pointer) % len(schema["enum"])]
        for union in ("oneOf", "anyOf"):
            if union in schema:
                return self.value(schema[union][0], pointer)
        if "allOf" in schema:
            merged: dict[str, Any] = {}
            for part in schema["allOf"]:
                made = self.value(part, pointer)
                merged.update(made if isinstance(made, dict) else {})
            return merged
        return self._by_type(schema, pointer)

    def _by_type(self, schema: dict[str, Any], pointer: str) -> Any:
        kind = schema.get("type", "object" if "properties" in schema else None)
        if kind == "object":
            names = schema.get("properties", {})
            if pointer.count("/") >= DEPTH_MAX:
                names = {name: names[name] for name in schema.get("required", ()) if name in names}
            return {name: self.value(part, f"{pointer}/{name}") for name, part in names.items()}
        if kind == "array":
            count = max(schema.get("minItems", 0), 0 if pointer.count("/") >= DEPTH_MAX else 1)
            return [self.value(schema.get("items", {}), f"{pointer}/{n}") for n in range(count)]
        if kind in ("integer", "number"):
            low = schema.get("minimum", 0)
            return low + self._number(pointer) % max(1, min(1_000, schema.get("maximum", low + 1_000) - low + 1))
        if kind == "boolean":
            return self._number(pointer) % 2 == 0
        return self._text(schema, pointer) if kind == "string" else None

    def _text(self, schema: dict[str, Any], pointer: str) -> str:
        formats = {
            "date-time": "2026-01-15T12:00:00Z",
            "date": "2026-01-15",
            "uri": "https://example.org/",
            "email": "ana@example.org",
            "uuid": "00000000-0000-4000-8000-000000000000",
        }
        if schema.get("format") in formats:
            return formats[schema["format"]]
        if "pattern" in schema:
            return self._matching(schema, pointer)
        length = max(schema.get("minLength", 0), min(8, schema.get("maxLength", 8)))
        return text(self._random(pointer), "text", min(length, 30))

    def _matching(self, schema: dict[str, Any], pointer: str) -> str:
        """Text that a pattern matches, and that is not too long where one is found."""
        source = Rstr(python_random(self._number(pointer)))
        longest, shortest = schema.get("maxLength", TEXT_MAX), schema.get("minLength", 0)
        tries = [source.xeger(schema["pattern"]) for _ in range(PATTERN_TRIES)]
        return next((one for one in tries if shortest <= len(one) <= longest), min(tries, key=len))

    def _random(self, pointer: str) -> SeededRandom:
        return SeededRandom(self._seed, self._operation_id, pointer)

    def _number(self, pointer: str) -> int:
        return int.from_bytes(self._random(pointer).take("number", 6), "big")
