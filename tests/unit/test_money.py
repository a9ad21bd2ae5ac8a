"""Amounts of money: what counts as a value with the decimal places that are kept."""

import pytest

from models.kernel.money import in_units


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        (0, 0),
        (3, 300),
        (1.15, 115),
        (3.3000000000000003, 330),
        (0.1 + 0.2, 30),
        (3.3000000009, 330),
        (19.99 * 100, 199900),
        (99999999999.99, 9999999999999),
        (-0.07, -7),
    ],
)
def test_an_amount_within_a_billionth_of_a_value_with_its_places_is_that_value(amount: float, units: int) -> None:
    assert in_units(amount, 100) == units


@pytest.mark.parametrize("amount", [3.33333, 0.005, 3.300000005, 1234.567, 0.000000002])
def test_an_amount_with_more_places_is_refused(amount: float) -> None:
    assert in_units(amount, 100) is None
