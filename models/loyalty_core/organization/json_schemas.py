"""JSON Schemas that come as text: whether a text is one, and whether two texts are the same one."""

from collections.abc import Iterable
from typing import Any

import jsonschema_rs
import orjson

from models.loyalty_core.organization.schema_costs import CHECKS_MAX, TooManyChecks, check_cost
from models.loyalty_core.problems import Refused

DEPTH_MAX = 64
PATTERNS_MAX = 200
PATTERN_BYTES_MAX = 1 << 20
"""What a pattern may take when it is compiled: a short one such as `(a{900}){900}` can take as much memory as there is."""
QUOTED_CHARACTERS_MAX = 150
"""What is told of the beginning, and of the end, of a reason or a place: they quote the schema, which may be long."""

BACKTRACKS_MAX = 5_000
"""Steps back that matching one text may take, about 0.1 ms: `(a|aa)+\\1b` would take longer with each letter."""

_PATTERNS = jsonschema_rs.FancyRegexOptions(size_limit=PATTERN_BYTES_MAX, backtrack_limit=BACKTRACKS_MAX)


def check_schema(text: str) -> None:
    """Refuse a text that is not a JSON Schema which content can be held against: Refused says why and where.

    Drafts 4 to 2020-12 are known by their `$schema`; without one it is 2020-12. Nothing is fetched, so that references
    lead to places in the text, or to what these drafts themselves publish.
    """
    schema = _read(text)
    if not isinstance(schema, dict):
        raise _refused("it is not a JSON object")
    _check_size(schema)
    try:
        jsonschema_rs.validator_for(schema, offline=True, pattern_options=_PATTERNS)
    except jsonschema_rs.ValidationError as error:
        raise _refused(error.message, error.instance_path) from error


def check_content(text: str, content: Any) -> None:
    """Hold content against the text of a schema that was checked. Raises Refused, which says where it breaks it."""
    schema = _read(text)
    try:
        check_cost(schema, content)
    except TooManyChecks:
        raise Refused(
            f"The content cannot be held against its schema: that takes more than {CHECKS_MAX} checks."
        ) from None
    validator = jsonschema_rs.validator_for(schema, offline=True, pattern_options=_PATTERNS)
    broken = next(iter(validator.iter_errors(content)), None)
    if broken is not None:
        where = _pointer(broken.instance_path)
        raise Refused(
            f"The content is not as its schema wants it: {f'at {_short(where)}: ' if where else ''}{_short(broken.message)}."
        )


def same_schema(one: str, other: str) -> bool:
    """Whether two JSON texts have the same value; neither spaces nor the order of members matter."""
    return orjson.dumps(_read(one), option=orjson.OPT_SORT_KEYS) == orjson.dumps(
        _read(other), option=orjson.OPT_SORT_KEYS
    )


def _read(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _refused(f"it is not JSON: {error}") from error


def _check_size(schema: dict[str, Any]) -> None:
    waiting: list[tuple[Any, int]] = [(schema, 1)]
    patterns = 0
    while waiting:
        node, depth = waiting.pop()
        if depth > DEPTH_MAX:
            raise _refused(f"it is nested deeper than {DEPTH_MAX} levels")
        if isinstance(node, dict):
            named = node.get("patternProperties")
            patterns += isinstance(node.get("pattern"), str) + (len(named) if isinstance(named, dict) else 0)
        members: Iterable[Any] = node.values() if isinstance(node, dict) else node
        waiting += [(member, depth + 1) for member in members if isinstance(member, dict | list)]
    if patterns > PATTERNS_MAX:
        raise _refused(f"it has more than {PATTERNS_MAX} patterns")


def _refused(reason: str, path: Iterable[str | int] = ()) -> Refused:
    where = _pointer(path)
    return Refused(f"The schema is not a JSON Schema: {f'at {_short(where)}: ' if where else ''}{_short(reason)}.")


def _pointer(path: Iterable[str | int]) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _short(text: str) -> str:
    if len(text) <= 2 * QUOTED_CHARACTERS_MAX:
        return text
    return f"{text[:QUOTED_CHARACTERS_MAX]}...{text[-QUOTED_CHARACTERS_MAX:]}"
