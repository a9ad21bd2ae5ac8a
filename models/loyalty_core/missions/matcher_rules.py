"""What matchers ask of the items of an order."""

from collections.abc import Callable, Iterable, Sequence

from models.kernel.json_values import FreeForm
from models.loyalty_core.missions.problems import ConditionInvalid
from models.loyalty_core.missions.tables import ItemCondition, ItemMatcher
from models.loyalty_core.money import kept
from models.loyalty_core.problems import MatcherMemberUnknown
from models.loyalty_core.stored_rules import unknown_member

TEXTS = {"productCategory": "productCategoryCode", "category": "categoryCode", "sku": "sku"}
"""Attributes that are compared with values, and the members of items that they are."""
NUMBERS = ("price", "quantity")
"""Attributes that lie between bounds."""
NOTHING: ItemMatcher = {}
VALUES_PER_STEP = 50
"""Values of a condition that are compared in the time of one step."""
_KNOWN = ("match", "items", "conditions")
_CONDITION = frozenset({"attribute", "values", "min", "max"})
_QUANTIFIERS: dict[str, Callable[[Iterable[object]], bool]] = {"any": any, "all": all}


def checked(matcher: ItemMatcher, before: ItemMatcher = NOTHING) -> ItemMatcher:
    """A matcher that makes sense; conditions that it had before stay as they are.

    Raises RuleViolation for what is not known, for a condition that asks for nothing, for what cannot be, and for a
    price with too many decimal places.
    """
    fault = fault_of(matcher)
    if fault is not None:
        raise MatcherMemberUnknown(f"The matcher has {fault}.")
    for number, condition in enumerate(matcher.get("conditions", [])):
        _check(number, condition)
    known: ItemMatcher = {}
    if "match" in matcher:
        known["match"] = matcher["match"]
    if "items" in matcher:
        known["items"] = matcher["items"]
    if "conditions" in matcher:
        had = before.get("conditions", ())
        known["conditions"] = [
            condition if condition in had else _with_kept_prices(number, condition)
            for number, condition in enumerate(matcher["conditions"])
        ]
    return known


def _with_kept_prices(number: int, condition: ItemCondition) -> ItemCondition:
    if condition["attribute"] != "price":
        return condition
    read = condition.copy()
    if "min" in condition:
        read["min"] = kept(condition["min"], f"conditions/{number}/min")
    if "max" in condition:
        read["max"] = kept(condition["max"], f"conditions/{number}/max")
    return read


def fault_of(matcher: ItemMatcher) -> str | None:
    """What a matcher has that is not known here, at whatever depth; None for nothing.

    A stored one with a fault matches nobody.
    """
    for name, quantifier in (("items", matcher.get("items", "all")), ("match", matcher.get("match", "all"))):
        if quantifier not in _QUANTIFIERS:
            return f"the unknown {name} {quantifier}"
    faults = (_fault_of_condition(number, one) for number, one in enumerate(matcher.get("conditions", ())))
    return unknown_member(matcher, _KNOWN) or next((fault for fault in faults if fault is not None), None)


def _fault_of_condition(number: int, condition: ItemCondition) -> str | None:
    fault = unknown_member(condition, _CONDITION, f" in the condition {number}")
    if fault is None and condition.get("attribute") not in (*TEXTS, *NUMBERS):
        fault = f"the unknown attribute {condition.get('attribute')} in the condition {number}"
    return fault


def fits(matcher: ItemMatcher, items: Sequence[FreeForm]) -> bool:
    """Whether the items of an order are what a matcher looks for; never, when there are none."""
    over_items, over_conditions = _QUANTIFIERS[matcher.get("items", "any")], _QUANTIFIERS[matcher.get("match", "all")]
    conditions = matcher.get("conditions", [])
    return bool(items) and over_items(
        not conditions or over_conditions(_holds(condition, item) for condition in conditions) for item in items
    )


def steps_of(matcher: ItemMatcher, items: Sequence[FreeForm]) -> int:
    """The steps that `fits` may take: one for each condition on each item, and one more for each fifty values there."""
    return len(items) * sum(
        1 + len(condition.get("values", ())) // VALUES_PER_STEP for condition in matcher.get("conditions", [])
    )


def _check(number: int, condition: ItemCondition) -> None:
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


def _holds(condition: ItemCondition, item: FreeForm) -> bool:
    attribute = condition["attribute"]
    if attribute in TEXTS:
        return item.get(TEXTS[attribute]) in condition["values"]
    found = item.get(attribute, 1 if attribute == "quantity" else None)
    if not isinstance(found, int | float):
        return False
    return bool(condition.get("min", found) <= found <= condition.get("max", found))
