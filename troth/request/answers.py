"""Answers: checked against the contract, then serialised."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs

from handlers.http import Answer
from models.kernel.json_text import dump_bytes
from models.kernel.pointers import pointer_of
from troth.request.schemas import Schema, SchemaSet

JSON = "application/json"

Header = tuple[bytes, bytes]
Validator = jsonschema_rs.Draft4Validator


class BrokenAnswer(Exception):
    """A handler's answer does not keep the contract."""


class AnswerWriter:
    """The answers of one operation."""

    def __init__(self, responses: Schema, schemas: SchemaSet, resolve: Callable[[Any], Any]) -> None:
        self._schemas = schemas
        self._declared: dict[str, tuple[dict[str, Schema | None], list[str]]] = {}
        for status, raw in responses.items():
            response = resolve(raw)
            bodies = {
                media: content.get("schema") if media == JSON else None
                for media, content in response.get("content", {}).items()
            }
            headers = response.get("headers", {}).items()
            required = [name.lower() for name, header in headers if resolve(header).get("required")]
            self._declared[status] = (bodies or {"": None}, required)
        self._validators: dict[tuple[str, str], Validator | None] = {}
        self._plans: dict[tuple[int, str], tuple[Validator | None, list[str]]] = {}

    def compile(self) -> None:
        """Compile the validators now rather than when they are needed.

        Raises ValueError for a schema that cannot be.
        """
        for declared, (bodies, _) in self._declared.items():
            for media in bodies:
                self._validator(declared, media)

    def _validator(self, declared: str, media: str) -> Validator | None:
        """The validator of what is declared for a status, a range or the default; None where any body will do."""
        key = (declared, media)
        if key not in self._validators:
            schema = self._declared[declared][0][media]
            self._validators[key] = None if schema is None else self._schemas.validator(schema, write=False)
        return self._validators[key]

    def check(self, answer: Answer) -> None:
        """Raise BrokenAnswer when the answer is not one that the contract allows."""
        key = (answer.status, "" if answer.empty else answer.content_type)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = self._plan(*key)
        validator, required = plan
        if validator is not None and not validator.is_valid(answer.body):
            error = next(iter(validator.iter_errors(answer.body)))
            pointer = pointer_of(error.instance_path)
            raise BrokenAnswer(f"{answer.status} {pointer or '/'}: {error.message}")
        if required:
            given = {name.lower() for name in answer.headers or ()}
            for name in required:
                if name not in given:
                    raise BrokenAnswer(f"status {answer.status} lacks the header {name}")

    def _plan(self, status: int, media: str) -> tuple[Validator | None, list[str]]:
        """The validator and the required headers of an answer: of its status, else its range, else the default."""
        for declared in (str(status), f"{status // 100}XX", "default"):
            if declared in self._declared:
                bodies, required = self._declared[declared]
                if media not in bodies:
                    raise BrokenAnswer(f"status {status} has no {media or 'empty body'} in the contract")
                return self._validator(declared, media), required
        raise BrokenAnswer(f"status {status} is not in the contract")


def serialise(answer: Answer) -> bytes:
    """The bytes of an answer's body."""
    if answer.empty:
        return b""
    if answer.content_type == JSON:
        return dump_bytes(answer.body)
    return answer.body if isinstance(answer.body, bytes) else str(answer.body).encode()
