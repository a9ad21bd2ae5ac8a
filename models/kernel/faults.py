"""What is wrong with a value, in words, from the errors of its JSON Schema.

A fault names the place and the rule, so that the sender can correct the value: enumerations are complete, patterns have
the words that their schema gives (`x-troth-words`), and of alternatives (`oneOf`, `anyOf`) the one that was meant is
reported. The one that was meant is the one that the deciding member chooses (the `key` of an event), else the one that
takes values of this type, else the nearest. What was sent is quoted only where it is short.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import jsonschema_rs

from models.kernel.fault_words import Schema, listed, options_rule, rule_of, type_rule
from models.kernel.pointers import NAME_CHARACTERS_MAX, shortened_pointer

Path = tuple[str | int, ...]

OR_NULL = "?"
"""Ends the name under which a validator knows a schema that takes null, too; no name in a contract holds it."""

_UNKNOWN = ("additionalProperties", "unevaluatedProperties")
"""Keywords that are about which members there are."""

_ONLY_REQUIRES = {"required", "properties", "title", "description"}

HINTS_MAX = 5
"""For how many unknown members of an object a known one is looked for: it takes up to a millisecond each."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule.

    `path` leads to the value that breaks it; `missing` is the member of it whose absence is the fault.
    """

    path: Path
    rule: str
    keyword: str
    missing: str | None = None

    @property
    def place(self) -> Path:
        """Where the fault is: the member that is missing has a place, too."""
        return self.path if self.missing is None else (*self.path, self.missing)

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer; long names that the request made up are cut."""
        return shortened_pointer(self.place)

    @property
    def parent_pointer(self) -> str:
        """The pointer of the value that breaks the rule: where a member is missing, of what lacks it."""
        return shortened_pointer(self.path)

    def message(self, whole: str = "the body") -> str:
        """Place and rule in one line; `whole` is what the value is called where the fault is about all of it."""
        return f"{self.pointer or whole}: {self.rule}"


class Faults:
    """The faults of values of one schema.

    `root` is the schema as it is written, `resolve` follows the references in it. Without them, as for the schemas of
    customers, which are written in many ways, patterns have no words and the nearest alternative is reported.
    """

    def __init__(self, root: Schema | None = None, resolve: Callable[[Any], Any] = lambda node: node) -> None:
        self._root = root
        self._resolve = resolve

    def of(self, errors: Iterable[jsonschema_rs.ValidationError]) -> list[Fault]:
        """All faults, in the order of the errors, each once."""
        found: dict[tuple[Path, str], Fault] = {}
        for error in errors:
            for fault in self._faults_of(error):
                found.setdefault((fault.place, fault.keyword), fault)
        return [fault for key, fault in found.items() if not _is_redundant(key, found)]

    def _faults_of(self, error: jsonschema_rs.ValidationError) -> Iterator[Fault]:
        if error.kind.name in ("oneOf", "anyOf"):
            yield from self._chosen(error)
        elif error.kind.name in _UNKNOWN:
            yield from self._unknown(error)
        elif error.kind.name == "propertyNames":
            yield self._misnamed(error)
        else:
            missing = (
                error.kind.property if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required) else None
            )
            rule = "is required" if missing is not None else rule_of(error, self._node(error))
            yield Fault(tuple(error.instance_path), rule, error.kind.name, missing)

    def _node(self, error: jsonschema_rs.ValidationError) -> Schema:
        """The schema, as it is written, whose keyword an error is about."""
        if self._root is None:
            return {}
        steps = list(error.schema_path[:-1])
        node: object = self._root
        if steps[:2] == ["components", "schemas"]:
            name = str(steps[2]).removesuffix(OR_NULL)
            node, steps = {"$ref": f"#/components/schemas/{name}"}, steps[3:]
        for step in steps:
            node = self._resolve(node)[step]
        found = self._resolve(node)
        return found if isinstance(found, dict) else {}

    def _unknown(self, error: jsonschema_rs.ValidationError) -> Iterator[Fault]:
        """Members that an object does not have, each with the known one that is nearest to it."""
        known = list(self._node(error).get("properties", {}))
        kind: Any = error.kind  # each kind of error has members of its own
        for number, name in enumerate(kind.unexpected):
            hinted = known if number < HINTS_MAX else []
            near = get_close_matches(name[:NAME_CHARACTERS_MAX], hinted, n=1, cutoff=0.75)
            hint = f"; {near[0]} is one" if near else ""
            yield Fault((*error.instance_path, name), f"is not a known member{hint}", "additionalProperties")

    def _misnamed(self, error: jsonschema_rs.ValidationError) -> Fault:
        """A member whose name breaks a rule that its schema has for names."""
        kind: Any = error.kind
        fault = next(self._faults_of(kind.error))
        return Fault((*error.instance_path, kind.error.instance), f"its name {fault.rule}", "propertyNames")

    def _chosen(self, error: jsonschema_rs.ValidationError) -> Iterator[Fault]:
        """What is wrong with a value that is none of its alternatives, or several where it may be one."""
        keyword, node = error.kind.name, self._node(error)
        kind: Any = error.kind
        context: list[list[jsonschema_rs.ValidationError]] = kind.context
        choices, context = _describing([self._resolve(choice) for choice in node.get(keyword, ())], context)
        path = tuple(error.instance_path)
        if choices and all(map(_only_requires, choices)):
            yield Fault(path, _group_rule(choices, context, is_exact=keyword == "oneOf"), keyword)
            return
        value: Any = error.instance
        decider = self._decider(choices) if isinstance(value, dict) else None
        if decider is not None:
            if decider not in value:
                yield Fault(path, "is required", "required", decider)
                return
            context_left = [errors for errors in context if not _is_at(errors, (*path, decider))]
            if not context_left:
                yield from self._undecided(choices, context, (*path, decider), value[decider])
                return
            context = context_left
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.OneOfMultipleValid):
            yield Fault(path, "fits several of the forms that it may have, and must fit one", keyword)
            return
        yield from self._nearest(error, context)

    def _nearest(
        self, error: jsonschema_rs.ValidationError, context: list[list[jsonschema_rs.ValidationError]]
    ) -> Iterator[Fault]:
        """The faults of the alternative that takes values of this type, and of several such the one that is broken
        least.
        """
        path = list(error.instance_path)
        context = [errors for errors in context if not _is_never(errors, path)] or context
        own = [[one for one in errors if one.kind.name == "type" and one.instance_path == path] for errors in context]
        right = [errors for errors, wrong in zip(context, own, strict=True) if not wrong]
        if right:
            for one in min(right, key=len):
                yield from self._faults_of(one)
            return
        types = dict.fromkeys(name for wrong in own for one in wrong for name in _types(one))
        yield Fault(tuple(path), type_rule(list(types), error.instance), "type")

    def _decider(self, choices: Sequence[Schema]) -> str | None:
        """The member that says which alternative is meant: each of them has values of its own for it."""
        decided = [
            {name for name, part in choice.get("properties", {}).items() if _is_deciding(self._resolve(part))}
            for choice in choices
        ]
        common = set.intersection(*decided) if decided else set[str]()
        return min(common, default=None)

    def _undecided(
        self, choices: Sequence[Schema], context: list[list[jsonschema_rs.ValidationError]], path: Path, value: object
    ) -> Iterator[Fault]:
        """What is wrong with a deciding member that chooses none of the alternatives; one of these may take all other
        values.
        """
        parts = [self._resolve(choice["properties"][path[-1]]) for choice in choices]
        for part, errors in zip(parts, context, strict=True):
            if "enum" not in part:
                for error in errors:
                    if tuple(error.instance_path) == path:
                        yield from self._faults_of(error)
                return
        options = dict.fromkeys(option for part in parts for option in part["enum"] if option is not None) or [None]
        yield Fault(path, options_rule(list(options), value), "enum")


def _is_redundant(key: tuple[Path, str], found: Container[tuple[Path, str]]) -> bool:
    """Whether another fault of the same value says all: an enumeration says the type, and a wrong type makes all other
    rules pointless.
    """
    place, keyword = key
    return keyword != "enum" and (place, "enum" if keyword == "type" else "type") in found


def _is_deciding(part: object) -> bool:
    """Whether a member's schema names values that it has or has not; "not null" names none."""
    if not isinstance(part, dict):
        return False
    excluded = part.get("not")
    return "enum" in part or (isinstance(excluded, dict) and excluded.get("enum", [None]) != [None])


def _only_requires(choice: Schema) -> bool:
    """Whether an alternative says only which members must be there, and not null."""
    parts = [{} if part is True else part for part in choice.get("properties", {}).values()]
    if any(isinstance(part, bool) for part in parts):
        return False
    said = [{key: value for key, value in part.items() if key != "description"} for part in parts]
    return (
        all(part in ({}, {"not": {"enum": [None]}}) for part in said)
        and "required" in choice
        and choice.keys() <= _ONLY_REQUIRES
    )


def _describing(
    choices: list[Any], context: list[list[jsonschema_rs.ValidationError]]
) -> tuple[list[Schema], list[list[jsonschema_rs.ValidationError]]]:
    """The alternatives that say something of a value, each with its errors: `false` is never meant, and `true` says
    nothing.

    No alternative where one is `true`, as of a schema that is not known.
    """
    if any(choice is True for choice in choices):
        return [], context
    kept = [(choice, errors) for choice, errors in zip(choices, context, strict=False) if isinstance(choice, dict)]
    return ([choice for choice, _ in kept], [errors for _, errors in kept]) if kept else ([], context)


def _is_never(errors: Sequence[jsonschema_rs.ValidationError], path: Sequence[str | int]) -> bool:
    """Whether an alternative is `false`, which takes nothing: it is never the one that was meant."""
    return any(one.kind.name == "falseSchema" and list(one.instance_path) == list(path) for one in errors)


def _is_at(errors: Iterable[jsonschema_rs.ValidationError], path: Path) -> bool:
    return any(tuple(one.instance_path) == path for one in errors)


def _group_rule(
    choices: Sequence[Schema], context: list[list[jsonschema_rs.ValidationError]], *, is_exact: bool
) -> str:
    names = listed([" with ".join(choice["required"]) for choice in choices], "and" if is_exact else "or")
    if not is_exact:
        return f"{names} is required"
    several = sum(not errors for errors in context) > 1
    return f"only one of {names} may be given" if several else f"one of {names} is required"


def _types(error: jsonschema_rs.ValidationError) -> list[str]:
    kind: Any = error.kind
    return list(kind.types)
