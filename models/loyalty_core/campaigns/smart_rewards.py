"""Smart rewards: the short form of a campaign that gives points, without actions.

`{fixedPoints, pointsPerCurrencyUnit, multiplier, ledgerId, ledgerAccountId}`, of which all may be left out: points are
(fixedPoints + pointsPerCurrencyUnit * what was spent) * multiplier, rounded down.
"""

from fractions import Fraction

from models.ledger import AMOUNT_MAX
from models.loyalty_core.campaigns.tables import SmartRewards
from models.loyalty_core.money import SCALE


def points_of(rewards: SmartRewards, spend: int) -> int:
    """The points for so much money, in ten-thousandths; exact, since the factors are read as decimal numbers."""
    per_unit = _exact(rewards.get("pointsPerCurrencyUnit", 0))
    points = (rewards.get("fixedPoints", 0) + per_unit * Fraction(spend, SCALE)) * _exact(rewards.get("multiplier", 1))
    return min(int(points // 1), AMOUNT_MAX)


def _exact(number: float) -> Fraction:
    """A JSON number as it was written: 0.1 is a tenth."""
    return Fraction(str(number))
