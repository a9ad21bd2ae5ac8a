"""Rules expressions: between text and nodes."""

from typing import Any

from handlers.http import Answer, ok
from models.loyalty_core import expression_calls
from models.uow import UnitOfWork


def parse_expressions(_uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return ok({"nodes": expression_calls.parse_all(body)})


def convert_ast_to_expressions(_uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return ok({"nodes": expression_calls.show_all(body)})
