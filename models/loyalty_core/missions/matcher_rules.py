"""What matchers ask of the items of an order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.loyalty_core.missions.problems import ConditionInvalid
from models.loyalty_core.money import kept
from models.loyalty_core.problems import MatcherMemberUnknown
from models.loyalty_core.stored_rules import unknown_member

TEXTS = {"productCategory": "productCategoryCode", "category": "categoryCode", "sku": "sku"}
"""Attributes that are compared with values, and the members of items that they are."""
NUMBERS = ("price", "quantity")
"""Attributes that lie between bounds."""
NOTHING: Mapping[str, Any] = {}
VALUES_PER_STEP = 50
"""Values of a condition that are compared in the time of one step."""
_KNOWN = ("match", "items", "conditions")
_CONDITION = frozenset({"attribute", "values", "min", "max"})
_QUANTIFIERS: dict[str, Callable[[Any], bool]] = {"any": any, "all": all}


def checked(matcher: dict[str, Any], before: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
    """A matcher that makes sense; conditions that it had before stay as they are. Raises RuleViolation for what is not known, for a
    condition that asks for nothing, for what cannot be, and for a price with too many decimal places.
    """
    fault = fault_of(matcher)
    if fault is not None:
        raise MatcherMemberUnknown(f"The matcher has {fault}.")
    for number, condition in enumerate(matcher.get("conditions", [])):
        _check(number, condition)
    known = {name: matcher[name] for name in _KNOWN if name in matcher}
    if "conditions" in known:
        had = before.get("conditions", ())
        known["conditions"] = [
            condition if condition in had else _with_kept_prices(number, condition)
            for number, condition in enumerate(known["conditions"])
        ]
    return known


def _with_kept_prices(number: int, condition: dict[str, Any]) -> dict[str, Any]:
    if condition["attribute"] != "price":
        return condition
    bounds = [name for name in ("min", "max") if name in condition]
    return {**condition, **{name: kept(condition[name], f"conditions/{number}/{name}") for name in bounds}}


def fault_of(matcher: dict[str, Any]) -> str | None:
    """What a matcher has that is not known here, at whatever depth; None for nothing. A stored one with a fault matches nobody."""
    for name in ("items", "match"):
        if matcher.get(name, "all") not in _QUANTIFIERS:
            return f"the unknown {name} {matcher[name]}"
    faults = (_fault_of_condition(number, one) for number, one in enumerate(matcher.get("conditions", ())))
    return unknown_member(matcher, _KNOWN) or next((fault for fault in faults if fault is not None), None)


def _fault_of_condition(number: int, condition: dict[str, Any]) -> str | None:
    fault = unknown_member(condition, _CONDITION, f" in the condition {number}")
    if fault is None and condition.get("attribute") not in (*TEXTS, *NUMBERS):
        fault = f"the unknown attribute {condition.get('attribute')} in the condition {number}"
    return fault


def fits(matcher: dict[str, Any], items: Sequence[dict[str, Any]]) -> bool:
    """Whether the items of an order are what a matcher looks for; never, when there are none."""
    over_items, over_conditions = _QUANTIFIERS[matcher.get("items", "any")], _QUANTIFIERS[matcher.get("match", "all")]
    conditions = matcher.get("conditions", [])
    return bool(items) and over_items(
        not conditions or over_conditions(_holds(condition, item) for condition in conditions) for item in items
    )


def steps_of(matcher: dict[str, Any], items: Sequence[dict[str, Any]]) -> int:
    """The steps that `fits` may take: one for each condition on each item, and one more for each fifty values there."""
    return len(items) * sum(
        1 + len(condition.get("values", ())) // VALUES_PER_STEP for condition in matcher.get("conditions", [])
    )


def _check(number: int, condition: dict[str, Any]) -> None:
    attribute, low, high = condition["attribute"], condition.get("min"), condition.get("max")
    where = f"The condition {number} on {attribute}"
    if attribute in TEXTS and (low, high) != (None, None):
        raise ConditionInvalid(f"{where} takes values, not min and max.")
    if attribute in TEXTS and not condition.get("values"):
        raise ConditionInvalid(f"{where} requires values.")
    if attribute in NUMBERS and "values" in condition:
        raise ConditionInvalid(f"{where} takes min and max, not values.")
    if attribute in NUMBERS and low is None and high is None:
        raise ConditionInvalid(f"{where} requires min or max.")
    if low is not None and high is not None and low > high:
        raise ConditionInvalid(f"{where} must have a min that is at most its max.")


def _holds(condition: dict[str, Any], item: dict[str, Any]) -> bool:
    attribute = condition["attribute"]
    if attribute in TEXTS:
        return item.get(TEXTS[attribute]) in condition["values"]
    found = item.get(attribute, 1 if attribute == "quantity" else None)
    if not isinstance(found, int | float):
        return False
    return bool(condition.get("min", found) <= found <= condition.get("max", found))
