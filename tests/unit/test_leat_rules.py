"""Rules of Leat that no call shows by itself: settings, times, signatures, retries."""

from typing import Any

import pytest

from models.kernel.clock import FIXED_START_MS, MAX_MS
from models.kernel.settings import BadSettings
from models.kernel.times import iso_seconds
from models.leat.problems import LeatProblem
from models.leat.receptions import credits_for
from models.leat.settings import parse_settings
from models.leat.webhooks import SENT_TYPES, TYPES, expand
from troth.spec import store

SHOP = {"uuid": "7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11", "name": "Harbour Street"}
EVENT = {"type": "loyalty_transaction", "number_of_transactions": 5}


def program(**members: Any) -> dict[str, Any]:
    return {"referral_program": {"completion_event": EVENT, **members}}


class TestSettings:
    def test_none_are_needed(self) -> None:
        settings = parse_settings({})
        assert (settings.referral_program, settings.shops, settings.credits_per_unit) == (None, [], 1.0)
        assert (settings.account_active, settings.loyalty_program, settings.unit_name) == (
            True,
            "active",
            "purchase_amount",
        )

    @pytest.mark.parametrize(
        "raw",
        [
            {"credits_per_unit": 0},
            {"credits_per_unit": 0.5},
            {"credits_per_unit": 10_000},
            {"shops": [SHOP]},
            {"referral_program": None},
            program(),
            program(limit_per_contact=None),
            program(limit_per_contact=1),
            program(referred_incentive=None),
            program(completion_event={"type": "contact_creation"}),
            program(referred_incentive={"type": "prepaid_credit", "amount_in_cents": 1}),
            program(referring_incentive={"type": "voucher", "promotion": SHOP}),
            program(
                referring_incentive={"type": "loyalty_points", "points": 18_446_744_073_709, "business_profile": SHOP}
            ),
        ],
    )
    def test_what_an_administrator_may_set(self, raw: dict[str, Any]) -> None:
        parse_settings(raw)

    @pytest.mark.parametrize(
        ("raw", "place"),
        [
            ({"colour": "red"}, "colour"),
            ({"account_name": ""}, "account_name"),
            ({"account_active": 1}, "account_active"),
            ({"loyalty_program": "off"}, "loyalty_program"),
            ({"unit_name": "x" * 65}, "unit_name"),
            ({"credits_per_unit": -1}, "credits_per_unit"),
            ({"credits_per_unit": "1"}, "credits_per_unit"),
            ({"credits_per_unit": 10_001}, "credits_per_unit"),
            ({"shops": [{"uuid": "x", "name": "y"}]}, "shops.0.uuid"),
            ({"shops": [{**SHOP, "uuid": SHOP["uuid"].upper()}]}, "shops.0.uuid"),
            ({"shops": [SHOP, {**SHOP, "name": "Again"}]}, "same uuid"),
            ({"shops": {}}, "shops"),
            ({"referral_program": {}}, "completion_event"),
            (program(completion_event={"type": "first_purchase"}), "completion_event"),
            (program(completion_event={"type": "loyalty_transaction"}), "number_of_transactions"),
            (program(completion_event={**EVENT, "number_of_transactions": 0}), "number_of_transactions"),
            (
                program(completion_event={"type": "contact_creation", "number_of_transactions": 5}),
                "number_of_transactions",
            ),
            (program(limit_per_contact=0), "limit_per_contact"),
            (program(limit_per_contact="3"), "limit_per_contact"),
            (program(referred_incentive={"type": "gift"}), "referred_incentive"),
            (program(referred_incentive={"type": "voucher"}), "promotion"),
            (program(referred_incentive={"type": "prepaid_credit", "amount_in_cents": 0}), "amount_in_cents"),
            (
                program(
                    referring_incentive={
                        "type": "loyalty_points",
                        "points": 18_446_744_073_710,
                        "business_profile": SHOP,
                    }
                ),
                "points",
            ),
        ],
    )
    def test_anything_else_is_refused_with_its_place(self, raw: dict[str, Any], place: str) -> None:
        with pytest.raises(BadSettings, match=place):
            parse_settings(raw)


@pytest.mark.parametrize(
    ("at_ms", "text"),
    [
        (FIXED_START_MS, "2026-01-15T12:00:00+00:00"),
        (FIXED_START_MS + 999, "2026-01-15T12:00:00+00:00"),
        (0, "1970-01-01T00:00:00+00:00"),
        (FIXED_START_MS + 1_000, "2026-01-15T12:00:01+00:00"),
        (MAX_MS, "9999-12-31T23:59:59+00:00"),
    ],
)
def test_instants_are_cut_to_the_second(at_ms: int, text: str) -> None:
    assert iso_seconds(at_ms) == text


@pytest.mark.parametrize(
    ("unit_value", "credits_per_unit", "expected"),
    [(0.29, 100.0, 29), (1.1, 10.0, 11), (2.675, 1000.0, 2675), (0.999, 1.0, 0), (1e-300, 1e4, 0)],
)
def test_credits_are_reckoned_in_decimals(unit_value: float, credits_per_unit: float, expected: int) -> None:
    assert credits_for(unit_value, credits_per_unit) == expected


def test_the_types_of_events_are_those_of_the_contract() -> None:
    document, _ = store.load("leat")
    assert set(document["components"]["schemas"]["WebhookEventType"]["enum"]) == set(TYPES)
    assert expand(["*"]) == list(SENT_TYPES) == expand([*SENT_TYPES, "*"])
    assert expand(["voucher_updated", "*", "voucher_updated"]) == ["voucher_updated", *SENT_TYPES]


def test_every_number_of_the_vendor_has_one_problem() -> None:
    numbers = {problem.number: problem.default_message for problem in LeatProblem.__subclasses__()}
    assert len(numbers) == len(LeatProblem.__subclasses__())
    assert numbers == {
        1008: "Shop not found.",
        1103: "Loyalty Program not found.",
        7002: "Account inactive.",
        7011: "User has no access to this account.",
        55018: "Loyalty Program not active.",
        55031: "Contact not found.",
        60000: "Usage limit reached.",
        60003: "Contact identifier not found.",
        60005: "Contact already exists.",
        60014: "Contact identifier is already linked.",
        60016: "Contact not anonymous.",
        80300: "Webhook subscription not found.",
    }
    assert {problem.status for problem in LeatProblem.__subclasses__()} == {400}
