"""Rules: other answers, delays and faults for some calls or webhooks."""

from typing import Any

from handlers.control._operations import check_api, check_operation
from handlers.control._ports import rules_port
from handlers.http import Answer, created, no_content, ok
from models.uow import UnitOfWork

Row = dict[str, Any]


def create_rule(uow: UnitOfWork, *, body: Row) -> Answer:
    if "operation" in body:
        check_operation(uow, body["operation"])
    if "api" in body:
        check_api(uow, body["api"])
    return created(rules_port(uow).add(body).describe())


def list_rules(uow: UnitOfWork) -> Answer:
    return ok({"rules": [rule.describe() for rule in rules_port(uow)]})


def get_rule(uow: UnitOfWork, *, rule: str) -> Answer:
    return ok(rules_port(uow).get(rule).describe())


def delete_rule(uow: UnitOfWork, *, rule: str) -> Answer:
    rules_port(uow).remove(rule)
    return no_content()


def clear_rules(uow: UnitOfWork) -> Answer:
    rules_port(uow).clear()
    return no_content()
