"""Idempotency keys: the first answer to a request is kept for a day, and given again to the same request.

For the APIs that take an `Idempotency-Key` header on any POST. The key is written before the work, in the same
transaction: of two requests with one key at once, the second waits for the first and then finds its answer.
A request that is refused leaves nothing behind, so that it can be tried again.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base
from models.kernel.clock import DAY_MS
from models.kernel.fingerprints import fingerprint as fingerprint_of
from models.kernel.problems import Conflict
from models.pruning import delete_some
from models.uow import UnitOfWork

KEPT_MS = DAY_MS
EXACT_MAX = 2**53
SEALED_FOR = "idempotent-answer"


class KeyReused(Conflict):
    """The idempotency key came before, with another request."""

    default_message = "This idempotency key was used with another request."


class KeptAnswer(Base):
    """The answer to the request that first came with a key. `fingerprint` is SHA-256 over that request."""

    __tablename__ = "idempotency_answers"
    __table_args__ = (Index("ix_idempotency_answers_created", "tenant_id", "created_ms"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The body, sealed: it may hold what is kept nowhere else in the clear (a session token)."""
    created_ms: Mapped[int]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given before."""

    status: int
    headers: dict[str, str]
    body: Any


def fingerprint(operation: str, path_parameters: dict[str, str], body: Any) -> str:
    """What makes two requests the same: operation, path parameters, body; however members are ordered or numbers written."""
    request = [operation, path_parameters, _plain(body)]
    return fingerprint_of(request)


def _plain(value: Any) -> Any:
    """A JSON value with 50.0 as 50."""
    if isinstance(value, float) and value.is_integer():
        return int(value) if abs(value) <= EXACT_MAX else value
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def begin(uow: UnitOfWork, key: str, fingerprint_: str) -> Kept | None:
    """Claim a key for this request; the kept answer when it came before. Raises KeyReused."""
    row = uow.lock(uow.scoped(KeptAnswer).where(KeptAnswer.key == key))
    if row is not None and row.created_ms > uow.now_ms - KEPT_MS:
        if row.fingerprint != fingerprint_:
            raise KeyReused
        return Kept(row.status, row.headers, orjson.loads(uow.vault.open(row.sealed or b"", SEALED_FOR)))
    if row is None:
        row = KeptAnswer(tenant_id=uow.tenant_id, key=key)
        uow.session.add(row)
    row.fingerprint, row.status, row.headers, row.sealed, row.created_ms = fingerprint_, 0, {}, None, uow.now_ms
    uow.session.flush()
    return None


def keep(uow: UnitOfWork, key: str, *, status: int, headers: dict[str, str], body: Any) -> None:
    """Keep the answer to the request that `begin` claimed the key for."""
    row = uow.session.get_one(KeptAnswer, (uow.tenant_id, key))
    row.status, row.headers, row.sealed = status, headers, uow.vault.seal(orjson.dumps(body), SEALED_FOR)


def prune(uow: UnitOfWork) -> bool:
    """Forget some keys whose day is over. Returns whether there may be more."""
    return delete_some(uow, KeptAnswer.key, KeptAnswer.created_ms <= uow.now_ms - KEPT_MS)
