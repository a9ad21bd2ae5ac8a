"""Decisions on SaaSquatch's referrals that the vendor leaves to people."""

from typing import Any

from handlers.http import Answer, ok
from models.saasquatch.problems import UnknownTenant
from models.saasquatch.referrals import moderation
from models.uow import UnitOfWork


def moderate_referral(uow: UnitOfWork, *, tenant_alias: str, referral_id: str, body: dict[str, Any]) -> Answer:
    tenant = uow.directory.tenant(uow.connection, "saasquatch", tenant_alias)
    if tenant is None:
        raise UnknownTenant
    unit = uow.enter(tenant)
    side = body.get("side", "both")
    row = moderation.moderate(unit, referral_id, body["decision"], moderation.SIDES if side == "both" else (side,))
    unit.finish()
    return ok(moderation.show(row))
