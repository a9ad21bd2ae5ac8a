"""Form bodies (`application/x-www-form-urlencoded`) read as the JSON value that their schema describes.

Members may be nested in brackets, `a[b]=c` and `a[]=c` or `a[0]=c`, as PHP's http_build_query writes them. All values
of a form are texts: where the schema wants a number or a boolean, a text that is one is read as it. What does not fit
is left alone, for the validation to refuse.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from models.kernel.pointers import shortened
from models.kernel.problems import RequestProblem
from troth.request.json_text import nul_at
from troth.request.numbers import whole_of_text
from troth.request.schemas import Schema, reference_or_null, without_null

FORM = "application/x-www-form-urlencoded"
FIELDS_MAX = 1_000
DEPTH_MAX = 8
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_INDEX = re.compile(r"[0-9]{1,9}")
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?")
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


def decode_form(body: bytes, schema: Schema, resolve: Callable[[Any], Any]) -> dict[str, Any]:
    """The members of a form. Raises RequestProblem when it cannot be read."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict")
    except UnicodeDecodeError as error:
        raise RequestProblem("The form is not UTF-8.") from error
    except ValueError as error:
        raise RequestProblem(f"The form has more than {FIELDS_MAX} fields.") from error
    tree: dict[str, Any] = {}
    following: dict[int, int] = {}
    for name, value in pairs:
        if "\0" in name or "\0" in value:
            raise RequestProblem(nul_at("" if "\0" in name else shortened(name)))
        _place(tree, following, _steps(name), value)
    read = _typed(tree, schema, resolve)
    assert isinstance(read, dict)
    return read


def _steps(name: str) -> list[str]:
    """`a[b][]` as a, b and the empty text. A name that is not of this form is one step as it stands."""
    found = _NAME.fullmatch(name)
    if found is None:
        return [name]
    steps = [found[1], *_PART.findall(found[2])]
    if len(steps) > DEPTH_MAX:
        raise RequestProblem(f"A form field is nested deeper than {DEPTH_MAX} levels.")
    return steps


def _place(tree: dict[str, Any], following: dict[int, int], steps: list[str], value: str) -> None:
    """Put a value where its name says. The last of several values with one name counts.

    `following` is the index that `[]` stands for in each group (by its identity): the one after the highest there is.
    """
    node = tree
    for depth, step in enumerate(steps):
        name = _index(node, following, step) if depth else step
        if depth == len(steps) - 1:
            if isinstance(node.get(name), dict):
                raise _both(steps)
            node[name] = value
            return
        node = node.setdefault(name, {})
        if not isinstance(node, dict):
            raise _both(steps)


def _index(node: dict[str, Any], following: dict[int, int], step: str) -> str:
    """The name of a step inside brackets: itself, or the next index of its group when it is empty."""
    name = step or str(following.get(id(node), 0))
    if _INDEX.fullmatch(name):
        following[id(node)] = max(following.get(id(node), 0), int(name) + 1)
    return name


def _both(steps: list[str]) -> RequestProblem:
    return RequestProblem(f"The form field {steps[0]!r} is both a value and a group of them.")


def _typed(value: Any, schema: Schema, resolve: Callable[[Any], Any]) -> Any:
    """A value in the type that its schema wants, where it can be read so."""
    schema = resolve(schema)
    if value == "null" and (reference_or_null(schema) or (schema.get("nullable") and not _is_free_text(schema))):
        return None
    schema = without_null(schema, resolve)
    kind = schema.get("type")
    if isinstance(value, str):
        if kind == "integer" and not _INTEGER.fullmatch(value) and _NUMBER.fullmatch(value):
            whole = whole_of_text(value)
            return value if whole is None else whole
        readings = (_scalar(value, resolve(choice).get("type")) for choice in schema.get("anyOf", (schema,)))
        return next((read for read in readings if not isinstance(read, str)), value)
    if kind == "array":
        return [_typed(part, schema.get("items", {}), resolve) for part in value.values()]
    members = schema.get("properties", {})
    return {name: _typed(part, members.get(name, {}), resolve) for name, part in value.items()}


def _is_free_text(schema: Schema) -> bool:
    """Whether any word is a value: there `null` is one, too. A form has no other way to write null."""
    return schema.get("type") == "string" and schema.keys().isdisjoint(("enum", "pattern", "format"))


def _scalar(text: str, kind: str | None) -> Any:
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    if kind == "boolean":
        return _BOOLEANS.get(text.lower(), text)
    return text
