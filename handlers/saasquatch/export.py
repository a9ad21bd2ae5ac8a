"""Exports: reports made in the background."""

from handlers.http import Answer, created, long_read, ok
from handlers.saasquatch._lists import is_long_page
from models.saasquatch.exports import exports
from models.uow import UnitOfWork

SEE_OTHER = 303


def create_export(uow: UnitOfWork, *, body: exports.ExportBody) -> Answer:
    return created(exports.show(exports.create_export(uow, exports.read_export(body)), uow.now_ms))


@long_read(is_long_page)
def list_exports(uow: UnitOfWork, *, limit: int, offset: int) -> Answer:
    rows, total = exports.list_exports(uow, limit=limit, offset=offset)
    return ok({"data": [exports.show(row, uow.now_ms) for row in rows], "count": len(rows), "totalCount": total})


def get_export(uow: UnitOfWork, *, export_id: str) -> Answer:
    return ok(exports.show(exports.get_export(uow, export_id), uow.now_ms))


def download_export(uow: UnitOfWork, *, export_id: str) -> Answer:
    return Answer(SEE_OTHER, headers={"Location": exports.link_download(uow, export_id)}, empty=True)
