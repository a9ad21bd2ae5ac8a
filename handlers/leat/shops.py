"""Shops: the places of an account that give credits."""

from handlers.http import Answer
from handlers.leat._answers import answer
from models.leat.settings import shops_of
from models.leat.shops import shop_with
from models.leat.views import show_shop
from models.uow import UnitOfWork


def list_shops(uow: UnitOfWork) -> Answer:
    return answer([show_shop(number, shop) for number, shop in enumerate(shops_of(uow), 1)])


def get_shop(uow: UnitOfWork, *, shop_uuid: str) -> Answer:
    shop = shop_with(uow, shop_uuid)
    return answer(show_shop(shops_of(uow).index(shop) + 1, shop))
