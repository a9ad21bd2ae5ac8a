"""What is in a report: its columns and its rows, by the type of the export.

The columns are the vendor's (facts: catalogue `exportCsv` of the API's reference); USER_REFERRAL, of which no sample
exists, is described in docs/decisions/0003-user-referral-export.md.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from models.saasquatch.exports.balances import BalanceReport
from models.saasquatch.exports.files import CopiedRows, Row
from models.saasquatch.exports.parameters import Params
from models.saasquatch.exports.referrals import referral_report
from models.saasquatch.exports.rewards import reward_report
from models.saasquatch.exports.users import user_report
from models.uow import UnitOfWork


class Report(Protocol):
    """A report reads a page at a time: its size does not matter to the memory.

    Other work may be done between two pages.
    """

    def learn(self) -> Iterator[None]:
        """Find out what the columns are, a page at a time. Comes before all else."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns."""

    def pages(self, *, texts: bool = False) -> Iterator[list[Row]]:
        """The rows, each as long as the columns; with `texts` for CSV (`files.written`).

        A page may be empty before the last.
        """

    def copied(self, *, raw: bool) -> CopiedRows | None:
        """The same rows as lines of CSV (`files.write_copied_csv`), or None where the database does not render them."""


def report(uow: UnitOfWork, export_type: str, params: Params) -> Report:
    """The report of an export's type."""
    match export_type:
        case "USER":
            return user_report(uow, params)
        case "USER_REFERRAL":
            return user_report(uow, params, with_referral=True)
        case "REFERRAL":
            return referral_report(uow, params)
        case "REWARD":
            return reward_report(uow, params)
        case _:
            return BalanceReport(uow, params)
