"""Credit receptions: loyalty transactions of contacts."""

from handlers.http import Answer
from handlers.leat._answers import answer
from models.leat import receptions
from models.leat.input import ReceptionBody, read_reception, read_unit_value
from models.leat.views import show_reception
from models.uow import UnitOfWork


def create_credit_reception(uow: UnitOfWork, *, body: ReceptionBody) -> Answer:
    made = receptions.receive(uow, read_reception(body))
    return answer(show_reception(made.row, made.contact, made.shop, made.default_unit))


def calculate_credits(
    uow: UnitOfWork,
    *,
    shop_uuid: str,
    unit_value: float,
    contact_uuid: str | None,
    unit_name: str | None,  # noqa: ARG001  all units give the same
) -> Answer:
    given = receptions.calculate(
        uow, shop_uuid=shop_uuid, unit_value=read_unit_value(unit_value, "query"), contact_uuid=contact_uuid
    )
    return answer({"credits": given})
