"""Advocates: creating, finding and changing them."""

from models.advocacy.ids import new_code, new_id
from models.advocacy.input import AdvocateChange, AdvocateInput
from models.advocacy.problems import Conflict, Invalid, NotFound
from models.advocacy.queries import (
    ADVOCATE,
    CODE,
    INSERT_ADVOCATE,
    INSERT_CODE,
    UPDATE_ADVOCATE,
    count_of_advocates,
    page_of_advocates,
)
from models.advocacy.tables import Advocate
from models.advocacy.webhooks import emit
from models.kernel.json_values import FreeForm
from models.kernel.search_text import one_line, search_text
from models.kernel.statements import containing, replaced, row_of
from models.row_counts import count_of
from models.uow import UnitOfWork

DETAILS_MAX = 50
DETAIL_NAME_MAX = 40
CODE_TRIES = 10


def find_advocate(uow: UnitOfWork, advocate_id: str, *, field: str | None = None) -> Advocate:
    """An advocate by id. Raises NotFound; `field` is the member of the body that has the id, if one has."""
    row = uow.first(ADVOCATE, id=advocate_id)
    if row is None:
        raise NotFound("There is no such advocate.", field=field)
    return row


def lock_advocate(uow: UnitOfWork, advocate_id: str, *, field: str | None = None) -> Advocate:
    """An advocate by id, locked until the unit ends, as before every change of their points. Raises NotFound."""
    row = uow.lock_row(ADVOCATE, id=advocate_id)
    if row is None:
        raise NotFound("There is no such advocate.", field=field)
    return row


def list_advocates(
    uow: UnitOfWork, *, page: int, limit: int, search: str | None, tier: str | None
) -> tuple[list[Advocate], int]:
    """A page of advocates, newest first, and how many match. Search is a case-insensitive part of name or e-mail."""
    text = one_line((search or "").strip().casefold())
    conditions = {"searches": bool(text), "of_tier": tier is not None}
    parameters = {"tier": tier, "pattern": containing(text)}
    if any(conditions.values()):
        total = uow.one(count_of_advocates(**conditions), **parameters)
    else:
        total = count_of(uow, Advocate.__tablename__)
    first = (page - 1) * limit
    if first >= total:
        return [], total
    return uow.rows(page_of_advocates(**conditions), limit=limit, offset=first, **parameters), total


def create_advocate(uow: UnitOfWork, given: AdvocateInput, *, source: str = "api") -> Advocate:
    """Add an advocate with a referral code, and emit it. Raises Invalid, Conflict when the e-mail is taken."""
    email = given.email.lower()
    values = {
        "id": new_id(uow, "adv"),
        "email": email,
        "name": given.name,
        "search": _search_text(given.name, email),
        "tier": "bronze",
        "status": "active",
        "source": source,
        "referral_code": _free_code(uow),
        "details": _merged({}, given.details),
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    # The e-mail is unique: of two calls with it at once the second waits here until the first commits, and then adds
    # nothing.
    if not uow.insert(INSERT_ADVOCATE, **values):
        raise Conflict("An advocate has this e-mail address already.", field="email")
    row = row_of(Advocate, tenant_id=uow.tenant_id, **values)
    uow.insert(INSERT_CODE, code=row.referral_code, advocate_id=row.id, created_ms=uow.now_ms)
    emit(
        uow,
        "advocate.joined",
        {"advocate_id": row.id, "email": row.email, "name": row.name, "tier": row.tier, "source": row.source},
    )
    return row


def update_advocate(uow: UnitOfWork, advocate_id: str, given: AdvocateChange) -> Advocate:
    """Change name, tier or metadata. A request that changes nothing writes nothing. Raises NotFound, Invalid."""
    row = lock_advocate(uow, advocate_id)
    values = {name: value for name, value in given.columns.items() if value != getattr(row, name)}
    changed = list(values)
    if given.changes_details:
        merged = _merged(row.details, given.details)
        if merged != row.details:
            values["details"] = merged
            changed.append("metadata")
    if not changed:
        return row
    after = replaced(row, **values)
    after = replaced(after, search=_search_text(after.name, after.email), updated_ms=uow.now_ms)
    uow.execute(
        UPDATE_ADVOCATE,
        advocate=row.id,
        new_name=after.name,
        new_tier=after.tier,
        new_details=after.details,
        new_search=after.search,
        new_updated_ms=after.updated_ms,
    )
    emit(uow, "advocate.updated", {"advocate_id": row.id, "changed": changed})
    return after


def _search_text(name: str | None, email: str) -> str:
    return search_text((name or "").casefold(), email)


def _free_code(uow: UnitOfWork) -> str:
    """A referral code that nobody in the business has."""
    for _ in range(CODE_TRIES):
        code = new_code(uow)
        if uow.first(CODE, code=code) is None:
            return code
    raise RuntimeError("no free referral code found")


def _merged(details: FreeForm, changes: FreeForm | None) -> FreeForm:
    """Metadata merged key by key: null removes a key, null for the whole removes all.

    Raises Invalid beyond the limits.
    """
    if changes is None:
        return {}
    merged = {key: value for key, value in {**details, **changes}.items() if value is not None}
    _check_details(merged)
    return merged


def _check_details(details: FreeForm) -> None:
    if len(details) > DETAILS_MAX:
        raise Invalid(f"metadata holds at most {DETAILS_MAX} keys.", field="metadata")
    if any(not 1 <= len(key) <= DETAIL_NAME_MAX for key in details):
        raise Invalid(f"Keys of metadata have 1 to {DETAIL_NAME_MAX} characters.", field="metadata")
