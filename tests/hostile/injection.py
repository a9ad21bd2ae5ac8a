"""Generated from the contracts: whatever stands in a text, an operation keeps it as it was sent or refuses it, and no
more.

Every text of every operation (parameters of path, query and header, members of bodies, texts in objects of free form)
gets what SQL, templates, headers, paths and LIKE would take for more than a text.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest.mock import patch

import httpx2
from sqlalchemy import String, Text, event, select

from models.kernel.connection import LazyConnection
from models.kernel.ids import python_random
from models.tenancy.removal import tables_of_tenants
from tests.contract.probes import Call, Site, body_members, parameters, with_member

MARK = "zq7"
"""In every hostile text: no statement may hold it, since values are bound."""
WILDCARDS = ("%%", "____")
"""As patterns of LIKE they match any text, or any of four characters or more; no text of the demo holds them."""
NOBODY = "zqzqzqzq"
"""What no text of the demo holds either."""
LENGTH_MAX = 3_000
"""Of a text whose contract allows as much or more."""


def scripts(length: int) -> str:
    """Characters of many planes that no compression makes short: some indexes cannot hold what is too long."""
    draw = python_random(1)
    planes = ((0x4E00, 0x9FFF), (0x1F300, 0x1F5FF), (0x20000, 0x2A6DF), (0x0391, 0x03C9), (0x0621, 0x064A))
    return MARK + "".join(chr(draw.randint(*draw.choice(planes))) for _ in range(length - len(MARK)))


HOSTILE = {
    "quotes": f"{MARK}' OR '1'='1\"; DROP TABLE tenants; --\\",
    "braces": f"{MARK} {{{{7*7}}}} ${{7*7}} {{0}} {{x.__class__}} %(a)s %s <%= 7*7 %> #{{7*7}}",
    "lines": f"{MARK}\r\nX-Injected: 1\r\n\r\n<script>alert(1)</script>",
    "dots": f"../../{MARK}/..%2f..\\..\\etc/passwd",
    "wildcards": f"%{MARK}_%\\",
    "NUL": f"{MARK}\0x",
    "unicode": scripts(LENGTH_MAX),
    "surrogate": f"{MARK}\ud800",
}
SHAPED = {
    "email": f"{MARK}'--%_{{{{7*7}}}}@example.org",
    "uri": f"https://example.org/{MARK}?'--=%25_{{{{7*7}}}}/../..",
}
"""What passes for a text of a format."""
KINDS_OF_POSTGRES = {"quotes", "wildcards", "NUL", "unicode"}
"""What PostgreSQL sees otherwise than SQLite: it cannot store NUL, and its indexes hold less. Braces and lines concern
neither.
"""
NOT_NAMED = {
    r"saasquatch\.open(CreateUser|UserUpsert) path userId": "says that the body's id must be the one in the path",
    r"saasquatch\.debitRewardBalance body unit": "says how much there is of the unit, which it names as it was sent",
    r"leat\.findContactByEmail query email": "says that there is no such contact, in the vendor's words",
}
"""Refusals that say what is wrong by other words than the name of the member, by a pattern of what was changed."""
NOT_KEPT = {
    r"saasquatch\.open(CreateUser|UserUpsert) body shareLinks\..*": "made by the server: a user can be sent back as it was read",
    r"saasquatch\.open(CreateUser|UserUpsert) body referredBy(\.code|Codes\.0)": "a code that nobody has refers to nobody, as documented",
    r"saasquatch\.createReward body (integrationSettings\..*|fuelTankCode|description)": "of kinds of rewards that the example is not",
    r"loyalty_core\.matchAudiences body .*": "asks only",
    r"loyalty_core\.convertAstToExpressions body inputs\.0\.node\..*": "members of kinds of nodes that the example is not",
    r"loyalty_core\.adminSetOrganizationUserPassword body password": "kept as a hash",
    r"leat\.deleteContact body type": "deletes the contact, whatever the reason",
}
"""What a call with success neither keeps nor shows, by a pattern of what was changed."""
SEARCHES = {
    "advocacy.listAdvocates search",
    "saasquatch.listUsers query",
    "loyalty_core.searchMembers query",
    *(f"loyalty_core.list{what} search" for what in ("OrganizationUsers", "CouponBooks", "Audiences")),
}
"""Parameters that look within texts. Others, which must be equal to one, are tried with wildcards, too."""
WORD = re.compile(r"[A-Za-z0-9_@.-]{8,}")


def texts(name: str) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Path and schema of every text of an operation's body: what is one, may be one, and one in each object of free
    form.
    """
    for path, schema in body_members(name).items():
        forms = [schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())]
        found = next((one for one in forms if one.get("type") == "string" and "enum" not in one), None)
        if found is not None:
            yield path, found
        elif schema.get("type") == "object" and schema.get("additionalProperties") is True:
            yield (*path, "any"), {}
        elif not {"type", "enum", "anyOf", "oneOf", "allOf"} & schema.keys():
            yield path, {}


def hostile(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(kind, text) for a text of a contract, none longer than it may be."""
    longest = schema.get("maxLength", LENGTH_MAX)
    for kind, text in HOSTILE.items():
        yield kind, text[:longest]
    shaped = SHAPED.get(schema.get("format", ""))
    if shaped is not None:
        yield f"in the form of {schema['format']}", shaped


class Statements:
    """Statements that are run, with what is bound to them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.written: list[str] = []

    def note(self, text: str, arguments: Any) -> None:
        self.texts.append(text)
        if text.lstrip()[:6].upper() in ("INSERT", "UPDATE"):
            self.written.append(str(arguments))
            self.written += _strings(arguments)

    def clear(self) -> None:
        self.texts.clear()
        self.written.clear()


def _strings(value: Any) -> Iterator[str]:
    """The texts in what is bound; JSON is read."""
    if isinstance(value, bytes | memoryview):
        value = bytes(value).decode(errors="replace")
    if isinstance(value, str):
        yield value
        if value[:1] in ("{", "["):
            try:
                yield from _strings(json.loads(value))
            except ValueError:
                return
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _strings(name)
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)
    elif hasattr(value, "obj"):  # psycopg's wrapper of JSON
        yield from _strings(value.obj)


@contextmanager
def watched(place: Site) -> Iterator[Statements]:
    """The statements that are run meanwhile, of the ORM and prepared ones."""
    seen = Statements()
    execute, many = LazyConnection._execute, LazyConnection.execute_many

    def note(_connection: Any, _cursor: Any, text: str, arguments: Any, *_rest: Any) -> None:
        seen.note(text, arguments)

    def note_one(self: LazyConnection, connection: Any, text: str, arguments: Any = ()) -> Any:
        seen.note(text, arguments)
        return execute(self, connection, text, arguments)

    def note_many(self: LazyConnection, statement: Any, rows: Any) -> Any:
        prepared = statement.prepared(self.dialect)
        seen.note(prepared.text, [prepared.arguments(row) for row in rows])
        return many(self, statement, rows)

    event.listen(place.engine, "before_cursor_execute", note)
    try:
        with (
            patch.object(LazyConnection, "_execute", note_one),
            patch.object(LazyConnection, "execute_many", note_many),
        ):
            yield seen
    finally:
        event.remove(place.engine, "before_cursor_execute", note)


class Probe:
    """Sends every hostile text in every text of an operation, in the first of its calls that would succeed."""

    not_named: ClassVar = NOT_NAMED
    not_kept: ClassVar = NOT_KEPT
    left_out: ClassVar = frozenset({"tenant_alias"})
    """Parameters that find the caller: another value is another caller's."""

    def __init__(self, place: Site, statements: Statements) -> None:
        self.seen: set[str] = set()
        self.sent = 0
        self.faults: list[str] = []
        self.searched: set[str] = set()
        """Query parameters whose wildcards were tried."""
        self.exceptions: set[str] = set()
        """Patterns of `not_named` and `not_kept` that were needed."""
        self._statements = statements
        self._kinds = KINDS_OF_POSTGRES if place.engine.dialect.name == "postgresql" else None
        self.private = self._private_of(place)

    def _private_of(self, place: Site) -> set[str]:
        return _private(place)

    def __call__(self, call: Call) -> None:
        if call.name in self.seen:
            return
        self.seen.add(call.name)
        for place, name, schema in parameters(call.name):
            if schema.get("type") == "string" and "enum" not in schema and name not in self.left_out:
                self._parameter(call, place, name, schema)
        for path, schema in texts(call.name):
            self._member(call, path, schema)

    def _parameter(self, call: Call, place: str, name: str, schema: dict[str, Any]) -> None:
        change = {"path": call.with_path, "query": call.with_query, "header": call.with_header}[place]
        for kind, text in self._texts(schema):
            if kind == "surrogate" or (place == "header" and kind in ("lines", "NUL", "unicode")):
                continue  # what no address or header can hold
            self._statements.clear()
            answer = change(name, text)
            self._judge(f"{call.name} {place} {name}", kind, (name,), text, answer)

        if place == "query":
            self._search(call, name)

    def _search(self, call: Call, name: str) -> None:
        """Wildcards find what holds them, not everything."""
        self.searched.add(f"{call.name} {name}")
        nothing = call.with_query(name, NOBODY)
        for text in WILDCARDS:
            found = call.with_query(name, text)
            if found.status_code != 400 and (found.status_code, found.text.replace(text, NOBODY)) != (
                nothing.status_code,
                nothing.text,
            ):
                self.faults.append(
                    f"{call.name} query {name}, {text}: finds what {NOBODY} does not: {found.text[:200]}"
                )

    def _member(self, call: Call, path: tuple[str | int, ...], schema: dict[str, Any]) -> None:
        what = f"{call.name} body {'.'.join(map(str, path))}"
        for kind, text in self._texts(schema):
            self._body(call, what, kind, path, text, text)
            if path[-1] == "any":
                self._body(call, f"{what} (name)", kind, (*path[:-1], text), "x", text)

    def _body(self, call: Call, what: str, kind: str, path: tuple[str | int, ...], value: str, text: str) -> None:
        try:
            body = with_member(call.body, path, value)
        except LookupError:
            return  # another member of the example is where it would have to be
        names = tuple(step for step in path if isinstance(step, str) and step != text)
        self._statements.clear()
        answer = call.with_body(body)
        self._judge(what, kind, names, text, answer)
        if answer.status_code < 300 and not self._is_kept(text, answer):
            self._unless(
                self.not_kept, what, f"{kind}: answered {answer.status_code}, neither kept nor shown as it was sent"
            )

    def _texts(self, schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for kind, text in hostile(schema):
            if self._kinds is None or kind in self._kinds or kind not in HOSTILE:
                yield kind, text

    def _is_kept(self, text: str, answer: httpx2.Response) -> bool:
        shown = _strings(answer.json()) if answer.headers.get("content-type", "").endswith("json") else ()
        return any(text in one for one in (*shown, *self._statements.written))

    def _judge(self, what: str, kind: str, names: tuple[str, ...], text: str, answer: httpx2.Response) -> None:
        self.sent += 1
        if answer.status_code >= 500:
            self.faults.append(f"{what}, {kind}: {answer.status_code} {answer.text[:200]}")
        if answer.status_code == 400 and not _names_the_fault(what, kind, names, answer):
            self._unless(self.not_named, what, f"{kind}: the refusal does not name it: {answer.text[:200]}")
        if "x-injected" in answer.headers:
            self.faults.append(f"{what}, {kind}: made a header of the answer")
        if any(MARK in one for one in self._statements.texts):
            self.faults.append(f"{what}, {kind}: became part of a statement")
        given = self.private.intersection(WORD.findall(answer.text))
        if given:
            self.faults.append(f"{what}, {kind}: {sorted(given)[:5]} of another tenant")

    def _unless(self, excepted: dict[str, str], what: str, fault: str) -> None:
        """A fault, unless an entry of these expects it."""
        patterns = [pattern for pattern in excepted if re.fullmatch(pattern, what)]
        self.exceptions.update(patterns)
        if not patterns:
            self.faults.append(f"{what}, {fault}")


def _names_the_fault(what: str, kind: str, names: tuple[str, ...], answer: httpx2.Response) -> bool:
    """Whether a 400 says what of the call is wrong: the member, one it stands in, or the thing that it is an id of."""
    text = answer.text.lower()
    if kind == "surrogate":
        return "surrogate in string: line 1 column" in text
    if kind == "NUL" and " body " not in what:
        return "holds a nul character" in text and what.split()[1] in text
    if "is required" in text:
        return True  # what is beside it is missing, in an object that the example does not have
    things = {thing for name in names for thing in re.findall(r"[A-Z]?[a-z]{3,}", name)}
    return any(name.lower() in text for name in names) or any(thing.lower() in text for thing in things)


def _private(place: Site) -> set[str]:
    """Words that only rows of the neighbours hold."""
    theirs, others = set[str](), set[str]()
    ids = {tenant.id for tenant in place.neighbours.values()}
    with place.engine.connect() as connection:
        for table in tables_of_tenants():
            columns = [column for column in table.columns if isinstance(column.type, String | Text)]
            for owner, *values in connection.execute(select(table.c.tenant_id, *columns)):
                words = {word for value in values if value for word in WORD.findall(str(value))}
                (theirs if owner in ids else others).update(words)
    return theirs - others
