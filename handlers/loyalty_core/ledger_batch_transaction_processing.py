"""Many transfers in one call."""

from functools import partial

from handlers.http import Answer, ok
from handlers.loyalty_core._ports import units_port
from models.loyalty_core.ledger import batches
from models.loyalty_core.ledger.transaction_input import BatchBody, read_batch
from models.uow import UnitOfWork


def process_ledger_transaction_batch(uow: UnitOfWork, *, body: BatchBody) -> Answer:
    slices = batches.slices_of(read_batch(body))
    if len(slices) == 1:
        return ok(batches.show([batches.process(uow, slices[0])]))

    async def later() -> Answer:
        return ok(
            batches.show(await units_port(uow).run(uow, [partial(batches.process, part=part) for part in slices]))
        )

    return Answer(200, later=later)
