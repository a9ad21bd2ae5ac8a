"""Effects: what an action of a campaign does to a member."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NotRequired, TypedDict, TypeVar

from models.kernel.clock import DAY_MS
from models.kernel.json_text import dump_bytes
from models.kernel.json_values import FreeForm, Shown
from models.kernel.times import iso
from models.ledger import all_or_nothing
from models.loyalty_core.campaigns.effect_catalogue import ID_MAX, check_computed, expressions_of, with_integers
from models.loyalty_core.campaigns.points import within_limit
from models.loyalty_core.campaigns.problems import AttributeLimitReached, EffectParametersInvalid
from models.loyalty_core.campaigns.queries import CampaignRule
from models.loyalty_core.campaigns.tables import EffectItem
from models.loyalty_core.coupons.assigning import assign_for_effect
from models.loyalty_core.coupons.tables import CouponUsage
from models.loyalty_core.coupons.views import show_usage
from models.loyalty_core.events.log import emit_tracked
from models.loyalty_core.events.problems import PayloadInvalid
from models.loyalty_core.events.subscriptions import CAMPAIGN
from models.loyalty_core.events.tracked import tracked_topic
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.expressions import EvaluationError, as_json
from models.loyalty_core.expressions.decimals import exact, floor, is_fraction
from models.loyalty_core.expressions.metering import value_of
from models.loyalty_core.expressions.values import Value
from models.loyalty_core.ledger.posting import BURN, MINT, Made, Note, TransactionRequest, make
from models.loyalty_core.members.badges import mint_badge, show_badge
from models.loyalty_core.members.enrolments import set_tier
from models.loyalty_core.members.event_context import EventContext
from models.loyalty_core.members.input import MemberChanges, TierChoice
from models.loyalty_core.members.members import update_member
from models.loyalty_core.members.payouts import payout_account
from models.loyalty_core.members.views import lock_member
from models.loyalty_core.missions.counting import increment
from models.loyalty_core.missions.tables import MissionCount
from models.loyalty_core.missions.views import show_count
from models.loyalty_core.orders.points import read_order, remember_points
from models.loyalty_core.problems import Conflict, NotEnoughPoints
from models.uow import UnitOfWork

Given = TypeVar("Given")
VALUE_BYTES_MAX = 1_024
REASON_CHARACTERS_MAX = 500
_UNFIT = (EffectParametersInvalid, AttributeLimitReached, PayloadInvalid)
"""What effects raise for values that they cannot take, before they write anything."""
ATTRIBUTES_MAX = 100
ASSIGN, INCREMENT, SET_TIER = "assign-coupon", "increment-mission", "set-tier"
MINT_POINTS, BURN_POINTS = "mint-points", "burn-points"


@dataclass(frozen=True, slots=True)
class Scene:
    """The context of an effect: the event, and the campaign that applies it."""

    uow: UnitOfWork
    context: EventContext
    campaign: CampaignRule
    gives_more: bool = True
    """Whether an order that is amended may get more of the campaign than it has: it is active, and for the member,
    today.
    """
    ids: dict[str, Value] = field(default_factory=dict)
    """Values of expressions that are ids, by their text: those that were computed to lock what they name are not
    computed again.
    """

    def payout_account(self, ledger_id: int | None, account_id: int | None) -> tuple[int, int]:
        """(ledger, account) of points of the campaign for which it or its effect names these.

        Raises NotFound, Conflict.
        """
        return payout_account(self.uow, program_id=self.campaign.program_id, ledger_id=ledger_id, account_id=account_id)


class PointsParameters(TypedDict):
    """What `mint-points` and `burn-points` take."""

    amount: int
    ledgerId: NotRequired[int]
    ledgerAccountId: NotRequired[int]
    description: NotRequired[str]
    tags: NotRequired[list[str]]


class CouponParameters(TypedDict):
    """What `assign-coupon` takes."""

    couponBookId: int
    numberOfCodes: NotRequired[int]
    amount: NotRequired[int]


class MissionParameters(TypedDict):
    """What `increment-mission` takes."""

    missionId: int
    amount: NotRequired[int]


class BadgeParameters(TypedDict):
    """What `mint-badge` takes."""

    badgeKey: str


class AttributeParameters(TypedDict):
    """What `set-member-attribute` takes."""

    name: str
    value: object


class TierParameters(TypedDict):
    """What `set-tier` takes."""

    loyaltyProgramId: int
    loyaltyTierId: int
    days: NotRequired[int]


class EventParameters(TypedDict):
    """What `track-event` takes."""

    eventType: str
    payload: NotRequired[FreeForm]


class AppliedEffect(NamedTuple):
    """An effect that was applied, as answers show it.

    `is_fit` says whether it could be done, `is_reported` whether the answer to an amended order has it: it has given
    points, or says why it could not.
    """

    shown: Shown
    is_fit: bool
    is_reported: bool


def perform(scene: Scene, item: EffectItem, action_id: int) -> AppliedEffect:
    """Apply an effect of an action.

    An effect whose parameters have no value, or one that it cannot take, does nothing and says why (`applied` and
    `reason` of its data): a rule that is badly written for one order must not cost the member what else the event
    gives. It counts as an effect, so that the event's row stays bounded. Raises the Problem that the effect's own call
    would for everything else, LimitExceeded.
    """
    effect_id, budget = item["effectId"], scene.uow.budget
    effects = budget.effects
    try:
        # What the catalogue holds to its schemas, and so of the shape that the effect's performer takes.
        parameters: Any = with_integers(effect_id, _computed(scene, effect_id, item.get("parameters", {})))
        check_computed(effect_id, parameters)
        budget.spend_effects(_codes(parameters) if effect_id == ASSIGN else 1)
        data, is_fit = _PERFORMERS[effect_id](scene, parameters), True
    except EvaluationError as error:
        data, is_fit = _not_applied(f"A parameter has no value: {error}"), False
    except _UNFIT as problem:
        data, is_fit = _not_applied(problem.summary), False
    if budget.effects == effects:
        budget.spend_effects()
    shown = show_effect(effect_id, CAMPAIGN, scene.campaign.id, data, action_id=action_id)
    return AppliedEffect(shown, is_fit, is_reported=not is_fit or bool(data.get("amount")))


def number_of(scene: Scene, item: EffectItem, name: str) -> int | None:
    """The id that an effect's parameter has; None without one, and where its expression has no value that is an id.

    Raises LimitExceeded.
    """
    effect_id, parameters = item["effectId"], item.get("parameters", {})
    if name not in parameters:
        return None
    with suppress(EvaluationError):
        for text in expressions_of(effect_id, {name: parameters[name]}).values():
            if text not in scene.ids:
                scene.ids[text] = value_of(scene.uow, text, scene.context.context, now_ms=scene.context.now_ms)
        value = with_integers(effect_id, _computed(scene, effect_id, {name: parameters[name]}))[name]
        return value if type(value) is int and 0 < value <= ID_MAX else None
    return None


def mint(scene: Scene, parameters: PointsParameters) -> Shown:
    """Make points, as many as the campaign still gives the member in the month of the event."""
    uow, member, campaign = scene.uow, scene.context.member, scene.campaign
    further = parameters["amount"] - _already_minted(scene, parameters)
    requested = further if scene.gives_more else 0
    given = within_limit(uow, campaign, member.id, requested, scene.context.at_ms)
    limited = {"requestedAmount": requested, "limitReached": given < requested}
    if not given:
        return {"amount": 0, "ledgerTransactionId": None, **limited}
    made = _move(scene, MINT, {**parameters, "amount": given})
    order_id = scene.context.order_id
    if order_id is not None:
        remember_points(uow, order_id, campaign.id, made.row, scene.context.event_id, scene.context.at_ms)
    return {**_shown(made), **limited}


def _already_minted(scene: Scene, parameters: PointsParameters) -> int:
    """How many of the requested points an amended order has brought already. They count once."""
    given = scene.context.given
    if given is None:
        return 0
    key = scene.campaign.id, scene.payout_account(parameters.get("ledgerId"), parameters.get("ledgerAccountId"))[1]
    before = min(given.get(key, 0), parameters["amount"])
    given[key] = given.get(key, 0) - before
    return before


def _burn(scene: Scene, parameters: PointsParameters) -> Shown:
    if not parameters["amount"]:
        return {"amount": 0, "ledgerTransactionId": None}
    return _shown(_move(scene, BURN, parameters))


def _assign_coupon(scene: Scene, parameters: CouponParameters) -> Shown:
    def assign() -> list[CouponUsage]:
        return assign_for_effect(
            scene.uow,
            scene.context.member.id,
            parameters["couponBookId"],
            number_of_codes=parameters.get("numberOfCodes", 1),
            amount=parameters.get("amount", 1),
        )

    usages, reason = _if_possible(scene.uow, assign)
    return {
        "couponBookId": parameters["couponBookId"],
        "couponUsages": [show_usage(scene.uow, row) for row in usages or ()],
        "applied": reason is None,
        "reason": reason,
    }


def _increment_mission(scene: Scene, parameters: MissionParameters) -> Shown:
    def count() -> MissionCount:
        member_id, mission_id = scene.context.member.id, parameters["missionId"]
        return increment(scene.uow, member_id, mission_id, parameters.get("amount", 1), Note())

    counted, reason = _if_possible(scene.uow, count)
    return {
        "missionId": parameters["missionId"],
        "balance": None if counted is None else show_count(counted),
        "applied": reason is None,
        "reason": reason,
    }


def _mint_badge(scene: Scene, parameters: BadgeParameters) -> Shown:
    badge, is_new = mint_badge(scene.uow, scene.context.member, parameters["badgeKey"])
    return {**show_badge(badge), "minted": is_new}


def _set_attribute(scene: Scene, parameters: AttributeParameters) -> Shown:
    member = lock_member(scene.uow, scene.context.member.id)  # as the effects before this one have left it
    attributes = {**member.custom_attributes, parameters["name"]: parameters["value"]}
    if len(dump_bytes(parameters["value"])) > VALUE_BYTES_MAX or len(attributes) > max(
        ATTRIBUTES_MAX, len(member.custom_attributes)
    ):
        raise AttributeLimitReached(
            f"An attribute has at most {VALUE_BYTES_MAX} bytes, and effects make at most {ATTRIBUTES_MAX} of a member."
        )
    reason = f"campaign {scene.campaign.code}"[:255]
    update_member(scene.uow, member.id, MemberChanges({"custom_attributes": attributes}, reason))
    return {"name": parameters["name"], "value": parameters["value"]}


def _set_tier(scene: Scene, parameters: TierParameters) -> Shown:
    expires_ms = scene.uow.now_ms + parameters["days"] * DAY_MS if "days" in parameters else None
    choice = TierChoice(parameters["loyaltyTierId"], expires_ms)
    set_tier(scene.uow, scene.context.member.id, parameters["loyaltyProgramId"], choice)
    return {
        "loyaltyProgramId": parameters["loyaltyProgramId"],
        "expiresAt": None if expires_ms is None else iso(expires_ms),
        "loyaltyTierId": choice.tier_id,
    }


def _track_event(scene: Scene, parameters: EventParameters) -> Shown:
    payload = parameters.get("payload", {})
    topic = tracked_topic(scene.uow, parameters["eventType"], payload)
    event_id = emit_tracked(scene.uow, topic, {"payload": payload}, member_id=scene.context.member.id)
    return {"eventId": event_id, "eventType": parameters["eventType"]}


_PERFORMERS: dict[str, Callable[[Scene, Any], Shown]] = {
    ASSIGN: _assign_coupon,
    BURN_POINTS: _burn,
    INCREMENT: _increment_mission,
    "mint-badge": _mint_badge,
    MINT_POINTS: mint,
    "set-member-attribute": _set_attribute,
    SET_TIER: _set_tier,
    "track-event": _track_event,
}


def _codes(parameters: CouponParameters) -> int:
    """How many effects an assignment counts as: as many as it has codes, since each is given out by itself."""
    return parameters.get("numberOfCodes", 1)


def _computed(scene: Scene, effect_id: str, parameters: FreeForm) -> Shown:
    """The parameters with the values of their expressions; numbers that have to be whole are rounded down."""
    values = {
        name: scene.ids[text]
        if text in scene.ids
        else value_of(scene.uow, text, scene.context.context, now_ms=scene.context.now_ms)
        for name, text in expressions_of(effect_id, parameters).items()
    }
    return {
        **parameters,
        **{
            name: floor(exact(value)) if is_fraction(value) and name != "value" else as_json(value)
            for name, value in values.items()
        },
    }


def _not_applied(reason: str) -> Shown:
    return {"applied": False, "reason": reason[:REASON_CHARACTERS_MAX]}


def _if_possible(uow: UnitOfWork, give: Callable[[], Given]) -> tuple[Given | None, str | None]:
    """What is given; or nothing, and why, when there is nothing left to give or it is not for the member.

    That is how a promotion ends, and must not cost the member what else the event brings.
    """
    try:
        with all_or_nothing(uow), uow.savepoint():
            return give(), None
    except (Conflict, NotEnoughPoints) as problem:
        return None, problem.summary


def _move(scene: Scene, kind: str, parameters: PointsParameters) -> Made:
    uow, member, order_id = scene.uow, scene.context.member, scene.context.order_id
    ledger_id, account_id = scene.payout_account(parameters.get("ledgerId"), parameters.get("ledgerAccountId"))
    order = None if order_id is None or kind != MINT else read_order(uow, order_id)
    campaign = f"{CAMPAIGN}/{scene.campaign.code}"[:255]
    note = Note(
        external_id=campaign if order is None else order.external_id,
        description=parameters.get("description", None if order is None else campaign),
        tags=list(parameters.get("tags", [])),
    )
    giver, taker = (None, member.wallet_id) if kind == MINT else (member.wallet_id, None)
    request = TransactionRequest(kind, ledger_id, account_id, parameters["amount"], giver, taker, note=note)
    return make(uow, [request], {member.wallet_id: member.id})[0]


def _shown(made: Made) -> Shown:
    row = made.row
    return {
        "amount": row.amount,
        "ledgerTransactionId": str(row.id),
        "ledgerId": row.ledger_id,
        "ledgerAccountId": row.account_id,
    }
