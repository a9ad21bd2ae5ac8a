"""Rules effects: the catalogue of what rules can do."""

from handlers.http import Answer, ok
from models.loyalty_core.campaigns import effect_catalogue
from models.uow import UnitOfWork


def list_rule_effects(_uow: UnitOfWork, *, page: int, limit: int, order: str | None) -> Answer:
    return ok(effect_catalogue.list_effects(page=page, limit=limit, order=order))


def get_rule_effect(_uow: UnitOfWork, *, effect_id: str) -> Answer:
    return ok({"effect": effect_catalogue.get_effect(effect_id)})
