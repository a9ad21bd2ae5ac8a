"""The refusal of an unknown setting lists the settings that exist."""

from typing import Any

import pytest

from models.kernel.settings import BadSettings
from models.saasquatch.programs import BadProgram, parse_rule
from troth.apis import domain_of


@pytest.mark.parametrize(
    ("api", "raw", "expected"),
    [
        ("saasquatch", {"nope": 1}, "settings: nope: is not known; there are openEndpointsEnabled, "),
        ("saasquatch", {"fraudCheckSettings": {"nope": 1}}, "fraudCheckSettings.nope: is not known"),
        ("advocacy", {"nope": 1}, "nope: is not known; there are plan, rate_limits, "),
        ("leat", {"shops": [{"nope": 1}]}, "shops.0.nope: is not known"),
        ("loyalty_core", {"nope": 1}, "nope: is not known; there are organization_id"),
    ],
)
def test_settings_that_exist_are_listed(api: str, raw: dict[str, Any], expected: str) -> None:
    with pytest.raises(BadSettings) as refused:
        domain_of(api).parse_settings(raw)
    assert expected in str(refused.value)


def test_members_of_a_rule_that_exist_are_listed() -> None:
    with pytest.raises(BadProgram, match="nope: is not known; there are type, unit, amount, "):
        parse_rule({"nope": 1})
