"""Statements on referral codes and their links."""

from sqlalchemy import bindparam, func, select, update

from models.kernel.statements import TENANT, Change, Insertion, Query
from models.saasquatch.tables import Code

CODE = Query(select(Code).where(Code.tenant_id == TENANT, Code.folded == bindparam("folded")))
CODES_OF_USER = Query(
    select(Code)
    .where(Code.tenant_id == TENANT, Code.account_id == bindparam("account_id"), Code.user_id == bindparam("user_id"))
    .order_by(Code.created_ms, Code.folded)
)
CODE_WITH_LINK = Query(select(Code).where(Code.tenant_id == TENANT, Code.vanity_url == bindparam("vanity_url")))
USED_CODES = Query(
    select(Code.folded)
    .where(Code.tenant_id == TENANT, Code.folded >= bindparam("first"), Code.folded < bindparam("end"))
    .order_by(func.length(Code.folded).desc(), Code.folded.desc())
)
"""Codes in a range, the longest first."""

INSERT_CODE = Insertion(Code, or_ignore_key=True)
"""A code that exists is passed over. A vanity link that another unit has just given away ends the unit, which is tried
again.
"""
COUNT_CLICK = Change(
    update(Code).where(Code.tenant_id == TENANT, Code.folded == bindparam("code")).values(clicks=Code.clicks + 1)
)
SET_PRIMARY = Change(
    update(Code)
    .where(Code.tenant_id == TENANT, Code.folded == bindparam("code"))
    .values(is_primary=bindparam("primary"), vanity_url=bindparam("link"))
)
