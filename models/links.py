"""Public addresses that name no tenant: short links (`/l/{code}`) and signed files (`/files/{token}`)."""

from sqlalchemy import Index, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base
from models.kernel.connection import LazyConnection
from models.kernel.ids import text
from models.kernel.problems import Gone, NotFound
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.uow import UnitOfWork

FILE_KIND = "file"
FILE_TOKEN_CHARACTERS = 30
"""Of 62 each: 178 bits, since the token alone grants access to the file."""


class PublicLink(Base):
    """A token that needs no credential, and the tenant it belongs to."""

    __tablename__ = "public_links"
    __table_args__ = (Index("ix_public_links_subject", "tenant_id", "kind", "subject"),)

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(255))
    """The program (kind share) or the key of the stored file (kind file) that it leads to."""
    subject: Mapped[str | None] = mapped_column(String(255))
    """Share: the folded code that a click credits, null once its owner is deleted. File: the export."""
    expires_ms: Mapped[int | None]
    """On the tenant's clock."""


LINK = Query(select(PublicLink).where(PublicLink.token == bindparam("token")))
INSERT_LINK = Insertion(PublicLink)
_FILES_OF = [
    PublicLink.tenant_id == TENANT,
    PublicLink.kind == bindparam("kind"),
    PublicLink.subject == bindparam("subject"),
]
DELETE_LINKS = Change(delete(PublicLink).where(*_FILES_OF))
DELETE_EXPIRED = Change(delete(PublicLink).where(*_FILES_OF, PublicLink.expires_ms <= bindparam("now_ms")))


def find_link(connection: LazyConnection, token: str) -> PublicLink | None:
    """A public link by its token, whichever tenant's."""
    return connection.first(LINK, {"token": token})


def link_file(uow: UnitOfWork, key: str, subject: str, lasts_ms: int) -> str:
    """A new token that leads to a stored file for a time; the subject's tokens that have expired are deleted."""
    uow.execute(DELETE_EXPIRED, kind=FILE_KIND, subject=subject, now_ms=uow.now_ms)
    token = text(uow.random, "file-token", FILE_TOKEN_CHARACTERS)
    uow.insert(INSERT_LINK, token=token, kind=FILE_KIND, target=key, subject=subject, expires_ms=uow.now_ms + lasts_ms)
    return token


def unlink_files(uow: UnitOfWork, subject: str) -> None:
    """Delete all tokens that lead to the files of a subject."""
    uow.execute(DELETE_LINKS, kind=FILE_KIND, subject=subject)


def check_file_link(uow: UnitOfWork, token: str, key: str) -> None:
    """See that a token leads to a stored file. Raises NotFound, and Gone once the token has expired."""
    link = uow.first(LINK, token=token)
    if link is None or link.tenant_id != uow.tenant_id or link.kind != FILE_KIND or link.target != key:
        raise NotFound("There is no such file.")
    if link.expires_ms is not None and link.expires_ms <= uow.now_ms:
        raise Gone("This address has expired: ask for the download again.")
