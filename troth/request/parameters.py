"""Path, query and header parameters: decoded, coerced, filled with defaults, validated in one call.

Where this differs from stock Connexion it is the stricter: a scalar that is given twice is refused, a number must be
a JSON number, bytes that are not UTF-8 are refused (the whole list is in tests/contract/differences.py).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema_rs

from models.kernel.faults import Fault, Faults
from models.kernel.pointers import pointer_of
from models.kernel.problems import InvalidInput, RequestProblem, joined
from troth.request.numbers import whole_of_text
from troth.request.schemas import SchemaSet
from troth.spec.names import snake_case

DIGITS_MAX = 300
_INTEGER = re.compile(r"-?[0-9]{1,300}")
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?")
_ENCODED = re.compile(rb"[%+\0]")
_DELIMITERS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}

Coerce = Callable[[str], Any]


def _path_integer(value: str) -> Any:
    if value.isdigit() and value.isascii() and len(value) < DIGITS_MAX:
        return int(value)
    return int(value) if _INTEGER.fullmatch(value) else value


def _integer(value: str) -> Any:
    """5.0 and 5e0 are 5, as in bodies."""
    read = _path_integer(value)
    if isinstance(read, str) and _NUMBER.fullmatch(read):
        whole = whole_of_text(read)
        return read if whole is None else whole
    return read


def _number(value: str) -> Any:
    if not _NUMBER.fullmatch(value):
        return value
    return int(value) if _INTEGER.fullmatch(value) else float(value)


def _boolean(value: str) -> Any:
    return {"true": True, "false": False}.get(value.lower(), value)


def _text(value: str) -> Any:
    return value


_COERCIONS: dict[str, Coerce] = {"integer": _integer, "number": _number, "boolean": _boolean}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation, ready to be read."""

    name: str
    python_name: str
    location: str
    required: bool
    nullable: bool
    default: Any
    coerce: Coerce
    simple: bool
    """Neither an array nor nullable: one value is one text."""
    array: bool
    explode: bool
    delimiter: str

    def read(self, values: list[str]) -> Any:
        """The value of everything that was sent under the parameter's name."""
        if self.array:
            text = self.delimiter.join(values) if self.explode else values[-1]
            return [self.coerce(part) for part in text.split(self.delimiter)]
        if len(values) > 1:
            raise InvalidInput(
                f"{self.location} parameter {self.name}: must be given once, not {len(values)} times",
                location=self.location,
                pointer=pointer_of([self.name]),
            )
        if self.nullable and values[0].strip() in ("null", "None"):
            return None
        return self.coerce(values[0])


def compile_parameter(raw: dict[str, Any], resolve: Callable[[Any], Any]) -> Parameter:
    """A parameter object of the contract, its reference resolved."""
    schema = resolve(raw.get("schema", {}))
    array = schema.get("type") == "array"
    kind = resolve(schema.get("items", {})).get("type", "string") if array else schema.get("type", "string")
    style = raw.get("style", "form")
    return Parameter(
        name=raw["name"],
        python_name=snake_case(raw["name"]),
        location=raw["in"],
        required=raw.get("required", False),
        nullable=schema.get("nullable", False),
        default=schema.get("default"),
        coerce=_path_integer if kind == "integer" and raw["in"] == "path" else _COERCIONS.get(kind, _text),
        simple=not array and not schema.get("nullable", False),
        array=array,
        explode=raw.get("explode", style == "form"),
        delimiter=_DELIMITERS.get(style, ","),
    )


def parse_query(query_string: bytes) -> dict[str, list[str]]:
    """`a=1&a=2` as {"a": ["1", "2"]}; bytes that are not UTF-8, and NUL, are refused."""
    found: dict[str, list[str]] = {}
    try:
        if _ENCODED.search(query_string) is None:
            for text in query_string.decode().split("&"):
                key, _, value = text.partition("=")
                if key in found:
                    found[key].append(value)
                else:
                    found[key] = [value]
            return found
        for pair in query_string.split(b"&"):
            if not pair:
                continue
            name, _, encoded = pair.partition(b"=")
            key, value = _decode(name), _decode(encoded)
            if "\0" in value or "\0" in key:
                raise RequestProblem("The query holds a NUL character.")
            found.setdefault(key, []).append(value)
    except UnicodeDecodeError as error:
        raise RequestProblem("The query is not UTF-8.") from error
    return found


def _decode(text: bytes) -> str:
    if b"+" in text:
        text = text.replace(b"+", b" ")
    return (unquote_to_bytes(text) if b"%" in text else text).decode()


class ParameterReader:
    """All parameters of one operation."""

    def __init__(
        self,
        parameters: list[dict[str, Any]],
        schemas: SchemaSet,
        resolve: Callable[[Any], Any],
        *,
        is_closed: bool = False,
    ) -> None:
        compiled = [(compile_parameter(raw, resolve), raw) for raw in parameters if raw["in"] != "cookie"]
        self.parameters = [parameter for parameter, _ in compiled]
        self._path = [p for p in self.parameters if p.location == "path"]
        self._plain_path = [(p.name, p.python_name) for p in self._path if p.coerce is _text and not p.array]
        self._other_path = [p for p in self._path if p.coerce is not _text or p.array]
        self._query = [p for p in self.parameters if p.location == "query"]
        self._query_by_name = {p.name: p for p in self._query}
        self._headers = [(p, p.name.lower().encode()) for p in self.parameters if p.location == "header"]
        self._absent = {p.python_name: p.default for p in self.parameters if p.location != "path"}
        self._locations = {p.python_name: p for p in self.parameters}
        properties = {p.python_name: raw.get("schema", {}) for p, raw in compiled}
        required = [p.python_name for p in self.parameters if p.required]
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        if required:
            schema["required"] = required
        self._codes = {p.python_name: resolve(raw.get("schema", {})).get("x-troth-rs-code") for p, raw in compiled}
        self._is_closed = is_closed
        """Whether a query parameter that the contract does not have is refused: figures for another question would be
        wrong ones.
        """
        self._schema = schema
        self._schemas = schemas
        self._resolve = resolve

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft4Validator:
        return self._schemas.validator(self._schema, write=True)

    def compile(self) -> None:
        """Compile the validator now rather than for the first request.

        Raises ValueError for a schema that cannot be.
        """
        self._validator  # noqa: B018  is kept

    def read(self, path: dict[str, str], query_string: bytes, headers: dict[bytes, bytes]) -> dict[str, Any]:
        """Python names to values; absent optional parameters have their default or None."""
        given: dict[str, Any] = {}
        for name, python_name in self._plain_path:
            given[python_name] = path[name]
        for parameter in self._other_path:
            given[parameter.python_name] = parameter.read([path[parameter.name]])
        if query_string and not self._read_single(query_string, given):
            known = self._query_by_name
            for key, values in parse_query(query_string).items():
                query = known.get(key)
                if query is not None:
                    given[query.python_name] = query.read(values)
                elif self._is_closed and key:
                    raise self._unknown(key)
        for parameter, header in self._headers:
            if header in headers:
                given[parameter.python_name] = parameter.read([headers[header].decode("latin-1")])
        if not self._validator.is_valid(given):
            raise self._problem(given)
        return self._absent | given

    def _read_single(self, query_string: bytes, given: dict[str, Any]) -> bool:
        """Read a query of one unencoded value, which most are, the short way; False where that is not what it is."""
        if b"&" in query_string or not query_string.isascii() or _ENCODED.search(query_string) is not None:
            return False
        name, _, value = query_string.decode().partition("=")
        query = self._query_by_name.get(name)
        if query is not None:
            given[query.python_name] = query.coerce(value) if query.simple else query.read([value])
        elif self._is_closed and name:
            raise self._unknown(name)
        return True

    def _unknown(self, name: str) -> InvalidInput:
        known = ", ".join(self._query_by_name)
        return InvalidInput(
            f"query parameter {name[:100]}: is not known here; there are {known}.",
            location="query",
            pointer="/" + name[:100],
        )

    def _problem(self, given: dict[str, Any]) -> InvalidInput:
        """Everything that is wrong, in the contract's own names."""
        faults = Faults(self._schema, self._resolve).of(self._validator.iter_errors(given))
        order = list(self._locations)
        return joined(
            [self._problem_of(fault) for fault in sorted(faults, key=lambda fault: order.index(str(fault.place[0])))]
        )

    def _problem_of(self, fault: Fault) -> InvalidInput:
        python_name, *rest = fault.place
        parameter = self._locations[str(python_name)]
        where = f"{parameter.location} parameter {parameter.name}"
        inner = "".join(f", item {part}" for part in rest)
        return InvalidInput(
            f"{where}{inner}: {fault.rule}",
            location=parameter.location,
            pointer=pointer_of([parameter.name]),
            vendor_code=self._codes.get(parameter.python_name),
        )
