"""Who is in an audience: by a list of numbers, by an expression, or by conditions on what a member has."""

from collections.abc import Callable, Mapping

from models.kernel.findings import findings
from models.loyalty_core.audiences.problems import (
    AttributePathInvalid,
    ConditionValueMissing,
    ConditionValueUnfit,
    MatcherAmbiguous,
)
from models.loyalty_core.audiences.tables import AudienceCondition, AudienceMatcher
from models.loyalty_core.expressions import (
    EvaluationError,
    ExpressionError,
    Steps,
    check_expression,
    compile_expression,
    evaluate_exactly,
    truth,
)
from models.loyalty_core.expressions.nodes import Binary, Call, Items, Literal, Node, Path, Unary
from models.loyalty_core.problems import MatcherMemberUnknown
from models.loyalty_core.stored_rules import unknown_member, warn_unreadable
from models.uow import UnitOfWork

ATTRIBUTE, LIST, NULL = "attribute-matcher", "list-matcher", "null-matcher"
IDS_PER_STEP = 10
"""Numbers of a list that are read and compared in the time of one step."""
_TYPES = (ATTRIBUTE, LIST, NULL)
_KNOWN = frozenset({"match", "conditions", "expression", "memberIds"})
_CONDITION = frozenset({"attribute", "operator", "value"})
_Test = Callable[[Node, Node], Node]


def _compared(operator: str) -> _Test:
    return lambda attribute, value: Binary(operator, attribute, value)


def _called(function: str) -> _Test:
    return lambda attribute, value: Call(function, (attribute, value))


_TESTS: dict[str, _Test] = {
    "equals": _compared("=="),
    "notEquals": _compared("!="),
    "lessThan": _compared("<"),
    "lessThanOrEquals": _compared("<="),
    "greaterThan": _compared(">"),
    "greaterThanOrEquals": _compared(">="),
    "in": _compared("in"),
    "notIn": _compared("not in"),
    "contains": _called("contains"),
    "notContains": lambda attribute, value: Unary("not", Call("contains", (attribute, value))),
    "startsWith": _called("startsWith"),
    "endsWith": _called("endsWith"),
    "exists": lambda attribute, _value: Binary("!=", attribute, Literal(None)),
    "notExists": lambda attribute, _value: Binary("==", attribute, Literal(None)),
}
_WITH_LISTS, _WITHOUT_VALUE = ("in", "notIn"), ("exists", "notExists")


def checked(matcher_type: str, matcher: AudienceMatcher) -> AudienceMatcher:
    """A matcher with what its type has of it. Raises RuleViolation for what no member could be held against."""
    fault = fault_of(matcher_type, matcher)
    if fault is not None:
        raise MatcherMemberUnknown(f"The matcher has {fault}.")
    known = _of_type(matcher_type, matcher)
    if "expression" in known and "conditions" in known:
        raise MatcherAmbiguous("A matcher must have conditions or an expression, not both.")
    with findings() as found:
        if "expression" in known:
            with found.at("/expression"):
                check_expression(known["expression"])
        for number, condition in enumerate(known.get("conditions", [])):
            with found.at(f"/conditions/{number}"):
                _check(number, condition)
    return known


def _of_type(matcher_type: str, matcher: AudienceMatcher) -> AudienceMatcher:
    """Those members of a matcher that its type has."""
    known: AudienceMatcher = {}
    if matcher_type == ATTRIBUTE:
        if "match" in matcher:
            known["match"] = matcher["match"]
        if "conditions" in matcher:
            known["conditions"] = matcher["conditions"]
        if "expression" in matcher:
            known["expression"] = matcher["expression"]
    elif matcher_type == LIST and "memberIds" in matcher:
        known["memberIds"] = matcher["memberIds"]
    return known


def added_nodes(before: AudienceMatcher, matcher: AudienceMatcher) -> list[Node]:
    """The conditions and the expression of a matcher that has no fault, as nodes, which were not there before."""
    conditions = [one for one in matcher.get("conditions", ()) if one not in before.get("conditions", ())]
    expression = matcher.get("expression")
    texts = [] if expression is None or expression == before.get("expression") else [expression]
    return [*map(_node, conditions), *map(compile_expression, texts)]


def fault_of(matcher_type: str, matcher: AudienceMatcher) -> str | None:
    """What a matcher has that is not known here, at whatever depth; None for nothing.

    A stored one with a fault matches nobody.
    """
    if matcher_type not in _TYPES:
        return f"the unknown matcherType {matcher_type}"
    if matcher.get("match", "all") not in ("any", "all"):
        return f"the unknown match {matcher['match']}"
    faults = (_fault_of_condition(number, one) for number, one in enumerate(matcher.get("conditions", ())))
    return unknown_member(matcher, _KNOWN) or next((fault for fault in faults if fault is not None), None)


def is_readable(uow: UnitOfWork, audience_id: int, matcher_type: str, matcher: AudienceMatcher) -> bool:
    """Whether a stored matcher has no fault; one that has is logged."""
    fault = fault_of(matcher_type, matcher)
    if fault is not None:
        warn_unreadable(uow, "audience", audience_id, fault)
    return fault is None


def _fault_of_condition(number: int, condition: AudienceCondition) -> str | None:
    fault = unknown_member(condition, _CONDITION, f" in the condition {number}")
    if fault is None and "attribute" not in condition:
        fault = f"no attribute in the condition {number}"
    if fault is None and condition.get("operator") not in _TESTS:
        fault = f"the unknown operator {condition.get('operator')} in the condition {number}"
    return fault


def characters_of(matcher: AudienceMatcher) -> int:
    """The characters of a matcher that are parsed before a member is held against it."""
    texts = [matcher["expression"]] if "expression" in matcher else []
    return sum(map(len, texts)) + sum(
        len(_path(condition)) + _values_length(condition) for condition in matcher.get("conditions", [])
    )


def fits(matcher_type: str, matcher: AudienceMatcher, member: Mapping[str, object], now_ms: int, steps: Steps) -> bool:
    """Whether a member, as `event_context.member_context` describes one, is in an audience.

    What has no value is not true. The matcher has no fault (`fault_of`).

    All conditions of a matcher share the steps; a member for whom they do not suffice is not in.
    """
    if matcher_type == NULL:
        return False
    try:
        return (
            _is_listed(matcher, member, steps)
            if matcher_type == LIST
            else _has_attributes(matcher, member, now_ms, steps)
        )
    except EvaluationError:
        return False


def _is_listed(matcher: AudienceMatcher, member: Mapping[str, object], steps: Steps) -> bool:
    member_ids = matcher.get("memberIds", [])
    steps.spend(len(member_ids) // IDS_PER_STEP)
    return member.get("memberId") in member_ids


def _has_attributes(matcher: AudienceMatcher, member: Mapping[str, object], now_ms: int, steps: Steps) -> bool:
    context = {"member": member}
    if "expression" in matcher:
        return _holds(compile_expression(matcher["expression"]), context, now_ms, steps)
    conditions = matcher.get("conditions", [])
    quantifier = any if matcher.get("match") == "any" else all
    return bool(conditions) and quantifier(_holds(_node(condition), context, now_ms, steps) for condition in conditions)


def _check(number: int, condition: AudienceCondition) -> None:
    where, operator = f"The condition {number}", condition["operator"]
    try:
        path = compile_expression(_path(condition))
    except ExpressionError:
        path = None
    if not isinstance(path, Path):
        raise AttributePathInvalid(f"{where} must have a path such as profile.country as its attribute.")
    if operator not in _WITHOUT_VALUE and "value" not in condition:
        raise ConditionValueMissing(f"{where} requires a value with {operator}.")
    if operator not in _WITHOUT_VALUE and isinstance(condition["value"], list) != (operator in _WITH_LISTS):
        raise ConditionValueUnfit(
            f"{where} takes {'a list' if operator in _WITH_LISTS else 'one value'} with {operator}."
        )


def _path(condition: AudienceCondition) -> str:
    return f"member.{condition['attribute']}"


def _values_length(condition: AudienceCondition) -> int:
    """A list of values becomes a node for each, at each evaluation."""
    value = condition.get("value")
    return len(value) if isinstance(value, list) else 1


def _node(condition: AudienceCondition) -> Node:
    attribute, value = compile_expression(_path(condition)), condition.get("value")
    operand = Items(tuple(map(Literal, value))) if isinstance(value, list) else Literal(value)
    return _TESTS[condition["operator"]](attribute, operand)


def _holds(node: Node, context: Mapping[str, object], now_ms: int, steps: Steps) -> bool:
    try:
        return truth(evaluate_exactly(node, context, now_ms=now_ms, steps=steps))
    except EvaluationError:
        return False
