"""The effects that rules may have: what each does, and which parameters it takes.

A parameter is a value, or `{"expression": "..."}` whose value is computed from the event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import jsonschema_rs

from models.kernel.faults import Faults
from models.kernel.findings import at, findings
from models.kernel.json_values import FreeForm, Shown
from models.kernel.problems import InvalidInput
from models.ledger import AMOUNT_MAX
from models.loyalty_core.campaigns.problems import (
    EffectNotFound,
    EffectParametersInvalid,
    EffectUnknown,
    ExpressionsTooLong,
)
from models.loyalty_core.campaigns.tables import EffectItem
from models.loyalty_core.expressions import check_expression
from models.loyalty_core.paging import show_page

EXPRESSION = {
    "type": "object",
    "required": ["expression"],
    "additionalProperties": False,
    "properties": {"expression": {"type": "string", "minLength": 1, "maxLength": 4096}},
}
ID_MAX = 2**53 - 1
_ID = {"type": "integer", "minimum": 1, "maximum": ID_MAX}
_AMOUNT = {"type": "integer", "minimum": 0, "maximum": AMOUNT_MAX}
CHARACTERS_MAX = 16_384
"""Of all expressions of an action: parsing them takes about 60 ms."""
_COUNT = {"type": "integer", "minimum": 1, "maximum": 1_000}
_TEXT = {"type": "string", "minLength": 1, "maxLength": 255}
_POINTS = {
    "amount": _AMOUNT,
    "ledgerId": _ID,
    "ledgerAccountId": _ID,
    "description": {"type": "string", "maxLength": 500},
    "tags": {"type": "array", "maxItems": 20, "items": _TEXT},
}


@dataclass(frozen=True, slots=True)
class Effect:
    """An entry of the catalogue; `parameters` are JSON Schemas by name."""

    id: str
    name: str
    description: str
    parameters: Mapping[str, Mapping[str, object]]
    required: tuple[str, ...]


CATALOGUE = {
    effect.id: effect
    for effect in (
        Effect(
            "assign-coupon",
            "Assign a coupon",
            "Assigns codes of a coupon book to the member, as many as its limits allow, and none where it is not for the member.",
            {"couponBookId": _ID, "numberOfCodes": _COUNT, "amount": _COUNT},
            ("couponBookId",),
        ),
        Effect(
            "burn-points",
            "Burn points",
            "Destroys points of the member; fails when there are too few.",
            _POINTS,
            ("amount",),
        ),
        Effect(
            "increment-mission",
            "Increment a mission",
            "Adds to the member's counter of a mission, unless the member cannot count towards it any more.",
            {"missionId": _ID, "amount": {**_AMOUNT, "maximum": 1_000_000}},
            ("missionId",),
        ),
        Effect("mint-badge", "Mint a badge", "Gives the member a badge, once.", {"badgeKey": _TEXT}, ("badgeKey",)),
        Effect(
            "mint-points",
            "Mint points",
            "Makes points in the member's wallet, within what the campaign may give a member in a month.",
            _POINTS,
            ("amount",),
        ),
        Effect(
            "set-member-attribute",
            "Set a member attribute",
            "Sets one of the member's custom attributes.",
            {"name": _TEXT, "value": {}},
            ("name", "value"),
        ),
        Effect(
            "set-tier",
            "Set a tier",
            "Puts the member into a tier of a program by hand, for some days or until it is changed.",
            {
                "loyaltyProgramId": _ID,
                "loyaltyTierId": _ID,
                "days": {"type": "integer", "minimum": 1, "maximum": 36_500},
            },
            ("loyaltyProgramId", "loyaltyTierId"),
        ),
        Effect(
            "track-event",
            "Track an event",
            "Tracks an event of the member, which is evaluated in turn.",
            {"eventType": {**_TEXT, "minLength": 3}, "payload": {"type": "object"}},
            ("eventType",),
        ),
    )
}
ORDERS = ("effectId", "name")


def list_effects(*, page: int, limit: int, order: str | None) -> Shown:
    """A page of the catalogue. Raises InvalidInput for an unknown order."""
    name, _, direction = (order or "effectId").partition(",")
    name = "effectId" if name == "id" else name
    if name not in ORDERS:
        raise InvalidInput(
            f"Rows can be ordered by {', '.join(ORDERS)}, not by {name}.", location="query", pointer="/order"
        )
    known = sorted(
        CATALOGUE.values(), key=lambda one: one.id if name == "effectId" else one.name, reverse=direction == "desc"
    )
    return show_page(list(map(_show, known[page * limit : (page + 1) * limit])), len(known), page, limit)


def get_effect(effect_id: str) -> Shown:
    """An entry of the catalogue. Raises NotFound."""
    if effect_id not in CATALOGUE:
        raise EffectNotFound(f"There is no effect {effect_id}.")
    return _show(CATALOGUE[effect_id])


def check_effects(items: Sequence[EffectItem], *, characters_max: int = CHARACTERS_MAX) -> None:
    """Refuse effects that the catalogue does not have, whose parameters it does not allow, or whose expressions have
    more characters together: raises RuleViolation.
    """
    known = [item for item in items if item["effectId"] in CATALOGUE]
    texts = [text for item in known for text in expressions_of(item["effectId"], item.get("parameters", {})).values()]
    if sum(map(len, texts)) > characters_max:
        raise ExpressionsTooLong(f"The expressions of an action have at most {CHARACTERS_MAX} characters together.")
    with findings() as found:
        for place, item in enumerate(items):
            with found.at(f"/{place}"):
                _check_effect(item["effectId"], item.get("parameters", {}))


def _check_effect(effect_id: str, parameters: Mapping[str, object]) -> None:
    if effect_id not in CATALOGUE:
        with at("/effectId"):
            raise EffectUnknown(f"there is no effect {effect_id}, but {', '.join(CATALOGUE)}.")
    with at("/parameters"):
        _hold(_checker(effect_id, allows_expressions=True), parameters)
        with findings() as found:
            for name, text in expressions_of(effect_id, parameters).items():
                with found.at(f"/{name}/expression"):
                    check_expression(text)


def check_computed(effect_id: str, parameters: Mapping[str, object]) -> None:
    """Refuse what expressions have made of an effect's parameters where the catalogue does not allow it: raises
    RuleViolation.
    """
    with at(f"{effect_id}/parameters"):
        _hold(_checker(effect_id, allows_expressions=False), parameters)


def with_integers(effect_id: str, parameters: Mapping[str, object]) -> FreeForm:
    """Parameters of an effect with whole doubles (7.0) as integers where the catalogue asks for integers, as JSON
    Schema counts them.
    """
    schemas = CATALOGUE[effect_id].parameters if effect_id in CATALOGUE else {}
    return {
        name: int(value)
        if isinstance(value, float) and value.is_integer() and schemas.get(name, {}).get("type") == "integer"
        else value
        for name, value in parameters.items()
    }


def expressions_of(effect_id: str, parameters: Mapping[str, object]) -> dict[str, str]:
    """The parameters that are to be computed, by name."""
    return _expressions(CATALOGUE[effect_id], parameters)


def _expressions(effect: Effect, parameters: Mapping[str, object]) -> dict[str, str]:
    return {
        name: value["expression"]
        for name, value in parameters.items()
        if name in effect.parameters
        and isinstance(value, dict)
        and value.keys() == {"expression"}
        and isinstance(value["expression"], str)
    }


@cache
def _checker(effect_id: str, *, allows_expressions: bool) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(_schema(CATALOGUE[effect_id], allows_expressions=allows_expressions))


def _schema(effect: Effect, *, allows_expressions: bool) -> dict[str, object]:
    return {
        "type": "object",
        "required": list(effect.required),
        "additionalProperties": False,
        "properties": {
            name: {"anyOf": [schema, EXPRESSION]} if allows_expressions and schema else schema
            for name, schema in effect.parameters.items()
        },
    }


def _hold(checker: jsonschema_rs.Validator, parameters: Mapping[str, object]) -> None:
    """Raises RuleViolation for all that is wrong with parameters."""
    if not checker.is_valid(parameters):
        with findings() as found:
            for fault in Faults().of(checker.iter_errors(parameters)):
                with found.at(fault.pointer):
                    raise EffectParametersInvalid(f"{fault.rule}.")


def _show(effect: Effect) -> Shown:
    return {
        "effectId": effect.id,
        "name": effect.name,
        "description": effect.description,
        "parametersSchema": _schema(effect, allows_expressions=True),
    }
