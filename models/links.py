"""Public addresses that name no tenant: short links (`/l/{code}`) and signed files (`/files/{token}`)."""

from pathlib import Path

from sqlalchemy import Index, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.files import FileStore
from models.kernel.base import Base
from models.kernel.ids import text
from models.kernel.problems import Gone, NotFound
from models.uow import UnitOfWork

FILE_KIND = "file"
FILE_TOKEN_CHARACTERS = 30
"""Of 62 each: 178 bits, since whoever knows the token may read the file."""


class PublicLink(Base):
    """A token that somebody without a credential may follow, and whose it is."""

    __tablename__ = "public_links"
    __table_args__ = (Index("ix_public_links_subject", "tenant_id", "kind", "subject"),)

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(255))
    """What it leads to: a program (kind share) or a stored file (kind file)."""
    subject: Mapped[str | None] = mapped_column(String(255))
    """Share: the folded code that a click credits, null once its owner is gone. File: the export."""
    expires_ms: Mapped[int | None]
    """On the tenant's clock."""


def find_link(session: Session, token: str) -> PublicLink | None:
    """A public link by its token."""
    return session.get(PublicLink, token)


def link_file(uow: UnitOfWork, key: str, subject: str, lasts_ms: int) -> str:
    """A fresh token that leads to a stored file for a while; the subject's tokens that have expired go."""
    uow.session.execute(
        delete(PublicLink).where(
            PublicLink.tenant_id == uow.tenant_id,
            PublicLink.kind == FILE_KIND,
            PublicLink.subject == subject,
            PublicLink.expires_ms <= uow.now_ms,
        )
    )
    token = text(uow.random, "file-token", FILE_TOKEN_CHARACTERS)
    uow.session.add(
        PublicLink(
            token=token,
            tenant_id=uow.tenant_id,
            kind=FILE_KIND,
            target=key,
            subject=subject,
            expires_ms=uow.now_ms + lasts_ms,
        )
    )
    return token


def unlink_files(uow: UnitOfWork, subject: str) -> None:
    """Remove all tokens that lead to the files of a subject."""
    uow.session.execute(
        delete(PublicLink).where(
            PublicLink.tenant_id == uow.tenant_id, PublicLink.kind == FILE_KIND, PublicLink.subject == subject
        )
    )


def linked_file(uow: UnitOfWork, token: str, key: str) -> Path:
    """The stored file that a token leads to. Raises NotFound; Gone once the token has expired or the file is deleted."""
    link = find_link(uow.session, token)
    if link is None or link.tenant_id != uow.tenant_id or link.kind != FILE_KIND or link.target != key:
        raise NotFound("There is no such file.")
    if link.expires_ms is not None and link.expires_ms <= uow.now_ms:
        raise Gone("This address has expired: ask for the download again.")
    files: FileStore = uow.services["files"]
    path = files.path(key)
    if not path.is_file():
        raise Gone("The file has been deleted.")
    return path
