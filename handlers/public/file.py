"""Files behind an address that works for a short while."""

from handlers.http import Answer
from models.links import linked_file
from models.uow import UnitOfWork

MEDIA_TYPES = {".csv": "text/csv", ".zip": "application/zip"}


def download_file(uow: UnitOfWork, *, token: str, tenant: str, file: str) -> Answer:
    path = linked_file(uow, token, f"exports/{tenant}/{file}")
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
