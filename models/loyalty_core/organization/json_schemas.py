"""JSON Schemas that come as text: whether a text is one, and whether two texts are the same one."""

from collections.abc import Iterable
from typing import Any

import jsonschema_rs
import orjson

from models.kernel.faults import Faults
from models.kernel.pointers import pointer_of
from models.loyalty_core.organization.keyword_costs import BACKTRACKS_MAX
from models.loyalty_core.organization.pattern_sizes import pattern_size
from models.loyalty_core.organization.problems import ContentInvalid, ContentSchemaInvalid
from models.loyalty_core.organization.schema_costs import CHECKS_MAX, GATHERED_MAX, TooManyChecks, check_cost
from models.loyalty_core.problems import RuleViolation

DEPTH_MAX = 64
PATTERNS_MAX = 200
PATTERN_PLACES_MAX = 1_500
"""Places of one regular expression with its repetitions written out: `^.{1,1000}$` has about a thousand."""
SCHEMA_PLACES_MAX = 5_000
"""The same of all regular expressions of a schema: compiling them takes 3 us each, about 15 ms in all."""
PATTERN_BYTES_MAX = 1 << 20
"""What a pattern may take when it is compiled: a short one such as `(a{900}){900}` can take as much memory as there
is.
"""
QUOTED_CHARACTERS_MAX = 150
"""How much of the beginning, and of the end, of a reason or a place is quoted: they quote the schema, which may be
long.
"""

_PATTERNS = jsonschema_rs.FancyRegexOptions(size_limit=PATTERN_BYTES_MAX, backtrack_limit=BACKTRACKS_MAX)


def check_schema(text: str) -> None:
    """Refuse a text that is not a JSON Schema which content can be held against: RuleViolation says why and where.

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


def check_content(text: str, content: object) -> None:
    """Hold content against the text of a schema that was checked.

    Raises RuleViolation, which says where it breaks it.
    """
    schema = _read(text)
    try:
        cost = check_cost(schema, content)
    except TooManyChecks:
        raise ContentInvalid(
            f"The content cannot be held against its schema: that takes more than {CHECKS_MAX} checks."
        ) from None
    validator = jsonschema_rs.validator_for(schema, offline=True, pattern_options=_PATTERNS)
    if cost.gathered > GATHERED_MAX:  # the error of alternatives holds all errors of each of them
        if not validator.is_valid(content):
            raise ContentInvalid("The content is not as its schema wants it. There is too much of it to say where.")
        return
    try:
        validator.validate(content)  # ends at the first error; `iter_errors` makes all of them before it gives one
    except jsonschema_rs.ValidationError as broken:
        fault = Faults().of([broken])[0]
        raise ContentInvalid(
            f"The content is not as its schema wants it: {_short(fault.message('content'))}."
        ) from None


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


def _check_size(schema: dict[str, object]) -> None:
    waiting: list[tuple[dict[str, object] | list[object], int]] = [(schema, 1)]
    patterns: list[str] = []
    while waiting:
        node, depth = waiting.pop()
        if depth > DEPTH_MAX:
            raise _refused(f"it is nested deeper than {DEPTH_MAX} levels")
        if isinstance(node, dict):
            patterns += _patterns_of(node)
        members: Iterable[object] = node.values() if isinstance(node, dict) else node
        waiting += [(member, depth + 1) for member in members if isinstance(member, dict | list)]
    if len(patterns) > PATTERNS_MAX:
        raise _refused(f"it has more than {PATTERNS_MAX} patterns")
    _check_patterns(patterns)


def _patterns_of(node: dict[str, object]) -> list[str]:
    named, own = node.get("patternProperties"), node.get("pattern")
    return [*([own] if isinstance(own, str) else []), *(named if isinstance(named, dict) else ())]


def _check_patterns(patterns: list[str]) -> None:
    all_places = 0
    for pattern in patterns:
        places = pattern_size(pattern).places
        all_places += places
        if places > PATTERN_PLACES_MAX:
            raise _refused(
                f"with its repetitions written out, the pattern {_short(pattern)} has more than {PATTERN_PLACES_MAX} places"
            )
    if all_places > SCHEMA_PLACES_MAX:
        raise _refused(f"with their repetitions written out, its patterns have more than {SCHEMA_PLACES_MAX} places")


def _refused(reason: str, path: Iterable[str | int] = ()) -> RuleViolation:
    where = pointer_of(path)
    return ContentSchemaInvalid(
        f"The schema is not a JSON Schema: {f'at {_short(where)}: ' if where else ''}{_short(reason)}."
    )


def _short(text: str) -> str:
    if len(text) <= 2 * QUOTED_CHARACTERS_MAX:
        return text
    return f"{text[:QUOTED_CHARACTERS_MAX]}...{text[-QUOTED_CHARACTERS_MAX:]}"
