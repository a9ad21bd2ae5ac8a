"""Rules expressions: between text and nodes."""

from collections.abc import Iterable
from functools import partial

from handlers.http import Answer, ok
from handlers.loyalty_core._ports import one_by_one
from models.kernel.json_values import Shown
from models.loyalty_core.expressions import calls
from models.uow import UnitOfWork


def parse_expressions(_uow: UnitOfWork, *, body: calls.TextsBody) -> Answer:
    return Answer(200, later=partial(_nodes, calls.parse_all(calls.read_texts(body))))


def convert_ast_to_expressions(_uow: UnitOfWork, *, body: calls.TreesBody) -> Answer:
    return Answer(200, later=partial(_nodes, calls.show_all(calls.read_trees(body))))


async def _nodes(found: Iterable[Shown]) -> Answer:
    return ok({"nodes": await one_by_one(found)})
