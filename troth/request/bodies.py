"""Request bodies: content type, size, encoding, JSON or form, depth, NUL, schema."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import jsonschema_rs

from models.kernel.faults import Fault, Faults
from models.kernel.problems import InvalidInput, MediaTypeProblem, RequestProblem, joined
from troth.request.forms import FORM, decode_form
from troth.request.json_text import decode_json, is_larger_than
from troth.request.nulls import drop_ignored_nulls, has_ignored_nulls
from troth.request.numbers import may_hold_whole_floats, with_integers
from troth.request.pieces import Pieces
from troth.request.schemas import Schema, SchemaSet, without_null

BODY_BYTES_MAX = 1 << 20
SMALL_VALUES, SMALL_BYTES = 500, 1 << 15
"""A body that is not larger is validated in one piece."""

JSON = "application/json"
_CHARSETS = {"utf-8", "utf8", "us-ascii"}


class BodyReader:
    """The body of one operation."""

    def __init__(self, body: Schema, schemas: SchemaSet, resolve: Callable[[Any], Any]) -> None:
        self.required: bool = body.get("required", False)
        content = body.get("content", {})
        self.media_types = tuple(content)
        self._is_raw = JSON not in content and FORM not in content
        """Whether the handler reads the bytes itself: lines of JSON."""
        schema = content.get(JSON, {}).get("schema", {})  # a form of the same operation has the same schema
        self._schema = schema
        self._resolve = resolve
        self._nullable = resolve(schema).get("nullable", False)
        self._schemas = schemas
        self._known_types: dict[bytes | None, bool] = {None: False}
        """Content types that were seen and may come, and whether each is a form. A body without one is read as JSON."""
        self._choices: dict[int, jsonschema_rs.Draft4Validator] = {}
        """Validators of alternatives within the schema, by the identity of each."""

    @cached_property
    def _ignores_nulls(self) -> bool:
        return has_ignored_nulls(self._schema, self._resolve)

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft4Validator:
        return self._schemas.validator(self._schema, write=True)

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces(self._schema, self._resolve, lambda schema: self._schemas.validator(schema, write=True))

    def compile(self) -> None:
        """Compile the validator now rather than for the first request.

        Raises ValueError for a schema that cannot be.
        """
        self._validator  # noqa: B018  is kept

    def read(self, content_type: bytes | None, body: bytes) -> Any:
        """The decoded body; None when an optional body is absent."""
        if not body and not (content_type or b"").startswith(FORM.encode()):  # an empty form is one without fields
            if self.required:
                raise InvalidInput("the body: is required")
            return None
        is_form = self._known_types.get(content_type)
        if is_form is None:
            is_form = self._check_type(content_type or b"")
        if self._is_raw:
            return body
        value = decode_form(body, self._schema, self._resolve) if is_form else decode_json(body)
        if value is None and self._nullable:
            return None
        try:
            valid = self._validator.is_valid(value)
        except UnicodeEncodeError as error:
            raise RequestProblem("The body holds a lone surrogate.") from error
        if not valid:
            value = self._converted(value, body)
        if b"null" in body and self._ignores_nulls:
            drop_ignored_nulls(value, self._schema, self._resolve, self._accepts)
        return value

    def _converted(self, value: Any, body: bytes) -> Any:
        """A value that the validator refused, valid with whole floats as integers.

        Raises InvalidInput when it is not.
        """
        if may_hold_whole_floats(body):
            value = with_integers(value, self._schema, self._resolve, self._accepts)
            if self._validator.is_valid(value):
                return value
        raise self._problem(value, large=len(body) > SMALL_BYTES or is_larger_than(body, SMALL_VALUES))

    def _accepts(self, schema: Schema, value: Any) -> bool:
        """Whether an alternative within the body's schema takes a value."""
        validator = self._choices.get(id(schema))
        if validator is None:
            validator = self._choices[id(schema)] = self._schemas.validator(schema, write=True)
        return validator.is_valid(value)

    def _check_type(self, header: bytes) -> bool:
        """Whether a content type is a form's. Raises MediaTypeProblem for one that the operation does not take."""
        media, _, rest = header.decode("latin-1").partition(";")
        name = media.strip().lower()
        if name not in self.media_types:
            raise MediaTypeProblem(f"The content type {media.strip()!r} is not one of {', '.join(self.media_types)}.")
        for parameter in rest.split(";"):
            attribute, _, value = parameter.partition("=")
            if attribute.strip().lower() == "charset" and value.strip(" \"'").lower() not in _CHARSETS:
                raise MediaTypeProblem(f"The charset {value.strip()!r} is not UTF-8 (RFC 8259, section 8.1).")
        if len(self._known_types) < 64:
            self._known_types[header] = name == FORM
        return name == FORM

    def _problem(self, value: Any, *, large: bool) -> InvalidInput:
        """All broken rules in the order of the schema's members, with the vendor's code of the nearest that has one."""
        if large:
            faults = self._pieces.faults(value)
        else:
            faults = Faults(self._schema, self._resolve).of(self._validator.iter_errors(value))
        if not faults:
            return InvalidInput("The body does not match the contract.")
        return joined([self._problem_of(fault) for fault in sorted(faults, key=self._order)])

    def _problem_of(self, fault: Fault) -> InvalidInput:
        return InvalidInput(
            fault.message(), pointer=fault.parent_pointer, missing=fault.missing, vendor_code=self._vendor_code(fault)
        )

    def _order(self, fault: Fault) -> list[int]:
        """Where the schema has the member that a fault is about, level by level;
        what is about the whole comes first.
        """
        node, places = self._resolve(self._schema), list[int]()
        for part in fault.place:
            members = list(node.get("properties", {}))
            places.append(part if isinstance(part, int) else members.index(part) if part in members else len(members))
            node = self._member(node, part)
        return places

    def _vendor_code(self, fault: Fault) -> str | None:
        """The last `x-troth-rs-code` on the way through the raw schema to the broken member."""
        node, code = self._resolve(self._schema), None
        for part in fault.place:
            node = self._member(node, part)
            code = node.get("x-troth-rs-code", code)
        return code

    def _member(self, node: Schema, part: str | int) -> Schema:
        if isinstance(part, int):
            return dict(self._resolve(node.get("items", {})))
        found = node.get("properties", {}).get(part)
        if found is None:
            found = node.get("additionalProperties", {})
        found = self._resolve(found)
        return without_null(found, self._resolve) if isinstance(found, dict) else {}
