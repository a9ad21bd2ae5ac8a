"""Files behind an address that works for a short while."""

import asyncio

from handlers.http import Answer
from models.files import FileStore
from models.kernel.problems import Gone
from models.links import check_file_link
from models.uow import UnitOfWork

MEDIA_TYPES = {".csv": "text/csv", ".zip": "application/zip"}


def download_file(uow: UnitOfWork, *, token: str, tenant: str, file: str) -> Answer:
    key = f"exports/{tenant}/{file}"
    check_file_link(uow, token, key)
    files: FileStore = uow.services["files"]

    async def fetched() -> Answer:
        # In a thread, after the transaction: an object store may take its time.
        path = await asyncio.to_thread(files.fetch, key)
        if path is None:
            raise Gone("The file has been deleted.")
        return Answer(
            200,
            file=path,
            content_type=MEDIA_TYPES[path.suffix],
            headers={
                "Content-Disposition": f'attachment; filename="{path.name}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return Answer(200, later=fetched)
