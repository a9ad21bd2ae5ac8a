"""What is held on one person of a served database: writing it into a file, and erasing it (`models/persons.py`)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from models import persons
from models.persons import Naming, Person, Persons
from models.tenancy.tenants import find_tenant
from troth import __version__
from troth.database.sqlite import PRIVATE
from troth.database.storage import import_tables
from troth.mock.scenarios import unit_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from models.uow import UnitOfWork
    from troth.runtime import Runtime


def export_person(runtime: Runtime, api: str, alias: str, person_id: str, account_id: str | None, file: Path) -> int:
    """Write all rows that are held on a person as lines of JSON into a new file, readable for its user alone; how many.

    Raises ValueError for an unknown tenant or person, FileExistsError and other OSError.
    """
    opened = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE)
    try:
        with os.fdopen(opened, "wb") as written, runtime.storage.deferred_session() as session:
            unit, about, person = _find(runtime, session, api, alias, person_id, account_id)
            header = {
                "format": "troth-person",
                "version": 1,
                "troth": __version__,
                "api": api,
                "tenant": alias,
                "id": person_id,
            }
            written.write(orjson.dumps(header) + b"\n")
            count = 0
            for table, row in persons.held(unit, about.TABLES, person):
                written.write(orjson.dumps({"table": table, "row": row}) + b"\n")
                count += 1
            written.flush()
            os.fsync(written.fileno())
    except BaseException:
        file.unlink()
        raise
    return count


@dataclass(frozen=True, slots=True)
class Erasure:
    """How many rows were changed, the pseudonym that stands in the person's place, and what the tenant has set up that
    still names them.
    """

    changed: int
    pseudonym: str
    named_in: tuple[Naming, ...]


def erase_person(runtime: Runtime, api: str, alias: str, person_id: str, account_id: str | None) -> Erasure:
    """Erase a person. Raises ValueError."""
    with runtime.storage.session() as session, session.begin():
        unit, about, person = _find(runtime, session, api, alias, person_id, account_id)
        changed = persons.erase(unit, about.TABLES, person)
        about.finish_erasure(unit, person)
        unit.finish()
        named_in = tuple(persons.namings(unit, about.TABLES, person))
    runtime.directory.forget()
    return Erasure(changed, person.pseudonym, named_in)


def _find(
    runtime: Runtime, session: Session, api: str, alias: str, person_id: str, account_id: str | None
) -> tuple[UnitOfWork, Persons, Person]:
    """Raises ValueError."""
    import_tables()
    about = runtime.domain(api).persons
    if about is None:
        raise ValueError(f"{api} does not say what its tables hold on people")
    unit = unit_of(runtime, session, find_tenant(session, api, alias), f"person {person_id}")
    person = about.find_person(unit, person_id, account_id)
    if person is None:
        raise ValueError(f"{api}/{alias} has no person {person_id!r}")
    return unit, about, person
