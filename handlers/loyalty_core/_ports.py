"""Work that takes longer than one unit of work should.

The runtime's part, which handlers may not import, comes by name in `uow.services`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar, cast

from handlers.turns import let_others_run
from models.uow import UnitOfWork

Result = TypeVar("Result")


class UnitsPort(Protocol):
    """Runs units of work after the one of the request."""

    async def run(self, request: UnitOfWork, works: Sequence[Callable[[UnitOfWork], Result]]) -> list[Result]:
        """Run each of these in a transaction of its own, one after another; the results. Call it in `Answer.later`."""


def units_port(uow: UnitOfWork) -> UnitsPort:
    return cast("UnitsPort", uow.services["units"])


async def one_by_one(values: Iterable[Result]) -> list[Result]:
    """Compute values that need no database, each when it is asked for;
    other requests are served between two of them.
    """
    computed: list[Result] = []
    for value in values:
        computed.append(value)
        await let_others_run()
    return computed
