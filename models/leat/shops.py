"""Shops of an account: those of its settings, or one under its own name."""

from models.leat.problems import ShopNotFound
from models.leat.settings import Named, shops_of
from models.uow import UnitOfWork


def shop_with(uow: UnitOfWork, shop_uuid: str) -> Named:
    """A shop. Raises ShopNotFound, also for what is no uuid."""
    for shop in shops_of(uow):
        if shop.uuid == shop_uuid.lower():
            return shop
    raise ShopNotFound
