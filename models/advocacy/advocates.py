"""Advocates: creating, finding and changing them."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from models.advocacy.ids import new_code, new_id
from models.advocacy.problems import Conflict, Invalid, NotFound
from models.advocacy.tables import Advocate, ReferralCode
from models.advocacy.webhooks import emit
from models.uow import UnitOfWork

DETAILS_MAX = 50
DETAIL_NAME_MAX = 40
CODE_TRIES = 10


def find_advocate(uow: UnitOfWork, advocate_id: str, *, field: str | None = None) -> Advocate:
    """An advocate by id. Raises NotFound, which blames `field` when the id came in a body."""
    row = uow.session.get(Advocate, (uow.tenant_id, advocate_id))
    if row is None:
        raise NotFound("There is no such advocate.", field=field)
    return row


def lock_advocate(uow: UnitOfWork, advocate_id: str, *, field: str | None = None) -> Advocate:
    """An advocate by id, locked until the unit ends: whoever changes their points comes through here first."""
    row = uow.lock(uow.scoped(Advocate).where(Advocate.id == advocate_id))
    if row is None:
        raise NotFound("There is no such advocate.", field=field)
    return row


def list_advocates(
    uow: UnitOfWork, *, page: int, limit: int, search: str | None, tier: str | None
) -> tuple[list[Advocate], int]:
    """A page of advocates, newest first, and how many match. Search is a case-insensitive part of name or e-mail."""
    matching = uow.scoped(Advocate)
    if tier is not None:
        matching = matching.where(Advocate.tier == tier)
    wanted = (search or "").strip().casefold()
    if wanted:
        matching = matching.where(Advocate.search.contains(wanted, autoescape=True))
    total = uow.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    if (page - 1) * limit >= total:
        return [], total
    rows = uow.session.scalars(
        matching.order_by(Advocate.created_ms.desc(), Advocate.id.desc()).limit(limit).offset((page - 1) * limit)
    )
    return list(rows), total


def create_advocate(
    uow: UnitOfWork, *, email: str, name: str | None, details: dict[str, Any], source: str = "api"
) -> Advocate:
    """Add an advocate with a referral code of their own, and tell of it. Raises Conflict when the e-mail is taken."""
    email = email.lower()
    details = _merged({}, details)
    taken = select(Advocate.id).where(Advocate.tenant_id == uow.tenant_id, Advocate.email == email)
    if uow.session.scalar(taken) is not None:
        raise _taken()
    row = Advocate(
        tenant_id=uow.tenant_id,
        id=new_id(uow, "adv"),
        email=email,
        name=name,
        search=_search_text(name, email),
        tier="bronze",
        status="active",
        source=source,
        referral_code=_free_code(uow),
        details=details,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    try:
        with uow.savepoint():
            uow.session.add(row)
            uow.session.add(
                ReferralCode(
                    tenant_id=uow.tenant_id,
                    code=row.referral_code,
                    advocate_id=row.id,
                    status="active",
                    clicks=0,
                    conversions=0,
                    revenue_minor=0,
                    created_ms=uow.now_ms,
                )
            )
            uow.session.flush()
    except IntegrityError as error:
        # Lost to another request between the look and the insert: by the e-mail, or, hardly ever, by the code.
        if uow.session.scalar(taken) is not None:
            raise _taken() from error
        raise
    emit(
        uow,
        "advocate.joined",
        {"advocate_id": row.id, "email": row.email, "name": row.name, "tier": row.tier, "source": row.source},
    )
    return row


def update_advocate(uow: UnitOfWork, advocate_id: str, body: dict[str, Any]) -> Advocate:
    """Change name, tier or metadata, of which one must be there. A change that changes nothing leaves no trace."""
    if not body.keys() & {"name", "tier", "metadata"}:
        raise Invalid("One of name, tier and metadata is needed.")
    row = lock_advocate(uow, advocate_id)
    changed: list[str] = []
    for member in ("name", "tier"):
        if member in body and body[member] != getattr(row, member):
            setattr(row, member, body[member])
            changed.append(member)
    if "metadata" in body:
        merged = _merged(row.details, body["metadata"])
        if merged != row.details:
            row.details = merged
            changed.append("metadata")
    if changed:
        row.search = _search_text(row.name, row.email)
        row.updated_ms = uow.now_ms
        emit(uow, "advocate.updated", {"advocate_id": row.id, "changed": changed})
    return row


def _taken() -> Conflict:
    return Conflict("An advocate has this e-mail address already.", field="email")


def _search_text(name: str | None, email: str) -> str:
    # The separator is no character of either, so that no search matches across them.
    return f"{(name or '').casefold()}\n{email}"


def _free_code(uow: UnitOfWork) -> str:
    """A referral code that nobody in the business has."""
    for _ in range(CODE_TRIES):
        code = new_code(uow)
        if uow.session.get(ReferralCode, (uow.tenant_id, code)) is None:
            return code
    raise RuntimeError("no free referral code found")


def _merged(details: dict[str, Any], changes: dict[str, Any] | None) -> dict[str, Any]:
    """Metadata merged key by key: null removes a key, null for the whole removes all. Raises Invalid beyond the limits."""
    if changes is None:
        return {}
    merged = {key: value for key, value in {**details, **changes}.items() if value is not None}
    _check_details(merged)
    return merged


def _check_details(details: dict[str, Any]) -> None:
    if len(details) > DETAILS_MAX:
        raise Invalid(f"metadata holds at most {DETAILS_MAX} keys.", field="metadata")
    if any(not 1 <= len(key) <= DETAIL_NAME_MAX for key in details):
        raise Invalid(f"Keys of metadata have 1 to {DETAIL_NAME_MAX} characters.", field="metadata")
