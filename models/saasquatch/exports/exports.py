"""Exports: ordered, made by a job, kept for 28 days, downloaded by a link that lasts a quarter of an hour."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict
from urllib.parse import quote

from models.files import FileStore
from models.kernel.clock import DAY_MS, MINUTE_MS
from models.kernel.ids import hex24
from models.kernel.json_values import Shown
from models.kernel.statements import replaced, row_of
from models.links import link_file, unlink_files
from models.outbox.long_jobs import LongJob, Next, Steps
from models.outbox.outbox import schedule
from models.saasquatch.exports.files import TooWide, write_copied_csv, write_csv, write_zipped_xlsx
from models.saasquatch.exports.parameters import parse_params
from models.saasquatch.exports.queries import COUNT_EXPORTS, END_EXPORT, EXPORT, EXPORTS, INSERT_EXPORT
from models.saasquatch.exports.rows import report
from models.saasquatch.problems import ExportNotFound, ExportNotReady
from models.saasquatch.settings import parse_settings
from models.saasquatch.tables import Export, ExportParams
from models.saasquatch.webhooks import emit
from models.uow import UnitOfWork

KEPT_MS = 28 * DAY_MS
LINK_LASTS_MS = 15 * MINUTE_MS
JOB = "export"
EXPIRY_JOB = "export_expired"
FILES = "files"
"""The service that keeps files."""
REQUESTER = "API"
PENDING, COMPLETED, ABORTED, EXPIRED = "PENDING", "COMPLETED", "ABORTED", "EXPIRED"
SUFFIXES = {"CSV": ".csv", "XLSX": ".zip"}
EXPORTS_MAX = 2**31 - 1
_NOT_READY = {
    PENDING: "The export is not done yet: ask for its state until it is COMPLETED.",
    ABORTED: "The export was aborted and has no file.",
    EXPIRED: "The export has expired and its file is gone: order a new one.",
}


@dataclass(frozen=True, slots=True)
class ExportInput:
    """An export to be ordered; scenarios choose its id."""

    type: str
    format: str
    name: str | None
    requester: str
    params: ExportParams | None
    id: str | None = None


class ExportBody(TypedDict):
    """The body of an export's order, without the nulls that the contract ignores."""

    type: str
    format: NotRequired[str]
    name: NotRequired[str]
    requester: NotRequired[str]
    params: NotRequired[ExportParams | None]


def read_export(body: ExportBody, *, export_id: str | None = None) -> ExportInput:
    """An export from the body of its order. Raises BadExport for parameters that cannot be read."""
    params = body.get("params")
    parse_params(params)
    return ExportInput(
        body["type"], body.get("format", "CSV"), body.get("name"), body.get("requester", REQUESTER), params, export_id
    )


def create_export(uow: UnitOfWork, given: ExportInput) -> Export:
    """Order an export."""
    values = {
        "id": given.id or hex24(uow.random, "export"),
        "type": given.type,
        "format": given.format,
        "name": given.name,
        "requester": given.requester,
        "params": given.params,
        "status": PENDING,
        "created_ms": uow.now_ms,
    }
    uow.insert(INSERT_EXPORT, **values)
    export = row_of(Export, tenant_id=uow.tenant_id, **values)
    emit(uow, "export.created", event(export, records=None))
    schedule(uow, JOB, export.id, uow.now_ms)
    return export


def get_export(uow: UnitOfWork, export_id: str) -> Export:
    """An export. Raises ExportNotFound."""
    export = uow.first(EXPORT, id=export_id)
    if export is None:
        raise ExportNotFound
    return export


def list_exports(uow: UnitOfWork, *, limit: int, offset: int) -> tuple[list[Export], int]:
    """A page of exports, newest first, and how many there are."""
    return uow.rows(EXPORTS, limit=limit, offset=offset), uow.one(COUNT_EXPORTS)


def link_download(uow: UnitOfWork, export_id: str) -> str:
    """The address of an export's file, for 15 minutes. Raises ExportNotFound, ExportNotReady."""
    export = get_export(uow, export_id)
    state = status(export, uow.now_ms)
    if state != COMPLETED:
        raise ExportNotReady(_NOT_READY[state])
    key = file_key(uow, export)
    return f"{uow.public_url}/files/{link_file(uow, key, export.id, LINK_LASTS_MS)}/{quote(key)}"


def status(export: Export, now_ms: int) -> str:
    """PENDING, COMPLETED, ABORTED, or EXPIRED once the file's time is over."""
    if export.expires_ms is not None and export.expires_ms <= now_ms:
        return EXPIRED
    return export.status


def show(export: Export, now_ms: int) -> Shown:
    """An export as the API shows it."""
    return {
        "id": export.id,
        "type": export.type,
        "format": export.format,
        "name": export.name,
        "requester": export.requester,
        "params": export.params,
        "mailtoEmail": None,
        "status": status(export, now_ms),
        "dateCreated": export.created_ms,
        "dateCompleted": export.completed_ms,
        "dateExpires": export.expires_ms,
    }


def event(export: Export, records: int | None) -> Shown:
    """The data of export.created and export.completed; `records` are the rows written, None before."""
    return {
        "id": export.id,
        "name": export.name,
        "requester": export.requester,
        "status": export.status,
        "dateCreated": export.created_ms,
        "dateCompleted": export.completed_ms,
        "dateExpires": export.expires_ms,
        "mailtoEmail": None,
        "outputFormat": export.format,
        "task": export.type,
        "operation": "QUERY",
        "params": export.params,
        "stats": None if records is None else {"recordsProcessed": records, "errors": 0},
        "fileRef": None,
    }


def files_folder(alias: str) -> str:
    """The key below which all files of a tenant are kept."""
    return f"exports/{quote(alias, safe='')}"


def file_key(uow: UnitOfWork, export: Export) -> str:
    """Under which key the export's file is kept."""
    return f"{files_folder(uow.tenant.alias)}/{export.id}{SUFFIXES[export.format]}"


def write_export(uow: UnitOfWork, export_id: str) -> Steps:
    """Write the file of a pending export; results in how many rows it has, ABORTED when it cannot have any, None
    without such an export.
    """
    export = uow.first(EXPORT, id=export_id)
    if export is None or export.status != PENDING:
        return None
    files: FileStore = uow.services[FILES]
    settings = uow.directory.settings(uow.tenant, parse_settings)
    made = report(uow, export.type, parse_params(export.params))
    for _ in made.learn():
        yield Next.DATABASE
    try:
        with files.writing(file_key(uow, export), uow.now_ms) as draft:
            raw = settings.rawCsvTexts
            copied = made.copied(raw=raw) if export.format == "CSV" else None
            if copied is not None:
                records = yield from write_copied_csv(draft, made.columns, copied, raw=raw)
            elif export.format == "CSV":
                records = yield from write_csv(draft, made.columns, made.pages(texts=True), raw=raw)
            else:
                records = yield from write_zipped_xlsx(draft, made.columns, made.pages(), uow.now_ms)
            yield Next.FILES_ONLY  # the file is flushed to the disk and put in its place
    except TooWide:
        return ABORTED
    return records


def complete_export(uow: UnitOfWork, export_id: str, result: int | str | None) -> None:
    """Record that the file of an export is complete, or that it failed.

    One that is not pending any more was done by another server.
    """
    export = uow.lock_row(EXPORT, id=export_id)
    if export is None or export.status != PENDING or result is None:
        return
    if isinstance(result, int):
        expires_ms = uow.now_ms + KEPT_MS
        export = replaced(export, status=COMPLETED, completed_ms=uow.now_ms, expires_ms=expires_ms)
        emit(uow, "export.completed", event(export, result))
        schedule(uow, EXPIRY_JOB, export.id, expires_ms)
    else:
        export = replaced(export, status=result)
    uow.execute(
        END_EXPORT,
        export=export.id,
        status=export.status,
        completed_ms=export.completed_ms,
        expires_ms=export.expires_ms,
    )


def delete_expired_file(uow: UnitOfWork, export_id: str) -> Steps:
    """Delete the file of an export whose time is over; results in whether it is."""
    export = uow.first(EXPORT, id=export_id)
    if export is None or status(export, uow.now_ms) != EXPIRED:
        return False
    files, key = uow.services[FILES], file_key(uow, export)
    yield Next.FILES_ONLY  # an object store may take its time
    files.delete(key)
    return True


def drop_expired(uow: UnitOfWork, export_id: str, deleted: bool) -> None:
    """Delete the links to a file that has been deleted."""
    if deleted:
        unlink_files(uow, export_id)


def end_exports(uow: UnitOfWork) -> None:
    """Delete the files of all exports, as when their time is over."""
    files: FileStore = uow.services[FILES]
    for export in uow.rows(EXPORTS, limit=EXPORTS_MAX, offset=0):
        if status(export, uow.now_ms) == COMPLETED:
            files.delete(file_key(uow, export))
            unlink_files(uow, export.id)
            uow.execute(
                END_EXPORT, export=export.id, status=COMPLETED, completed_ms=export.completed_ms, expires_ms=uow.now_ms
            )


LONG_JOBS = {JOB: LongJob(write_export, complete_export), EXPIRY_JOB: LongJob(delete_expired_file, drop_expired)}
