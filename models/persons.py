"""What is held on one person in a tenant: reading it, and erasing it (GDPR, articles 15 and 17).

Each API declares its tables in `models/<api>/personal.py`: which rows are a person's, and what each text of them is.
Shared tables are declared here. Rows are never deleted where others count on them: personal members are removed, and
names that callers chose are replaced by a pseudonym wherever they stand, so that ledgers, referrals and statistics stay
as they are.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from sqlalchemy import LargeBinary, String, Table, Text, and_, cast, delete, false, func, or_, select, tuple_, update
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import JSON

from models.kernel.json_text import dumps
from models.kernel.vault import PURPOSE, Vault
from models.tenancy.removal import tables_of_tenants
from models.uow import UnitOfWork

SLICE = 500
CONTAINED_CHARACTERS_MIN = 6
"""An id that is shorter is replaced only where it is a whole text: within a longer one it may be anything."""
_WORD = re.compile(r"[a-z0-9_-]+|[A-Z0-9_-]+")
PSEUDONYM = object()
"""In place of a value: the person's pseudonym."""
PSEUDONYMOUS_EMAIL = object()
"""In place of a value: an address that nobody has (RFC 2606), from the pseudonym."""


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """What the texts of a table are. Every column of text, JSON or bytes stands in exactly one place."""

    owners: tuple[Mapping[str, str], ...] = ()
    """Column to name of the person's key: a row is the person's when all columns of one of these hold the keys."""
    erased: Mapping[str, object] = field(default_factory=dict)
    """Columns of the person's rows, with what takes the place of their value."""
    mentions: tuple[str, ...] = ()
    """Columns in which the person may be named in any row: texts, JSON, and sealed JSON."""
    configured: tuple[str, ...] = ()
    """Columns that the tenant has set up itself and that may name a person (texts, rules, expressions). Erasing does
    not change them, since that would change what they do; it lists them, so that the tenant can.
    """
    plain: tuple[str, ...] = ()
    """Columns that say nothing of a person."""
    deleted: bool = False
    """Whether the person's rows are deleted: indexes and sessions, on which nothing else counts."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a tenant."""

    keys: Mapping[str, Any]
    """What rows of the person hold in the columns that `owners` name."""
    renamed: Mapping[str, str]
    """The keys that callers chose, with their pseudonyms."""
    exact: Mapping[str, str]
    """Case-folded texts that are replaced where they are a whole text: ids and codes."""
    contained: Mapping[str, str]
    """Texts that are replaced within others too, as whole words: addresses, names."""
    found_by: tuple[str, ...]
    """Texts by which rows that mention the person are found: names are not among them, since others have the same."""
    pseudonym: str
    named_by: tuple[str, ...]
    """Texts by which what the tenant has set up may name the person: those that rows are found by, and numbers that
    this server gave.
    """


@dataclass(frozen=True, slots=True)
class Naming:
    """A text that the tenant has set up and that names a person: the row by its primary key without the tenant, and the
    column.
    """

    table: str
    key: Mapping[str, object]
    column: str

    def __str__(self) -> str:
        return f"{self.table} {', '.join(f'{name}={value}' for name, value in self.key.items())}: {self.column}"


class Persons(Protocol):
    """What `models/<api>/personal.py` has."""

    TABLES: Mapping[str, PersonalTable]

    def find_person(self, uow: UnitOfWork, person_id: str, account_id: str | None, /) -> Person | None:
        """The person with an id, in an account where the API has those.

        Raises ValueError where one cannot be erased alone.
        """

    def finish_erasure(self, uow: UnitOfWork, person: Person, /) -> None:
        """What is to be done beside replacing texts: files that were made of people's data are ended, since they can be
        made again, and lists of numbers lose the person's.
        """


SHARED: Mapping[str, PersonalTable] = {
    "deliveries": PersonalTable(plain=("id", "event_id", "endpoint_id", "url", "status")),
    "delivery_attempts": PersonalTable(mentions=("answer", "error"), plain=("delivery_id",)),
    "events": PersonalTable(mentions=("body",), plain=("id", "traceparent", "type")),
    "idempotency_answers": PersonalTable(mentions=("key", "headers", "sealed"), plain=("fingerprint",)),
    "inbox_messages": PersonalTable(mentions=("headers", "body"), plain=("name", "verified")),
    "jobs": PersonalTable(mentions=("subject",), plain=("kind", "endpoint_id")),
    "ledger_balances": PersonalTable(plain=("account",)),
    "ledger_entries": PersonalTable(plain=("transaction_id", "account")),
    "ledger_transactions": PersonalTable(
        mentions=("description",), plain=("id", "kind", "reference_type", "reference_id")
    ),
    "public_links": PersonalTable(mentions=("subject",), plain=("token", "kind", "target")),
    "row_counts": PersonalTable(plain=("counted",)),
    "webhook_endpoints": PersonalTable(configured=("name", "url"), plain=("id", "types", "sealed")),
    "credentials": PersonalTable(plain=("digest", "kind", "scopes", "sealed", "hint")),
}
"""Accounts of ledgers are named by ids that this server made; keys and endpoints belong to the tenant."""


def texts(table: Table) -> set[str]:
    """The columns that can hold text of a person: text, JSON and bytes."""
    return {column.name for column in table.columns if isinstance(column.type, String | Text | JSON | LargeBinary)}


def declared(table: PersonalTable) -> list[str]:
    """The columns that a declaration names, each as often as it does."""
    owners = {column for owner in table.owners for column in owner}
    return [*owners, *table.erased, *table.mentions, *table.configured, *table.plain]


def held(
    uow: UnitOfWork, tables: Mapping[str, PersonalTable], person: Person
) -> Iterator[tuple[str, dict[str, object]]]:
    """(table, row) of everything that is held on a person: their own rows, and those that are nobody's and mention
    them, such as events that were sent. Sealed answers are opened.
    """
    for table, about in _tables(tables):
        own = _own(table, about, person)
        known = set()
        key = list(table.primary_key)
        for found in uow.session.execute(select(table).where(table.c.tenant_id == uow.tenant_id, own)).mappings():
            known.add(tuple(found[column.name] for column in key))
            yield table.name, _plain(uow.vault, table, dict(found))
        if about.owners:
            continue  # What mentions the person there is of other people, whose data it would give away.
        for row, _ in _mentioning(uow, table, about, person):
            if tuple(row[column.name] for column in key) not in known:
                yield table.name, _plain(uow.vault, table, row)


def erase(uow: UnitOfWork, tables: Mapping[str, PersonalTable], person: Person) -> int:
    """Remove what is personal; how many rows were changed or deleted.

    All in one transaction: a person is erased or not.
    """
    changed = 0
    for table, about in _tables(tables):
        changed += _erase_mentions(uow, table, about, person)
        changed += _erase_own(uow, table, about, person)
    return changed


def namings(uow: UnitOfWork, tables: Mapping[str, PersonalTable], person: Person) -> Iterator[Naming]:
    """What the tenant has set up that names a person, in the order of tables and keys."""
    for table, about in _tables(tables):
        if not about.configured:
            continue
        key = [column for column in table.primary_key if column.name != "tenant_id"]
        condition = or_(*(_contains(table.c[name], text) for name in about.configured for text in person.named_by))
        found = uow.session.execute(select(table).where(table.c.tenant_id == uow.tenant_id, condition).order_by(*key))
        for row in found.mappings():
            for name in about.configured:
                if any(_holds_text(row[name], text) for text in person.named_by):
                    yield Naming(table.name, {column.name: row[column.name] for column in key}, name)


def _contains(column: ColumnElement[object], text: str) -> ColumnElement[bool]:
    """Whether a text, or one of JSON, has another one in it, in any case."""
    shown = cast(column, Text)
    forms = {text, dumps(text)[1:-1]}
    return or_(
        *(shown.contains(form, autoescape=True) for form in forms),
        *(func.lower(shown).contains(form.lower(), autoescape=True) for form in forms),
    )


def _holds_text(value: object, text: str) -> bool:
    """Whether a configured value contains a text, in any case: as a whole word; a short text, which may be part of
    anything, only as the whole value or as a quoted literal.
    """
    if isinstance(value, dict):
        return any(_holds_text(part, text) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(_holds_text(part, text) for part in value)
    if not isinstance(value, str | int) or isinstance(value, bool):
        return False
    shown = str(value).casefold()
    whole = re.escape(text.casefold())
    if len(text) >= CONTAINED_CHARACTERS_MIN:
        return re.search(rf"(?<!\w){whole}(?!\w)", shown) is not None
    return shown == text.casefold() or re.search(rf"""(['"]){whole}\1""", shown) is not None


def _tables(tables: Mapping[str, PersonalTable]) -> Iterator[tuple[Table, PersonalTable]]:
    declared_tables = {**SHARED, **tables}
    for table in tables_of_tenants():
        if table.name in declared_tables:
            yield table, declared_tables[table.name]


def _own(table: Table, about: PersonalTable, person: Person) -> ColumnElement[bool]:
    owners = [owner for owner in about.owners if set(owner.values()) <= person.keys.keys()]
    return or_(
        false(), *(and_(*(table.c[column] == person.keys[name] for column, name in owner.items())) for owner in owners)
    )


def _erase_own(uow: UnitOfWork, table: Table, about: PersonalTable, person: Person) -> int:
    """Clear the person's rows, then give them the pseudonym, one owner at a time: a row may name two people."""
    changed = 0
    for owner in about.owners:
        if not set(owner.values()) <= person.keys.keys():
            continue
        of_owner = [table.c.tenant_id == uow.tenant_id]
        of_owner += [table.c[column] == person.keys[name] for column, name in owner.items()]
        if about.deleted:
            changed += _count(uow, delete(table).where(*of_owner))
            continue
        values = {column: _value(value, person) for column, value in about.erased.items()}
        values |= {column: person.renamed[name] for column, name in owner.items() if name in person.renamed}
        if values:
            changed += _count(uow, update(table).where(*of_owner).values(values))
    return changed


def _value(value: object, person: Person) -> Any:
    if value is PSEUDONYM:
        return person.pseudonym
    return f"{person.pseudonym}@erased.invalid" if value is PSEUDONYMOUS_EMAIL else value


def _erase_mentions(uow: UnitOfWork, table: Table, about: PersonalTable, person: Person) -> int:
    changed = 0
    key = list(table.primary_key)
    for row, texts_after in _mentioning(uow, table, about, person):
        of_row = [column == row[column.name] for column in key]
        changed += _count(uow, update(table).where(table.c.tenant_id == uow.tenant_id, *of_row).values(texts_after))
    return changed


def _count(uow: UnitOfWork, statement: Any) -> int:
    return int(uow.session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a CursorResult


def _mentioning(
    uow: UnitOfWork, table: Table, about: PersonalTable, person: Person
) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """Rows that name a person, or are theirs, each with its columns of mentions as they are without the person.

    Slice by slice.
    """
    if not about.mentions:
        return
    key = list(table.primary_key)
    statement = (
        select(table).where(table.c.tenant_id == uow.tenant_id, _may_mention(table, about, person)).order_by(*key)
    )
    after: tuple[object, ...] | None = None
    while True:
        part = statement if after is None else statement.where(tuple_(*key) > tuple_(*after))
        rows = [dict(row) for row in uow.session.execute(part.limit(SLICE)).mappings()]
        for row in rows:
            changes = _changes(uow.vault, table, about, row, person)
            if changes:
                yield row, changes
        if len(rows) < SLICE:
            return
        after = tuple(rows[-1][column.name] for column in key)


def _may_mention(table: Table, about: PersonalTable, person: Person) -> ColumnElement[bool]:
    """What the database has. Sealed columns are opened one by one."""
    conditions: list[ColumnElement[bool]] = [_own(table, about, person)]
    for name in about.mentions:
        column = table.c[name]
        if isinstance(column.type, LargeBinary):
            conditions.append(column.is_not(None))
            continue
        conditions += [_contains(column, found_by) for found_by in person.found_by]
    return or_(*conditions)


def _changes(
    vault: Vault, table: Table, about: PersonalTable, row: dict[str, Any], person: Person
) -> dict[str, object]:
    """The columns of mentions that name the person, without them."""
    found: dict[str, object] = {}
    for name in about.mentions:
        value = row[name]
        purpose = table.c[name].info.get(PURPOSE)
        if value is None:
            continue
        if purpose is not None:
            opened = orjson.loads(vault.open(value, purpose))
            after = replaced(opened, person) if names(opened, person) else opened
            if after != opened:
                found[name] = vault.seal(orjson.dumps(after), purpose)
        elif isinstance(value, str):
            after_text = _replaced_in_text(value, person)
            if after_text != value:
                found[name] = after_text
        else:
            after = replaced(value, person)
            if after != value:
                found[name] = after
    return found


def _replaced_in_text(text: str, person: Person) -> str:
    """A text without the person; JSON in it is changed text by text, so that it stays JSON."""
    if text[:1] in ("{", "["):
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            return str(replaced(text, person))
        after = replaced(value, person)
        return text if after == value else dumps(after)
    return str(replaced(text, person))


def names(value: object, person: Person) -> bool:
    """Whether a value names the person by what is theirs alone."""
    text = orjson.dumps(value).decode().casefold()
    return any(orjson.dumps(one).decode()[1:-1].casefold() in text for one in person.found_by)


def replaced(value: object, person: Person) -> object:
    """A JSON value with the person's texts replaced by the pseudonym, names of members included."""
    if isinstance(value, str):
        exact = person.exact.get(value.casefold())
        if exact is not None:
            return exact
        for text, other in person.contained.items():
            if text.casefold() in value.casefold():
                whole_word = rf"(?<!\w){re.escape(text)}(?!\w)"
                value = re.sub(whole_word, other, value, flags=re.IGNORECASE)  # a pseudonym has no backslash
        return value
    if isinstance(value, dict):
        return {replaced(name, person): replaced(part, person) for name, part in value.items()}
    return [replaced(part, person) for part in value] if isinstance(value, list) else value


def _plain(vault: Vault, table: Table, row: dict[str, object]) -> dict[str, object]:
    """A row as JSON takes it: sealed answers opened, other bytes in base64."""
    shown = dict(row)
    for name, value in row.items():
        if isinstance(value, bytes):
            purpose = table.c[name].info.get(PURPOSE)
            opened = None if purpose is None else vault.open(value, purpose)
            shown[name] = orjson.loads(opened) if opened is not None else base64.b64encode(value).decode()
    return shown


def texts_in(value: object) -> Iterator[str]:
    """The texts in a JSON value of free form, which are replaced elsewhere too.

    A single word in one case is left out: it says what kind of thing something is (`gold`, `EUR`), and the same word
    stands in other places for something else.
    """
    if isinstance(value, str):
        if not _WORD.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)


def person_of(
    uow: UnitOfWork,
    *,
    keys: Mapping[str, object],
    renamed: tuple[str, ...] = (),
    ids: tuple[str | None, ...] = (),
    emails: tuple[str | None, ...] = (),
    details: tuple[str | None, ...] = (),
    codes: Mapping[str, str] | None = None,
    known_by: tuple[str, ...] = (),
    numbers: tuple[int, ...] = (),
) -> Person:
    """A person, with a pseudonym that is drawn now.

    `renamed` names the keys that callers chose; `ids` are further names of the person that callers chose, `details`
    what others may have too, `codes` codes with what takes their place, `known_by` ids that this server made and that
    stay, `numbers` those of them that are numbers.
    """
    pseudonym = f"erased-{uow.random.take('pseudonym', 8).hex()}"
    address = f"{pseudonym}@erased.invalid"
    chosen = [str(keys[name]) for name in renamed] + [one for one in ids if one]
    codes = codes or {}
    addresses = [one for one in emails if one]
    exact = {**{one.casefold(): pseudonym for one in chosen}, **{one.casefold(): new for one, new in codes.items()}}
    contained = {
        **{one: address if one not in chosen else pseudonym for one in addresses},
        **{one: pseudonym for one in chosen if len(one) >= CONTAINED_CHARACTERS_MIN},
        **{one: new for one, new in codes.items() if len(one) >= CONTAINED_CHARACTERS_MIN},
        **{one: pseudonym for one in details if one and one.strip()},
    }
    # The longest first: an address before the name in it.
    contained = dict(sorted(contained.items(), key=lambda pair: -len(pair[0])))
    found_by = tuple(dict.fromkeys((*chosen, *addresses, *codes, *known_by)))
    return Person(
        keys=keys,
        renamed=dict.fromkeys(renamed, pseudonym),
        exact=exact,
        contained=contained,
        found_by=found_by,
        pseudonym=pseudonym,
        named_by=(*found_by, *map(str, numbers)),
    )
