"""Pages of lists, as all lists of the API answer them."""

from collections.abc import Sequence

from handlers.http import Answer, ok
from models.loyalty_core.paging import Paging, show_page


def page_answer(paging: Paging, results: Sequence[object], total: int) -> Answer:
    """A page, and how many rows there are in all."""
    return ok(show_page(results, total, paging.page, paging.limit))
