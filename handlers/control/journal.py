"""The journal: calls, their answers, and their effects."""

from collections.abc import Iterable
from typing import Any

from handlers.control import _journal_views as views
from handlers.control._journal_match import differences, matches, nearest
from handlers.control._operations import check_api, check_operation
from handlers.control._ports import JournalEntry, JournalPort, caller, journal_port
from handlers.control.problems import BodyNotKept, JournalDiffers, UnknownCall
from handlers.http import Answer, no_content, ok
from models.causes import caused_by
from models.uow import UnitOfWork

Row = dict[str, Any]
PAGE_MAX = 1_000


def list_journal(uow: UnitOfWork, *, limit: int, after: int | None = None, **filters: Any) -> Answer:
    journal = journal_port(uow)
    found = _page(journal, {name: value for name, value in filters.items() if value is not None}, limit, after)
    return ok({"seen": journal.seen, "kept": len(journal), "calls": [views.summary(entry) for entry in found]})


def _page(journal: JournalPort, filters: Row, limit: int, after: int | None) -> list[JournalEntry]:
    """The newest calls first; with `after` those beyond a number, oldest first."""
    entries: Iterable[JournalEntry] = reversed(journal) if after is None else iter(journal)
    found: list[JournalEntry] = []
    for entry in entries:
        if (after is None or entry.number > after) and matches(entry, filters):
            found.append(entry)
            if len(found) == limit:
                break
    return found


def get_journal_call(uow: UnitOfWork, *, number: int, secrets: bool) -> Answer:
    return ok(_detail(uow, _call(uow, number), secrets=secrets))


def _call(uow: UnitOfWork, number: int) -> JournalEntry:
    entry = journal_port(uow).get(number)
    if entry is None:
        raise UnknownCall
    return entry


def _detail(uow: UnitOfWork, entry: JournalEntry, *, secrets: bool) -> Row:
    caused: Row = {"events": [], "postings": [], "deliveries": []}
    if entry.tenant_id and entry.request_number:
        caused = dict(caused_by(uow, uow.sandbox, entry.tenant_id, entry.request_number))
    return views.detail(entry, uow.public_url, caused, secrets=secrets)


def clear_journal(uow: UnitOfWork) -> Answer:
    journal_port(uow).clear()
    return no_content()


def verify_journal(uow: UnitOfWork, *, body: Row) -> Answer:
    check_operation(uow, body["operation"])
    if "api" in body:
        check_api(uow, body["api"])
    entries = [
        entry
        for entry in journal_port(uow)
        if entry.operation_id == body["operation"] and ("api" not in body or entry.api == body["api"])
    ]
    count = sum(not differences(entry, body) for entry in entries)
    least, most = _bounds(body)
    if least <= count and (most is None or count <= most):
        return ok({"matched": count})
    others = nearest([entry for entry in entries if differences(entry, body)], body)
    shown = [{**views.summary(entry), "differences": found} for entry, found in others]
    raise JournalDiffers(_sentence(body["operation"], count, least, most), shown)


def _bounds(body: Row) -> tuple[int, int | None]:
    """The smallest and the largest number of calls; at least one where nothing is said."""
    if "count" in body:
        return body["count"], body["count"]
    if "at_least" in body or "at_most" in body:
        return body.get("at_least", 0), body.get("at_most")
    return 1, None


def _sentence(operation: str, count: int, least: int, most: int | None) -> str:
    expected = f"{least}" if least == most else f"at least {least}" if most is None else f"{least} to {most}"
    return f"{count} calls of {operation} match, {expected} expected."


def export_journal(uow: UnitOfWork, *, secrets: bool) -> Answer:
    entries = list(journal_port(uow))
    return ok(views.har(entries, uow.public_url, uow.services["info"]()["version"], secrets=secrets))


def replay_journal_call(uow: UnitOfWork, *, number: int) -> Answer:
    entry, journal, call = _call(uow, number), journal_port(uow), caller(uow)
    if len(entry.body) < entry.body_size:
        raise BodyNotKept

    async def later() -> Answer:
        before = journal.seen
        await call(entry.method, entry.raw_path, entry.query, entry.headers, entry.body)
        made = next((one for one in journal if one.number > before and _is_same(one, entry)), None)
        if made is None:
            raise UnknownCall("The call was made, but the journal has not kept it.")
        return ok(views.summary(made))

    return Answer(200, later=later)


def _is_same(one: JournalEntry, other: JournalEntry) -> bool:
    """Whether two calls have the same request: calls of other clients may have been answered meanwhile."""
    return (one.method, one.raw_path, one.query, one.headers, one.body) == (
        other.method,
        other.raw_path,
        other.query,
        other.headers,
        other.body,
    )
