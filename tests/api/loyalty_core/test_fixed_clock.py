"""On a fixed clock the time of a call does not depend on what is cached, which would be wall time."""

import pytest

from tests.api.loyalty_core.conftest import Club

WITHOUT_DATABASE = {
    "/rules/expressions/parse": {"inputs": [{"expression": "order.total >= 1000"}]},
    "/purchase-orders/import": {"orders": []},
}
"""Calls whose own unit of work reads and writes nothing."""


@pytest.mark.parametrize("path", WITHOUT_DATABASE)
def test_a_call_moves_the_clock_whether_or_not_its_caller_is_cached(club: Club, path: str) -> None:
    """The caller is looked up in the database when the cache is empty, and without a session when it is not."""
    moved = []
    for cached in (True, False):
        club.get("")  # the caller is in the cache for a second
        if not cached:
            club.server.runtime.directory.forget()
        before_ms = club.now_ms
        assert club.post(path, json=WITHOUT_DATABASE[path]).status_code == 200
        moved.append(club.now_ms - before_ms)
    assert moved == [1, 1]
