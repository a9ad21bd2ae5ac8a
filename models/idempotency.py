"""Idempotency keys: the first answer to a request is kept for a day, and given again to the same request.

For the APIs that take an `Idempotency-Key` header on any POST. The key is written before the work, in the same
transaction: of two requests with one key at once, the second waits for the first and then finds its answer.
A request that is refused leaves nothing behind, so that it can be tried again.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Index, LargeBinary, String, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base
from models.kernel.clock import DAY_MS
from models.kernel.fingerprints import fingerprint as fingerprint_of
from models.kernel.json_text import dump_bytes, loads
from models.kernel.problems import Conflict
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.kernel.vault import PURPOSE
from models.pruning import delete_some
from models.uow import UnitOfWork

KEPT_MS = DAY_MS
EXACT_MAX = 2**53
SEALED_FOR = "idempotent-answer"


class KeyReused(Conflict):
    """The idempotency key was used for another request."""

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
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={PURPOSE: SEALED_FOR})
    """The body, sealed: it may hold what is kept nowhere else in the clear (a session token)."""
    created_ms: Mapped[int]


KEPT_ANSWER = Query(select(KeptAnswer).where(KeptAnswer.tenant_id == TENANT, KeptAnswer.key == bindparam("key")))
INSERT_KEPT = Insertion(KeptAnswer)
_OF_KEY = [KeptAnswer.tenant_id == TENANT, KeptAnswer.key == bindparam("of_key")]
RENEW_KEPT = Change(
    update(KeptAnswer)
    .where(*_OF_KEY)
    .values(fingerprint=bindparam("fingerprint"), created_ms=bindparam("created_ms"), status=0, headers={}, sealed=None)
)
KEEP_ANSWER = Change(
    update(KeptAnswer)
    .where(*_OF_KEY)
    .values(status=bindparam("status"), headers=bindparam("headers"), sealed=bindparam("sealed"))
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given before."""

    status: int
    headers: dict[str, str]
    answer: object


def fingerprint(operation: str, path_parameters: dict[str, str], content: object) -> str:
    """The hash of operation, path parameters and content of a request, whatever the order of members and the form of
    numbers.
    """
    request = [operation, path_parameters, _plain(content)]
    return fingerprint_of(request)


def _plain(value: object) -> object:
    """A JSON value with 50.0 as 50."""
    if isinstance(value, float) and value.is_integer():
        return int(value) if abs(value) <= EXACT_MAX else value
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def begin(uow: UnitOfWork, key: str, fingerprint_: str) -> Kept | None:
    """Claim a key for this request; the kept answer when the key was used for the same request before.

    Raises KeyReused.
    """
    row = uow.lock_row(KEPT_ANSWER, key=key)
    if row is not None and row.created_ms > uow.now_ms - KEPT_MS:
        if row.fingerprint != fingerprint_:
            raise KeyReused
        return Kept(row.status, row.headers, loads(uow.vault.open(row.sealed or b"", SEALED_FOR)))
    if row is None:
        uow.insert(INSERT_KEPT, key=key, fingerprint=fingerprint_, status=0, headers={}, created_ms=uow.now_ms)
    else:
        uow.execute(RENEW_KEPT, of_key=key, fingerprint=fingerprint_, created_ms=uow.now_ms)
    return None


def keep(uow: UnitOfWork, key: str, *, status: int, headers: dict[str, str], answer: object) -> None:
    """Keep the answer to the request that `begin` claimed the key for."""
    sealed = uow.vault.seal(dump_bytes(answer), SEALED_FOR)
    uow.execute(KEEP_ANSWER, of_key=key, status=status, headers=headers, sealed=sealed)


def prune(uow: UnitOfWork) -> bool:
    """Forget some keys whose day is over. Returns whether there may be more."""
    return delete_some(uow, KeptAnswer.key, KeptAnswer.created_ms <= uow.now_ms - KEPT_MS)
